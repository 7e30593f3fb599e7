import { wordsOf } from "../../documents/index.ts";
import { months, numberWords } from "./vocabulary.ts";

/** A word of a sentence as it is written, and what it can be the answer to. */
export type Token = {
  small: string;
  /** Its position in the sentence, from 0. */
  at: number;
  isNumber: boolean;
  isDate: boolean;
  /** Begins with a capital letter, not at the beginning of a sentence. */
  isName: boolean;
};

const written = /[\p{L}\p{M}\p{N}]+(?:[.,'’:\-/](?=\p{N})[\p{L}\p{M}\p{N}]+)*/gu;
const digit = /\p{Nd}/u;
const han = /^\p{scx=Han}+$/u;
const hanNumber = /[一二两三四五六七八九十百千万亿兩]/;
const date = /^(?:\d{4}s?|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|[\u0660-\u0669\u0966-\u096f]{4})$|\d年/u;

/** The number of a clause, as in "6.1 The contract begins": no number of what the sentence says. */
const clauseNumber = /^\d{1,2}(?:\.\d{1,2})+\.?\s+(?!Uhr\b)(?=\p{Lu})/u;

export const tokensOf = (text: string): Token[] => {
  const firstWord = clauseNumber.test(text) ? 1 : 0;
  return Array.from(text.matchAll(written), ([own], at) => {
    const small = own.toLowerCase();
    if (at < firstWord) return { small, at, isNumber: false, isDate: false, isName: false };
    const isHan = han.test(own);
    return {
      small,
      at,
      isNumber: digit.test(own) || numberWords.has(small) || (isHan && hanNumber.test(own)),
      isDate: date.test(own) || months.has(small),
      isName: at > firstWord && /^\p{Lu}/u.test(own),
    };
  });
};

/** Tokens that have no word of these. */
export const without = (tokens: readonly Token[], words: ReadonlySet<string>): Token[] =>
  tokens.filter(({ small }) => !wordsOf(small).some((word) => words.has(word)));
