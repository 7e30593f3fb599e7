import { z } from "zod";
import { type Pascal, pascal } from "./pascal.ts";

const secret = z.object({ secretArn: z.string(), endpoint: z.string().optional() });
/** With a secret the address has no login in it (`platform/credentials.ts`). */
const database = z.object({ url: z.string(), maxConnections: z.number().optional(), ...secret.partial().shape });

/** The queues. The link of a queue is its name in Pascal case; `topology.ts` says how each is configured. */
export const queueNames = [
  "document-processing",
  "webhook-delivery",
  "webhook-results",
  "onboarding",
  "url-fetch",
  "url-results",
  "vector-jobs",
] as const;
export type QueueName = (typeof queueNames)[number];

const queue = z.object({ url: z.string(), endpoint: z.string().optional() });
// The entries are exactly the names above.
const queueLinks = Object.fromEntries(queueNames.map((name) => [pascal(name), queue])) as Record<
  Pascal<QueueName>,
  typeof queue
>;

/** A model of Amazon Bedrock, or of a service that speaks OpenAI's protocol. */
const model = z.discriminatedUnion("provider", [
  z.object({
    provider: z.literal("bedrock"),
    model: z.string().min(1),
    region: z.string(),
    endpoint: z.string().optional(),
  }),
  z.object({
    provider: z.literal("openai"),
    baseUrl: z.url(),
    model: z.string().min(1),
    apiKey: z.string().optional(),
    ...secret.partial().shape,
  }),
]);

/**
 * What a function is linked to, by name. In AWS the values come from SST links, on a laptop from
 * `SST_RESOURCES_JSON`, in a plain container from the blueprint's environment names.
 * This is the only reader of `process.env` in core and functions.
 */
const links = {
  App: z.object({ name: z.string(), stage: z.string() }),
  AppDatabase: database,
  WorkerDatabase: database,
  SystemDatabase: database,
  BuilderDatabase: database,
  MasterDatabase: database,
  /** The proxy's own copies of the serving logins, by user. */
  ProxyLogins: z.object({ users: z.record(z.string(), secret) }),
  /** `url` says which protocol (`openStore`); `timeoutMs`: what a request waits for the cache before it loads itself; 50 unless told. */
  Cache: z.object({ url: z.string(), token: z.string(), timeoutMs: z.number().optional() }),
  Documents: z.object({
    name: z.string(),
    region: z.string().default("us-east-1"),
    endpoint: z.string().optional(),
    accessKeyId: z.string().optional(),
    secretAccessKey: z.string().optional(),
  }),
  /** Only where OCR is switched on; `optionalResource` asks. */
  Ocr: z.object({ provider: z.literal("textract"), region: z.string().optional(), endpoint: z.string().optional() }),
  Bus: z.object({ name: z.string(), endpoint: z.string().optional(), region: z.string().optional() }),
  Kms: z.union([
    z.object({ keyArn: z.string(), endpoint: z.string().optional() }),
    z.object({ masterKey: z.string() }),
  ]),
  ...queueLinks,
  ApiKeyPepper: z.object({ value: z.string().min(16) }),
  /** What CloudFront proves itself with (E-2): the value it sends, and the next or the last one during a rotation. */
  OriginVerify: z.object({ accepted: z.array(z.string().min(32)).min(1) }),
  /** A service that embeds, beside the embedder that is built in. */
  Embedding: model,
  /** A language model that writes answers; without one they are the documents' own sentences. */
  Answering: model,
};

export type ResourceName = keyof typeof links;
export type Resource<N extends ResourceName> = z.output<(typeof links)[N]>;

/** @throws Error naming the link, when the function is not linked to it or the link has another shape. */
export const resource = <N extends ResourceName>(name: N): Resource<N> => {
  const known = cache.get(name);
  if (known !== undefined) return known as Resource<N>;
  const raw = read(name);
  const parsed = links[name].safeParse(raw);
  if (!parsed.success)
    throw new Error(`The link ${name} is missing or has another shape; link it to this function in stacks/.`);
  cache.set(name, parsed.data);
  return parsed.data as Resource<N>;
};

/** Undefined where the stage does without it. @throws Error when the link has another shape. */
export const optionalResource = <N extends ResourceName>(name: N): Resource<N> | undefined =>
  has(name) ? resource(name) : undefined;

/** Loopback addresses may be called only when the local runtime says so; a deployed stage refuses to start with it. */
export const egressPolicy = (): { allowLoopback: boolean } => {
  const allowLoopback = process.env["RESOLVE_EGRESS_ALLOW"] === "loopback";
  if (allowLoopback && isDeployed()) throw new Error("RESOLVE_EGRESS_ALLOW must not be set in a deployed stage.");
  return { allowLoopback };
};

/** SST gives every deployed Lambda its encrypted links; nothing else does. */
const isDeployed = (): boolean => process.env["SST_KEY_FILE"] !== undefined;

const cache = new Map<ResourceName, unknown>();

/** `sst` itself is loaded only where it deployed us: the laptop and the container need not install it. */
const deployed: Record<string, unknown> | undefined = isDeployed()
  ? ((await import("sst" as string)) as { Resource: Record<string, unknown> }).Resource
  : undefined;

const read = (name: ResourceName): unknown => deployed?.[name] ?? injected(name) ?? environment()[name];

/** What SST hands out throws at the name of a link that is not there. */
const has = (name: ResourceName): boolean => (deployed ? name in deployed : read(name) !== undefined);

/** All in one on a laptop, one by one in a container that SST deployed. */
const injected = (name: ResourceName): unknown => {
  const text = process.env["SST_RESOURCES_JSON"] ?? "{}";
  // Links that are not there are asked for with every request.
  if (text !== parsed.text) parsed = { text, links: JSON.parse(text) };
  const one = process.env[`SST_RESOURCE_${name}`];
  return parsed.links[name] ?? (one && JSON.parse(one));
};
let parsed: { text: string; links: Record<string, unknown> } = { text: "{}", links: {} };

const environment = (): Partial<Record<ResourceName, unknown>> => {
  const {
    DATABASE_URL: url,
    REDIS_PRIMARY,
    REDIS_PASSWORD,
    DOCUMENT_QUEUE_URL,
    DOCUMENT_BUCKET,
    JWT_SECRET,
  } = process.env;
  return {
    App: { name: "resolve", stage: process.env["NODE_ENV"] ?? "development" },
    ...(url ? { AppDatabase: { url }, WorkerDatabase: { url }, SystemDatabase: { url } } : {}),
    ...(REDIS_PRIMARY && REDIS_PASSWORD ? { Cache: { url: REDIS_PRIMARY, token: REDIS_PASSWORD } } : {}),
    ...(DOCUMENT_QUEUE_URL ? { DocumentProcessing: { url: DOCUMENT_QUEUE_URL } } : {}),
    ...(DOCUMENT_BUCKET ? { Documents: { name: DOCUMENT_BUCKET } } : {}),
    ...(JWT_SECRET ? { ApiKeyPepper: { value: JWT_SECRET } } : {}),
  };
};

/** Whether X-Ray's daemon runs beside this process, as in a Lambda that is traced. */
export const isTraced = (): boolean => process.env["AWS_XRAY_DAEMON_ADDRESS"] !== undefined;
