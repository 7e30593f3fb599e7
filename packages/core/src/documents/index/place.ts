import type { Block } from "@resolve/extraction/extraction";
import { marksOf } from "./marks.ts";

/** Where a chunk is in its source, and what its tables are about. */
export type Place = {
  page: number | null;
  /** Caption of its table, or sheet and title of its rows: what a row does not say of itself. */
  context: string | null;
  /** Of a spreadsheet: the sheet, and the range of its cells as `A2:F21`. */
  sheet: string | null;
  cells: string | null;
  /** Which parts of its text are no running text; null for none. */
  marks: string | null;
};

/** The place of the range `start`…`end` of a text, whose section has these blocks. */
export const placeOf = (text: string, blocks: readonly Block[], start: number, end: number): Place => {
  const own = touched(blocks, start, end);
  const contexts = new Set(own.flatMap(({ context }) => context ?? []));
  const rows = own.flatMap(({ cells, ...block }) =>
    cells ? [{ ...cells, rows: rowsIn(text, block, cells.rows, start, end) }] : [],
  );
  const sheet = rows[0]?.sheet;
  return {
    // A heading may stand at the end of the page before.
    page: (own.find(({ kind }) => kind !== "heading") ?? own[0])?.page ?? null,
    context: contexts.size > 0 ? [...contexts].join("; ").slice(0, contextCharsMax).toWellFormed() : null,
    sheet: sheet ?? null,
    cells: sheet === undefined ? null : rangeOf(rows.filter((one) => one.sheet === sheet)),
    marks: marksOf(own, start, end),
  };
};

const contextCharsMax = 800;

/** The blocks that a range touches; found by halving, because a sheet may have many thousands. */
const touched = (blocks: readonly Block[], start: number, end: number): Block[] => {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  const found: Block[] = [];
  for (let at = low; at < blocks.length && blocks[at]!.start < end; at++) found.push(blocks[at]!);
  return found;
};

/** The numbers of the rows of a block that are inside the range: each line is one row. */
const rowsIn = (
  text: string,
  block: Pick<Block, "start" | "end">,
  rows: readonly number[],
  start: number,
  end: number,
): number[] => {
  const from = Math.max(block.start, start);
  const linesBefore = text.slice(block.start, from).split("\n").length - 1;
  const lines = text.slice(from, Math.min(block.end, end)).split("\n").length;
  return rows.slice(linesBefore, linesBefore + lines);
};

type Rows = { columns: readonly [first: string, last: string]; rows: readonly number[] };

const rangeOf = (parts: readonly Rows[]): string => {
  const [firsts, lasts] = [parts.map(({ columns }) => columns[0]), parts.map(({ columns }) => columns[1])];
  const [first = ""] = firsts.toSorted(byColumn);
  const last = lasts.toSorted(byColumn).at(-1) ?? first;
  const rows = parts.flatMap(({ rows }) => rows);
  const [top, bottom] = [rows.reduce((a, b) => Math.min(a, b)), rows.reduce((a, b) => Math.max(a, b))];
  return first === last && top === bottom ? `${first}${top}` : `${first}${top}:${last}${bottom}`;
};

/** Columns are in the order A … Z, AA … */
const byColumn = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : Number(a > b));
