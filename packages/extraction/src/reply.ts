import { type ExtractionCode, ExtractionFailure } from "./extraction.ts";
import type { Reply } from "./thread.ts";

/**
 * Runs a task and returns its result or its failure. Unexpected errors become `fallbackCode`, or are thrown without
 * one.
 */
export async function replyTo<T>(task: () => Promise<T> | T, fallbackCode?: ExtractionCode): Promise<Reply<T>> {
  try {
    return { ok: true, result: await task() };
  } catch (error) {
    if (error instanceof ExtractionFailure) return { ok: false, code: error.code, contentType: error.contentType };
    // V8 throws this when a string exceeds its limit of 512 MB.
    if (error instanceof RangeError && /string length/i.test(error.message)) return { ok: false, code: "too-large" };
    if (fallbackCode) return { ok: false, code: fallbackCode };
    throw error;
  }
}
