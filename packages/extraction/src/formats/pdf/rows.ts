import type { Area, Extent, Fragment } from "./layout.ts";

/** Fragments on one baseline, more or less. */
export type Row = Area & { items: Fragment[] };

/** Groups fragments that stand beside each other, from top to bottom, each row from left to right. */
export const rowsOf = (fragments: readonly Fragment[]): Row[] => {
  const sorted = [...fragments].sort((a, b) => a.top + a.bottom - b.top - b.bottom || a.left - b.left);
  const rows: Row[] = [];
  let widest: Fragment | undefined;
  for (const item of sorted) {
    const row = rows.at(-1);
    const overlap = widest ? Math.min(item.bottom, widest.bottom) - Math.max(item.top, widest.top) : 0;
    const height = widest ? Math.min(item.bottom - item.top, widest.bottom - widest.top) : 0;
    if (row && widest && !item.table && !widest.table && overlap >= height * 0.5) {
      row.items.push(item);
      row.left = Math.min(row.left, item.left);
      row.right = Math.max(row.right, item.right);
      row.top = Math.min(row.top, item.top);
      row.bottom = Math.max(row.bottom, item.bottom);
      if (item.right - item.left > widest.right - widest.left) widest = item;
    } else {
      rows.push({ left: item.left, right: item.right, top: item.top, bottom: item.bottom, items: [item] });
      widest = item;
    }
  }
  for (const row of rows) if (row.items.length > 1) row.items.sort((a, b) => a.left - b.left);
  return rows;
};

export const piecesOf = (items: readonly Fragment[]): (Extent & { text: string })[] =>
  items.map(({ text, left, right }) => ({ text, left, right }));

/** Whether a large letter begins the word that goes on in small ones, as at the beginning of a chapter. */
const isInitial = (letter: Fragment, rest: Fragment): boolean =>
  letter.size > 1.6 * rest.size &&
  rest.left - letter.right < 0.25 * letter.size &&
  /^\p{Lu}$/u.test(letter.text) &&
  /^\p{Ll}/u.test(rest.text);

/** The text of fragments that stand beside each other. */
export const textOf = (items: readonly Fragment[]): string => {
  let text = "";
  let last: Fragment | undefined;
  for (const item of items) {
    const gap = last ? item.left - last.right : 0;
    const isMark = /^\p{M}+$/u.test(item.text) || (last && /^\p{M}+$/u.test(last.text) && gap < 0.3 * item.size);
    const isSpaced =
      isMark || (last && isInitial(last, item))
        ? false
        : item.isAfterSpace || gap > 0.12 * Math.min(item.size, last?.size ?? 0) || gap < -item.size;
    if (last) text += isSpaced ? ` ${item.text}` : item.text;
    else text = item.text;
    last = item;
  }
  return text;
};
