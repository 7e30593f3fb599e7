import { wordsOf } from "../../documents/index.ts";
import { beforeYears, months, numberWords } from "./vocabulary.ts";

/** A word of a sentence as it is written, and what it can be the answer to. */
export type Token = {
  small: string;
  /** Its position in the sentence, from 0. */
  at: number;
  /** Its place in the sentence, in UTF-16 units. */
  start: number;
  end: number;
  isNumber: boolean;
  isDate: boolean;
  /** A number of a date, which is no amount. */
  isOfDate: boolean;
  /** Begins with a capital letter, not at the beginning of a sentence, and is no unit after a number. */
  isName: boolean;
};

const written = /[\p{L}\p{M}\p{N}]+(?:[.,'’:\-/](?=\p{N})[\p{L}\p{M}\p{N}]+)*/gu;
const digit = /\p{Nd}/u;
const hasHan = /\p{scx=Han}/u;
const hanNumber = /^第?[零〇一二两三四五六七八九十百千万亿兩]+/u;
const date = /^(?:\d{4}s?|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|[\u0660-\u0669\u0966-\u096f]{4})$/u;
const year = /^[12]\d{3}$/;
/** What follows the number of a date in Chinese and Japanese. */
const hanDate = /^(?:年|月|日|世纪|年代)/u;
const segmenter = new Intl.Segmenter("zh", { granularity: "word" });

/** The number of a clause, as in "6.1 The contract begins": no number of what the sentence says. */
const clauseNumber =
  /^(?:§\s*\d+\p{Ll}?|\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}\.)\s+(?!Uhr\b|Ja|Fe|Mär|Ap|Ma|Ju|Au|Se|Ok|No|De)(?=\p{Lu})/u;

export const tokensOf = (text: string): Token[] => {
  const firstWord = clauseNumber.test(text) ? 1 : 0;
  const placed = Array.from(text.matchAll(written)).flatMap(({ 0: own, index }) =>
    hasHan.test(own)
      ? Array.from(segmenter.segment(own), (part) => ({ own: part.segment, start: index + part.index }))
      : { own, start: index },
  );
  const words = placed.map(({ own }) => own.toLowerCase());
  // "may" is a verb, unless it has a capital letter.
  const isMonth = words.map((word, at) => months.has(word) && placed[at]!.own !== "may");
  return placed.map(({ own, start }, at) => {
    const small = words[at]!;
    const place = { small, at, start, end: start + own.length };
    if (at < firstWord) return { ...place, isNumber: false, isDate: false, isOfDate: false, isName: false };
    const isNumber = digit.test(own) || numberWords.has(small) || hanNumber.test(own);
    const before = words[at - 1] ?? "";
    const isYear = year.test(own) && (beforeYears.has(before) || isMonth[at - 2]);
    const isOfDate = isNumber && (isYear || isMonth[at - 1] || isMonth[at + 1] || hanDate.test(words[at + 1] ?? ""));
    return {
      ...place,
      isNumber,
      isDate: date.test(own) || isMonth[at]! || isOfDate,
      isOfDate,
      isName: at > firstWord && /^\p{Lu}/u.test(own) && !digit.test(before),
    };
  });
};

const shortNumber = /^\d{1,3}$/;
/** Whether a word has its number after it, as in "Level 1". `tokens`: those of the text. */
export const isNumbered = ({ at, end }: Token, tokens: readonly Token[], text: string): boolean =>
  text[end] === " " && shortNumber.test(tokens[at + 1]?.small ?? "");

const sign = /[%$€£¥₽₹]/u;
/** Whether a number has the sign of a currency or of percent beside it. */
export const hasSign = ({ start, end }: Token, text: string): boolean =>
  sign.test(text.slice(Math.max(0, start - 2), start)) || sign.test(text.slice(end, end + 2));

/** Tokens that have no word of these. */
export const without = (tokens: readonly Token[], words: ReadonlySet<string>): Token[] =>
  tokens.filter(({ small }) => !wordsOf(small).some((word) => words.has(word)));

const similarLettersMin = 4;
const similarShareMin = 0.6;
/** A compound contains its parts. */
const containedLettersMin = 5;

/** The words that are part of a compound or have their beginning in common with a word of the text, in another inflection or compound. */
export const similarTo = (
  tokens: readonly Pick<Token, "small">[],
  indexes: readonly number[],
  words: readonly string[],
): number[] =>
  indexes.filter((at) => {
    // `at` is an index of `words`.
    const word = words[at]!;
    return tokens.some(({ small }) => {
      const length = commonLetters(small, word);
      if (length >= similarLettersMin && length >= similarShareMin * Math.min(small.length, word.length)) return true;
      return (
        Math.min(small.length, word.length) >= containedLettersMin && (small.includes(word) || word.includes(small))
      );
    });
  });

const commonLetters = (one: string, other: string): number => {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
};
