import { ProcessMessage, processDocument } from "@resolve/core/documents";
import { systemCtx } from "@resolve/core/platform/context";
import { relayWritten } from "../relay-written.ts";
import { consume } from "./consume.ts";

/** Bytes the function takes into memory. Dispatch sends it less; an address may turn out to hold more. */
const bytesMax = 256 * 1024 ** 2;

/** document-processing: bytes → chunks that search serves. What is too much for a function goes to the task. */
export const handler = consume(ProcessMessage, async (message) => {
  const ctx = systemCtx({ tenantId: message.tenantId, job: "process-document", traceparent: message.traceparent });
  await processDocument(ctx, message, { bytesMax }, "hand-over");
  await relayWritten(ctx);
});
