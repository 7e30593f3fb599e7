import { alignedTables } from "./aligned-table.ts";
import type { Area, Fragment, Line } from "./layout.ts";
import { type Row, rowsOf, textOf } from "./rows.ts";

/** A gap between columns is at least so wide, in parts of the font size. */
const gutterMin = 0.75;
/** A gap across the page that is higher, in parts of the line's height, ends the columns above it. */
const bandGap = 3;
/** Columns of columns of columns. */
const depthMax = 6;
/** Lines that begin at the same place within so many points may be a column. */
const alignmentPoints = 3;

/**
 * Brings rows of fragments into reading order and joins them to lines. Columns are read one after the other where a clear gutter
 * runs through several lines and both sides are running text; text above and below them that crosses the gutter stays in
 * its place. Everything else is read line by line.
 */
export const linesInOrder = (all: Row[]): Line[] => {
  const lines: Line[] = [];
  let column = 0;
  const read = (rows: Row[], depth: number): void => {
    if (rows.length === 0) return;
    const found = depth < depthMax ? findColumns(rows) : undefined;
    if (!found) {
      lines.push(...alignedTables(rows, column));
      column += 1;
      return;
    }
    read(rows.slice(0, found.start), depth + 1);
    read(found.left, depth + 1);
    read(found.right, depth + 1);
    read(rows.slice(found.end), depth + 1);
  };
  read(all, 0);
  return lines;
};

type Columns = { start: number; end: number; left: Row[]; right: Row[] };

/** The columns that cover most lines, if there are any. */
const findColumns = (rows: readonly Row[]): Columns | undefined => {
  let best: Columns | undefined;
  for (const x of gutterCandidates(rows)) {
    let start = 0;
    let bottom = 0;
    for (let at = 0; at <= rows.length; at++) {
      const row = rows[at];
      const isCrossing = !row || row.items.some(({ left, right }) => left < x && right > x);
      if (!isCrossing && (at === start || row.top - bottom <= bandGap * (row.bottom - row.top))) {
        bottom = at === start ? row.bottom : Math.max(bottom, row.bottom);
        continue;
      }
      if (at - start >= linesMin && at - start > (best ? best.end - best.start : 0)) {
        const columns = columnsAt(rows, start, at, x);
        if (columns && columns.end - columns.start > (best ? best.end - best.start : 0)) best = columns;
      }
      start = isCrossing ? at + 1 : at;
      bottom = row?.bottom ?? 0;
    }
  }
  return best;
};

const linesMin = 3;
const candidatesMax = 24;

/** Where several fragments begin that have text on their left. */
const gutterCandidates = (rows: readonly Row[]): number[] => {
  const lefts: number[] = [];
  const start = rows.reduce((min, { left }) => Math.min(min, left), Number.POSITIVE_INFINITY);
  for (const { items } of rows) for (const { left } of items) if (left > start + 20) lefts.push(left);
  lefts.sort((a, b) => a - b);
  const groups: { x: number; count: number }[] = [];
  for (const left of lefts) {
    const group = groups.at(-1);
    if (group && left - group.x <= alignmentPoints) group.count += 1;
    else groups.push({ x: left, count: 1 });
  }
  return groups
    .filter(({ count }) => count >= linesMin)
    .sort((a, b) => b.count - a.count)
    .slice(0, candidatesMax)
    .map(({ x }) => x - 0.5);
};

/** Columns left and right of x in a range of rows that do not cross it. */
const columnsAt = (rows: readonly Row[], from: number, to: number, x: number): Columns | undefined => {
  const sideOf = (row: Row) => (row.right <= x ? "left" : row.left >= x ? "right" : "both");
  let [start, end] = [from, to];
  // Lines that stand alone at the ends of the range, such as a date above or a heading below, are not part of the columns.
  for (let at = start + 1; at < end && sideOf(rows[at - 1]!) === "right"; at++)
    if (isApart(rows[at - 1]!, rows[at]!)) start = at;
  const isLast = (at: number) => sideOf(rows[at]!) === sideOf(rows[end - 1]!) && sideOf(rows[at]!) !== "both";
  if (end < rows.length)
    for (let at = end - 1; at > start && isLast(at); at--)
      if (isApart(rows[at - 1]!, rows[at]!)) {
        end = at;
        break;
      }
  const left: Fragment[] = [];
  const right: Fragment[] = [];
  for (const { items } of rows.slice(start, end)) for (const item of items) (item.left >= x ? right : left).push(item);
  if (left.length < linesMin || right.length < linesMin) return undefined;
  if (charsOf(left) < shortCharsMax * left.length || charsOf(right) < shortCharsMax * right.length) return undefined;
  const size = Math.min(sizeOf(left), sizeOf(right));
  const gap = right.reduce((min, { left }) => Math.min(min, left), Number.POSITIVE_INFINITY) - rightOf(left);
  if (gap < gutterMin * size) return undefined;
  const [leftRows, rightRows] = [rowsOf(left), rowsOf(right)];
  // The columns stand beside each other, not one below the other.
  const beside =
    Math.min(leftRows.at(-1)!.bottom, rightRows.at(-1)!.bottom) - Math.max(leftRows[0]!.top, rightRows[0]!.top);
  if (beside < 2 * size) return undefined;
  const [a, b] = [proseOf(leftRows), proseOf(rightRows)];
  const isWrittenApart = isBefore(left, right) || isBefore(right, left);
  const isProse =
    (a.isProse && b.isProse) || (isWrittenApart && Math.min(a.words, b.words) >= 2 && (a.isFull || b.isFull));
  return isProse ? { start, end, left: leftRows, right: rightRows } : undefined;
};

/** Text that has fewer characters in its pieces, on average, is a table or a list of labels. */
const shortCharsMax = 6;

const charsOf = (items: readonly Fragment[]): number => items.reduce((sum, { text }) => sum + text.length, 0);

const isApart = (above: Row, below: Row): boolean => {
  const height = Math.min(above.bottom - above.top, below.bottom - below.top);
  return below.top - above.bottom > 0.9 * height;
};

const sizeOf = (items: readonly Fragment[]): number => {
  const sizes = items.map(({ size }) => size).sort((a, b) => a - b);
  return sizes[sizes.length >> 1] ?? 0;
};

const rightOf = (items: readonly Area[]): number =>
  items.reduce((max, { right }) => Math.max(max, right), Number.NEGATIVE_INFINITY);

/** Whether the file writes all of `first` before all of `second`. */
const isBefore = (first: readonly Fragment[], second: readonly Fragment[]): boolean => {
  const last = first.reduce((max, { order }) => Math.max(max, order), 0);
  return second.every(({ order }) => order > last);
};

/**
 * Signs of running text: its lines fill the column, contain several words, and some of them begin within a sentence. The
 * cells of a table do not.
 */
const proseOf = (rows: readonly Row[]): { isProse: boolean; isFull: boolean; words: number } => {
  const texts = rows.flatMap((row) => (row.items.some(({ table }) => table) ? [] : [{ row, text: textOf(row.items) }]));
  if (texts.length < linesMin) return { isProse: false, isFull: false, words: 0 };
  const left = Math.min(...texts.map(({ row }) => row.left));
  const width = rightOf(texts.map(({ row }) => row)) - left;
  const full = texts.filter(({ row }) => row.right - row.left >= 0.7 * width).length;
  const counts = texts.map(({ text }) => wordsOf(text)).sort((a, b) => a - b);
  const words = counts[counts.length >> 1]!;
  const inner = texts.slice(1).filter(({ text }) => /^\p{Ll}/u.test(text)).length;
  const cased = texts.slice(1).filter(({ text }) => !/^\p{Lo}/u.test(text)).length;
  const isFull = full * 2 >= texts.length;
  return { isProse: isFull && words >= 3 && inner >= cased * 0.25, isFull, words };
};

/** Words, or two characters of a script that has no spaces. */
const wordsOf = (text: string): number => {
  const ideographs = text.match(/[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af]/g)?.length ?? 0;
  return ideographs > text.length / 3 ? ideographs / 2 : text.split(" ").length;
};
