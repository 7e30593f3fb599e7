import { FetchResult, recordFetch } from "@resolve/core/documents";
import { systemCtx } from "@resolve/core/platform/context";
import { relayWritten } from "../relay-written.ts";
import { consume } from "./consume.ts";

/** url-results: what fetching an address came to. */
export const handler = consume(FetchResult, async (result) => {
  const ctx = systemCtx({ tenantId: result.tenantId, job: "record-fetch", traceparent: result.traceparent });
  await recordFetch(ctx, result);
  await relayWritten(ctx);
});
