import type { Cell } from "../model.ts";
import type { Extent, Fragment, Line } from "./layout.ts";
import { piecesOf, type Row, textOf } from "./rows.ts";

/** The narrowest gap between two columns of a table, in parts of the font size. */
const gapMin = 0.6;
const rowsMin = 3;
/** Rows that are visited to find tables; a page of text takes some hundreds. */
const visitsMax = 50_000;
/** Words of running text are not so far apart. */
const spreadGap = 0.75;

/**
 * Turns the rows of a column into lines, and rows that are clearly a table without rulings into one: at least three rows
 * in which the same gaps are free, and most cells are filled.
 */
export const alignedTables = (rows: readonly Row[], column: number): Line[] => {
  const lines: Line[] = [];
  let visits = 0;
  for (let start = 0; start < rows.length; ) {
    const table = visits < visitsMax ? tableAt(rows, start, (count) => (visits += count)) : undefined;
    if (table) {
      lines.push(lineOf(rows.slice(start, table.end), column, table));
      start = table.end;
    } else {
      lines.push(lineOf([rows[start]!], column));
      start += 1;
    }
  }
  return lines;
};

type Table = { cells: Cell[][]; columns: Extent[] };

const tableAt = (
  rows: readonly Row[],
  start: number,
  visit: (rows: number) => void,
): (Table & { end: number }) | undefined => {
  if (rows[start]!.items.length < 2) return undefined;
  // Most lines with a gap in them are not followed by others.
  if (!rows[start + 2] || (rows[start + 1]!.items.length < 2 && rows[start + 2]!.items.length < 2)) return undefined;
  // Program text is aligned, too.
  if (isMonoRow(rows[start]!) && isMonoRow(rows[start + 1]!) && isMonoRow(rows[start + 2]!)) return undefined;
  let columns: Extent[] = [];
  let end = start;
  let full = 0;
  // The last row with several cells ends the table.
  let last = start;
  for (; end < rows.length; end++) {
    const row = rows[end]!;
    const above = rows[end - 1];
    const size = row.items[0]!.size;
    if (row.items.some(({ table }) => table)) break;
    if (end > start && above && row.top - above.bottom > 2.5 * size) break;
    const next = mergedExtents(columns, row.items, gapMin * size);
    if (next.length < 2 || (full >= rowsMin && next.length < columns.length)) break;
    columns = next;
    if (row.items.length > 1 && cellsOf(row.items, columns).filter((items) => items.length > 0).length > 1) {
      full += 1;
      last = end;
    }
  }
  visit(end - start);
  end = last + 1;
  if (full < rowsMin || full < (end - start) * 0.7) return undefined;
  if (!columns.every((_, at) => isAligned(rows.slice(start, end), columns, at))) return undefined;
  const grid = rows.slice(start, end).map((row) => cellsOf(row.items, columns).map(textOf));
  const filled = grid.reduce((sum, row) => sum + row.filter(Boolean).length, 0);
  if (filled < grid.length * columns.length * 0.55 || isListOrProse(grid, columns.length) || isForm(grid))
    return undefined;
  return { end, columns, cells: withContinuations(grid).map((row) => row.map((text) => ({ text }))) };
};

const isMonoRow = ({ items }: Row): boolean => items.every(({ isMono }) => isMono);

/** The parts of the line that the intervals and the items cover, joined over gaps that are narrower than `gap`. */
const mergedExtents = (intervals: readonly Extent[], items: readonly Fragment[], gap: number): Extent[] => {
  const all = [...intervals, ...items].sort((a, b) => a.left - b.left);
  const merged: Extent[] = [];
  for (const { left, right } of all) {
    const last = merged.at(-1);
    if (last && left - last.right < gap) last.right = Math.max(last.right, right);
    else merged.push({ left, right });
  }
  return merged;
};

const cellsOf = (items: readonly Fragment[], columns: readonly Extent[]): Fragment[][] => {
  const cells: Fragment[][] = columns.map(() => []);
  for (const item of items) {
    const at = columns.findIndex(({ right }) => item.left < right);
    cells[at === -1 ? columns.length - 1 : at]!.push(item);
  }
  return cells;
};

/** Whether most cells of a column begin, end or have their middle at the same place. */
const isAligned = (rows: readonly Row[], columns: readonly Extent[], at: number): boolean => {
  const cells = rows.flatMap(({ items }) => {
    const own = cellsOf(items, columns)[at]!;
    return own.length === 0 ? [] : [{ left: own[0]!.left, right: own.at(-1)!.right }];
  });
  const isMost = (positionOf: (cell: Extent) => number) => {
    const positions = cells.map(positionOf).sort((a, b) => a - b);
    const middle = positions[positions.length >> 1]!;
    return positions.filter((position) => Math.abs(position - middle) <= 2.5).length >= cells.length * 0.7;
  };
  return isMost(({ left }) => left) || isMost(({ right }) => right) || isMost(({ left, right }) => (left + right) / 2);
};

const box = /[☑☐]/;

/** Labels beside check boxes are a form: a box stands in the first row, or beside a text in its cell. */
const isForm = (grid: readonly (readonly string[])[]): boolean =>
  grid.some((row, at) => row.some((text) => box.test(text) && (at === 0 || /\p{L}/u.test(text))));

const marker = /^(?:[\p{L}\p{N}]{1,4}[.)]?|[([][\p{L}\p{N}]{1,4}[)\]]|[^\p{L}\p{N}]{1,2}|\d+(?:\.\d+)+\.?)$/u;

/** A list with its markers on the left, or labels beside running text, is no table. */
const isListOrProse = (grid: readonly (readonly string[])[], columns: number): boolean => {
  const share = (column: number, test: (text: string) => boolean) => {
    const texts = grid.map((row) => row[column] ?? "").filter(Boolean);
    return texts.filter(test).length / Math.max(1, texts.length);
  };
  if (columns === 2 && share(0, (text) => marker.test(text) && !/^\d{2,}$/.test(text)) > 0.7)
    return share(1, (text) => /\p{L}{2}/u.test(text)) > 0.7;
  const isLong = (text: string) => text.split(" ").length > 9;
  return Array.from({ length: columns }, (_, at) => at).some((at) => share(at, isLong) > 0.5);
};

/** The beginning of a text that is the rest of another one, and the end of a text that goes on. */
export const isRest = (text: string): boolean => /^[\p{Ll})\]）」』】》]/u.test(text);
const isOpen = (text: string): boolean => /[,&(/–]$|(?<!\p{L})(?:and|or|of|und|oder|et|ou|de)$/u.test(text);

/** A row with a single cell that goes on, or begins within a sentence, continues the cell above it. */
export const withContinuations = (grid: readonly string[][]): string[][] => {
  const rows: string[][] = [];
  for (const row of grid) {
    const above = rows.at(-1);
    const filled = row.flatMap((text, at) => (text === "" ? [] : [at]));
    const [only] = filled;
    if (
      above &&
      filled.length === 1 &&
      only !== undefined &&
      above[only] &&
      (isRest(row[only]!) || isOpen(above[only]))
    )
      above[only] += ` ${row[only]}`;
    else rows.push([...row]);
  }
  return rows;
};

/** Rows as one line, or as the table that they are. */
const lineOf = (rows: readonly Row[], column: number, aligned?: Table): Line => {
  const [{ top, items: firstItems } = { top: 0, items: [] }] = rows;
  const { bottom } = rows.at(-1)!;
  const items = rows.length === 1 ? firstItems : rows.flatMap((row) => row.items);
  const first = items[0]!;
  const isOne = items.length === 1;
  const ruled = items.find(({ table }) => table);
  const table = aligned?.cells ?? ruled?.table;
  const columns = aligned ? aligned.columns : ruled?.columns;
  let longest = first;
  let { left, right, isBold, isMono } = first;
  let isSpread = false;
  if (!isOne) {
    // The gap after the sign or number of a list item is no gap between columns.
    const spreadFrom = marker.test(first.text) ? 2 : 1;
    for (const [at, item] of items.entries()) {
      if (item.text.length > longest.text.length) longest = item;
      left = Math.min(left, item.left);
      right = Math.max(right, item.right);
      isBold &&= item.isBold;
      isMono &&= item.isMono;
      if (at >= spreadFrom && item.left - items[at - 1]!.right > spreadGap * item.size) isSpread = true;
    }
  }
  const text = table ? "" : isOne ? first.text : textOf(items);
  const line: Line = { text, left, right, top, bottom, size: longest.size, isBold, isMono, column };
  if (table) line.table = table;
  else if (!isOne) line.pieces = piecesOf(items);
  if (columns) line.columns = columns;
  if (isSpread) line.isSpread = true;
  return line;
};
