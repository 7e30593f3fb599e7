import { z } from "zod";
import { type Ctx, enqueue } from "../platform/context.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { egressPolicy } from "../platform/resources.ts";
import { blobs } from "../platform/services/blob.ts";
import { EgressError, egressFetch } from "../platform/services/egress.ts";
import { objectKey } from "./object-key.ts";

/** Bytes of one address: what the fetching function holds in memory. */
const fetchBytesMax = 200 * 1024 ** 2;
export const fetchSeconds = 90;
const redirectsMax = 5;

const place = {
  tenantId: idSchema("tenant"),
  documentId: idSchema("document"),
  version: z.int(),
  traceparent: z.string(),
};

/** Body of a url-fetch message: a complete order, for a function that knows no database. */
export const FetchMessage = z.object({ ...place, url: z.string() });
export type FetchMessage = z.output<typeof FetchMessage>;

/** Body of a url-results message: what is stored now, or why nothing is. */
export const FetchResult = z.discriminatedUnion("ok", [
  z.object({ ...place, ok: z.literal(true), sizeBytes: z.int(), contentType: z.string().optional() }),
  z.object({ ...place, ok: z.literal(false), code: z.enum(["url-unreachable", "url-refused", "too-large", "empty"]) }),
]);
export type FetchResult = z.output<typeof FetchResult>;

/** Sends the message that makes a worker fetch the address. Joins the caller's transaction. */
export const sendFetch = (ctx: Ctx, documentId: Id<"document">, version: number, url: string): void => {
  const body: FetchMessage = { tenantId: ctx.tenantId, documentId, version, url, traceparent: ctx.traceparent };
  enqueue(ctx, { topic: "url-fetch", groupKey: ctx.tenantId, body });
};

/**
 * Fetches an address into the version's place in storage. The host is checked as for webhooks, again at each redirect.
 * Storing the same bytes twice is harmless, so a repeated message is.
 */
export async function fetchToStorage(message: FetchMessage): Promise<FetchResult> {
  const { url, ...place } = message;
  const failed = (code: Extract<FetchResult, { ok: false }>["code"]): FetchResult => ({ ...place, ok: false, code });
  try {
    const request = { maxRedirects: redirectsMax, maxResponseBytes: fetchBytesMax, timeoutSeconds: fetchSeconds };
    const { status, headers, body, isTruncated } = await egressFetch(url, request, egressPolicy());
    if (status >= 500 || status === 429 || status === 408) return failed("url-unreachable");
    if (status !== 200) return failed("url-refused");
    if (isTruncated) return failed("too-large");
    if (body.length === 0) return failed("empty");
    const contentType = headers["content-type"]?.slice(0, 255);
    await blobs.put(
      objectKey(message.tenantId, message.documentId, message.version),
      body,
      contentType ?? "application/octet-stream",
    );
    return { ...place, ok: true, sizeBytes: body.length, ...(contentType ? { contentType } : {}) };
  } catch (error) {
    if (error instanceof Problem) return failed("url-refused");
    if (!(error instanceof EgressError)) throw error;
    return failed(refusals.has(error.reason) ? "url-refused" : "url-unreachable");
  }
}

/** What stays so however often it is tried. */
const refusals: ReadonlySet<string> = new Set(["address-not-allowed", "too-many-redirects"]);
