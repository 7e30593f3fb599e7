import { wordSpansOf } from "../../documents/index.ts";
import type { Span } from "../sentences.ts";
import { type Asked, askedOf } from "./asked.ts";
import { candidatesOf } from "./candidates.ts";
import { coefficients } from "./coefficients.ts";
import type { Evidence, Source } from "./evidence.ts";
import { featureNames, measure } from "./features.ts";
import { type Expected, hasUnit } from "./question.ts";
import { type Quoted, quotesOf } from "./quotes.ts";
import type { RuleName } from "./rules.ts";
import { type Models, type Ranked, rank, supportFeatures, supportOf } from "./support.ts";

/** A verbatim part of a hit, where it begins in the chunk's text, how far it supports an answer, and why. */
export type Quote = { source: Source; text: string; start: number; support: number } & Reasons;

/** Each word of the question that says something of its subject is in one of the lists. */
type Reasons = {
  /** The words in the quote. */
  words: string[];
  /** Other words, in the sentences beside it, the question above it, its headings or the document's name. */
  wordsAround: string[];
  missing: string[];
  /** The question asks for it, and the quote has none. */
  lacks: Lack | null;
  /** The rule for which it is never an answer. */
  excludedBy: RuleName | null;
};
export const lacks = ["number", "date", "name", "unit"] as const;
type Lack = (typeof lacks)[number];

/**
 * The best answer of the documents, with its support; and, of its sentences and the best of each other chunk, those with the
 * most words of the question.
 */
export type Decision = { support: number; quotes: Quote[]; related: Quote[] };

export const models: Models = coefficients;

/** The best answer that the evidence has. The caller compares its support with a threshold. */
export const decide = (question: string, evidence: Evidence, using: Models = models): Decision => {
  const { asked, ranked, quotes, features } = analyse(question, evidence, using);
  const support = features ? supportOf(using, features) : 0;
  const most = ranked[0]?.likelihood ?? 1;
  // The best sentence has the support of the answer; the others have less, as they are less likely.
  const quote = (one: Ranked, part: Pick<Quote, "text" | "start">) =>
    quoteOf(asked, one, part, one.excludedBy ? 0 : support * Math.min(1, one.likelihood / most));
  return {
    support,
    quotes: quotes.map((one) => quote(one.ranked, one)),
    /** Made when it is read: an answer that is given does not show it. */
    get related() {
      return [...quotes, ...others(ranked, quotes)]
        .filter((one) => one.ranked.supporting.length > 0)
        .toSorted((one, other) => shareOf(other.ranked) - shareOf(one.ranked))
        .filter(isFirstOfText)
        .slice(0, relatedMax)
        .map((one) => quote(one.ranked, one));
    },
  };
};

const quoteOf = (asked: Asked, one: Ranked, { text, start }: Pick<Quote, "text" | "start">, support: number): Quote => {
  const { source } = one.candidate;
  return { source, text, start, support, ...reasonsOf(asked, one, { start, end: start + text.length }) };
};

/** What a part of a chunk, at or near a sentence, has of what the question asks for. */
const reasonsOf = (
  asked: Asked,
  { candidate, supporting, features, excludedBy }: Ranked,
  { start, end }: Span,
): Reasons => {
  const { source, words } = candidate;
  const { text } = source.hit.chunk;
  const counted = (from: number, to: number) => wordSpansOf(text.slice(from, to)).length;
  const wordAt = (offset: number) =>
    offset < candidate.start
      ? words.first - counted(offset, candidate.start)
      : words.first + counted(candidate.start, offset);
  const [first, last] = [wordAt(start), wordAt(end)];
  const weights = asked.weights.get(source.language) ?? [];
  const content = [...weights.keys()].filter((word) => weights[word]! > 0);
  // `positions` has one list per word.
  const isInside = (word: number) => source.positions[word]!.some((place) => place >= first && place < last);
  const namesOf = (indexes: readonly number[]) => indexes.map((word) => asked.words[word]!);
  const others = content.filter((word) => !isInside(word));
  const lacksAsked = features[featureNames.indexOf("lacks what is asked for")] === 1;
  const lacksUnit = asked.unit !== undefined && !hasUnit(text.slice(start, end), asked.unit);
  return {
    words: namesOf(content.filter(isInside)),
    wordsAround: namesOf(others.filter((word) => supporting.includes(word))),
    missing: namesOf(others.filter((word) => !supporting.includes(word))),
    lacks: (lacksAsked && kinds[asked.expected]) || (lacksUnit ? "unit" : null),
    excludedBy: excludedBy ?? null,
  };
};

const kinds: Partial<Record<Expected, Lack>> = { amount: "number", date: "date", person: "name", place: "name" };

/** A part of a hit's text. */
export type Part = Span & { chunkId: Source["hit"]["chunk"]["id"] };

/** The support of an answer that quotes these parts. A part outside of the sentences that can be answers is left out. */
export const judge = (
  question: string,
  evidence: Evidence,
  parts: readonly Part[],
): Pick<Decision, "support" | "quotes"> => {
  const { asked, ranked } = analyse(question, evidence, models);
  const quoted = parts.flatMap((part) => {
    const own = ranked.find(
      ({ candidate: { source, start, end } }) =>
        source.hit.chunk.id === part.chunkId && start < part.end && end > part.start,
    );
    return own && own.supporting.length > 0 ? [{ own, part }] : [];
  });
  const used = [...new Set(quoted.map(({ own }) => own))].toSorted((one, other) => other.logit - one.logit);
  const [best] = used;
  const chars = quoted.reduce((sum, { part }) => sum + part.end - part.start, 0);
  // The leads are over the other sentences, also over better ones that the answer does not quote.
  const features = best && supportFeatures([best, ...ranked.filter((one) => one !== best)], used, chars);
  const support = features ? supportOf(models, features) : 0;
  const most = best?.likelihood ?? 1;
  return {
    support,
    quotes: quoted.map(({ own, part }) => {
      const { start, end } = part;
      const text = own.candidate.source.hit.chunk.text.slice(start, end);
      return quoteOf(asked, own, { text, start }, (support * own.likelihood) / most);
    }),
  };
};

/** What `decide` and the fit of the coefficients have in common. */
export const analyse = (question: string, evidence: Evidence, using: Pick<Models, "rank">) => {
  const asked = askedOf(question, evidence);
  const measured = measure(evidence, asked, evidence.sources.flatMap(candidatesOf));
  const ranked = rank(using, measured);
  const quotes = quotesOf(ranked);
  const chars = quotes.reduce((sum, { text }) => sum + text.length, 0);
  const features = supportFeatures(
    ranked,
    quotes.map(({ ranked }) => ranked),
    chars,
  );
  return { asked, ranked, quotes, features };
};

const relatedMax = 3;

/** Chunks overlap, and documents repeat each other. */
const isFirstOfText = ({ text }: Quoted, at: number, all: readonly Quoted[]): boolean =>
  all.findIndex((one) => one.text === text) === at;

/** The share of the question's words in a sentence, and in it with its surroundings. */
const shareOf = ({ features }: Ranked): number =>
  features[featureNames.indexOf("share in the sentence")]! +
  features[featureNames.indexOf("share with its neighbours and headings")]!;

/** Of each chunk that no quote is from: the sentence with the largest share of the question's words. */
const others = (ranked: readonly Ranked[], quotes: readonly Quoted[]): Quoted[] => {
  const quoted = new Set(quotes.map((one) => one.ranked.candidate.source));
  const near = ranked
    .filter(({ candidate }) => !quoted.has(candidate.source))
    .toSorted((one, other) => shareOf(other) - shareOf(one));
  const chunks = Map.groupBy(near, ({ candidate }) => candidate.source);
  return [...chunks.values()].flatMap(([best]) => (best ? [{ ...best.candidate, ranked: best }] : []));
};
