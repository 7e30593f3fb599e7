import type { ExtractionLimits, Hint, Reading } from "./extraction.ts";

/** Reads a file; the result is an `Extraction`. */
export type ReadTask = { task: "read"; bytes: Uint8Array; hint: Hint };
/** Reads pages of a PDF that no other thread has taken (formats/pdf/pdf.ts); the result maps page numbers to pages. */
export type PagesTask = { task: "pages"; bytes: Uint8Array; progress: Int32Array; reading: Reading };
/** Draws pages of a PDF (formats/pdf/render.ts); the result maps page numbers, from 1, to pictures. */
export type RenderTask = { task: "render"; bytes: Uint8Array; pages: readonly number[] };
export type Request = (ReadTask | PagesTask | RenderTask) & { limits: ExtractionLimits };

/** The entry of reader threads: in the source tree, or beside the bundle in a Lambda. */
export const readerThread = new URL(
  import.meta.url.endsWith(".ts") ? "./worker.ts" : "./extract-worker.mjs",
  import.meta.url,
);
