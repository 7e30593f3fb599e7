/** Puts the shapes of a slide into the order in which people read them. */

/** The rectangle of a shape, in units of the file. */
export type Area = { left: number; top: number; right: number; bottom: number };
type Placed = { area: Area | undefined };

/** 0.05 inch in English Metric Units: shapes that overlap by less are beside each other. */
const tolerance = 45_720;
/** With more shapes the cuts, of which each looks at all shapes, take too long. */
const cutMax = 500;

/**
 * The order in which a reader sees shapes. The order in the file is the order of drawing, which changes whenever an author
 * replaces a shape, and rows from the top would mix the columns of a slide. So the slide is cut in two at its widest gap,
 * between columns or between rows, and each half again: shapes near each other stay together. Shapes without a place follow.
 */
export const readingOrder = <T extends Placed>(shapes: readonly T[], isRightToLeft: boolean): T[] => {
  const placed = shapes.flatMap((shape) => {
    if (!shape.area) return [];
    const { left, top, right, bottom } = shape.area;
    const [x, y] = isRightToLeft ? [-right, -left] : [left, right];
    return [{ shape, x: shrunk(x, y), y: shrunk(top, bottom) }];
  });
  const order = placed.length > cutMax ? rowsOf(placed) : cut(placed);
  return [...order.map(({ shape }) => shape), ...shapes.filter(({ area }) => !area)];
};

type Span = readonly [from: number, to: number];
type Item<T> = { shape: T; x: Span; y: Span };

const shrunk = (from: number, to: number): Span => {
  const by = Math.min(tolerance, Math.max(0, to - from) / 2);
  return [from + by, Math.max(from, to) - by];
};

const cut = <T>(items: Item<T>[]): Item<T>[] => {
  if (items.length < 2) return items;
  const columns = widestGap(items, "x");
  const rows = widestGap(items, "y");
  if (columns.gap <= 0 && rows.gap <= 0) return rowsOf(items);
  const { sorted, at } = columns.gap >= rows.gap ? columns : rows;
  return [...cut(sorted.slice(0, at)), ...cut(sorted.slice(at))];
};

/** The items along an axis and the index of the first one after the widest gap. */
const widestGap = <T>(items: Item<T>[], axis: "x" | "y") => {
  const sorted = items.toSorted((one, other) => one[axis][0] - other[axis][0]);
  let [gap, at, end] = [0, 0, Number.NEGATIVE_INFINITY];
  for (const [index, item] of sorted.entries()) {
    const [from, to] = item[axis];
    if (index > 0 && from - end > gap) [gap, at] = [from - end, index];
    end = Math.max(end, to);
  }
  return { sorted, gap, at };
};

/** Overlapping shapes: rows from the top, each row from its beginning. */
const rowsOf = <T>(items: Item<T>[]): Item<T>[] => {
  const rows: Item<T>[][] = [];
  for (const item of items.toSorted((one, other) => one.y[0] - other.y[0])) {
    const row = rows.at(-1);
    if (row && item.y[0] - row[0]!.y[0] <= tolerance) row.push(item);
    else rows.push([item]);
  }
  return rows.flatMap((row) => row.sort((one, other) => one.x[0] - other.x[0]));
};
