import createFetchClient, { type Client } from "openapi-fetch";
import { Webhook } from "standardwebhooks";
import type { components, paths } from "./api.gen.ts";
import type { EventData } from "./events.gen.ts";

export type { components, paths } from "./api.gen.ts";
export type Schemas = components["schemas"];
export type ProblemBody = Schemas["Problem"];
export type Resolve = Client<paths>;
export { type AuditEntry, type AuditHead, type AuditReport, auditHash, verifyAudit } from "./audit.ts";
export type { EventData } from "./events.gen.ts";
export type EventType = keyof EventData;
/** An event with the data of its type. A newer API may send types that this version of the SDK does not have. */
export type EventOf<T extends EventType> = Omit<Schemas["Event"], "type" | "data"> & { type: T; data: EventData[T] };
/** Any event; `type` selects the shape of `data`. */
export type ResolveEvent = { [T in EventType]: EventOf<T> }[EventType];

export type ClientOptions = {
  /** The API's URL, as `npm start` and `sst deploy` print it; it ends in `/api`. */
  apiUrl: string;
  /** An API key, or a person's access token. A function is called before each request, so that it can refresh the token. */
  apiKey: string | (() => Promise<string>);
  /** The tenant to act in, of a person who is a member of several. An operator enters it with a `reason`, which is audited there. */
  inside?: { tenantId: string; reason?: string };
  fetch?: (request: Request) => Promise<Response>;
};

/**
 * A typed client of the API: `client.GET("/api/v1/documents/{documentId}", { params })`. It returns `{data, error}`;
 * `unwrap` returns the data or throws an `ApiProblem`.
 */
export const createClient = ({ apiUrl, apiKey, inside, fetch }: ClientOptions): Resolve => {
  if (!/\/api\/?$/.test(apiUrl)) throw new TypeError(`apiUrl must end in /api, but is ${apiUrl}`);
  return createFetchClient<paths>({
    baseUrl: apiUrl.replace(/\/api\/?$/, ""),
    headers: {
      ...(inside ? { "x-resolve-tenant": inside.tenantId } : {}),
      ...(inside?.reason ? { "x-resolve-reason": inside.reason } : {}),
    },
    fetch: async (request) => {
      request.headers.set("authorization", `Bearer ${typeof apiKey === "string" ? apiKey : await apiKey()}`);
      const waitSeconds = Number(new URL(request.url).searchParams.get("waitSeconds"));
      const signal = AbortSignal.any([
        request.signal,
        AbortSignal.timeout((requestTimeoutSeconds + waitSeconds) * 1000),
      ]);
      return (fetch ?? globalThis.fetch)(new Request(request, { signal }));
    },
  });
};

/** The timeout of a request, in addition to its `waitSeconds`. The API's own timeout is 8 s. */
export const requestTimeoutSeconds = 10;

/** A problem from the API (RFC 9457). `docs/problems` explains each `problem.code`. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly problem: ProblemBody;
  constructor(problem: ProblemBody) {
    super(`${problem.detail} (${problem.status} ${problem.code}, request ${problem.requestId})`);
    this.problem = problem;
  }
}

/** Codes of responses that come from AWS instead of the API, such as `{"message": "Service Unavailable"}`, by status. */
const awsCodes: Record<number, ProblemBody["code"]> = {
  413: "request-too-large",
  429: "rate-limited",
  500: "internal",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

const problemOfAws = (response: Response, error: unknown): ProblemBody | undefined => {
  const code = awsCodes[response.status];
  if (!code) return undefined;
  const message = typeof error === "object" && error !== null && "message" in error ? String(error.message) : code;
  return {
    type: `/api/docs/problems/${code}`,
    title: message,
    status: response.status,
    code,
    detail: message,
    hint: code === "request-too-large" ? "Send less." : "Repeat the request, a write with the same `Idempotency-Key`.",
    instance: response.url && new URL(response.url).pathname,
    requestId: response.headers.get("apigw-requestid") ?? "unknown",
  };
};

/**
 * Returns the data of a response. @throws ApiProblem, also for what AWS refuses by itself; Error when the response is from
 * neither, such as a proxy's.
 */
export const unwrap = async <T>(result: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> => {
  const { data, error, response } = await result;
  // The casts: the API's successful response has data, and its errors with a code are problems.
  if (response.ok) return data as T;
  if (typeof error === "object" && error !== null && "code" in error) throw new ApiProblem(error as ProblemBody);
  const problem = problemOfAws(response, error);
  if (problem) throw new ApiProblem(problem);
  throw new Error(`the response of ${response.url} has the status ${response.status} and no problem`);
};

/** Every item of a list, page by page. */
export async function* everyItem<T>(
  page: (cursor: string | undefined) => Promise<{ data: T[]; nextCursor: string | null }>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const { data, nextCursor } = await page(cursor);
    yield* data;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** Storage takes the bytes of a version once. It responds 412 when an earlier request, whose response was lost, has stored them. */
const storedBefore = 412;

/**
 * Creates a document, sends its bytes with the presigned upload, and returns the document. Its processing starts then.
 *
 * @throws ApiProblem; Error when storage refuses the bytes.
 */
export async function uploadDocument(
  client: Resolve,
  file: Omit<Schemas["NewUpload"], "sizeBytes" | "sha256"> & { bytes: Uint8Array<ArrayBuffer> },
): Promise<Schemas["Document"]> {
  const { bytes, ...description } = file;
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const body = { ...description, sizeBytes: bytes.length, sha256 };
  const { document, upload } = await unwrap(client.POST("/api/v1/documents", { body }));
  if (!upload) throw new Error("the API returned no upload");
  const stored = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: bytes });
  if (stored.ok) return document;
  if (stored.status !== storedBefore)
    throw new Error(`storage refused ${file.name}: ${stored.status} ${await stored.text()}`);
  const params = { path: { documentId: document.id } };
  return unwrap(client.POST("/api/v1/documents/{documentId}/complete", { params }));
}

const waitSeconds = 20;

/** Waits until a document is `ready` or `failed`. @throws ApiProblem; Error after `timeoutSeconds` */
export async function documentSettled(client: Resolve, documentId: string, timeoutSeconds = 300) {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const document = await unwrap(
      client.GET("/api/v1/documents/{documentId}", { params: { path: { documentId }, query: { waitSeconds } } }),
    );
    if (document.status === "ready" || document.status === "failed") return document;
    if (Date.now() > deadline) throw new Error(`${documentId} is still ${document.status} after ${timeoutSeconds} s`);
  }
}

/**
 * Verifies a webhook's request and returns its event. The request must be at most five minutes old (Standard Webhooks).
 * `body` is the text as it was received; JSON that is parsed and serialized again does not verify.
 *
 * @throws WebhookVerificationError
 */
export const verifyWebhook = (body: string, headers: Record<string, string>, secret: string): ResolveEvent =>
  // The signature proves that the API made the body.
  new Webhook(secret).verify(body, headers) as ResolveEvent;
