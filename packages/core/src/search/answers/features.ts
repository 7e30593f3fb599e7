import { embedHere, wordWeight } from "@resolve/embedding";
import { wordsOf } from "../../documents/index.ts";
import type { Candidate } from "./candidates.ts";
import { type Evidence, labelsOf, type Source } from "./evidence.ts";
import { type Expected, expectedOf, hasUnit, type Unit, unitOf } from "./question.ts";
import { type Token, tokensOf, without } from "./tokens.ts";
import { aggregates, askingWords, measuringWords, pronouns } from "./vocabulary.ts";

/** What a question asks for, and the weights of its words. */
export type Asked = {
  expected: Expected;
  unit: Unit | undefined;
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
  vector: Float32Array;
};

/** Capital letters and digits, as in HL-002 and X200. */
const partNumber = /(?<![\p{L}\p{N}-])\p{Lu}[\p{Lu}\d]*[-_/]?\d[\p{L}\d-]*/gu;

/** The smallest weight of a word that occurs in most texts of its language, relative to a rare one. */
const frequentWordShare = 0.25;

export const askedOf = (question: string, { words, rarities }: Pick<Evidence, "words" | "rarities">): Asked => {
  const [expected, unit] = [expectedOf(question), unitOf(question)];
  const weights = new Map<string, number[]>();
  for (const [language, own] of rarities) {
    const raw = own.map((rarity = 0, at) => {
      // `rarities` has one number per word.
      const word = words[at]!;
      return askingWords.has(word) || (expected === "amount" && measuringWords.has(word))
        ? 0
        : rarity * (frequentWordShare + (1 - frequentWordShare) * wordWeight(word));
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
    isOfAll: aggregates.test(question),
    words,
    weights,
    names: words.flatMap((word, at) => (proper.has(word) ? [at] : [])),
    fullNames: tokens.flatMap(({ small, isName }, at) => {
      const before = tokens[at - 1];
      return isName && before?.isName ? [[words.indexOf(before.small), words.indexOf(small)] as const] : [];
    }),
    partNumbers: Array.from(question.matchAll(partNumber), ([own]) => wordsOf(own).map((word) => words.indexOf(word))),
    vector: embedHere(question),
  };
};

/** What is measured of a sentence, in the order of the coefficients. Shares are of the weights of the question's words. */
export const featureNames = [
  "bias",
  "share in the sentence",
  "its square",
  "words in the sentence",
  "share with its neighbours and headings",
  "share in the chunk",
  "heaviest missing word",
  "missing words",
  "names with neighbours and headings",
  "names in the chunk",
  "share of similar words",
  "words that follow each other",
  "cosine",
  "has what is asked for",
  "lacks what is asked for",
  "lacks an amount",
  "has a date",
  "lacks a date",
  "has a name",
  "lacks a name",
  "has the unit",
  "lacks the unit",
  "nearness",
  "length",
  "new words",
  "is a row or an item",
  "begins with a pronoun",
  "words of the question",
  "score of the hit",
  "relative score of the hit",
  "share in no hit",
  "keyword score",
  "vector score",
  "share in the question above",
  "the question above is the same",
] as const;

export type Measured = {
  candidate: Candidate;
  features: number[];
  /** The words of the question, as indexes, in the sentence, its neighbours and its headings. */
  supporting: number[];
  /** It is never an answer (`isOfOther`). */
  isOfOther: boolean;
};

/** A year, or the number of an order. Smaller ones are often written in words. */
const longNumber = /^\d{3,}$/;
const rareWordWeight = 0.9;
/** The language that writes every noun with a capital letter, not names alone. */
const nounsCapital = "german";

/** A question of so few words has little but its name, and one of two words needs both: "the capital of France". */
const fewWords = 3;
const twoWords = 2;

/** Only the sentences with the largest share are measured; the others take time and are never answers. */
export const measuredMax = 12;

export const measure = (evidence: Evidence, asked: Asked, candidates: readonly Candidate[]): Measured[] => {
  const bestScore = Math.max(...evidence.sources.map(({ hit }) => hit.score), 1e-9);
  const isFound = asked.words.map((_, word) => evidence.sources.some(({ positions }) => isIn(positions, word)));
  const labels = labelReader(evidence);
  const questions = questionReader(evidence);
  return candidates
    .map((candidate) => ({
      candidate,
      order: roughly(asked, candidate, questions(candidate)) + (0.1 * candidate.source.hit.score) / bestScore,
    }))
    .toSorted((one, other) => other.order - one.order)
    .slice(0, measuredMax)
    .map(({ candidate }) => {
      const above = questions(candidate);
      return measureOne(asked, candidate, { labels: labels(candidate).union(above), above }, { bestScore, isFound });
    });
};

const isIn = (
  positions: readonly (readonly number[])[],
  word: number,
  first = 0,
  last = Number.POSITIVE_INFINITY,
): boolean =>
  // `positions` has one list per word.
  positions[word]!.some((position) => position >= first && position < last);

/** Where a word of the question is in a candidate. */
const placesIn = ({ source: { positions }, words }: Candidate, word: number): number[] =>
  // `positions` has one list per word.
  positions[word]!.filter((position) => position >= words.first && position < words.last);

const weightsOf = ({ weights, words }: Asked, { language }: Source): readonly number[] =>
  weights.get(language) ?? words.map(() => 0);

/** The words of a candidate with its neighbours. */
const spanAround = ({ words, before, after }: Candidate) => ({
  first: before?.words.first ?? words.first,
  last: after?.words.last ?? words.last,
});

const roughly = (asked: Asked, candidate: Candidate, above: ReadonlySet<number>): number => {
  const { source, words } = candidate;
  const around = spanAround(candidate);
  return weightsOf(asked, source).reduce((sum, weight, word) => {
    if (weight > 0 && above.has(word)) return sum + 1.25 * weight;
    if (weight === 0 || !isIn(source.positions, word)) return sum;
    if (isIn(source.positions, word, words.first, words.last)) return sum + 1.25 * weight;
    return sum + (isIn(source.positions, word, around.first, around.last) ? 0.5 : 0.25) * weight;
  }, 0);
};

/** The question's words in a question above the sentence, which count as if the sentence repeated them. */
const questionReader =
  (evidence: Evidence) =>
  ({ source, question }: Candidate): ReadonlySet<number> => {
    if (question === undefined) return new Set();
    const matching = evidence.labels.get(source.language);
    const above = wordsOf(question);
    const same = evidence.words.flatMap((word, at) => (above.includes(word) ? [at] : []));
    return new Set([...same, ...above.flatMap((word) => matching?.get(word) ?? [])]);
  };

/** The question's words in the headings and in the document's name. */
const labelReader = (evidence: Evidence) => {
  const cache = new Map<string, ReadonlySet<number>>();
  return ({ source }: Candidate): ReadonlySet<number> => {
    const key = source.hit.chunk.id;
    const cached = cache.get(key);
    if (cached) return cached;
    const matching = evidence.labels.get(source.language);
    const found = new Set(
      labelsOf(source.hit)
        .flatMap(wordsOf)
        .flatMap((word) => matching?.get(word) ?? []),
    );
    cache.set(key, found);
    return found;
  };
};

const measureOne = (
  asked: Asked,
  candidate: Candidate,
  { labels, above }: { labels: ReadonlySet<number>; above: ReadonlySet<number> },
  { bestScore, isFound }: { bestScore: number; isFound: readonly boolean[] },
): Measured => {
  const { source, words, text } = candidate;
  const { positions, hit } = source;
  const weights = weightsOf(asked, source);
  const sum = (indexes: readonly number[]) => indexes.reduce((total, word) => total + (weights[word] ?? 0), 0);
  const content = [...weights.keys()].filter((word) => weights[word]! > 0);
  const span = spanAround(candidate);
  const own = content.filter((word) => above.has(word) || isIn(positions, word, words.first, words.last));
  const around = content.filter((word) => labels.has(word) || isIn(positions, word, span.first, span.last));
  const chunk = content.filter((word) => labels.has(word) || isIn(positions, word));
  const missing = content.filter((word) => !around.includes(word));
  const names = asked.names.filter(
    (word) => content.includes(word) && (source.language !== nounsCapital || /\p{N}/u.test(asked.words[word]!)),
  );
  const shareOf = (indexes: readonly number[], within: readonly number[]) =>
    indexes.length === 0 ? 1 : indexes.filter((word) => within.includes(word)).length / indexes.length;
  const tokens = tokensOf(text);
  const fresh = without(tokens, new Set(asked.words));
  const typed = typedOf(asked.expected, fresh, source.language);
  const [has, lacks] = typed === undefined ? [0, 0] : typed.length > 0 ? [1, 0] : [0, 1];
  const { expected, unit } = asked;
  const only = (kind: Expected, value: number) => (expected === kind ? value : 0);
  const ownsUnit = unit !== undefined && hasUnit(text, unit);
  const share = sum(own);
  const isSame = isSameQuestion(asked, candidate, content, above);
  return {
    candidate,
    supporting: around,
    isOfOther: isOfOther(asked, candidate, {
      content,
      names,
      own,
      above,
      labels,
      around,
      chunk,
      missing,
      isFound,
      tokens,
      typed,
      isSame,
    }),
    features: [
      1,
      share,
      share * share,
      Math.min(1, own.length / 6),
      sum(around),
      sum(chunk),
      Math.max(0, ...missing.map((word) => weights[word]!)),
      Math.min(1, missing.length / 4),
      shareOf(names, around),
      shareOf(names, chunk),
      sum(
        similarTo(
          tokens,
          content.filter((word) => !own.includes(word)),
          asked.words,
        ),
      ),
      adjacency(candidate, content),
      cosine(asked.vector, embedHere(text)),
      has,
      lacks,
      only("amount", lacks),
      only("date", has),
      only("date", lacks),
      only("person", has),
      only("person", lacks),
      ownsUnit ? 1 : 0,
      unit !== undefined && !ownsUnit ? 1 : 0,
      nearness(candidate, own, typed ?? []),
      Math.log(1 + tokens.length) / 4,
      Math.min(1, fresh.length / 10),
      candidate.kind === "sentence" ? 0 : 1,
      pronouns.test(text) ? 1 : 0,
      Math.min(1, content.length / 8),
      hit.score,
      hit.score / bestScore,
      sum(content.filter((word) => !isFound[word])),
      hit.scores.keyword ?? 0,
      hit.scores.vector ?? 0,
      sum(content.filter((word) => above.has(word))),
      isSame ? 1 : 0,
    ],
  };
};

/** The words of the question, as indexes, by where they are, and what is known of the sentence. */
type Found = Record<"content" | "names" | "own" | "around" | "chunk" | "missing", readonly number[]> & {
  above: ReadonlySet<number>;
  labels: ReadonlySet<number>;
  isFound: readonly boolean[];
  tokens: readonly Token[];
  typed: readonly Token[] | undefined;
  isSame: boolean;
};

/**
 * Whether a sentence is about something else, whatever the models say: it lacks a part number or another number of the
 * question, or a name or word of a short one; it has nothing but the names; it is about another year, another person of the
 * same name, or one row where the question is about all; it names nobody for _who_, or lacks the unit in a table.
 */
const isOfOther = (
  { expected, unit, isOfAll, words, partNumbers, fullNames }: Asked,
  { kind, text, source, question }: Candidate,
  { content, names, own, above, labels, around, chunk, missing, isFound, tokens, typed, isSame }: Found,
): boolean => {
  if (isSame) return false;
  const lacks = (word: number, within: readonly number[]) => !within.includes(word);
  return (
    partNumbers.some((number) => number.some((word) => content.includes(word) && lacks(word, around))) ||
    content.some((word) => longNumber.test(words[word]!) && lacks(word, chunk)) ||
    (content.length <= fewWords && names.some((word) => lacks(word, around))) ||
    (content.length <= twoWords &&
      (missing.length > 0 ||
        (!pronouns.test(text) && content.every((word) => lacks(word, own) && !labels.has(word))))) ||
    (names.length > 0 && missing.some((word) => !isFound[word]) && around.every((word) => names.includes(word))) ||
    (content.length <= fewWords && names.length > 0 && missing.some((word) => !isFound[word])) ||
    (question !== undefined && missing.length > 0 && own.every((word) => above.has(word))) ||
    (isOfAll && kind === "row" && !aggregates.test(text)) ||
    (expected === "amount" && content.length <= twoWords && typed?.length === 0) ||
    (unit !== undefined && (kind === "row" || content.length <= fewWords) && !hasUnit(text, unit)) ||
    (expected === "person" &&
      typed?.length === 0 &&
      (missing.length > 0 || content.length === 1) &&
      !beginsWithName(tokens, words)) ||
    (source.language !== nounsCapital &&
      fullNames.some(
        ([first, last]) => content.includes(first) && lacks(first, chunk) && isNamesake(tokens, words[last]),
      ))
  );
};

/** The first word of a sentence has a capital letter anyway; a rare one may be a name. A pronoun stands for one. */
const beginsWithName = ([first]: readonly Token[], words: readonly string[]): boolean =>
  first !== undefined &&
  (pronouns.test(first.small) || (wordWeight(first.small) >= rareWordWeight && !words.includes(first.small)));

/** Whether the question above a sentence has the words of the question, and no others. */
const isSameQuestion = (
  { words }: Asked,
  { question }: Candidate,
  content: readonly number[],
  above: ReadonlySet<number>,
): boolean =>
  question !== undefined &&
  content.length > 0 &&
  content.every((word) => above.has(word)) &&
  wordsOf(question).filter((word) => !askingWords.has(word)).length <=
    words.filter((word) => !askingWords.has(word)).length;

/** Whether a name has another name before it. */
const isNamesake = (tokens: readonly Token[], name: string | undefined): boolean =>
  tokens.some(({ small }, at) => small === name && at > 0 && (at === 1 || tokens[at - 1]!.isName));

/** Languages in which names cannot be recognised by their first letter. */
const uncased = new Set(["german", "arabic", "hindi", "simple", "nepali", "tamil", "yiddish"]);

/** The new words that can be the answer; undefined when the question asks for none that a word shows. */
const typedOf = (expected: Expected, fresh: readonly Token[], language: string): Token[] | undefined => {
  if (expected === "amount") return fresh.filter(({ isNumber, isOfDate }) => isNumber && !isOfDate);
  if (expected === "date") return fresh.filter(({ isDate, isNumber }) => isDate || isNumber);
  if ((expected === "person" || expected === "place") && !uncased.has(language))
    return fresh.filter(({ isName }) => isName);
  return undefined;
};

const similarLettersMin = 4;
const similarShareMin = 0.6;
/** A compound contains its parts. */
const containedLettersMin = 5;

/** The words that are part of a compound or have their beginning in common with a word of the text, in another inflection or compound. */
const similarTo = (tokens: readonly Token[], indexes: readonly number[], words: readonly string[]): number[] =>
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

/** At most this many words between two that follow each other in the question. */
const adjacentWordsMax = 3;

/** The share of neighbouring words of the question that are neighbours in the sentence too. */
const adjacency = (candidate: Candidate, content: readonly number[]): number => {
  const pairs = content
    .slice(1)
    .flatMap((word, at) => (word - content[at]! > 2 ? [] : [[content[at]!, word] as const]));
  if (pairs.length === 0) return 0.5;
  const together = pairs.filter(([one, other]) => {
    const others = placesIn(candidate, other);
    return placesIn(candidate, one).some((p) => others.some((q) => Math.abs(p - q) <= adjacentWordsMax));
  });
  return together.length / pairs.length;
};

/** How near a word that can be the answer is to a word of the question: 1 beside it, 0.5 four words away. */
const nearness = (candidate: Candidate, own: readonly number[], typed: readonly Token[]): number => {
  const matched = own.flatMap((word) => placesIn(candidate, word).map((place) => place - candidate.words.first));
  return Math.max(0, ...typed.flatMap(({ at }) => matched.map((position) => 1 / (1 + Math.abs(at - position) / 4))));
};

const cosine = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, value, at) => sum + value * other[at]!, 0);
