import type { Span } from "../sentences.ts";
import { askedOf } from "./asked.ts";
import { candidatesOf } from "./candidates.ts";
import { coefficients } from "./coefficients.ts";
import type { Evidence, Source } from "./evidence.ts";
import { measure } from "./features.ts";
import { quotesOf } from "./quotes.ts";
import { type Models, type Ranked, rank, supportFeatures, supportOf } from "./support.ts";

/** A verbatim part of a hit, where it begins in the chunk's text, how far it supports an answer, and the words of the question that it has. */
export type Quote = { source: Source; text: string; start: number; support: number; words: string[] };

/** The best answer of the documents, with its support, and the sentences nearest to the question. */
export type Decision = { support: number; quotes: Quote[]; related: Quote[] };

export const models: Models = coefficients;

/** The best answer that the evidence has. The caller compares its support with a threshold. */
export const decide = (question: string, evidence: Evidence, using: Models = models): Decision => {
  const { ranked, quotes, features } = analyse(question, evidence, using);
  const support = features ? supportOf(using, features) : 0;
  const most = ranked[0]?.likelihood ?? 1;
  // The best sentence has the support of the answer; the others have less, as they are less likely.
  const quote = (one: Ranked, part: Pick<Quote, "text" | "start">) =>
    quoteOf(evidence, one, part, support * Math.min(1, one.likelihood / most));
  return {
    support,
    quotes: quotes.map((one) => quote(one.ranked, one)),
    related: nearest(ranked).map((one) => quote(one, one.candidate)),
  };
};

const quoteOf = (
  evidence: Evidence,
  { candidate, supporting }: Ranked,
  { text, start }: Pick<Quote, "text" | "start">,
  support: number,
): Quote => ({
  source: candidate.source,
  text,
  start,
  support,
  words: supporting.flatMap((word) => evidence.words[word] ?? []),
});

/** A part of a hit's text. */
export type Part = Span & { chunkId: Source["hit"]["chunk"]["id"] };

/** The support of an answer that quotes these parts. A part outside of the sentences that can be answers is left out. */
export const judge = (
  question: string,
  evidence: Evidence,
  parts: readonly Part[],
): Pick<Decision, "support" | "quotes"> => {
  const { ranked } = analyse(question, evidence, models);
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
      return quoteOf(evidence, own, { text, start }, (support * own.likelihood) / most);
    }),
  };
};

/** What `decide` and the fit of the coefficients have in common. */
export const analyse = (question: string, evidence: Evidence, using: Pick<Models, "rank">) => {
  const measured = measure(evidence, askedOf(question, evidence), evidence.sources.flatMap(candidatesOf));
  const ranked = rank(using, measured);
  const quotes = quotesOf(ranked);
  const chars = quotes.reduce((sum, { text }) => sum + text.length, 0);
  const features = supportFeatures(
    ranked,
    quotes.map(({ ranked }) => ranked),
    chars,
  );
  return { ranked, quotes, features };
};

const relatedMax = 3;

/** The best sentence of each chunk. */
const nearest = (ranked: readonly Ranked[]): Ranked[] => {
  const chunks = Map.groupBy(ranked, ({ candidate }) => candidate.source.hit.chunk.id);
  return [...chunks.values()].flatMap(([best]) => best ?? []).slice(0, relatedMax);
};
