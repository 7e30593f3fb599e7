import type { Cell } from "../model.ts";
import { guessedHeaderRows } from "../table.ts";
import type { Line } from "./layout.ts";
import { hasCornerHeader } from "./table-header.ts";

/** In points: the edges of both parts differ less. */
const edgeDistanceMax = 6;
/** The end of a line between both parts that says so. */
const continuation =
  /(?<!\p{L})(?:cont(?:inued|'d|d|\.)?|fortsetzung|forts\.|suite|continuación|seguito)[^\p{L}\p{N}]{0,3}$/iu;

/** The rows that name the columns of a table, which stand on an earlier page. */
export type ColumnNames = readonly (readonly Cell[])[];

/**
 * Finds tables that go on at the top of the next page, and the names of their columns: the part has as many columns, begins and
 * ends at the same place, and either repeats the header or begins with no header of its own. A repeated header is removed
 * from it, and a row that the page break cuts goes on in the row above.
 *
 * @param pages the lines of each page without its running headers and footers
 */
export const continuedTables = (pages: readonly (readonly Line[])[]): Map<Line, ColumnNames> => {
  const continued = new Map<Line, ColumnNames>();
  for (let at = 1; at < pages.length; at++) {
    const above = withText(pages[at - 1]!).at(-1);
    const lines = withText(pages[at]!);
    const below = lines[0] && !lines[0].table && continuation.test(lines[0].text) ? lines[1] : lines[0];
    if (!above?.table || !below?.table) continue;
    const names = continued.get(above) ?? headerOf(above.table);
    if (!isSameShape(above, below)) continue;
    const repeated = repeatedRows(names, below.table);
    if (repeated === 0 && beginsAnew(above.table, below.table, continued.has(above) ? 0 : names.length)) continue;
    below.table = below.table.slice(repeated);
    joinCutRow(above, below);
    continued.set(below, names);
  }
  return continued;
};

const withText = (lines: readonly Line[]): Line[] => lines.filter(({ table, text }) => table || text.trim() !== "");

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
  const textOf = (row: readonly Cell[] = []) => row.map(({ text }) => text.replace(/\s+/g, " ").trim()).join("\n");
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

/** A first row without a label, whose texts begin within a sentence, is the rest of the row above. */
const joinCutRow = (above: Line, below: Line): void => {
  const [first] = below.table!;
  const last = above.table!.at(-1);
  if (!first || !last || first.length !== last.length || first[0]!.text.trim() !== "") return;
  const filled = first.filter(({ text }) => text.trim() !== "");
  if (filled.length === 0 || !filled.every(({ text }) => /^\p{Ll}/u.test(text))) return;
  const joined = last.map((cell, at) => ({ ...cell, text: [cell.text, first[at]!.text].filter(Boolean).join(" ") }));
  above.table = [...above.table!.slice(0, -1), joined];
  below.table = below.table!.slice(1);
};
