import { ProcessMessage, processDocument } from "@resolve/core/documents";
import { systemCtx } from "@resolve/core/platform/context";
import { relayWritten } from "../relay-written.ts";
import { consume } from "./consume.ts";

/** document-processing: bytes → chunks that search serves. */
export const handler = consume(ProcessMessage, async (message) => {
  const ctx = systemCtx({ tenantId: message.tenantId, job: "process-document", traceparent: message.traceparent });
  await processDocument(ctx, message);
  await relayWritten(ctx);
});
