/** Divides a sheet into tables and texts. */

import { isHeaderLike, isStrong, numericColumns } from "./headers.ts";
import type { VisibleCell, VisibleRow, VisibleSheet } from "./visible.ts";

/** What a sheet consists of, in reading order. */
export type Region = LineRegion | TableRegion;
/** One cell alone in its row: a title, a note, an entry of a list. */
export type LineRegion = { kind: "line"; row: VisibleRow; cell: VisibleCell };
export type TableRegion = {
  kind: "table";
  rows: VisibleRow[];
  /** Set for a range that its author made a table. */
  headerRows?: number;
};

/** Ranges beyond this number are read like other cells. */
const tablesMax = 200;

/** Finds the tables, titles and notes of a sheet. */
export const regionsOf = (sheet: VisibleSheet): Region[] => {
  const { defined, rest } = withoutDefined(sheet);
  const regions = [...defined, ...split(rest, 0)];
  regions.sort((a, b) => topOf(a) - topOf(b) || leftOf(a) - leftOf(b));
  return joined(regions);
};

export const topOf = (region: Region): number => (region.kind === "line" ? region.row.at : region.rows[0]!.at);
export const bottomOf = (region: Region): number =>
  region.kind === "line" ? region.row.at + region.cell.height - 1 : region.rows.at(-1)!.at;
const leftOf = (region: Region): number => columnsOf(region.kind === "line" ? [region.row] : region.rows)[0];

/** The first and the last column of rows. */
export const columnsOf = (rows: readonly VisibleRow[]): [first: number, last: number] => {
  let [first, last] = [Number.MAX_SAFE_INTEGER, 0];
  for (const { cells } of rows) {
    first = Math.min(first, cells[0]?.column ?? first);
    const end = cells.at(-1);
    if (end) last = Math.max(last, end.column + end.width - 1);
  }
  return [first, last];
};

/** Takes the cells of defined tables out of the rows. */
const withoutDefined = ({ rows, tables }: VisibleSheet): { defined: TableRegion[]; rest: VisibleRow[] } => {
  const defined: TableRegion[] = [];
  let rest = rows;
  for (const { area, headerRows } of tables.slice(0, tablesMax)) {
    const own: VisibleRow[] = [];
    const others: VisibleRow[] = [];
    for (const row of rest) {
      const isInside = ({ column }: VisibleCell) => column >= area.left && column <= area.right;
      if (row.at < area.top || row.at > area.bottom || !row.cells.some(isInside)) others.push(row);
      else {
        own.push({ at: row.at, cells: row.cells.filter(isInside) });
        const cells = row.cells.filter((cell) => !isInside(cell));
        if (cells.length > 0) others.push({ at: row.at, cells });
      }
    }
    rest = others;
    const isHeaderShown = own[0]?.at === area.top;
    if (own.length > 0) defined.push({ kind: "table", rows: own, headerRows: isHeaderShown ? headerRows : 0 });
  }
  return { defined, rest };
};

/** Deep enough for tables beside tables; hostile sheets must not cost more. */
const depthMax = 6;

/** Splits rows at empty rows, and what is between them at empty columns where tables stand beside each other. */
const split = (rows: VisibleRow[], depth: number): Region[] =>
  bandsOf(rows).flatMap((band): Region[] => {
    const first = band.findIndex(({ cells }) => cells.length > 1);
    if (first < 0) return list(band);
    const lines = band.slice(0, first).map(lineOf);
    const { table, notes } = withoutNotes(band.slice(first));
    const parts = depth < depthMax ? partsOf(table) : [table];
    const tables =
      parts.length > 1
        ? parts.flatMap((part) => split(part, depth + 1))
        : stacked(table).flatMap((part): Region[] => [...part.lines.map(lineOf), { kind: "table", rows: part.rows }]);
    return [...lines, ...tables, ...notes.map(lineOf)];
  });

const lineOf = (row: VisibleRow): LineRegion => ({ kind: "line", row, cell: row.cells[0]! });

/** Rows of one cell below each other are a list, which is a table of one column, unless they are few. */
const list = (rows: VisibleRow[]): Region[] =>
  rows.length >= linesOfList && rows.every(({ cells }) => cells[0]!.column === rows[0]!.cells[0]!.column)
    ? [{ kind: "table", rows, headerRows: isHeaderLike(rows) ? 1 : 0 }]
    : rows.map(lineOf);
const linesOfList = 4;

/** Groups of rows without an empty row between them. */
const bandsOf = (rows: readonly VisibleRow[]): VisibleRow[][] => {
  const bands: VisibleRow[][] = [];
  let reach = -2;
  for (const row of rows) {
    if (row.at > reach + 1) bands.push([]);
    bands.at(-1)!.push(row);
    for (const { height } of row.cells) reach = Math.max(reach, row.at + height - 1);
  }
  return bands;
};

/** Sentences below a table are notes; a short word there is a row of its own, such as a group. */
const withoutNotes = (rows: VisibleRow[]): { table: VisibleRow[]; notes: VisibleRow[] } => {
  let end = rows.length;
  while (end > 1 && isNote(rows[end - 1]!)) end -= 1;
  return { table: rows.slice(0, end), notes: rows.slice(end) };
};

const isNote = ({ cells }: VisibleRow): boolean =>
  cells.length === 1 &&
  !cells[0]!.isNumber &&
  (cells[0]!.text.length > 60 || /[.!]$|^\*|^\(?\d\)|^[\p{L} ]{3,20}: /u.test(cells[0]!.text));

/** Splits at a line with its own header below it, inside rows that have no empty row between them. */
const stacked = (rows: VisibleRow[]): { lines: VisibleRow[]; rows: VisibleRow[] }[] => {
  const parts: { lines: VisibleRow[]; rows: VisibleRow[] }[] = [{ lines: [], rows: [] }];
  for (const [index, row] of rows.entries()) {
    const above = parts.at(-1)!.rows;
    if ((above.length > 1 && isNewHeader(rows, index)) || isBelowNotes(above, rows.slice(index, index + 6))) {
      parts.push({ lines: [], rows: [row] });
      continue;
    }
    const isLine = row.cells.length === 1 && parts.at(-1)!.rows.length > 1;
    if (isLine && (rows[index + 1]?.cells.length ?? 0) > 1 && isHeaderLike(rows.slice(index + 1, index + 6)))
      parts.push({ lines: [row], rows: [] });
    else parts.at(-1)!.rows.push(row);
  }
  return parts;
};

/** Names that look like those of the table above, and unlike the rows around them, begin a table of their own. */
const isNewHeader = (rows: readonly VisibleRow[], index: number): boolean =>
  rows[index]!.cells.length > 1 &&
  isStrong(rows[index]!) &&
  !isStrong(rows[index - 1]!) &&
  isStrong(rows[0]!) &&
  isHeaderLike(rows.slice(index, index + 6));

/** Rows of words above a table that are neither its title nor its header, because they have fewer cells. */
const isBelowNotes = (above: readonly VisibleRow[], rows: readonly VisibleRow[]): boolean =>
  above.length > 2 &&
  above.every(
    ({ cells }) =>
      cells.length < rows[0]!.cells.length && cells.every(({ isNumber, height }) => !isNumber && height === 1),
  ) &&
  isHeaderLike(rows) &&
  (rows[1]?.cells.some(({ isNumber }) => isNumber) ?? false);

/**
 * Splits rows at empty columns. An empty column may as well be a gap inside a table or a form, so that the parts must have
 * headers of their own, and begin or end in different rows or have the same column names.
 */
const partsOf = (rows: VisibleRow[]): VisibleRow[][] => {
  const [first, last] = columnsOf(rows);
  const used = new Uint8Array(last - first + 2);
  for (const { cells } of rows)
    for (const { column, width } of cells) used.fill(1, column - first, column - first + width);
  const parts: VisibleRow[][] = [];
  for (let start = used.indexOf(1); start >= 0; ) {
    const end = used.indexOf(0, start);
    const isInside = ({ column }: VisibleCell) => column - first >= start && column - first < end;
    const part = rows.flatMap(({ at, cells }) => {
      const inside = cells.filter(isInside);
      return inside.length > 0 ? [{ at, cells: inside }] : [];
    });
    parts.push(part);
    // Many parts are the columns of one table.
    if (parts.length > partsMax) return [rows];
    start = used.indexOf(1, end);
  }
  const areTables = parts.every((part) => isHeaderLike(bandsOf(withoutLines(part))[0] ?? []));
  return parts.length > 1 && areTables && areApart(parts) ? parts : [rows];
};
const partsMax = 12;

/** The rows without the titles above them. */
const withoutLines = (rows: VisibleRow[]): VisibleRow[] => {
  const first = rows.findIndex(({ cells }) => cells.length > 1);
  return first < 0 ? [] : rows.slice(first);
};

const areApart = (parts: VisibleRow[][]): boolean => {
  const ends = new Set(parts.map((part) => `${part[0]!.at}-${part.at(-1)!.at}`));
  const names = parts.flatMap((part) => [...new Set(withoutLines(part)[0]!.cells.map(({ text }) => text))]);
  return ends.size > 1 || new Set(names).size < names.length;
};

/** Empty rows that a table may have inside. */
const gapMax = 2;

/** Joins the groups of a table that has empty rows, and perhaps a line with the group's name, between its groups. */
const joined = (regions: Region[]): Region[] => {
  const result: Region[] = [];
  for (const region of regions) {
    const line = result.at(-1)?.kind === "line" ? (result.at(-1) as LineRegion) : undefined;
    const last = result.at(line ? -2 : -1);
    if (region.kind === "table" && last?.kind === "table" && continues(last, region, line)) {
      if (line) result.pop();
      last.rows.push(...(line ? [line.row] : []), ...region.rows);
    } else result.push(region);
  }
  return result;
};

const continues = (last: TableRegion, next: TableRegion, line: LineRegion | undefined): boolean => {
  if (last.headerRows !== undefined || next.headerRows !== undefined) return false;
  const start = line ? topOf(line) : topOf(next);
  if (start - bottomOf(last) > gapMax + 1 || start <= bottomOf(last)) return false;
  if (line && (topOf(next) - bottomOf(line) > gapMax + 1 || line.cell.isNumber)) return false;
  // Names alone may be separated from their table by an empty row.
  const isHeaderAlone = last.rows.length === 1 && !line && isHeaderLike([...last.rows, ...next.rows]);
  if (!(isHeaderAlone || isHeaderLike(last.rows)) || isHeaderLike(next.rows)) return false;
  const [[first, end], [nextFirst, nextEnd]] = [columnsOf(last.rows), columnsOf(next.rows)];
  if (nextFirst < first || nextEnd > end) return false;
  if (isHeaderAlone) return true;
  const [numbers, nextNumbers] = [numericColumns(last.rows), numericColumns(next.rows)];
  return nextNumbers.size > 0 && [...nextNumbers].every((column) => numbers.has(column));
};
