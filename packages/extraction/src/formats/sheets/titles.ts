/** Finds the titles of tables on a sheet. */

import { bottomOf, columnsOf, type LineRegion, type Region, type TableRegion, topOf } from "./regions.ts";

const titleCharsMax = 200;
const titleLinesMax = 3;
/** Empty rows between a title and its table. */
const titleGapMax = 2;

export type TitledTable = TableRegion & { title: string };

/** Gives each table the lines above it as its title. Other lines stay what they are. */
export const withTitles = (regions: readonly Region[]): (LineRegion | TitledTable)[] => {
  const result: (LineRegion | TitledTable)[] = [];
  let lines: LineRegion[] = [];
  const giveBack = () => {
    result.push(...lines);
    lines = [];
  };
  for (const region of spread(regions)) {
    const last = lines.at(-1);
    if (last && topOf(region) - bottomOf(last) > titleGapMax + 1) giveBack();
    if (region.kind === "line") {
      lines.push(region);
      continue;
    }
    const own = lines.filter((line) => overlaps(line, region));
    const isTitle = own.length <= titleLinesMax && own.every(isTitleLike) && !isNoteOf(result.at(-1), own, region);
    if (own.length > 0 && !isTitle) giveBack();
    // Lines that are not above this table may be the title of the one beside it.
    lines = lines.filter((line) => !own.includes(line));
    result.push({ ...region, title: isTitle ? own.map(({ cell }) => cell.text).join("\n") : "" });
  }
  giveBack();
  return result;
};

/** A sentence that is nearer to the table above it is a note of that table. */
const isNoteOf = (above: Region | undefined, [line]: readonly LineRegion[], table: TableRegion): boolean =>
  line !== undefined &&
  above?.kind === "table" &&
  /[.!]$|^\*/.test(line.cell.text) &&
  topOf(line) - bottomOf(above) <= topOf(table) - bottomOf(line);

const isTitleLike = ({ cell }: LineRegion): boolean => !cell.isNumber && cell.text.length <= titleCharsMax;

const overlaps = (line: LineRegion, table: TableRegion): boolean => {
  const [first, last] = columnsOf(table.rows);
  // A title may begin a column before its table.
  return line.cell.column <= last && line.cell.column + line.cell.width >= first;
};

/** A row of several titles, each above a table of its own, becomes a line before each of these tables. */
const spread = (regions: readonly Region[]): Region[] => {
  const result: Region[] = [];
  const before = new Map<Region, LineRegion>();
  for (const [index, region] of regions.entries()) {
    if (region.kind === "table" && region.rows.length === 1) {
      const [row] = region.rows;
      const lines = row!.cells.map((cell): LineRegion => ({ kind: "line", row: { at: row!.at, cells: [cell] }, cell }));
      const next = regions.slice(index + 1, index + 1 + lines.length);
      const isAbove = (line: LineRegion, table: Region | undefined) =>
        table?.kind === "table" &&
        table.rows.length > 1 &&
        isTitleLike(line) &&
        topOf(table) - row!.at <= titleGapMax + 1 &&
        overlaps(line, table);
      if (lines.length > 1 && lines.every((line, at) => isAbove(line, next[at]))) {
        for (const [at, line] of lines.entries()) before.set(next[at]!, line);
        continue;
      }
    }
    const line = before.get(region);
    result.push(...(line ? [line] : []), region);
  }
  return result;
};
