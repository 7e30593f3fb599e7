import { type ExtractionCode, ExtractionFailure } from "./extraction.ts";
import type { Reply } from "./thread.ts";

/** The result of a task, or why there is none; `otherwise` is the code for errors that nobody foresaw. @throws those without it */
export async function replyTo<T>(task: () => Promise<T> | T, otherwise?: ExtractionCode): Promise<Reply<T>> {
  try {
    return { ok: true, result: await task() };
  } catch (error) {
    if (error instanceof ExtractionFailure) return { ok: false, code: error.code, contentType: error.contentType };
    // V8 throws this when one string would exceed its 512 MB.
    if (error instanceof RangeError && /string length/i.test(error.message)) return { ok: false, code: "too-large" };
    if (otherwise) return { ok: false, code: otherwise };
    throw error;
  }
}
