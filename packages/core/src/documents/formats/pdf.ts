import { type PDFiumDocument, PDFiumLibrary } from "@hyzyla/pdfium";
import { ExtractionFailure } from "../extract.ts";
import type { Reader } from "./reader.ts";

export const readPdf: Reader = async (bytes, builder, limits) => {
  const library = await PDFiumLibrary.init();
  let document: Awaited<ReturnType<typeof library.loadDocument>>;
  try {
    document = await library.loadDocument(bytes);
  } catch (error) {
    // The wrapper has no codes; PDFium's error 4 is the password.
    throw new ExtractionFailure(
      error instanceof Error && /password|security/i.test(error.message) ? "encrypted" : "corrupt",
      { cause: error },
    );
  }
  const pages = document.getPageCount();
  if (pages === 0) throw new ExtractionFailure("corrupt");
  if (pages > limits.pagesMax) throw new ExtractionFailure("too-many-pages");
  for (let number = 0; number < pages; number++) {
    const text = pageText(document, number);
    for (const paragraph of text.replaceAll("\r\n", "\n").split(/\n\s*\n/))
      builder.add("paragraph", paragraph, { page: number + 1 });
  }
  return pages;
};

/** The part of PDFium that the wrapper keeps to itself (fpdfview.h, fpdf_annot.h, fpdf_flatten.h). */
type RawPage = {
  pageIdx: number;
  module: {
    _FPDFPage_GetAnnotCount(page: number): number;
    _FPDFPage_GetAnnot(page: number, index: number): number;
    _FPDFAnnot_GetSubtype(annotation: number): number;
    _FPDFPage_CloseAnnot(annotation: number): void;
    _FPDFPage_Flatten(page: number, usage: number): number;
    _FPDF_ClosePage(page: number): void;
  };
};
/** FPDF_ANNOT_FREETEXT and FPDF_ANNOT_WIDGET: text typed onto the page and into its form. */
const typedOnSubtypes = new Set([3, 20]);

/** The page's words, those of its form fields included; the page is closed again, else each would stay in memory. */
const pageText = (document: PDFiumDocument, number: number): string => {
  let page = document.getPage(number);
  // The fields are `private` to TypeScript only; the version is pinned.
  let { module, pageIdx } = page as unknown as RawPage;
  try {
    if (hasTypedText({ module, pageIdx })) {
      // Flattening draws annotations into the page; the page must be loaded anew to see them.
      module._FPDFPage_Flatten(pageIdx, 0);
      module._FPDF_ClosePage(pageIdx);
      page = document.getPage(number);
      ({ module, pageIdx } = page as unknown as RawPage);
    }
    return page.getText();
  } finally {
    module._FPDF_ClosePage(pageIdx);
  }
};

const hasTypedText = ({ module, pageIdx }: RawPage): boolean => {
  const count = module._FPDFPage_GetAnnotCount(pageIdx);
  for (let index = 0; index < count; index++) {
    const annotation = module._FPDFPage_GetAnnot(pageIdx, index);
    if (annotation === 0) continue;
    const subtype = module._FPDFAnnot_GetSubtype(annotation);
    module._FPDFPage_CloseAnnot(annotation);
    if (typedOnSubtypes.has(subtype)) return true;
  }
  return false;
};
