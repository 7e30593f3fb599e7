import { createHash } from "node:crypto";
import { type Extraction, ExtractionFailure, type ExtractionLimits } from "@resolve/extraction/extraction";
import { TextBuilder } from "@resolve/extraction/formats/text-builder";
import { type Ocr, type OcrLine, OcrRefused } from "../platform/services/ocr.ts";

/** Content types that OCR reads when extraction found no text. */
export const scanTypes: ReadonlySet<string> = new Set(["application/pdf", "image/png", "image/jpeg", "image/tiff"]);

const codes = { unreadable: "no-text", damaged: "corrupt", "too-large": "too-large" } as const;

/**
 * The text of a scan: lines as OCR reads them, joined to paragraphs. All attempts at an original share one paid job.
 *
 * @throws ExtractionFailure, OcrUnavailable
 */
export async function readScan(
  ocr: Ocr,
  objectKey: string,
  { contentType, limits, signal }: { contentType: string; limits: ExtractionLimits; signal: AbortSignal },
): Promise<Extraction> {
  const token = createHash("sha256").update(objectKey).digest("hex");
  const { pages, lines } = await ocr.readFile({ objectKey, token, signal }).catch((error) => {
    throw error instanceof OcrRefused ? new ExtractionFailure(codes[error.reason], { cause: error }) : error;
  });
  if (pages > limits.pagesMax) throw new ExtractionFailure("too-many-pages");
  const builder = new TextBuilder(limits.charsMax);
  // A paragraph has at least one line.
  for (const paragraph of paragraphs(lines))
    builder.add({ kind: "paragraph", text: paragraph.map(({ text }) => text).join("\n"), page: paragraph[0]!.page });
  for (let page = 0; page < pages; page++) builder.addSource({ hasText: false, isScan: true, readByOcr: true });
  const { text, ...rest } = builder.finish();
  if (text === "") throw new ExtractionFailure("no-text");
  return { format: contentType === "application/pdf" ? "pdf" : "image", contentType, text, pages, ...rest };
}

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
