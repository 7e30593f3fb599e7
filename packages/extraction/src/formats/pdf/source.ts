import type { PageSource } from "../../extraction.ts";
import type { Characters } from "./characters.ts";
import type { Pdf } from "./pdfium.ts";
import type { Box, Shapes } from "./shapes.ts";
import type { Unreadable } from "./unreadable.ts";
import { scanShare, shareOf } from "./visibility.ts";

/** A scan with fewer signs has a stamp or a page number, and its text is in the picture. */
const stampSignsMax = 100;
/** Fewer unreadable characters on a page are its bullets and other signs. */
const unreadableMin = 10;

type Page = {
  pdf: Pdf;
  page: number;
  box: Box;
  characters: Characters;
  unreadable: Unreadable;
  allShapes: () => Shapes;
};

/** Where the text of a page is, of which the reader has read so many signs. */
export const sourceOf = ({ pdf, page, box, characters, unreadable, allShapes }: Page, signs: number): PageSource => {
  const hasLayer = characters.styles.some(({ isInvisible }) => isInvisible);
  // The shapes of a page full of text are not read for this.
  const isScan = (signs <= stampSignsMax || hasLayer) && shareOf(allShapes().pictures, box) >= scanShare;
  if (unreadable.isMost) return { hasText: false, isScan, warning: "pages-undecodable", needsOcr: true };
  if (signs === 0) {
    const isEmpty = pdf.calls.FPDFPage_CountObjects(page) === 0;
    return { hasText: false, isScan, ...(isEmpty ? {} : { warning: "pages-without-text", needsOcr: true }) };
  }
  if (unreadable.count >= unreadableMin) return { hasText: true, isScan, warning: "pages-undecodable" };
  if (isScan && !hasLayer) return { hasText: true, isScan, warning: "images-unread", needsOcr: true };
  return { hasText: true, isScan };
};
