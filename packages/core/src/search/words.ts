import { type SQL, sql } from "drizzle-orm";
import { exactFormOf, spellingsOf, wordsOf } from "../documents/index.ts";
import { Problem } from "../platform/problems.ts";
import type { ParsedQuery } from "./query.ts";

/** Words of the phrases and exclusions of a query. */
const wordsMax = 64;

/** Phrases and excluded words narrow a search, so none of their words may be left out. @throws Problem `invalid-request` */
export const assertFewWords = ({ phrases, excluded }: ParsedQuery): void => {
  const words = wordsOf([...phrases, ...excluded.map(({ text }) => text)].join(" ")).length;
  if (words > wordsMax)
    throw new Problem("invalid-request", undefined, {
      errors: [
        { path: "/query", message: `must have at most ${wordsMax} words in phrases and exclusions, not ${words}` },
      ],
    });
};

/** SQL: an array of texts, as one parameter. */
export const textArray = (texts: readonly (string | null)[]): SQL =>
  sql`array(select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`;
/** SQL: the list of words of each text, as JSON. */
export const wordLists = (texts: readonly string[]): SQL => sql`${JSON.stringify(texts.map(wordsOf))}::jsonb`;

/** The words and their other spellings, each once. */
export const withSpellings = (words: readonly string[]): string[] => [
  ...new Set(words.flatMap((word) => [word, ...spellingsOf(word)])),
];

/** A character of a script without spaces. Texts are split into pairs of them, so a single one is the beginning of a pair. */
export const isCharacter = (word: string): boolean => /^[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]$/v.test(word);

/** A pair of letters, where the pairs of Chinese characters are words: most Japanese sentences end alike, any Thai sentences share some. */
export const isLetterPair = (word: string): boolean =>
  /^[\p{scx=Hira}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]{2}$/v.test(word);

type Words = Pick<ParsedQuery, "words" | "dashed" | "beginning">;

/** The words of a query, other forms of them, and the words of which it has the beginning. */
export const allWordsOf = ({ words, dashed, beginning }: Words) => {
  const all = wordsOf(words);
  const forms = all.flatMap((word) => [...spellingsOf(word), exactFormOf(word) ?? []].flat());
  return {
    words: all,
    forms: [...new Set([...forms, ...dashed])],
    begun: withSpellings([...wordsOf(beginning), ...all.filter(isCharacter)]),
  };
};

/** SQL: the same as three arguments of a database function. */
export const queryWords = (parsed: Words): SQL => {
  const { words, forms, begun } = allWordsOf(parsed);
  return sql`${textArray(words)}, ${textArray(forms)}, ${textArray(begun)}`;
};
