import { type PDFiumDocument, PDFiumLibrary } from "@hyzyla/pdfium";
import { ExtractionFailure } from "../../extraction.ts";

/**
 * Functions of PDFium's public headers (fpdfview.h, fpdf_text.h, fpdf_edit.h, fpdf_annot.h, fpdf_attachment.h) that the
 * wrapper does not expose. Handles and pointers are numbers; 0 is "none".
 */
type Calls = Record<
  | "malloc"
  | "free"
  | "FPDF_LoadPage"
  | "FPDF_ClosePage"
  | "FPDF_GetPageBoundingBox"
  | "FPDF_GetPageWidthF"
  | "FPDF_GetPageHeightF"
  | "FPDF_RenderPageBitmap"
  | "FPDFBitmap_CreateEx"
  | "FPDFBitmap_FillRect"
  | "FPDFBitmap_GetBuffer"
  | "FPDFBitmap_GetStride"
  | "FPDFBitmap_Destroy"
  | "FPDFPage_Flatten"
  | "FPDFText_LoadPage"
  | "FPDFText_ClosePage"
  | "FPDFText_CountChars"
  | "FPDFText_GetUnicode"
  | "FPDFText_GetTextObject"
  | "FPDFText_GetLooseCharBox"
  | "FPDFText_GetCharOrigin"
  | "FPDFText_GetCharAngle"
  | "FPDFText_GetFontSize"
  | "FPDFText_GetMatrix"
  | "FPDFText_HasUnicodeMapError"
  | "FPDFText_IsHyphen"
  | "FPDFTextObj_GetFont"
  | "FPDFTextObj_GetTextRenderMode"
  | "FPDFFont_GetBaseFontName"
  | "FPDFFont_GetFlags"
  | "FPDFFont_GetWeight"
  | "FPDFPage_CountObjects"
  | "FPDFPage_GetObject"
  | "FPDFFormObj_CountObjects"
  | "FPDFFormObj_GetObject"
  | "FPDFPageObj_GetType"
  | "FPDFPageObj_SetIsActive"
  | "FPDFPageObj_CountMarks"
  | "FPDFPageObj_GetMark"
  | "FPDFPageObjMark_GetName"
  | "FPDFPageObj_GetClipPath"
  | "FPDFClipPath_CountPaths"
  | "FPDFClipPath_CountPathSegments"
  | "FPDFClipPath_GetPathSegment"
  | "FPDFPage_GetRotation"
  | "FPDFPageObj_GetBounds"
  | "FPDFPageObj_GetMatrix"
  | "FPDFPageObj_GetFillColor"
  | "FPDFPath_CountSegments"
  | "FPDFPath_GetPathSegment"
  | "FPDFPath_GetDrawMode"
  | "FPDFPathSegment_GetPoint"
  | "FPDFPathSegment_GetType"
  | "FPDFPathSegment_GetClose"
  | "FPDFPage_GetAnnotCount"
  | "FPDFPage_GetAnnot"
  | "FPDFPage_CloseAnnot"
  | "FPDFAnnot_GetSubtype"
  | "FPDFAnnot_GetFlags"
  | "FPDFAnnot_GetRect"
  | "FPDFAnnot_GetStringValue"
  | "FPDFAnnot_HasKey"
  | "FPDFAnnot_GetFormFieldType"
  | "FPDFAnnot_GetFormFieldValue"
  | "FPDFAnnot_GetOptionCount"
  | "FPDFAnnot_GetOptionLabel"
  | "FPDFAnnot_IsOptionSelected"
  | "FPDFAnnot_IsChecked"
  | "FPDFAnnot_GetFileAttachment"
  | "FPDFDoc_GetAttachmentCount"
  | "FPDFDoc_GetAttachment"
  | "FPDFAttachment_GetName"
  | "FPDFAttachment_GetFile",
  (...parameters: number[]) => number
>;

type Heaps = { HEAPU8: Uint8Array; HEAPU32: Uint32Array; HEAPF32: Float32Array; HEAPF64: Float64Array };

/** An open document. */
export type Pdf = {
  document: PDFiumDocument;
  handle: number;
  pages: number;
  /** The functions without the wrapper's checks, which take five times as long as the functions (40 ns a call, measured). */
  calls: Calls;
  /** PDFium's memory. Its views are replaced when it grows, so read them after each call. */
  heaps: Heaps;
  /** 64 bytes for results. */
  scratch: number;
  /** PDFium's handle of the form, once a page has a field. */
  form?: number;
};

/** @throws ExtractionFailure `encrypted` or `corrupt` */
export const open = async (bytes: Uint8Array): Promise<Pdf> => {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(bytes).catch((error: unknown) => {
    // The wrapper exposes no error codes; PDFium's error 4 is a missing password.
    throw new ExtractionFailure(
      error instanceof Error && /password|security/i.test(error.message) ? "encrypted" : "corrupt",
      { cause: error },
    );
  });
  // The fields are private only in TypeScript's types, and the version is pinned.
  const { module, documentIdx } = document as unknown as {
    module: Heaps & { wasmExports: Calls };
    documentIdx: number;
  };
  const calls = module.wasmExports;
  return {
    document,
    handle: documentIdx,
    pages: document.getPageCount(),
    calls,
    heaps: module,
    scratch: calls.malloc(64),
  };
};

/** A string of PDFium in UTF-16LE: `read` gets a buffer and its size, and returns the number of bytes with the final zero. */
export const utf16 = (pdf: Pdf, read: (buffer: number, bytes: number) => number): string => {
  const size = read(0, 0);
  if (size <= 2 || size > stringBytesMax) return "";
  return withBuffer(pdf, size, (buffer) => {
    read(buffer, size);
    return Buffer.from(pdf.heaps.HEAPU8.subarray(buffer, buffer + size - 2)).toString("utf16le");
  });
};

const stringBytesMax = 16 * 1024 ** 2;

/** Gives `use` a buffer of PDFium's memory, which is freed afterwards. */
export const withBuffer = <T>({ calls }: Pdf, bytes: number, use: (buffer: number) => T): T => {
  const buffer = calls.malloc(bytes);
  if (buffer === 0) throw new ExtractionFailure("out-of-memory");
  try {
    return use(buffer);
  } finally {
    calls.free(buffer);
  }
};

/** Four floats at the scratch pointer. */
export const scratchFloats = ({ heaps, scratch }: Pdf): [number, number, number, number] => {
  const at = scratch >> 2;
  const { HEAPF32: floats } = heaps;
  return [floats[at]!, floats[at + 1]!, floats[at + 2]!, floats[at + 3]!];
};
