/** Finds the header rows of a table on a sheet. */

import type { HeaderEnd } from "./sheet.ts";
import type { VisibleRow } from "./visible.ts";

/** Rows that are enough to see what a column contains. */
const sampleRows = 50;
const headerRowsMax = 4;

/** The columns below the first row that contain more numbers than words. */
export const numericColumns = (rows: readonly VisibleRow[]): Set<number> => {
  const balance = new Map<number, number>();
  for (const { cells } of rows.length > 1 ? rows.slice(1, sampleRows) : rows)
    for (const { column, isNumber } of cells) balance.set(column, (balance.get(column) ?? 0) + (isNumber ? 1 : -1));
  return new Set([...balance].filter(([, numbers]) => numbers > 0).map(([column]) => column));
};

/** True when the first row has only words, and either looks different or has numbers below it. */
export const isHeaderLike = (rows: readonly VisibleRow[]): boolean => {
  const [head, next] = rows;
  if (!head || !next || head.cells.some(({ isNumber }) => isNumber) || isForm(rows)) return false;
  if (isStrong(head) && !isStrong(next)) return true;
  const numbers = numericColumns(rows);
  return head.cells.length > 1 && head.cells.some(({ column }) => numbers.has(column));
};

/** True when all cells of a row look different from plain ones. */
export const isStrong = ({ cells }: VisibleRow): boolean => cells.every(({ isStrong }) => isStrong);

/** A form has labels on the left of its values: they end with a colon, or they alone look different. */
const isForm = (rows: readonly VisibleRow[]): boolean => {
  const sample = rows.slice(0, sampleRows);
  const labels = sample.filter(({ cells }) => /[:：]$/.test(cells[0]?.text ?? ""));
  if (labels.length * 2 > sample.length) return true;
  const areLabelsStrong = ({ cells }: VisibleRow) =>
    cells[0]!.isStrong && cells.some(({ isStrong }) => !isStrong) && cells[1]?.isStrong !== true;
  const [first, last] = [sample[0]!.cells[0]!.column, Math.max(...sample.map(({ cells }) => cells.at(-1)!.column))];
  return last - first === 1 && sample.every(areLabelsStrong);
};

/**
 * The number of header rows of a table when its sheet gives evidence: a filter, frozen rows, repeated print rows, or rows
 * that look different. Undefined when it must be guessed from the words.
 */
export const headerRowsOf = (rows: readonly VisibleRow[], ends: readonly HeaderEnd[]): number | undefined => {
  if (rows.length < 2) return 0;
  if (isForm(rows)) return 0;
  const [top, bottom] = [rows[0]!.at, rows.at(-1)!.at];
  const [first, last] = [rows[0]!.cells[0]!.column, rows[0]!.cells.at(-1)!.column];
  for (const { at, columns } of ends) {
    if (at <= top || at > bottom || columns[0] > last || columns[1] < first) continue;
    const count = rows.findIndex((row) => row.at >= at);
    if (count <= headerRowsMax && rows.slice(0, count).every(hasMoreWords)) return count;
  }
  const strong = rows.findIndex((row) => !isStrong(row));
  if (strong <= 0 || strong > headerRowsMax || !rows.slice(0, strong).every(hasMoreWords)) return undefined;
  // The words of a header's second row may look like the values below them: the guess finds both rows.
  return rows[0]!.cells.some(({ width }) => width > 1) && strong === 1 ? undefined : strong;
};

/** Years and dates may name columns, too, but not all of them. */
const hasMoreWords = ({ cells }: VisibleRow): boolean =>
  cells.some(({ isNumber }) => !isNumber) &&
  cells.every(({ isNumber, text }) => !isNumber || /^(19|20)\d\d(-\d\d){0,2}$/.test(text));

/**
 * One when the kinds of values show a header that the words alone do not: words above numbers. Two columns may be a form, in
 * which each value has a format of its own.
 */
export const typedHeaderRows = (rows: readonly VisibleRow[]): number => {
  const [head, ...body] = rows;
  if (!head || body.length === 0) return 0;
  if (!isHeaderLike(rows)) return isWordHeader(rows) ? 1 : 0;
  const columns = new Set(rows.slice(0, sampleRows).flatMap(({ cells }) => cells.map(({ column }) => column)));
  if (columns.size > 2) return head.cells.length * 2 > columns.size ? 1 : 0;
  const values = body.slice(0, sampleRows).map(({ cells }) => cells.at(-1)!);
  const numbers = values.filter(({ isNumber }) => isNumber);
  const isColumn =
    numbers.length * 3 >= values.length * 2 && numbers.every(({ format }) => format === numbers[0]!.format);
  return isColumn && (body.length > 1 || /\p{N}/u.test(body[0]!.cells[0]!.text)) ? 1 : 0;
};

/** True when most columns of a table of words have a name, so that one without a name does not hide the others. */
const isWordHeader = (rows: readonly VisibleRow[]): boolean => {
  const [head, ...body] = rows.slice(0, sampleRows);
  if (!head || new Set(head.cells.map(({ text }) => text)).size < head.cells.length) return false;
  if (
    !head ||
    isForm(rows) ||
    head.cells.some(({ isNumber, text, width }) => isNumber || width > 1 || text.length > 60)
  )
    return false;
  const columns = new Set(body.flatMap(({ cells }) => cells.map(({ column }) => column)));
  const named = head.cells.filter(({ column }) => columns.has(column)).length;
  return named > 2 && named === head.cells.length && columns.size - named === 1;
};

/**
 * The rows with the extents of names that run over the empty cells beside them without being merged: in the first row, where
 * the second row has further names below the empty cells, and numbers follow.
 */
export const withOverflow = (rows: readonly VisibleRow[]): readonly VisibleRow[] => {
  const [head, next, ...body] = rows;
  if (!head || !next || !body[0]?.cells.some(({ isNumber }) => isNumber) || head.cells.length === 1) return rows;
  if ([...head.cells, ...next.cells].some(({ isNumber, width, height }) => isNumber || width > 1 || height > 1))
    return rows;
  const below = new Set(next.cells.map(({ column }) => column));
  const numbers = numericColumns([next, ...body]);
  let isAnyWide = false;
  const cells = head.cells.map((cell, at) => {
    const end = head.cells[at + 1]?.column ?? Number.MAX_SAFE_INTEGER;
    let width = 1;
    while (below.has(cell.column) && cell.column + width < end && below.has(cell.column + width)) width += 1;
    const isOver = width > 1 && numbers.has(cell.column + width - 1);
    isAnyWide ||= isOver;
    return isOver ? { ...cell, width } : cell;
  });
  return isAnyWide ? [{ at: head.at, cells }, next, ...body] : rows;
};
