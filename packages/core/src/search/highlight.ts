import { wordSpansOf, wordsOf } from "../documents/index.ts";
import { isCharacter } from "./words.ts";

const highlightsMax = 50;

/**
 * Finds the spans of the words at these positions of a text, from 1, in order. Spans that overlap, as pairs of Chinese
 * characters do, become one. Positions after the text belong to its context.
 */
export const highlighter = (query: string) => {
  const words = new Set(wordsOf(query));
  const characters = [...words].filter(isCharacter);
  /** A pair that the query has one character of, as the span of that character. */
  const narrowed = (text: string, [start, end]: [number, number]): [number, number] => {
    const pair = text.slice(start, end);
    const character = characters.find((one) => pair.includes(one));
    if (character === undefined || words.has(pair)) return [start, end];
    const from = start + pair.indexOf(character);
    return [from, from + character.length];
  };
  return (text: string, positions: readonly number[]): [number, number][] =>
    highlightsOf(text, positions, characters.length > 0 ? narrowed : (_, span) => [...span]);
};

type Narrowed = (text: string, span: [number, number]) => [number, number];

const highlightsOf = (text: string, positions: readonly number[], narrowed: Narrowed): [number, number][] => {
  if (positions.length === 0) return [];
  const words = wordSpansOf(text);
  const spans: [number, number][] = [];
  for (const position of [...new Set(positions)].sort((one, other) => one - other)) {
    const word = words[position - 1];
    if (!word) break;
    const span = narrowed(text, word);
    const last = spans.at(-1);
    if (last && span[0] < last[1]) last[1] = Math.max(last[1], span[1]);
    else if (spans.length === highlightsMax) break;
    else spans.push(span);
  }
  return spans;
};
