import { renderPages } from "@resolve/extraction/extract";
import { type Extraction, ExtractionFailure, type ExtractionLimits } from "@resolve/extraction/extraction";
import { withRecognised } from "@resolve/extraction/recognised";
import type { Ctx } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";
import { type Ocr, OcrRefused, ocr } from "../platform/services/ocr.ts";
import { ocrPagesLeft, storedPages, storePages } from "./ocr-pages.ts";
import { type Original, readOriginal } from "./original.ts";
import { paragraphs } from "./scan.ts";

/** How many pages of a PDF a worker sends to OCR, and what becomes of a PDF with more of them. */
export type ScanBudget = { pagesMax: number; above: "hand-over" | "leave" };

/** Of a function: OCR takes a second or two for a page, and the function has 50 s. */
export const defaultScans: ScanBudget = { pagesMax: 20, above: "hand-over" };

/** Pages that a thread draws, which takes up to 5 MB for each. */
const pagesDrawn = 16;
/** Requests at once. A worker that dies pays for at most so many pages twice. */
const pagesRead = 4;

type VersionOriginal = Original & { id: Id<"document">; version: number };
type Options = { scans: ScanBudget; limits: ExtractionLimits; signal: AbortSignal };

/**
 * Reads the pages of a PDF by OCR that have no text of their own, each by itself. Every page is stored as soon as it is
 * read, so that a repeated attempt and a later reindex pay only for the others. What OCR does not read stays in the warnings.
 *
 * @throws OcrUnavailable, ExtractionFailure `too-many-pages` when another worker must read it
 */
export async function readScannedPages(
  ctx: Ctx,
  original: VersionOriginal,
  extraction: Extraction,
  { scans, limits, signal }: Options,
): Promise<Extraction> {
  const scanned = (extraction.sources ?? []).flatMap(({ needsOcr }, at) => (needsOcr ? [at + 1] : []));
  const reader = scanned.length > 0 ? ocr() : undefined;
  if (!reader) return extraction;
  if (scanned.length > scans.pagesMax && scans.above === "hand-over") throw new ExtractionFailure("too-many-pages");
  const known = await storedPages(ctx, original);
  const missing = scanned.slice(0, scans.pagesMax).filter((page) => !known.has(page));
  // Beyond the month's limit pages stay unread, and the warnings say so.
  if (missing.length > 0) missing.splice(await ocrPagesLeft(ctx));
  if (missing.length > 0) {
    // Extraction has taken the bytes for its thread.
    const { bytes } = await readOriginal(original);
    for (const drawn of partsOf(missing, pagesDrawn)) {
      const pictures = await draw(bytes, drawn, limits);
      const read = async (page: number) => {
        const picture = pictures.get(page);
        const lines = picture && (await recognise(reader, picture, signal));
        if (!lines) return;
        await storePages(ctx, original, new Map([[page, lines]]));
        known.set(page, lines);
      };
      for (const batch of partsOf(drawn, pagesRead)) {
        // Pages that are paid for are stored, also when another one fails.
        const results = await Promise.allSettled(batch.map(read));
        const failed = results.find(({ status }) => status === "rejected");
        if (failed?.status === "rejected") throw failed.reason;
      }
    }
  }
  const needed = new Set(scanned);
  const recognised = new Map([...known].filter(([page]) => needed.has(page)));
  return withRecognised(extraction, recognised, limits.charsMax);
}

const partsOf = (pages: readonly number[], size: number): number[][] =>
  Array.from({ length: Math.ceil(pages.length / size) }, (_, at) => pages.slice(at * size, (at + 1) * size));

/** The pictures of pages; none when drawing them exceeds the limits, since the text of the other pages has been read. */
const draw = (
  bytes: Uint8Array,
  pages: readonly number[],
  limits: ExtractionLimits,
): Promise<Map<number, Uint8Array>> =>
  renderPages(bytes, pages, limits).catch((error) => {
    if (error instanceof ExtractionFailure) return new Map();
    throw error;
  });

/** The paragraphs in a picture; undefined when OCR refuses it. */
const recognise = async (reader: Ocr, picture: Uint8Array, signal: AbortSignal): Promise<string[] | undefined> => {
  try {
    const lines = await reader.readPicture(picture, signal);
    return paragraphs(lines).map((paragraph) => paragraph.map(({ text }) => text).join("\n"));
  } catch (error) {
    if (error instanceof OcrRefused) return undefined;
    throw error;
  }
};
