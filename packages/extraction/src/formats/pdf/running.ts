import type { Line, PageText } from "./layout.ts";

/** Headers and footers of a document: where their lines are shown, and which of them are left out since they repeat. */
export type Running = { isShown(line: Line): boolean; isRunning(line: Line): boolean };

type Place = { line: Line; page: number };

/** Below this number of pages a repeated line may be a title. */
const pagesMin = 3;
/** A header stands on so many of the pages between its first and its last one: at least nearly each second page. */
const densityMin = 0.4;
/** In points: where a header stands on its pages. */
const distanceMax = 12;

/**
 * Finds lines at the edges of pages that repeat, whatever numbers they contain. Each of them is shown once; page numbers
 * in them do not make them different, and a line that is only a page number is not shown.
 */
export const findRunning = (pages: readonly PageText[]): Running => {
  const shown = new Set<Line>();
  const running = new Set<Line>();
  const places = pages.flatMap(({ lines }, page) => lines.filter(({ edge }) => edge).map((line) => ({ line, page })));
  const show = (group: readonly Place[], isPageNumber: (place: Place, number: number) => boolean) => {
    const texts = new Set<string>();
    for (const place of group) {
      const { line } = place;
      running.add(line);
      const text = withoutNumber(line.text, (number) => isPageNumber(place, number))
        .replace(roman, "")
        .toLowerCase();
      if (!/[\p{L}\p{N}]/u.test(text) || texts.has(text)) continue;
      texts.add(text);
      shown.add(line);
    }
  };
  for (const [group, offset] of numberedGroups(places)) show(group, ({ page }, number) => number - page === offset);
  const rest = places.filter(({ line }) => !running.has(line));
  for (const group of Map.groupBy(rest, ({ line }) => `${line.edge} ${maskOf(line.text)}`).values()) {
    const own = atOneHeight(group);
    const count = new Set(own.map(({ page }) => page)).size;
    if (count < pagesMin || count < (own.at(-1)!.page - own[0]!.page + 1) * densityMin) continue;
    show(own, () => false);
  }
  return { isShown: (line) => shown.has(line), isRunning: (line) => running.has(line) };
};

/** The text without its page number: the last number of the line if it ends the line, or the first one. */
const withoutNumber = (text: string, isPageNumber: (number: number) => boolean): string => {
  const numbers = [...text.matchAll(/\p{Nd}+/gu)].filter(([digits]) => isPageNumber(Number(digits)));
  const last = numbers.at(-1);
  const number = last && last.index + last[0].length === text.length ? last : numbers[0];
  return number ? text.slice(0, number.index) + text.slice(number.index + number[0].length) : text;
};

/** A line that is only a Roman number. */
const roman = /^[ivxlc]+$/i;

/** The text of a line, whatever numbers it has. */
export const maskOf = (text: string): string =>
  text
    .replace(/\p{Nd}+/gu, "#")
    .replace(roman, "#")
    .toLowerCase();

/**
 * Lines at the same height whose number grows with the pages, each group with the difference between the number and the
 * index of the page. The words beside the number may change, as the titles of chapters do.
 */
const numberedGroups = (places: readonly Place[]): [Place[], number][] => {
  const groups: [Place[], number][] = [];
  const sorted = [...places].sort((a, b) => order(a) - order(b) || a.line.top - b.line.top);
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    const isNext = (at: number) =>
      sorted[at]!.line.edge === sorted[start]!.line.edge &&
      sorted[at]!.line.top - sorted[start]!.line.top <= distanceMax;
    while (end < sorted.length && isNext(end)) end += 1;
    const offsets = new Map<number, Set<Place>>();
    for (const place of sorted.slice(start, end))
      for (const [digits] of place.line.text.matchAll(/(?<!\p{Nd})\p{Nd}{1,5}(?!\p{Nd})/gu)) {
        const offset = Number(digits) - place.page;
        const group = offsets.get(offset);
        if (group) group.add(place);
        else offsets.set(offset, new Set([place]));
      }
    const best = [...offsets].sort(([, a], [, b]) => b.size - a.size)[0];
    if (best && best[1].size >= pagesMin && best[1].size >= (end - start) * densityMin)
      groups.push([[...best[1]].sort((a, b) => a.page - b.page), best[0]]);
    start = end;
  }
  return groups;
};

const order = ({ line }: Place): number => (line.edge === "top" ? 0 : 1);

const atOneHeight = (group: readonly Place[]): Place[] => {
  const tops = group.map(({ line }) => line.top).sort((a, b) => a - b);
  const middle = tops[tops.length >> 1]!;
  const places = group.filter(({ line }) => Math.abs(line.top - middle) <= distanceMax);
  return places.length > 0 ? places : [...group];
};
