import type { Fragment } from "./layout.ts";
import { type Pdf, scratchFloats, utf16, withBuffer } from "./pdfium.ts";
import type { Box } from "./shapes.ts";

/** FPDF_ANNOT_TEXT (a comment), FREETEXT, FILEATTACHMENT, and WIDGET: text that was typed onto the page or into a form. */
const [comment, freeText, fileAttachment, widget] = [1, 3, 17, 20];
/** FPDF_FORMFIELD_CHECKBOX, RADIOBUTTON, COMBOBOX, LISTBOX and TEXTFIELD. */
const [checkBox, radioButton, comboBox, listBox, textField] = [2, 3, 4, 5, 6];
/** FPDF_ANNOT_FLAG_HIDDEN and NOVIEW. */
const hiddenFlags = 2 | 32;
/** A hostile file may have millions of annotations. */
const fieldsMax = 1000;

/** A form field of a page: its value, or a sign for a box that is checked or not. */
export type Field = { box: Box; text: string; isCheck: boolean };

export type Annotations = {
  /** Notes that are shown beside the page. */
  comments: number;
  /** Files are pinned to the page. */
  hasFiles: boolean;
  fields: Field[];
  /** Typed text was drawn into the page, which must be loaded again. */
  isFlattened: boolean;
};

/** Draws the text of form fields and text boxes into the page, reads the fields, and counts the comments. */
export const readAnnotations = (pdf: Pdf, page: number): Annotations => {
  const { calls } = pdf;
  const count = calls.FPDFPage_GetAnnotCount(page);
  const found: Annotations = { comments: 0, hasFiles: false, fields: [], isFlattened: false };
  for (let at = 0; at < count; at++) {
    const annotation = calls.FPDFPage_GetAnnot(page, at);
    if (annotation === 0) continue;
    const subtype = calls.FPDFAnnot_GetSubtype(annotation);
    if (subtype === comment) found.comments += 1;
    if (subtype === fileAttachment) found.hasFiles = true;
    if (subtype === freeText || subtype === widget) found.isFlattened = true;
    if (subtype === widget && found.fields.length < fieldsMax) {
      const field = readField(pdf, annotation);
      if (field) found.fields.push(field);
    }
    calls.FPDFPage_CloseAnnot(annotation);
  }
  if (found.isFlattened) calls.FPDFPage_Flatten(page, 0);
  return found;
};

const readField = (pdf: Pdf, annotation: number): Field | undefined => {
  const { calls, scratch } = pdf;
  if (calls.FPDFAnnot_GetFlags(annotation) & hiddenFlags) return undefined;
  pdf.form ??= pdf.document.initializeFormFields();
  const { form } = pdf;
  const type = calls.FPDFAnnot_GetFormFieldType(form, annotation);
  const isCheck = type === checkBox || type === radioButton;
  if (!isCheck && type !== textField && type !== comboBox && type !== listBox) return undefined;
  if (!calls.FPDFAnnot_GetRect(annotation, scratch)) return undefined;
  const [left, top, right, bottom] = scratchFloats(pdf);
  const box = { left, right, bottom: Math.min(bottom, top), top: Math.max(bottom, top) };
  if (isCheck) return { box, isCheck, text: isChecked(pdf, form, annotation) ? "☑" : "☐" };
  const value = () => utf16(pdf, (buffer, bytes) => calls.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, bytes));
  const chosen = type === textField ? [] : chosenLabels(pdf, form, annotation);
  const text = (chosen.join(", ") || value()).replace(/\s+/g, " ").trim();
  return text === "" ? undefined : { box, isCheck, text };
};

const optionsMax = 1000;

/** What the chosen options of a list show; their values may be codes. */
const chosenLabels = (pdf: Pdf, form: number, annotation: number): string[] => {
  const { calls } = pdf;
  const count = Math.min(optionsMax, calls.FPDFAnnot_GetOptionCount(form, annotation));
  const labels: string[] = [];
  for (let at = 0; at < count; at++)
    if (calls.FPDFAnnot_IsOptionSelected(form, annotation, at) === 1)
      labels.push(utf16(pdf, (buffer, bytes) => calls.FPDFAnnot_GetOptionLabel(form, annotation, at, buffer, bytes)));
  return labels.filter(Boolean);
};

/** PDFium only counts boxes whose appearance it can draw, so the state of the appearance is asked, too. */
const isChecked = (pdf: Pdf, form: number, annotation: number): boolean => {
  if (pdf.calls.FPDFAnnot_IsChecked(form, annotation) === 1) return true;
  const state = withBuffer(pdf, 4, (key) => {
    pdf.heaps.HEAPU8.set([0x41, 0x53, 0], key); // "AS"
    return utf16(pdf, (buffer, bytes) => pdf.calls.FPDFAnnot_GetStringValue(annotation, key, buffer, bytes));
  });
  return state !== "" && state !== "Off";
};

const fieldSize = 10;

/** The field as a piece of text at its place. */
export const fragmentOf = ({ box: { left, right, bottom, top }, text }: Field): Fragment => {
  const middle = -(top + bottom) / 2;
  const size = Math.min(fieldSize, Math.max(1, top - bottom));
  return {
    text,
    left,
    right,
    top: middle - size / 2,
    bottom: middle + size / 2,
    size,
    isBold: false,
    isMono: false,
    order: Number.MAX_SAFE_INTEGER,
    isAfterSpace: true,
  };
};
