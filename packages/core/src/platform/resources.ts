import { z } from "zod";
import { idSchema } from "./id.ts";
import { type Pascal, pascal } from "./pascal.ts";

/** In AWS; the local runtime's links contain the values themselves (`services/linked-secrets.ts`). */
const secret = z.object({ secretArn: z.string(), endpoint: z.string().optional() });
/** With a secret, the URL contains no user and password (`platform/database/credentials.ts`). */
const database = z.object({ url: z.string(), maxConnections: z.number().optional(), ...secret.partial().shape });

/** The queues. The link of a queue is its name in Pascal case; `topology.ts` configures each queue. */
export const queueNames = [
  "document-processing",
  "webhook-delivery",
  "webhook-results",
  "onboarding",
  "url-fetch",
  "url-results",
  "vector-jobs",
  "job-steps",
  "invitations",
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
 * The links of functions, by name. In AWS the values come from SST links, in the local runtime from
 * `SST_RESOURCES_JSON`, in a plain container from the blueprint's environment variables.
 * This is the only reader of `process.env` in core and functions.
 */
const links = {
  App: z.object({ name: z.string(), stage: z.string() }),
  AppDatabase: database,
  WorkerDatabase: database,
  SystemDatabase: database,
  /** The same login as `AppDatabase`, at the read replica; only in stages with one. Read it with `optionalResource`. */
  ReplicaDatabase: database,
  BuilderDatabase: database,
  MasterDatabase: database,
  /** The proxy's copies of the logins' secrets, by user. */
  ProxyLogins: z.object({ users: z.record(z.string(), secret) }),
  /** `url` selects the protocol (`openStore`); `timeoutMs`: how long a request waits for the cache, 50 by default. */
  Cache: z
    .object({ url: z.string(), timeoutMs: z.number().optional() })
    .and(z.union([z.object({ token: z.string() }), secret])),
  /** How long results of searches are kept; without this link they are not (decision 62). Read it with `optionalResource`. */
  SearchResults: z.object({ keptSeconds: z.number().positive() }),
  Documents: z.object({
    name: z.string(),
    region: z.string().default("us-east-1"),
    /** The copy in the recovery region, only for purges. */
    replica: z.object({ name: z.string(), region: z.string() }).optional(),
    endpoint: z.string().optional(),
    accessKeyId: z.string().optional(),
    secretAccessKey: z.string().optional(),
  }),
  /** Only in stages with OCR; read it with `optionalResource`. */
  Ocr: z.object({ provider: z.literal("textract"), region: z.string().optional(), endpoint: z.string().optional() }),
  Bus: z.object({ name: z.string(), endpoint: z.string().optional(), region: z.string().optional() }),
  Kms: z.union([
    z.object({ keyArn: z.string(), endpoint: z.string().optional() }),
    z.object({ masterKey: z.string() }),
  ]),
  ...queueLinks,
  /** Permits to assume the roles of tenants' accounts. Only the local runtime has a value: its double of these accounts. */
  CustomerRoles: z.object({ endpoint: z.string(), region: z.string() }),
  /** The addresses of the dead-letter queues, by queue or rule. */
  DeadLetters: z.object({ urls: z.record(z.string(), z.string()), endpoint: z.string().optional() }),
  ApiKeyPepper: z.union([z.object({ value: z.string().min(16) }), secret]),
  /** The pool of people's accounts and the client with which they sign in. `endpoint`: the local runtime's double. */
  UserPool: z.object({ id: z.string(), clientId: z.string(), region: z.string(), endpoint: z.url().optional() }),
  /** The sender of mails, as `Name <address>`; only in stages with a mail domain. Read it with `optionalResource`. */
  MailSender: z.object({
    from: z.string(),
    region: z.string(),
    endpoint: z.url().optional(),
    /** Unknown in stages without a domain. */
    consoleUrl: z.url().optional(),
  }),
  /** Tenants' own identity providers: clients of a pool of Cognito, or issuers of OpenID Connect with their audience. */
  IdentityProviders: z.object({
    providers: z.array(
      z
        .object({
          tenantId: idSchema("tenant"),
          issuer: z.url(),
          jwksUri: z.url(),
          clientId: z.string().min(1).optional(),
          audience: z.string().min(1).optional(),
        })
        .refine(({ clientId, audience }) => (clientId === undefined) !== (audience === undefined)),
    ),
  }),
  /** The header values by which CloudFront authenticates (E-2): the current one, and the next or last one during a rotation. */
  OriginVerify: z.union([z.object({ accepted: z.array(z.string().min(32)).min(1) }), secret]),
  /** An embedding service, in addition to the built-in model. */
  Embedding: model,
  /** A language model that writes answers; without one an answer consists of sentences of the documents. */
  Answering: model,
};

export type ResourceName = keyof typeof links;
export type Resource<N extends ResourceName> = z.output<(typeof links)[N]>;

/** @throws Error naming the link, when the function is not linked to it or the link has another shape. */
export const resource = <N extends ResourceName>(name: N): Resource<N> => {
  // The casts: the schema of the name has checked the value.
  const cached = cache.get(name);
  if (cached !== undefined) return cached as Resource<N>;
  const raw = read(name);
  const parsed = links[name].safeParse(raw);
  if (!parsed.success)
    throw new Error(`The link ${name} is missing or has another shape; link it to this function in stacks/.`);
  cache.set(name, parsed.data);
  return parsed.data as Resource<N>;
};

/** Undefined when the stage does not have the link. @throws Error when the link has another shape. */
export const optionalResource = <N extends ResourceName>(name: N): Resource<N> | undefined =>
  has(name) ? resource(name) : undefined;

/** Loopback addresses are allowed only in the local runtime. @throws Error in a deployed stage with this setting. */
export const egressPolicy = (): { allowLoopback: boolean } => {
  const allowLoopback = process.env["RESOLVE_EGRESS_ALLOW"] === "loopback";
  if (allowLoopback && isDeployed()) throw new Error("RESOLVE_EGRESS_ALLOW must not be set in a deployed stage.");
  return { allowLoopback };
};

/** SST sets this variable in every deployed function, and nothing else sets it. */
const isDeployed = (): boolean => process.env["SST_KEY_FILE"] !== undefined;

// Whoever has the local issuer's secret can sign in as anybody (F-27).
if (process.env["JWT_SECRET"] !== undefined && (isDeployed() || process.env["NODE_ENV"] === "production"))
  throw new Error(
    "JWT_SECRET must not be set in production: it is the secret of the local runtime's issuer. People sign in at Cognito, and the pepper of API keys is API_KEY_PEPPER.",
  );

const cache = new Map<ResourceName, unknown>();

/** `sst` is imported only in a deployed function, because the local runtime and containers do not install it. */
const deployed: Record<string, unknown> | undefined = isDeployed()
  ? ((await import("sst" as string)) as { Resource: Record<string, unknown> }).Resource
  : undefined;

const read = (name: ResourceName): unknown => deployed?.[name] ?? injected(name) ?? environment()[name];

/** SST's object throws when a missing link is read, so use `in`. */
const has = (name: ResourceName): boolean => (deployed ? name in deployed : read(name) !== undefined);

/** All links in one variable in the local runtime, one variable per link in a container that SST deployed. */
const injected = (name: ResourceName): unknown => {
  const text = process.env["SST_RESOURCES_JSON"] ?? "{}";
  // Parse only once per text: optional links are read with every request.
  if (text !== parsed.text) parsed = { text, links: JSON.parse(text) };
  const one = process.env[`SST_RESOURCE_${name}`];
  return parsed.links[name] ?? (one && JSON.parse(one));
};
let parsed: { text: string; links: Record<string, unknown> } = { text: "{}", links: {} };

/** Settings of the blueprint that a container must not have, because nothing would read them, and the reason. */
const refusedSettings: Record<string, string> = {
  REDIS_REPLICA: "the cache is read at REDIS_PRIMARY only, because a replica returns values that were just invalidated",
  DD_AGENT_HOST: "there is no agent; `datadog` in stacks/stage.ts creates monitors",
  DD_API_KEY: "the key is a secret of the stage; `datadog` in stacks/stage.ts creates monitors",
};

/** CLUSTER_MODE and REDIS_CLUSTER are accepted and change nothing: one primary node holds the cache (F-48). */
const environment = (): Partial<Record<ResourceName, unknown>> => {
  if (process.env["SST_RESOURCES_JSON"] === undefined)
    for (const [name, reason] of Object.entries(refusedSettings))
      if (process.env[name] !== undefined) throw new Error(`${name} must not be set: ${reason}.`);
  const {
    DATABASE_URL: url,
    REDIS_PRIMARY,
    REDIS_PASSWORD,
    DOCUMENT_QUEUE_URL,
    DOCUMENT_BUCKET,
    API_KEY_PEPPER,
  } = process.env;
  return {
    App: { name: "resolve", stage: process.env["NODE_ENV"] ?? "development" },
    ...(url ? { AppDatabase: { url }, WorkerDatabase: { url }, SystemDatabase: { url } } : {}),
    ...(REDIS_PRIMARY && REDIS_PASSWORD ? { Cache: { url: REDIS_PRIMARY, token: REDIS_PASSWORD } } : {}),
    ...(DOCUMENT_QUEUE_URL ? { DocumentProcessing: { url: DOCUMENT_QUEUE_URL } } : {}),
    ...(DOCUMENT_BUCKET ? { Documents: { name: DOCUMENT_BUCKET } } : {}),
    ...(API_KEY_PEPPER ? { ApiKeyPepper: { value: API_KEY_PEPPER } } : {}),
  };
};

/** True when X-Ray's daemon receives segments, as in a function with tracing. */
export const isTraced = (): boolean => process.env["AWS_XRAY_DAEMON_ADDRESS"] !== undefined;
