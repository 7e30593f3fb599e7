import { embedHere } from "@resolve/embedding";
import { wordsOf } from "../../documents/index.ts";
import type { Asked } from "./asked.ts";
import { type Candidate, placesIn } from "./candidates.ts";
import { type Evidence, labelsOf, type Source } from "./evidence.ts";
import { type Expected, hasUnit } from "./question.ts";
import { nounsCapital, type RuleName, ruleAgainst } from "./rules.ts";
import { hasSign, isNumbered, similarTo, type Token, tokensOf, without } from "./tokens.ts";
import { askingWords, frequencyWords, lightWords, pronouns } from "./vocabulary.ts";

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
  /** Why it is never an answer. */
  excludedBy: RuleName | undefined;
};

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
  const typed = typedOf(asked.expected, { fresh, tokens }, candidate);
  const [has, lacks] = typed === undefined ? [0, 0] : typed.length > 0 ? [1, 0] : [0, 1];
  const { expected, unit } = asked;
  const only = (kind: Expected, value: number) => (expected === kind ? value : 0);
  const ownsUnit = unit && hasUnit(text, unit);
  const share = sum(own);
  const isSame = isSameQuestion(asked, candidate, content, above);
  return {
    candidate,
    supporting: around,
    excludedBy: isSame
      ? undefined
      : ruleAgainst(asked, candidate, {
          weights,
          content,
          names,
          own,
          above,
          labels,
          around,
          chunk,
          missing,
          missingContent: missing.filter((word) => !lightWords.has(asked.words[word]!)),
          isFound,
          tokens,
          fresh,
          typed,
          ownsUnit,
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
      ownsUnit === false ? 1 : 0,
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

/** Languages in which names cannot be recognised by their first letter. */
const uncased = new Set(["german", "arabic", "hindi", "simple", "nepali", "tamil", "yiddish"]);

/** A time of day, which is no amount. */
const timeOfDay = /^\d{1,2}:\d\d$/;

/** The new words that can be the answer; undefined when the question asks for none that a word shows. */
const typedOf = (
  expected: Expected,
  { fresh, tokens }: { fresh: readonly Token[]; tokens: readonly Token[] },
  { text, source: { language } }: Candidate,
): Token[] | undefined => {
  if (expected === "amount")
    return fresh.filter(({ small, isNumber, isOfDate }) => isNumber && !isOfDate && !timeOfDay.test(small));
  if (expected === "date")
    return fresh.filter(
      (token) => token.isDate || (token.isNumber && !frequencyWords.has(token.small) && !hasSign(token, text)),
    );
  if (uncased.has(language)) return undefined;
  if (expected === "person") return fresh.filter((token) => token.isName && !isNumbered(token, tokens, text));
  if (expected === "place") return fresh.filter(({ isName }) => isName);
  return undefined;
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

const cosine = (one: Float32Array, other: Float32Array): number => {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
};
