import type { Cell } from "../model.ts";
import { guessedHeaderRows } from "../table.ts";
import { isRest, withContinuations } from "./aligned-table.ts";
import { type Extent, type Line, smallPrint } from "./layout.ts";
import { maskOf } from "./running.ts";
import { hasCornerHeader } from "./table-header.ts";

/** In points: the edges of both parts differ less. */
const edgeDistanceMax = 6;
/** The end of a line between both parts that says so. */
const continuation =
  /(?<!\p{L})(?:cont(?:inued|'d|d|\.)?|fortsetzung|forts\.|suite|continuación|seguito)[^\p{L}\p{N}]{0,3}$/iu;
/** A line below or above a table that says where it goes on. */
const note = /^\P{L}{0,3}(?:cont(?:inue[ds]|'d|d)|fortsetzung|suite|continúa|continuación|segue)(?!\p{L}).{0,40}$/iu;
const isNote = (text: string): boolean => text.trim() === "" || continuation.test(text) || note.test(text);

/** The rows that name the columns of a table, which stand on an earlier page. */
export type ColumnNames = readonly (readonly Cell[])[];

/**
 * Finds tables that go on at the top of the next page, and the names of their columns: the part has the same columns, and either
 * repeats the header or begins with no header of its own. Lines at the top that are too few to be a table by themselves are
 * rows of it when their pieces stand in its columns. A repeated header is removed from the part, and a row that the page break
 * cuts goes on in the row above.
 *
 * @param pages the lines of each page without its running headers and footers, in which rows replace such lines
 */
export const continuedTables = (pages: readonly Line[][]): Map<Line, ColumnNames> => {
  const continued = new Map<Line, ColumnNames>();
  for (let at = 1; at < pages.length; at++) {
    const [before, page] = [pages[at - 1]!, pages[at]!];
    const above = lastTable(before);
    if (!above?.table) continue;
    const part = partOf(above, page, topOf(page, before));
    if (!part) continue;
    const { from, until, below } = part;
    const names = continued.get(above) ?? headerOf(above.table);
    const repeated = repeatedRows(names, below.table);
    if (repeated === 0 && beginsAnew(above.table, below.table, continued.has(above) ? 0 : names.length)) continue;
    below.table = below.table.slice(repeated);
    joinCutRow(above, below);
    page.splice(from, until - from, below);
    continued.set(below, names);
  }
  return continued;
};

/** The table that ends the page. Notes in small print and the foot of the page may follow it. */
const lastTable = (lines: readonly Line[]): Line | undefined => {
  const at = lines.findLastIndex(({ table }) => table);
  const table = lines[at];
  const isBelow = ({ text, edge, size }: Line) => edge === "bottom" || size < smallPrint * table!.size || isNote(text);
  return table && lines.slice(at + 1).every(isBelow) ? table : undefined;
};

/** Where the text of a page begins, below what repeats at the top of both pages, and a note that a table goes on. */
const topOf = (lines: readonly Line[], before: readonly Line[]): number => {
  const headers = new Set(before.flatMap(({ edge, text }) => (edge === "top" ? [maskOf(text)] : [])));
  const isNoText = ({ table, text, edge }: Line) =>
    !table && (isNote(text) || (edge === "top" && headers.has(maskOf(text))));
  const at = lines.findIndex((line) => !isNoText(line));
  return at === -1 ? lines.length : at;
};

type Part = { from: number; until: number; below: TableLine };
type TableLine = Line & { table: Cell[][] };

/** The part of the table at the top of a page: lines that are rows of it, a table of the same shape, or both. */
const partOf = (above: Line, page: readonly Line[], from: number): Part | undefined => {
  const rows: string[][] = [];
  let until = from;
  for (let line = page[until]; line && !line.table; line = page[++until]) {
    const last = page[until - 1];
    const isNear = until === from || line.top - last!.bottom <= rowGapMax * line.size;
    const row = isNear ? rowIn(line, above.columns ?? []) : undefined;
    // A line in one column is the rest of a cell, or a text of its own.
    if (!row || (row.filter(Boolean).length === 1 && !isRest(row.join("")))) break;
    rows.push(row);
  }
  const own = withContinuations(rows).map((row) => row.map((text) => ({ text })));
  const next = page[until];
  const table = next?.table ? (isSameShape(above, next) ? next.table : widened(above, next)) : undefined;
  if (next && table) return { from, until: until + 1, below: { ...next, table: [...own, ...table] } };
  if (!rows.some((row) => row.filter(Boolean).length > 1)) return undefined;
  const { pieces: _pieces, isSpread: _isSpread, ...first } = page[from]!;
  return {
    from,
    until,
    below: { ...first, text: "", table: own, ...(above.columns ? { columns: above.columns } : {}) },
  };
};

/** Rows that are farther apart, in parts of the font size, belong to no common table. */
const rowGapMax = 2.5;

/** The pieces of a line by the columns in which they stand; undefined when one of them stands in none. */
const rowIn = ({ text, left, right, pieces = [{ text, left, right }] }: Line, columns: readonly Extent[]) => {
  const row: string[] = columns.map(() => "");
  for (const piece of pieces) {
    const column = columnOf(piece, columns);
    if (column === -1) return undefined;
    row[column] = [row[column], piece.text].filter(Boolean).join(" ");
  }
  return row;
};

/** The only column that a piece overlaps, if it is in line with it. */
const columnOf = (piece: Extent, columns: readonly Extent[]): number => {
  const overlapping = columns.flatMap(({ left, right }, at) => (piece.left < right && piece.right > left ? [at] : []));
  const [at] = overlapping;
  const column = overlapping.length === 1 && at !== undefined ? columns[at] : undefined;
  if (!column) return -1;
  const isClose = (one: number, other: number) => Math.abs(one - other) <= edgeDistanceMax;
  const isInside = piece.left >= column.left - edgeDistanceMax && piece.right <= column.right + edgeDistanceMax;
  const middleOf = ({ left, right }: Extent) => (left + right) / 2;
  const isInLine =
    isClose(piece.left, column.left) ||
    isClose(piece.right, column.right) ||
    isClose(middleOf(piece), middleOf(column));
  return isInside || isInLine ? at! : -1;
};

/** The rows of a table without lines in which some columns of the table above are empty. */
const widened = ({ columns }: Line, below: Line): Cell[][] | undefined => {
  if (!columns || !below.columns || !below.table || below.columns.length >= columns.length) return undefined;
  // With a header it is a table of its own.
  if (guessedHeaderRows(below.table) > 0 || below.table.some((row) => row.length !== below.columns!.length))
    return undefined;
  const places = below.columns.map((column) => columnOf(column, columns));
  if (places.includes(-1) || new Set(places).size < places.length) return undefined;
  return below.table.map((row) => columns.map((_, at) => row[places.indexOf(at)] ?? { text: "" }));
};

const headerOf = (rows: Cell[][]): Cell[][] => rows.slice(0, hasCornerHeader(rows) ? 1 : guessedHeaderRows(rows));

const widthOf = (row: readonly Cell[]): number => row.reduce((sum, { columns = 1 }) => sum + columns, 0);

const isSameShape = (above: Line, below: Line): boolean => {
  const [width, other] = [above, below].map(({ table }) => Math.max(...table!.map(widthOf)));
  return (
    width === other &&
    Math.abs(above.left - below.left) <= edgeDistanceMax &&
    // The last column of a table without lines ends where its longest text ends.
    (Math.abs(above.right - below.right) <= edgeDistanceMax ||
      Math.min(above.right, below.right) > above.left + 0.7 * (Math.max(above.right, below.right) - above.left))
  );
};

/** How many rows at the beginning of the part are the header again. */
const repeatedRows = (names: ColumnNames, rows: readonly (readonly Cell[])[]): number => {
  const textOf = (row: readonly Cell[] = []) =>
    row.map(({ text }) => text.replace(/\s+/g, " ").replace(continuation, "").trim()).join("\n");
  return names.length > 0 && names.every((row, at) => textOf(row) === textOf(rows[at])) ? names.length : 0;
};

/** Whether the part has a header of its own: names above columns that have numbers in both parts. */
const beginsAnew = (above: readonly Cell[][], below: readonly Cell[][], headerRows: number): boolean => {
  if (guessedHeaderRows(below) === 0) return false;
  const isNumeric = (rows: readonly Cell[][], column: number) => {
    const texts = rows.flatMap((row) => row[column]?.text || []);
    return texts.length > 0 && texts.filter((text) => /\p{N}/u.test(text)).length > texts.length / 2;
  };
  return below[0]!.some(
    ({ text }, column) =>
      text !== "" &&
      !/\p{N}/u.test(text) &&
      isNumeric(above.slice(headerRows), column) &&
      isNumeric(below.slice(1), column),
  );
};

/** A first row whose texts all begin within a sentence is the rest of the row above. */
const joinCutRow = (above: Line, below: TableLine): void => {
  const [first] = below.table;
  const rows = above.table!;
  const last = rows.at(-1);
  if (!first || !last || first.length !== last.length) return;
  const filled = first.flatMap(({ text }, at) => (text.trim() === "" ? [] : [at]));
  if (filled.length === 0 || !filled.every((at) => isRest(first[at]!.text))) return;
  // Labels may begin with small letters.
  if (filled.includes(0) && (last[0]!.text.trim() === "" || rows.slice(1).some(([label]) => isRest(label?.text ?? ""))))
    return;
  const joined = last.map((cell, at) => ({ ...cell, text: [cell.text, first[at]!.text].filter(Boolean).join(" ") }));
  above.table = [...rows.slice(0, -1), joined];
  below.table = below.table.slice(1);
};
