import { embedHere, wordWeight } from "@resolve/embedding";
import { wordsOf } from "../../documents/index.ts";
import type { Evidence } from "./evidence.ts";
import { type Expected, expectedOf, type Unit, unitOf } from "./question.ts";
import { tokensOf } from "./tokens.ts";
import {
  aggregates,
  askingWords,
  countings,
  englishNouns,
  formWords,
  measuringWords,
  rivals,
  unitsWithForm,
} from "./vocabulary.ts";

/** What a question asks for, and the weights of its words. */
export type Asked = {
  expected: Expected;
  unit: Unit | undefined;
  /** The first question of an onboarding run is a sentence of a document. */
  isStatement: boolean;
  /** It asks for a sum, a mean or an extreme, which no row of a table has. */
  isOfAll: boolean;
  words: readonly string[];
  /** By language: the weight of each word, 0 for words that say nothing of the subject. Their sum is 1, or 0 without any. */
  weights: ReadonlyMap<string, readonly number[]>;
  /** The words that are names or have digits, as indexes. */
  names: readonly number[];
  /** Two names that follow each other, as a first name and a family name. */
  fullNames: readonly (readonly [number, number])[];
  /** The words of each part number. */
  partNumbers: readonly (readonly number[])[];
  /** Part numbers, however they are separated. */
  writtenPartNumbers: readonly RegExp[];
  /** Words with their number, as in "unit 14". */
  numberedWords: readonly RegExp[];
  /** The words of which the question asks how many there are. */
  counted: readonly number[];
  /** Words that exclude others of their kind (`rivals`), such as ordinals and weekdays. */
  rivals: readonly { word: number; same: ReadonlySet<string>; others: ReadonlySet<string> }[];
  vector: Float32Array;
};

/** Capital letters and digits, as in HL-002 and X200, and three groups of digits, as in 7.100.16, that are no date. */
const partNumber =
  /(?<![\p{L}\p{N}-])\p{Lu}[\p{Lu}\d]*[-_/]?\d[\p{L}\d-]*|(?<![\p{L}\p{N}.])(?!\d{1,2}\.\d{1,2}\.\d{2,4}(?!\d))\d{1,4}\.\d{1,4}\.\d{1,4}(?![\d.]*\d)/gu;

/** The smallest weight of a word that occurs in most texts of its language, relative to a rare one. */
const frequentWordShare = 0.25;

export const askedOf = (question: string, { words, rarities }: Pick<Evidence, "words" | "rarities">): Asked => {
  const [expected, unit] = [expectedOf(question), unitOf(question)];
  const weights = new Map<string, number[]>();
  for (const [language, own] of rarities) {
    const raw = own.map((rarity = 0, at) => {
      // `rarities` has one number per word.
      const word = words[at]!;
      const isOfKind =
        (expected === "amount" && measuringWords.has(word)) ||
        (unit !== undefined && unitsWithForm.has(unit) && formWords.has(word));
      const isAsking = askingWords.has(word) && !(language === "english" && englishNouns.has(word));
      return isAsking || isOfKind
        ? 0
        : rarity * (frequentWordShare + (1 - frequentWordShare) * wordWeight(word, language));
    });
    const sum = raw.reduce((total, weight) => total + weight, 0);
    weights.set(language, sum > 0 ? raw.map((weight) => weight / sum) : raw);
  }
  const tokens = tokensOf(question);
  const proper = new Set(
    tokens
      .filter(({ small, isName, isDate }) => isName || isDate || /\p{N}/u.test(small))
      .flatMap(({ small }) => wordsOf(small)),
  );
  return {
    expected,
    unit,
    isStatement: expected === "other" && !/[?？؟⸮]/u.test(question),
    isOfAll: aggregates.test(question),
    words,
    weights,
    names: words.flatMap((word, at) => (proper.has(word) ? [at] : [])),
    fullNames: tokens.flatMap(({ small, isName }, at) => {
      const before = tokens[at - 1];
      return isName && before?.isName ? [[words.indexOf(before.small), words.indexOf(small)] as const] : [];
    }),
    writtenPartNumbers: Array.from(question.matchAll(partNumber), ([own]) => separated(own)),
    numberedWords: Array.from(question.matchAll(numberedWord), ({ groups }) => groups ?? {}).flatMap(
      ({ noun = "", number }) => (words.includes(noun.toLowerCase()) ? [separated(`${noun} ${number}`)] : []),
    ),
    counted: countedIn(question, words),
    rivals: words.flatMap((own, word) => {
      // "How long" and "wie lange" ask for a time, too.
      const kind = askingWords.has(own) ? undefined : rivals.find((kind) => kind.some((forms) => forms.has(own)));
      const same = kind?.find((forms) => forms.has(own));
      return kind && same
        ? [{ word, same, others: new Set(kind.flatMap((forms) => (forms === same ? [] : [...forms]))) }]
        : [];
    }),
    partNumbers: Array.from(question.matchAll(partNumber), ([own]) => wordsOf(own).map((word) => words.indexOf(word))),
    vector: embedHere(question),
  };
};

/** "Glycomix 60", "milestone 4": a word with a number that nothing is counted by. */
const numberedWord =
  /(?<!\p{L})(?<noun>\p{L}{3,40}) (?<number>\d{1,3})(?=\s?(?:[?.,!)](?!\d)|$)| (?:of|in|and|or|for|from|with|have|has|is|was|von|und|oder|de|del|du|y|et|do|does)(?!\p{L}))/giu;
const separated = (own: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])${(own.match(/\p{L}+|\d+/gu) ?? []).join("[^\\p{L}\\p{N}]{0,3}")}(?!\\p{N})`, "iu");

const countedIn = (question: string, words: readonly string[]): number[] => {
  const noun = countings.exec(question)?.groups?.["noun"];
  return noun === undefined
    ? []
    : wordsOf(noun)
        .map((word) => words.indexOf(word))
        .filter((word) => word >= 0);
};
