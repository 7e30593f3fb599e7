import { z } from "zod";
import { type Ctx, enqueue } from "../platform/context.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { egressPolicy } from "../platform/resources.ts";
import { blobs } from "../platform/services/blob.ts";
import { EgressError, egressFetch } from "../platform/services/egress.ts";
import { objectKey } from "./object-key.ts";

/** The largest file that is fetched from a URL; the function keeps it in memory. */
const fetchBytesMax = 200 * 1024 ** 2;
export const fetchSeconds = 90;
const redirectsMax = 5;

const target = {
  tenantId: idSchema("tenant"),
  documentId: idSchema("document"),
  version: z.int(),
  traceparent: z.string(),
};

/** Body of a url-fetch message. It is complete, because the function that fetches has no database connection. */
export const FetchMessage = z.object({ ...target, url: z.string() });
export type FetchMessage = z.output<typeof FetchMessage>;

/** Body of a url-results message: the stored file, or the reason why there is none. */
export const FetchResult = z.discriminatedUnion("ok", [
  z.object({ ...target, ok: z.literal(true), sizeBytes: z.int(), contentType: z.string().optional() }),
  z.object({ ...target, ok: z.literal(false), code: z.enum(["url-unreachable", "url-refused", "too-large", "empty"]) }),
]);
export type FetchResult = z.output<typeof FetchResult>;

/** Sends the message that makes a worker fetch the address. Joins the caller's transaction. */
export const sendFetch = (ctx: Ctx, documentId: Id<"document">, version: number, url: string): void => {
  const body: FetchMessage = { tenantId: ctx.tenantId, documentId, version, url, traceparent: ctx.traceparent };
  enqueue(ctx, { topic: "url-fetch", groupKey: ctx.tenantId, body });
};

/**
 * Fetches a URL and stores the file as the version's original. The host is checked like that of a webhook, at each redirect
 * too. A repeated message is harmless, because it stores the same object again.
 */
export async function fetchToStorage(message: FetchMessage): Promise<FetchResult> {
  const { url, ...target } = message;
  const failed = (code: Extract<FetchResult, { ok: false }>["code"]): FetchResult => ({ ...target, ok: false, code });
  try {
    const request = { maxRedirects: redirectsMax, maxResponseBytes: fetchBytesMax, timeoutSeconds: fetchSeconds };
    const { status, headers, body, isTruncated, isComplete } = await egressFetch(url, request, egressPolicy());
    if (status >= 500 || status === 429 || status === 408) return failed("url-unreachable");
    if (status !== 200) return failed("url-refused");
    if (isTruncated) return failed("too-large");
    if (!isComplete) return failed("url-unreachable");
    if (body.length === 0) return failed("empty");
    const contentType = headers["content-type"]?.slice(0, 255);
    await blobs.put(
      objectKey(message.tenantId, message.documentId, message.version),
      body,
      contentType ?? "application/octet-stream",
    );
    return { ...target, ok: true, sizeBytes: body.length, ...(contentType ? { contentType } : {}) };
  } catch (error) {
    if (error instanceof Problem) return failed("url-refused");
    if (!(error instanceof EgressError)) throw error;
    return failed(refusals.has(error.reason) ? "url-refused" : "url-unreachable");
  }
}

/** Reasons that do not change with another attempt. */
const refusals: ReadonlySet<string> = new Set(["address-not-allowed", "too-many-redirects"]);
