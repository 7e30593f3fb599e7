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
  const groups = new Map<string, Place[]>();
  for (const [page, { lines }] of pages.entries())
    for (const line of lines) {
      if (!line.edge) continue;
      const key = `${line.edge} ${isRoman(line.text) ? "#" : line.text.replace(/\p{Nd}+/gu, "#").toLowerCase()}`;
      const group = groups.get(key);
      if (group) group.push({ line, page });
      else groups.set(key, [{ line, page }]);
    }
  for (const group of groups.values()) {
    const places = atOneHeight(group);
    const [first, last] = [places[0]!.page, places.at(-1)!.page];
    const count = new Set(places.map(({ page }) => page)).size;
    if (count < pagesMin || count < (last - first + 1) * densityMin) continue;
    const isPageNumber = pageNumbersOf(places);
    const texts = new Set<string>();
    for (const { line } of places) {
      running.add(line);
      let at = 0;
      const text = isRoman(line.text)
        ? ""
        : line.text.replace(/\p{Nd}+/gu, (digits) => (isPageNumber[at++] ? "" : digits)).toLowerCase();
      if (!/[\p{L}\p{N}]/u.test(text) || texts.has(text)) continue;
      texts.add(text);
      shown.add(line);
    }
  }
  return { isShown: (line) => shown.has(line), isRunning: (line) => running.has(line) };
};

const isRoman = (text: string): boolean => /^[ivxlc]+$/i.test(text);

const atOneHeight = (group: readonly Place[]): Place[] => {
  const tops = group.map(({ line }) => line.top).sort((a, b) => a - b);
  const middle = tops[tops.length >> 1]!;
  const places = group.filter(({ line }) => Math.abs(line.top - middle) <= distanceMax);
  return places.length > 0 ? places : [...group];
};

/** For each number in the lines, whether it counts the pages: it mostly differs from the page's number by the same. */
const pageNumbersOf = (places: readonly Place[]): boolean[] => {
  const numbers = places.map(({ line, page }) =>
    (line.text.match(/\p{Nd}+/gu) ?? []).map((digits) => Number(digits) - page),
  );
  const length = Math.max(0, ...numbers.map((row) => row.length));
  return Array.from({ length }, (_, at) => {
    const counts = new Map<number, number>();
    for (const row of numbers) if (row[at] !== undefined) counts.set(row[at], (counts.get(row[at]) ?? 0) + 1);
    return Math.max(...counts.values()) > numbers.length * 0.5;
  });
};
