import type { ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import type { PageText } from "./layout.ts";
import { type Pdf, utf16, withBuffer } from "./pdfium.ts";

const attachmentsMax = 100;
const attachmentBytesMax = 50 * 1024 ** 2;
/** FPDF_ANNOT_FILEATTACHMENT */
const fileAttachment = 17;
/** A hostile file may have millions of annotations. */
const annotationsMax = 10_000;

type File = { name: string; bytes?: Uint8Array | undefined };

/** Reads the files that are embedded in the document (also those of a portfolio) or pinned to its pages. */
export const readAttachments = async (
  pdf: Pdf,
  pages: readonly PageText[],
  builder: TextBuilder,
  { readInner }: ReadOptions,
): Promise<void> => {
  let count = 0;
  const seen = new Set<string>();
  for (const file of filesOf(pdf, pages)) {
    const name = file.name || "attachment";
    count += 1;
    if (count > attachmentsMax || !file.bytes) {
      builder.warn("attachment-unread", name);
      continue;
    }
    // A file may be listed and pinned to a page, too.
    const key = `${name}:${file.bytes.length}`;
    if (seen.has(key)) continue;
    seen.add(key);
    builder.add({ kind: "heading", text: name, level: 2 });
    await readInner(file.bytes, { name }, builder, "attachment-unread");
  }
};

function* filesOf(pdf: Pdf, pages: readonly PageText[]): Generator<File> {
  const { calls, handle } = pdf;
  const count = calls.FPDFDoc_GetAttachmentCount(handle);
  for (let at = 0; at < count; at++) {
    const attachment = calls.FPDFDoc_GetAttachment(handle, at);
    if (attachment !== 0) yield fileOf(pdf, attachment);
  }
  for (const [number, { hasFiles }] of pages.entries()) {
    if (!hasFiles) continue;
    const page = calls.FPDF_LoadPage(handle, number);
    if (page === 0) continue;
    const annotations = Math.min(calls.FPDFPage_GetAnnotCount(page), annotationsMax);
    for (let at = 0; at < annotations; at++) {
      const annotation = calls.FPDFPage_GetAnnot(page, at);
      if (annotation === 0) continue;
      const attachment =
        calls.FPDFAnnot_GetSubtype(annotation) === fileAttachment ? calls.FPDFAnnot_GetFileAttachment(annotation) : 0;
      if (attachment !== 0) yield fileOf(pdf, attachment);
      calls.FPDFPage_CloseAnnot(annotation);
    }
    calls.FPDF_ClosePage(page);
  }
}

const fileOf = (pdf: Pdf, attachment: number): File => {
  const { calls, scratch } = pdf;
  const name = utf16(pdf, (buffer, bytes) => calls.FPDFAttachment_GetName(attachment, buffer, bytes));
  if (!calls.FPDFAttachment_GetFile(attachment, 0, 0, scratch)) return { name };
  const size = pdf.heaps.HEAPU32[scratch >> 2]!;
  if (size === 0 || size > attachmentBytesMax) return { name };
  const bytes = withBuffer(pdf, size, (buffer) =>
    calls.FPDFAttachment_GetFile(attachment, buffer, size, scratch)
      ? pdf.heaps.HEAPU8.slice(buffer, buffer + size)
      : undefined,
  );
  return { name, bytes };
};
