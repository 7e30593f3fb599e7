import { createHash } from "node:crypto";
import { type Extraction, ExtractionFailure, type ExtractionLimits } from "@resolve/extraction/extraction";
import { TextBuilder } from "@resolve/extraction/formats/text-builder";
import { type Ocr, type OcrLine, OcrRefused } from "../platform/services/ocr.ts";
import type { OcrPages } from "./ocr-pages.ts";

/** Content types that OCR reads when extraction found no text. */
export const scanTypes: ReadonlySet<string> = new Set(["application/pdf", "image/png", "image/jpeg", "image/tiff"]);

const codes = { unreadable: "no-text", damaged: "corrupt", "too-large": "too-large" } as const;

/**
 * The paragraphs of a scan by page. All attempts at an original share one paid job.
 *
 * @throws ExtractionFailure, OcrUnavailable
 */
export async function recogniseFile(ocr: Ocr, objectKey: string, signal: AbortSignal): Promise<Map<number, string[]>> {
  const token = createHash("sha256").update(objectKey).digest("hex");
  const { pages, lines } = await ocr.readFile({ objectKey, token, signal }).catch((error) => {
    throw error instanceof OcrRefused ? new ExtractionFailure(codes[error.reason], { cause: error }) : error;
  });
  const byPage = new Map<number, string[]>(Array.from({ length: pages }, (_, n) => [n + 1, []]));
  // A paragraph has at least one line.
  for (const paragraph of paragraphs(lines))
    byPage.get(paragraph[0]!.page)?.push(paragraph.map(({ text }) => text).join("\n"));
  return byPage;
}

/** Has OCR read every page, as of a file that is nothing but a scan? */
export const isWholeScan = (pages: OcrPages): boolean => pages.size > 0 && pages.size === Math.max(...pages.keys());

/** A scan as a document. @throws ExtractionFailure */
export const scanOf = (
  pages: OcrPages,
  { contentType, limits }: { contentType: string; limits: ExtractionLimits },
): Extraction => {
  if (pages.size > limits.pagesMax) throw new ExtractionFailure("too-many-pages");
  const builder = new TextBuilder(limits.charsMax);
  for (const [page, texts] of [...pages].toSorted(([a], [b]) => a - b))
    for (const text of texts) builder.add({ kind: "paragraph", text, page });
  for (let page = 0; page < pages.size; page++) builder.addSource({ hasText: false, isScan: true, readByOcr: true });
  const { text, ...rest } = builder.finish();
  if (text === "") throw new ExtractionFailure("no-text");
  return { format: contentType === "application/pdf" ? "pdf" : "image", contentType, text, pages: pages.size, ...rest };
};

/** A larger gap, as a share of the line's height, ends a paragraph. So does a line above the one before: the next column. */
const gapShare = 0.8;

export const paragraphs = (lines: readonly OcrLine[]): OcrLine[][] => {
  const all: OcrLine[][] = [];
  let before: OcrLine | undefined;
  for (const line of lines) {
    const height = line.bottom - line.top;
    const isNext =
      before?.page === line.page && line.top - before.bottom <= height * gapShare && line.bottom >= before.top;
    if (isNext) all.at(-1)?.push(line);
    else all.push([line]);
    before = line;
  }
  return all;
};
