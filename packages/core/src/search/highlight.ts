import { wordSpansOf, wordsOf } from "../documents/index.ts";
import { parseQuery } from "./query.ts";
import { isCharacter, isLetterPair } from "./words.ts";

const highlightsMax = 50;

/** Words of a query that a text may have as a whole: a phrase, a part number or a word with its dash. */
type Whole = { words: readonly string[]; hasDash: boolean };
type Span = [start: number, end: number];

/**
 * Finds the spans of the words at these positions of a text, from 1, in order. Spans that overlap, as pairs of Chinese
 * characters do, become one, and so does a part number. Where the text has a phrase or a part number as a whole, single words of it
 * are not marked elsewhere. Positions after the text belong to its context.
 */
export const highlighter = (query: string) => {
  const words = new Set(wordsOf(query));
  const characters = [...words].filter(isCharacter);
  /** A pair that the query has one character of, as the span of that character. */
  const narrowed = (text: string, [start, end]: Span): Span => {
    const pair = text.slice(start, end);
    const character = characters.find((one) => pair.includes(one));
    if (character === undefined || words.has(pair)) return [start, end];
    const from = start + pair.indexOf(character);
    return [from, from + character.length];
  };
  const { wholes, others } = wholesOf(query);
  const hasLetterPairs = [...words].some(isLetterPair);
  return (text: string, positions: readonly number[]): [number, number][] => {
    if (positions.length === 0) return [];
    const spans = wordSpansOf(text);
    const written = wholes.length > 0 || hasLetterPairs ? wordsOf(text) : [];
    const marked = new Set(positions.filter((position) => position <= spans.length).map((position) => position - 1));
    const { kept, isJoined } =
      wholes.length > 0 ? keptOf({ text, spans, written, marked, wholes, others }) : all(marked);
    const pieces: { span: Span; words: number[] }[] = [];
    for (const at of kept.toSorted((one, other) => one - other)) {
      // `kept` has indexes of words.
      const span = narrowed(text, spans[at]!);
      const last = pieces.at(-1);
      if (last && (span[0] < last.span[1] || (isJoined.has(at) && last.words.at(-1) === at - 1))) {
        last.span[1] = Math.max(last.span[1], span[1]);
        last.words.push(at);
      } else pieces.push({ span: [...span], words: [at] });
    }
    /** Two letters are hardly a word: beside a longer match they are a chance. */
    const isChance = (piece: readonly number[]) => piece.length === 1 && isLetterPair(written[piece[0]!] ?? "");
    const hasLonger = hasLetterPairs && pieces.some((piece) => piece.words.length > 2);
    return pieces
      .filter((piece) => !hasLonger || !isChance(piece.words))
      .slice(0, highlightsMax)
      .map(({ span }) => span);
  };
};

const all = (marked: ReadonlySet<number>) => ({ kept: [...marked], isJoined: new Set<number>() });

/** What a query has as a whole, and its other words. */
const wholesOf = (query: string): { wholes: Whole[]; others: ReadonlySet<string> } => {
  const { words, phrases, ids, dashed } = parseQuery(query);
  const wholes = [
    ...[...phrases, ...ids].map((text) => ({ words: wordsOf(text), hasDash: false })),
    ...dashed.map((text) => ({ words: wordsOf(text), hasDash: true })),
  ].filter((whole) => whole.hasDash || whole.words.length > 1);
  const left = new Map<string, number>();
  const count = (word: string, by: number) => left.set(word, (left.get(word) ?? 0) + by);
  for (const word of wordsOf(words)) count(word, 1);
  for (const word of wholes.flatMap((whole) => whole.words)) count(word, -1);
  return { wholes, others: new Set([...left].flatMap(([word, times]) => (times > 0 ? [word] : []))) };
};

type Marked = {
  text: string;
  spans: readonly Span[];
  /** The words of the spans. */
  written: readonly string[];
  /** The words that match, as indexes. */
  marked: ReadonlySet<number>;
  wholes: readonly Whole[];
  others: ReadonlySet<string>;
};

/** The words to mark, and those of them that are one piece with the word before them, as 1234 in AB-1234. */
const keptOf = ({ text, spans, written, marked, wholes, others }: Marked) => {
  const inside = new Set<number>();
  const isJoined = new Set<number>();
  const found = new Set<string>();
  const single = new Set(others);
  for (const whole of wholes) {
    const { words, hasDash } = whole;
    let isFound = false;
    for (let first = 0; first + words.length <= written.length; first++) {
      const isWord = (own: string, n: number) => {
        const word = written[first + n]!;
        return word === own || (!hasDash && marked.has(first + n) && !words.includes(word));
      };
      if (
        !words.every(isWord) ||
        (hasDash && !dashBefore.test(text.slice(Math.max(0, spans[first]![0] - 3), spans[first]![0])))
      )
        continue;
      const places = words.map((_, n) => first + n);
      if (!places.some((at) => marked.has(at))) continue;
      isFound = true;
      const joined = places.slice(1).filter((at) => !/\s/u.test(text.slice(spans[at - 1]![1], spans[at]![0])));
      for (const at of joined) isJoined.add(at);
      // A part number has no stop words.
      const isOne = joined.length === places.length - 1;
      for (const at of places) if (isOne || marked.has(at)) inside.add(at);
    }
    for (const word of words) (isFound ? found : single).add(word);
  }
  const isKept = (at: number) => {
    const word = written[at]!;
    return found.size === 0 || single.has(word) || (single.size > 0 && !found.has(word));
  };
  return { kept: [...inside.union(new Set([...marked].filter(isKept)))], isJoined };
};

/** A dash that no letter or digit precedes. */
const dashBefore = /(?:^|[^\p{L}\p{N}])[-\u2010\u2212]$/u;
