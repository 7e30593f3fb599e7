import { availableParallelism } from "node:os";
import { type PDFiumDocument, PDFiumLibrary } from "@hyzyla/pdfium";
import { ExtractionFailure, type ExtractionLimits } from "../extraction.ts";
import { type PagesTask, readerThread } from "../tasks.ts";
import { runInThread } from "../thread.ts";
import type { Reader } from "./reader.ts";
import { addParagraphs } from "./text.ts";

/** A second thread starts reading after 0.2 s, in which the first one reads about 80 pages (measured). */
const pagesAloneMax = 100;
/** Each thread has two copies of the file: the input and PDFium's memory. */
const sharedBytesMax = 64 * 1024 ** 2;

/**
 * Indexes of the counters that the threads of a document share: the next unread page, and the characters read so far.
 */
const [nextPage, charsRead] = [0, 1];

/** Reads large documents with two threads, which take page after page. The text is the same as with one thread. */
export const readPdf: Reader = async (bytes, builder, { limits }) => {
  const document = await open(bytes);
  const pages = document.getPageCount();
  if (pages === 0) throw new ExtractionFailure("corrupt");
  if (pages > limits.pagesMax) throw new ExtractionFailure("too-many-pages");
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const isShared = pages > pagesAloneMax && bytes.length <= sharedBytesMax && availableParallelism() > 1;
  // Pages that the other thread failed to read are read below, and fail there for the same reason.
  const others = isShared ? readByOther({ task: "pages", bytes, progress }, limits) : undefined;
  const own = takePages(document, progress, limits);
  const theirs = await others;
  if ((progress[charsRead] ?? 0) > limits.charsMax) throw new ExtractionFailure("too-large");
  for (let number = 0; number < pages; number++) {
    const text = own.get(number) ?? theirs?.get(number) ?? pageText(document, number);
    if (text.trim() === "") builder.warn("pages-without-text", `page ${number + 1}`);
    addParagraphs(builder, text, { page: number + 1 });
  }
  return pages;
};

/** Returns undefined when the other thread fails. */
const readByOther = (task: PagesTask, limits: ExtractionLimits): Promise<Map<number, string> | undefined> =>
  runInThread<Map<number, string>>(readerThread, task, limits).catch(() => undefined);

/** Reads pages in the second thread. */
export const readPages = async ({
  bytes,
  progress,
  limits,
}: {
  bytes: Uint8Array;
  progress: Int32Array;
  limits: ExtractionLimits;
}): Promise<Map<number, string>> => takePages(await open(bytes), progress, limits);

const open = async (bytes: Uint8Array): Promise<PDFiumDocument> => {
  const library = await PDFiumLibrary.init();
  try {
    return await library.loadDocument(bytes);
  } catch (error) {
    // The wrapper exposes no error codes; PDFium's error 4 is a missing password.
    throw new ExtractionFailure(
      error instanceof Error && /password|security/i.test(error.message) ? "encrypted" : "corrupt",
      { cause: error },
    );
  }
};

const takePages = (
  document: PDFiumDocument,
  progress: Int32Array,
  { charsMax }: ExtractionLimits,
): Map<number, string> => {
  const pages = document.getPageCount();
  const texts = new Map<number, string>();
  try {
    for (let number = Atomics.add(progress, nextPage, 1); number < pages; number = Atomics.add(progress, nextPage, 1)) {
      const text = pageText(document, number);
      texts.set(number, text);
      const chars = Atomics.add(progress, charsRead, text.length) + text.length;
      if (chars > charsMax) throw new ExtractionFailure("too-large");
    }
    return texts;
  } catch (error) {
    // Stops the other thread.
    Atomics.store(progress, nextPage, pages);
    throw error;
  }
};

/** PDFium functions that the wrapper does not expose (fpdfview.h, fpdf_annot.h, fpdf_flatten.h). */
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
/** FPDF_ANNOT_FREETEXT and FPDF_ANNOT_WIDGET: text that was typed onto the page or into a form. */
const typedOnSubtypes = new Set([3, 20]);

/** The text of a page, including form fields. The page is closed afterwards, since it would stay in memory. */
const pageText = (document: PDFiumDocument, number: number): string => {
  let page = document.getPage(number);
  // The fields are private only in TypeScript's types, and the version is pinned.
  let { module, pageIdx } = page as unknown as RawPage;
  try {
    if (hasTypedText({ module, pageIdx })) {
      // Flattening draws annotations into the page, which must then be loaded again.
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
