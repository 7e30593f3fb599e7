import type { Pdf } from "./pdfium.ts";

/** FPDF_ANNOT_TEXT (a comment), FREETEXT FILEATTACHMENT, and WIDGET: text that was typed onto the page or into a form. */
const [comment, freeText, fileAttachment, widget] = [1, 3, 17, 20];

export type Annotations = {
  /** Comments with a text. */
  comments: number;
  hasFiles: boolean;
  checkBoxes: { text: string }[];
  /** Typed text was drawn into the page, which must be loaded again. */
  isFlattened: boolean;
};

/** Draws the text of form fields and text boxes into the page, and counts the comments. */
export const prepareAnnotations = (pdf: Pdf, page: number): Annotations => {
  const { calls } = pdf;
  const count = calls.FPDFPage_GetAnnotCount(page);
  let comments = 0;
  let isTypedOn = false;
  let hasFiles = false;
  for (let at = 0; at < count; at++) {
    const annotation = calls.FPDFPage_GetAnnot(page, at);
    if (annotation === 0) continue;
    const subtype = calls.FPDFAnnot_GetSubtype(annotation);
    if (subtype === comment) comments += 1;
    if (subtype === fileAttachment) hasFiles = true;
    if (subtype === freeText || subtype === widget) isTypedOn = true;
    calls.FPDFPage_CloseAnnot(annotation);
  }
  if (isTypedOn) calls.FPDFPage_Flatten(page, 0);
  return { comments, hasFiles, checkBoxes: [], isFlattened: isTypedOn };
};
