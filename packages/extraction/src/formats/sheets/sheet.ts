/** A worksheet as every spreadsheet format gives it. Rows and columns count from 0; positions are those of the file. */
export type Sheet = {
  name: string;
  /** Rows that have cells, from the top. */
  rows: SheetRow[];
  /** The rows that are not shown, whether they have cells or not. */
  hiddenRows: Set<number>;
  hiddenColumns: Interval[];
  merges: Area[];
  tables: DefinedTable[];
  /** Rows above which a header ends, as filters, frozen panes and repeated print rows say. */
  headerEnds: HeaderEnd[];
};

export type SheetRow = { at: number; cells: SheetCell[] };

export type SheetCell = {
  column: number;
  /** As the application shows it, on one line. */
  text: string;
  /** Numbers, dates, times and booleans. */
  isNumber: boolean;
  /** Bold or on a coloured ground, as headers are. */
  isStrong: boolean;
  /** The number format, which tells values of one kind from others. */
  format: string;
};

export type Interval = readonly [first: number, last: number];

export type Area = { top: number; left: number; bottom: number; right: number };

/** A range that its author made a table (ECMA-376 part 1, 18.5). */
export type DefinedTable = { area: Area; headerRows: number };

/** The first row below a header, in the columns that it is about. */
export type HeaderEnd = { at: number; columns: Interval };

/** The maximum of Excel and of LibreOffice 24 (16,384 columns), against files that declare more. */
export const columnsMax = 16_384;
export const rowsMax = 1_048_576;

/** The name of a column: 0 is A, 26 is AA. */
export const columnName = (column: number): string => {
  let name = "";
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26))
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  return name;
};

/** The column and row of a reference such as "AB12" or "$AB$12", or undefined. */
export const cellAt = (reference: string): { column: number; row: number } | undefined => {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/i.exec(reference.trim());
  if (!match) return undefined;
  const row = Number(match[2]) - 1;
  return row < 0 ? undefined : { column: columnAt(match[1]!), row };
};

export const columnAt = (name: string): number => {
  let column = 0;
  for (const letter of name.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
};

/** The area of a reference such as "A1:D9" or "B2", or undefined. */
export const areaAt = (reference = ""): Area | undefined => {
  const [from = "", to = from] = reference.split(":");
  const [start, end] = [cellAt(from), cellAt(to)];
  if (!start || !end) return undefined;
  return {
    top: Math.min(start.row, end.row),
    left: Math.min(start.column, end.column),
    bottom: Math.max(start.row, end.row),
    right: Math.max(start.column, end.column),
  };
};

/** A sheet before its part is read. */
export const emptySheet = (name: string): Sheet => ({
  name,
  rows: [],
  hiddenRows: new Set(),
  hiddenColumns: [],
  merges: [],
  tables: [],
  headerEnds: [],
});
