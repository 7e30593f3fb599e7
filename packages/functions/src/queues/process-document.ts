import { ProcessMessage, processDocument } from "@resolve/core/documents";
import { makerWithin } from "@resolve/core/documents/make";
import { consume } from "./consume.ts";

/** Largest file that fits into the function's memory. Dispatch sends smaller ones, but a URL may return more than it declared. */
const maker = makerWithin({ bytesMax: 256 * 1024 ** 2 });

/** document-processing: turns bytes into chunks that can be searched, or hands a file that is too large over to the task. */
export const handler = consume(ProcessMessage, "process-document", (ctx, message) =>
  processDocument(ctx, message, maker, "hand-over"),
);
