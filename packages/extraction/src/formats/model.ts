/** The document model: what readers find in a file and the serializer writes. */

import type { BlockKind } from "../extraction.ts";

/** Where a block is in its source. */
export type Position = {
  /** Page of a PDF or number of a slide, from 1. */
  page?: number;
};

/** What readers find in a file and the serializer (text-builder.ts) turns into text, in reading order. */
export type DocumentBlock = TextBlock | TableBlock;

export type TextBlock = Position & {
  kind: Exclude<BlockKind, "table">;
  text: string;
  level?: number;
  /** Set for the cells of a spreadsheet that stand outside of tables: each line of the text is one row. */
  sheet?: SheetPlace;
};

export type TableBlock = Position & {
  kind: "table";
  /** Rows from the top. A merged cell stands only where it begins, with its extent; a cell below or right of it follows it. */
  rows: Cell[][];
  /** Number of rows from the top that name the columns; without it they are guessed. */
  headerRows?: number;
  /** Its first rows are those of a header on an earlier page, and not lines of their own. */
  isContinued?: true;
  caption?: string;
  /** Set for spreadsheets: `rows` has the number of each row. */
  sheet?: SheetPlace;
};

export type SheetPlace = {
  name: string;
  /** First and last column, as in `["A", "F"]`. */
  columns: readonly [first: string, last: string];
  /** Row numbers, from 1. */
  rows: readonly number[];
};

export type Cell = {
  text: string;
  /** Columns that it covers; 1 without it. */
  columns?: number;
  /** Rows that it covers; 1 without it. */
  rows?: number;
};
