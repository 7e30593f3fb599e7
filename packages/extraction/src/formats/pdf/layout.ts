import type { PageSource } from "../../extraction.ts";
import type { Cell } from "../model.ts";

/** In points, in the direction of the text: x in reading direction, y downwards. */
export type Area = { left: number; right: number; top: number; bottom: number };

/** Notes and other small print are smaller than the text, by this factor. */
export const smallPrint = 0.9;

/** The extent of a column of a table. */
export type Extent = { left: number; right: number };

/** A piece of a line without a large gap, or a ruled table that stands in its place. */
export type Fragment = Area & {
  text: string;
  size: number;
  isBold: boolean;
  isMono: boolean;
  /** Position in PDFium's order. */
  order: number;
  /** A space or a line end is before it in PDFium's order. */
  isAfterSpace: boolean;
  table?: Cell[][];
  columns?: Extent[];
};

/** A line of text, or a table. */
export type Line = Area & {
  text: string;
  size: number;
  isBold: boolean;
  isMono: boolean;
  /** Lines of one column have the same number, and follow each other. */
  column: number;
  table?: Cell[][];
  /** Those of its table. */
  columns?: Extent[];
  /** Without them it is one piece. */
  pieces?: (Extent & { text: string })[];
  /** It has large gaps, as a row of a table has. */
  isSpread?: boolean;
  /** At the upper or lower edge of the page, apart from the text. */
  edge?: "top" | "bottom";
};

/** A page as a thread reads it. Its blocks are made when all pages are read, since they depend on the whole document. */
export type PageText = {
  lines: Line[];
  /** The lines stay as they are: right-to-left, vertical or oblique text, in PDFium's order. */
  isPlain: boolean;
  chars: number;
  /** Words. */
  hidden: number;
  comments: number;
  /** Files are pinned to the page. */
  hasFiles: boolean;
  source: PageSource;
};
