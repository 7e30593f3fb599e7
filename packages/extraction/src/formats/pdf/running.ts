import { type Line, type PageText, smallPrint } from "./layout.ts";

/** Headers and footers of a document: those that are shown, and the lines that are left out of the text. */
export type Running = { shownText(line: Line): string | undefined; isRunning(line: Line): boolean };

type Place = { line: Line; page: number };

/** Below this number of pages a repeated line may be a title, unless it is in small print or the pages are numbered. */
const pagesMin = 3;
/** A header stands on so many of the pages between its first and its last one: at least nearly each second page. */
const densityMin = 0.4;
/** In points: where a header stands on its pages. */
const distanceMax = 12;

/**
 * Finds lines at the edges of pages that repeat, whatever numbers they contain. Each of them is shown once; page numbers
 * in them do not make them different and are not shown.
 */
export const findRunning = (pages: readonly PageText[], bodySize: number): Running => {
  const shown = new Map<Line, string>();
  const running = new Set<Line>();
  const texts = new Set<string>();
  const places = pages.flatMap(({ lines }, page) => lines.filter(({ edge }) => edge).map((line) => ({ line, page })));
  const show = (group: readonly Place[], offset?: number) => {
    for (const { line, page } of group) {
      running.add(line);
      const text = offset === undefined ? line.text : withoutNumber(line.text, page + offset);
      const own = text.replace(roman, "").toLowerCase();
      const key = `${line.edge} ${own}`;
      if (!/[\p{L}\p{N}]/u.test(own) || texts.has(key)) continue;
      texts.add(key);
      shown.set(line, text);
    }
  };
  const rest = () => places.filter(({ line }) => !running.has(line));
  for (const [group, offset] of numberedGroups(places)) show(group, offset);
  for (const [group, offset] of numberedPages(rest(), pages.length)) show(group, offset);
  const isNumbered = running.size > 0;
  for (const group of Map.groupBy(rest(), ({ line }) => `${line.edge} ${maskOf(line.text)}`).values()) {
    const own = atOneHeight(group);
    const count = new Set(own.map(({ page }) => page)).size;
    const isClear = pages.length <= pagesMin && (isNumbered || own[0]!.line.size < smallPrint * bodySize);
    if (count < (isClear ? 2 : pagesMin) || count < (own.at(-1)!.page - own[0]!.page + 1) * densityMin) continue;
    show(own);
  }
  return { shownText: (line) => shown.get(line), isRunning: (line) => running.has(line) };
};

/** A number of pages after a page number, as in "1 of 3", "1/3" and "1 頁,共 3". */
const pair = /(?<![\p{Nd}.])(\p{Nd}{1,5})(?=\s{0,3}(?:\/|\p{L}{1,4}[,、]?\s?\p{L}?)\s{0,3}(\p{Nd}{1,5})(?!\p{Nd}))/dgu;
const pageWord =
  /(?<!\p{L})(?:pages?|p\.|pp\.|seite|s\.|página|pág\.|pagina|pag\.|sida|side|sivu|strona|str\.|strana|stránka|oldal|sayfa|страница|стр\.|第)\s{0,3}$/iu;
const pageWordAfter = /^\s{0,3}(?:页|頁|ページ|쪽)/u;
/** A line or a piece of it that is only a number. */
const only = /^[\s|.·•()[\]–—-]*(\p{Nd}{1,5})[\s|.·•()[\]–—-]*$/u;
const separators = /^[\s|·•,;–—-]+|(?<![\s|·•,;–—-])[\s|·•,;–—-]+$/gu;

type Range = readonly [start: number, end: number];

/** Where the page number is: with the number of pages, or the last number of the line if it ends the line, or the first one. */
const rangeOf = (text: string, number: number): Range | undefined => {
  for (const { 1: own, 2: total, indices } of text.matchAll(pair))
    if (Number(own) === number && Number(total) >= number) return [indices![1]![0], indices![2]![1]];
  const numbers = [...text.matchAll(/\p{Nd}+/gu)].filter(([digits]) => Number(digits) === number);
  const last = numbers.at(-1);
  const match = last && last.index + last[0].length === text.length ? last : numbers[0];
  return match && [match.index, match.index + match[0].length];
};

/** The text without its page number and the word before it. */
const withoutNumber = (text: string, number: number): string => {
  const range = rangeOf(text, number);
  if (!range) return text;
  const before = text.slice(0, range[0]);
  const wordAt = pageWord.exec(before.slice(-wordCharsMax))?.[0].length ?? 0;
  const after = text.slice(range[1]).replace(pageWordAfter, "");
  return [before.slice(0, before.length - wordAt), after]
    .map((part) => part.replace(separators, ""))
    .filter(Boolean)
    .join(" ");
};

const wordCharsMax = 20;

/**
 * Page numbers by their form, for documents of few pages: they stand beside the word "page" or the number of pages, or
 * alone. They are the page's place in the file, or grow with the pages. Each group has the difference between the number and
 * the index of the page.
 */
const numberedPages = (places: readonly Place[], count: number): [Place[], number][] => {
  const groups = new Map<number, { places: Set<Place>; isClear: boolean }>();
  for (const place of places)
    for (const { number, isPiece } of pageNumbersOf(place.line, count)) {
      const offset = number - place.page;
      const group = groups.get(offset) ?? { places: new Set(), isClear: false };
      group.places.add(place);
      group.isClear ||= offset === 1 && !isPiece;
      groups.set(offset, group);
    }
  return [...groups].flatMap(([offset, { places: own, isClear }]): [Place[], number][] =>
    isClear || new Set([...own].map(({ page }) => page)).size > 1 ? [[[...own], offset]] : [],
  );
};

/** `isPiece`: a number without a sign that it is a page number, which others must confirm. */
const pageNumbersOf = ({ text, pieces = [] }: Line, count: number): { number: number; isPiece: boolean }[] => {
  const clear = [Number(only.exec(text)?.[1] ?? 0)];
  for (const { 1: own, 2: total } of text.matchAll(pair)) if (Number(total) === count) clear.push(Number(own));
  for (const { 0: digits, index } of text.matchAll(/\p{Nd}{1,5}/gu))
    if (pageWord.test(text.slice(Math.max(0, index - wordCharsMax), index))) clear.push(Number(digits));
  const others = pieces.map((piece) => Number(only.exec(piece.text)?.[1] ?? 0));
  return [
    ...clear.map((number) => ({ number, isPiece: false })),
    ...others.map((number) => ({ number, isPiece: true })),
  ].filter(({ number }) => number > 0);
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
