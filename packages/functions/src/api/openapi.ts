import { type ProblemCode, problemTypes } from "@resolve/core/platform/problems";
import { type Access, accessTable, readingRoutes } from "./app.ts";
import examples from "./examples.gen.json" with { type: "json" };

type Parameter = { name: string; in: string; description: string; schema: object };
type Content = Record<string, { schema?: object; example?: unknown }>;
type Response = { description: string; headers?: Record<string, unknown>; content?: Content };
type Operation = {
  operationId?: string;
  tags?: string[];
  requestBody?: { content?: Content };
  parameters?: ({ $ref: string } | Parameter)[];
  responses: Record<string, Response>;
};
/** The parts of an OpenAPI document that this file adds. */
type Document = {
  paths?: Record<string, Record<string, Operation>>;
  components?: Record<string, Record<string, unknown>>;
  tags?: { name: string; description: string }[];
};

/** Chapters of the reference, in order, with the first part of their paths below `/api/v1`. */
const chapters: Record<string, { paths: string[]; description: string }> = {
  Tenants: { paths: ["tenants"], description: "For operators: create, read, change and suspend tenants." },
  Onboarding: {
    paths: ["onboarding", "tenant/onboarding"],
    description: "From a new tenant to its first answer, step by step.",
  },
  Tenant: { paths: ["tenant"], description: "The caller's own tenant." },
  People: { paths: ["users"], description: "The members of a tenant." },
  "API keys": {
    paths: ["api-keys", "roles"],
    description: "Credentials of a tenant, and the permissions of each role.",
  },
  Collections: { paths: ["collections"], description: "Groups of documents, with access lists." },
  Documents: { paths: ["documents"], description: "Upload, process, version, delete and restore documents." },
  Search: { paths: ["search", "answers"], description: "Find chunks of documents, and answer questions from them." },
  Jobs: { paths: ["jobs"], description: "Long-running work on a tenant's index." },
  Events: { paths: ["events", "event-cursors", "event-types"], description: "The tenant's events, in order." },
  Webhooks: { paths: ["webhooks", "deliveries"], description: "Events sent to the tenant's own systems." },
  Platform: { paths: ["platform"], description: "For operators: the platform itself." },
  System: { paths: [], description: "The state of the API, and the keys to verify its signatures." },
};

const text = { type: "string" } as const;
const parameters = {
  RequestId: {
    name: "X-Request-Id",
    in: "header",
    description:
      "The client's own id of the request: 1 to 128 letters, digits or `_ . : -`. It is returned and logged.",
    schema: text,
  },
  Tenant: {
    name: "X-Resolve-Tenant",
    in: "header",
    description:
      "The tenant to act in. Members of several tenants name one of them. Operators need it on routes of a tenant. Other callers may name their own only.",
    schema: text,
  },
  Reason: {
    name: "X-Resolve-Reason",
    in: "header",
    description: "The reason why an operator acts in a tenant, for that tenant's audit log.",
    schema: { ...text, minLength: 8, maxLength: 200 },
  },
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description:
      "The same caller, key and body get the same response for 24 hours, so that a request can be repeated safely, also after a lost connection or a 503. 1 to 255 visible ASCII characters.",
    schema: { ...text, minLength: 1, maxLength: 255 },
  },
  IfMatch: {
    name: "If-Match",
    in: "header",
    description: "An `ETag` of the resource. The request is refused with 412 when the resource has changed since then.",
    schema: text,
  },
} satisfies Record<string, Parameter>;

const headers = {
  RequestId: { description: "The id of the request, also in the logs.", schema: text },
  IdempotencyReplayed: { description: "`true` when this is the stored response of an earlier request.", schema: text },
  RetryAfter: { description: "Seconds to wait before the request is repeated.", schema: { type: "integer" } },
  WwwAuthenticate: { description: "`Bearer`.", schema: text },
};

/**
 * Adds to each operation what follows from its method, body and access: chapter, headers, and the problems that middleware
 * returns before the route. The routes declare the rest.
 */
export const completeOpenApi = <D>(generated: D): D => {
  // The generator's type is a wide union; the fields used here are those of OpenAPI 3.1.
  const document = generated as Document;
  document.components = { ...document.components, parameters, headers };
  document.tags = Object.entries(chapters).map(([name, { description }]) => ({ name, description }));
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(item)) {
      const route = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
      const access = accessTable.get(route) ?? "public";
      operation.tags = [chapterOf(path)];
      addExample(operation);
      complete(operation, access, method === "post" && needsTenant(access) && !readingRoutes.has(route));
    }
  return generated;
};

/** A request that succeeded and its response, from the acceptance tests (`npm run examples:accept`). */
const addExample = ({ operationId = "", requestBody, responses }: Operation): void => {
  const { request, status, response } = (examples as Record<string, Example>)[operationId] ?? {};
  const content = status === undefined ? undefined : responses[status]?.content;
  for (const media of Object.values(content ?? {})) media.example = response;
  for (const media of Object.values(requestBody?.content ?? {})) if (request !== undefined) media.example = request;
};
type Example = { request?: unknown; status?: number; response?: unknown };

const needsTenant = (access: Access): access is Exclude<Access, "public" | { scope: "identity" }> =>
  access !== "public" && access.scope !== "identity";

const complete = (operation: Operation, access: Access, isIdempotent: boolean): void => {
  const actsInTenant = needsTenant(access) && access.scope !== "platform";
  const names: (keyof typeof parameters)[] = [
    "RequestId",
    ...(actsInTenant ? (["Tenant", "Reason"] as const) : []),
    ...(isIdempotent ? (["IdempotencyKey"] as const) : []),
    ...("412" in operation.responses ? (["IfMatch"] as const) : []),
  ];
  const refs = names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
  operation.parameters = [...(operation.parameters ?? []), ...refs];
  const codes: ProblemCode[] = [
    ...(access === "public"
      ? []
      : (["tenant-suspended", "mfa-required", "edge-required", "unavailable", "invalid-request"] as const)),
    ...(actsInTenant ? (["reason-required", "not-found"] as const) : []),
    // An operator names the tenant to enter, and a member of several tenants the one to act in.
    ...(needsTenant(access) ? (["tenant-required"] as const) : []),
    ...(operation.requestBody
      ? (["invalid-request", "invalid-json", "request-too-large", "unsupported-media-type"] as const)
      : []),
    ...(isIdempotent
      ? (["invalid-request", "idempotency-in-progress", "idempotency-key-reused", "idempotency-result-lost"] as const)
      : []),
  ];
  for (const code of codes) addRefusal(operation, code);
  for (const [status, response] of Object.entries(operation.responses))
    response.headers = { ...response.headers, ...headersOf(status, isIdempotent) };
};

const headersOf = (status: string, isIdempotent: boolean): Record<string, unknown> => {
  const ref = (name: keyof typeof headers) => ({ $ref: `#/components/headers/${name}` });
  return {
    "X-Request-Id": ref("RequestId"),
    ...(isIdempotent && status.startsWith("2") ? { "Idempotency-Replayed": ref("IdempotencyReplayed") } : {}),
    ...(["409", "429", "503"].includes(status) ? { "Retry-After": ref("RetryAfter") } : {}),
    ...(status === "401" ? { "WWW-Authenticate": ref("WwwAuthenticate") } : {}),
  };
};

const addRefusal = (operation: Operation, code: ProblemCode): void => {
  const { status, title } = problemTypes[code];
  const known = operation.responses[status];
  const line = `\`${code}\`: ${title}`;
  if (known?.description.includes(`\`${code}\``)) return;
  operation.responses[status] = {
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    ...known,
    description: known ? `${known.description}; ${line}` : line,
  };
};

const chapterOf = (path: string): string => {
  const rest = path.replace(/^\/api\/(v1\/)?/, "");
  const [longest] = Object.entries(chapters)
    .flatMap(([name, { paths }]) => paths.map((start) => ({ name, start })))
    .filter(({ start }) => rest === start || rest.startsWith(`${start}/`))
    .sort((a, b) => b.start.length - a.start.length);
  return longest?.name ?? "System";
};
