import type { Cell } from "../model.ts";
import type { Area, Fragment } from "./layout.ts";
import { rowsOf, textOf } from "./rows.ts";

/** Lines that end within so many points of another one touch it. */
const tolerance = 3;
const [rowsMax, columnsMax] = [500, 60];
/** A page with more lines is a drawing. */
const linesMax = 3000;
/** A cell with more text is a part of the page's layout. */
const cellCharsMax = 2000;

/** A line of a grid: its position across, and its extent along. */
type Rule = { at: number; from: number; to: number };

/**
 * Replaces the fragments inside of grids of lines by tables. A cell that no line divides covers several rows or columns.
 */
export const ruledTables = (fragments: Fragment[], lines: readonly Area[]): Fragment[] => {
  if (lines.length < 4 || lines.length > linesMax) return fragments;
  let rest = fragments;
  for (const grid of gridsOf(lines)) {
    const found = tableOf(grid, rest);
    if (found) rest = [...found.rest, found.table];
  }
  return rest;
};

type Grid = { xs: number[]; ys: number[]; across: Rule[]; down: Rule[] };

const gridsOf = (lines: readonly Area[]): Grid[] => {
  const across = joined(
    lines
      .filter(({ left, right, top, bottom }) => right - left > bottom - top)
      .map(({ left, right, top, bottom }) => ({ at: (top + bottom) / 2, from: left, to: right })),
  );
  const down = joined(
    lines
      .filter(({ left, right, top, bottom }) => right - left <= bottom - top)
      .map(({ left, right, top, bottom }) => ({ at: (left + right) / 2, from: top, to: bottom })),
  );
  // A grid has three lines in one direction; the ends of the lines across count as lines down.
  if (across.length < 1 || down.length < 1 || across.length + down.length < 3) return [];
  const groups: { across: Rule[]; down: Rule[] }[] = [];
  const groupOf = new Map<Rule, { across: Rule[]; down: Rule[] }>();
  for (const row of across)
    for (const column of down) {
      if (column.at < row.from - tolerance || column.at > row.to + tolerance) continue;
      if (row.at < column.from - tolerance || row.at > column.to + tolerance) continue;
      const [a, b] = [groupOf.get(row), groupOf.get(column)];
      const group = a ?? b ?? { across: [], down: [] };
      if (!a && !b) groups.push(group);
      if (a && b && a !== b) {
        a.across.push(...b.across);
        a.down.push(...b.down);
        for (const rule of [...b.across, ...b.down]) groupOf.set(rule, a);
        b.across = [];
        b.down = [];
      }
      if (!a) group.across.push(row);
      if (!b) group.down.push(column);
      groupOf.set(row, group).set(column, group);
    }
  return groups
    .map((group) => ({
      ...group,
      xs: positions([...group.down.map(({ at }) => at), ...ends(group.across)]),
      ys: positions([...group.across.map(({ at }) => at), ...ends(group.down)]),
    }))
    .filter(({ xs, ys }) => xs.length > 2 && ys.length > 2 && xs.length <= columnsMax && ys.length <= rowsMax);
};

/** Joins lines that continue each other, such as the borders of neighbouring cells. */
const joined = (rules: Rule[]): Rule[] => {
  rules.sort((a, b) => Math.round(a.at) - Math.round(b.at) || a.from - b.from);
  const out: Rule[] = [];
  for (const rule of rules) {
    const last = out.at(-1);
    if (last && Math.abs(last.at - rule.at) <= 1.5 && rule.from <= last.to + tolerance)
      last.to = Math.max(last.to, rule.to);
    else out.push({ ...rule });
  }
  return out;
};

const ends = (rules: readonly Rule[]): number[] =>
  rules.length === 0 ? [] : [Math.min(...rules.map(({ from }) => from)), Math.max(...rules.map(({ to }) => to))];

const positions = (values: number[]): number[] => {
  values.sort((a, b) => a - b);
  return values.filter((value, at) => at === 0 || value - values[at - 1]! > tolerance);
};

const tableOf = (
  { xs, ys, across, down }: Grid,
  fragments: readonly Fragment[],
): { table: Fragment; rest: Fragment[] } | undefined => {
  const [left, right, top, bottom] = [xs[0]!, xs.at(-1)!, ys[0]!, ys.at(-1)!];
  const inside: Fragment[] = [];
  const rest: Fragment[] = [];
  for (const item of fragments) {
    const [x, y] = [(item.left + item.right) / 2, (item.top + item.bottom) / 2];
    (x > left && x < right && y > top && y < bottom ? inside : rest).push(item);
  }
  if (inside.length === 0) return undefined;
  const [columns, rows] = [xs.length - 1, ys.length - 1];
  const isDivided = (rules: readonly Rule[], at: number, from: number, to: number) => {
    const middle = (from + to) / 2;
    return rules.some((rule) => Math.abs(rule.at - at) <= tolerance && rule.from <= middle && rule.to >= middle);
  };
  const hasLineRight = (row: number, column: number) => isDivided(down, xs[column + 1]!, ys[row]!, ys[row + 1]!);
  const hasLineBelow = (row: number, column: number) => isDivided(across, ys[row + 1]!, xs[column]!, xs[column + 1]!);

  type Space = { row: number; column: number; width: number; height: number; items: Fragment[] };
  const owner: Space[][] = Array.from({ length: rows }, () => []);
  const spaces: Space[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (owner[row]![column]) continue;
      let width = 1;
      while (column + width < columns && !owner[row]![column + width] && !hasLineRight(row, column + width - 1))
        width++;
      let height = 1;
      const isOpen = (below: number) => {
        for (let at = column; at < column + width; at++)
          if (owner[below]![at] || hasLineBelow(below - 1, at) || (at < column + width - 1 && hasLineRight(below, at)))
            return false;
        return true;
      };
      while (row + height < rows && isOpen(row + height)) height++;
      const space: Space = { row, column, width, height, items: [] };
      spaces.push(space);
      for (let y = row; y < row + height; y++) for (let x = column; x < column + width; x++) owner[y]![x] = space;
    }
  const indexOf = (edges: readonly number[], value: number) =>
    Math.max(0, Math.min(edges.length - 2, edges.findIndex((edge) => edge > value) - 1));
  for (const item of inside)
    owner[indexOf(ys, (item.top + item.bottom) / 2)]![indexOf(xs, (item.left + item.right) / 2)]!.items.push(item);

  const cells: Cell[][] = [];
  let pairs = 0;
  for (let row = 0; row < rows; row++) {
    const own = spaces.filter((space) => space.row === row);
    const texts = own.map(({ items }) => cellText(items));
    if (texts.some((text) => text.length > cellCharsMax)) return undefined;
    if (texts.filter(Boolean).length > 1) pairs += 1;
    const lines = own.length > 1 && own.every(({ height }) => height === 1) ? alignedLines(own) : undefined;
    if (lines) {
      pairs += lines.length - 1;
      for (const line of lines) cells.push(line.map((text, at) => ({ text, columns: own[at]!.width })));
    } else cells.push(own.map(({ width, height }, at) => ({ text: texts[at]!, columns: width, rows: height })));
  }
  if (pairs < 2) return undefined;
  const [first] = inside;
  const table: Fragment = {
    left,
    right,
    top,
    bottom,
    text: "",
    size: first!.size,
    isBold: false,
    isMono: false,
    isAfterSpace: true,
    order: Math.min(...inside.map(({ order }) => order)),
    table: cells,
    columns: xs.slice(1).map((right, at) => ({ left: xs[at]!, right })),
  };
  return { table, rest };
};

const cellText = (items: readonly Fragment[]): string => joinedLines(rowsOf(items).map((row) => textOf(row.items)));

/** Lines of a cell as one text. A hyphen before a small letter at the end of a line is dropped. */
const joinedLines = (lines: readonly string[]): string =>
  lines.reduce((text, line) => {
    if (/\p{L}-$/u.test(text) && /^\p{Ll}/u.test(line)) return text.slice(0, -1) + line;
    return text === "" ? line : `${text} ${line}`;
  }, "");

/** The rows of a table that has no lines between them: lines on the same height in most of its cells. */
const alignedLines = (spaces: readonly { items: Fragment[] }[]): string[][] | undefined => {
  const rows = rowsOf(spaces.flatMap(({ items }) => items));
  if (rows.length < 2) return undefined;
  const cellOf = new Map(spaces.flatMap(({ items }, at) => items.map((item) => [item, at] as const)));
  const lines = rows.map(({ items }) => spaces.map((_, at) => textOf(items.filter((item) => cellOf.get(item) === at))));
  const isFull = (line: readonly string[]) => line.filter(Boolean).length >= Math.max(2, spaces.length * 0.6);
  return lines.every(isFull) ? lines : undefined;
};
