import { wordSpansOf } from "../../documents/index.ts";
import { type Candidate, charsMax } from "./candidates.ts";
import { featureNames } from "./features.ts";
import type { Ranked } from "./support.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { exceptions, pronouns } from "./vocabulary.ts";

/** A verbatim part of a chunk, and where it begins in the chunk's text. */
export type Quoted = { ranked: Ranked; text: string; start: number };

export const sentencesMax = 3;
/** A further sentence is quoted when its likelihood is this share of the best one; of a likely answer only nearly equal ones. */
const likelyMin = 0.6;
const shareOfLikely = 0.3;
const shareOfOthers = 0.05;

/** The sentences of an answer: the best, others that may complete or contradict it, and no sentence twice. */
export const quotesOf = (ranked: readonly Ranked[]): Quoted[] => {
  const [best] = ranked;
  if (!best) return [];
  const least = best.likelihood * (best.likelihood >= likelyMin ? shareOfLikely : shareOfOthers);
  const quotes: Quoted[] = [];
  let [sentences, chars] = [0, 0];
  for (const one of ranked) {
    if (sentences === sentencesMax || one.likelihood < least || one.excludedBy) break;
    if (quotes.some((quote) => isSame(quote, one))) continue;
    const whole = withNeighbours(one.candidate, sentences, chars);
    const inner = quotes.find((quote) => isInside(quote, one, whole));
    if (inner) {
      // The sentence before a pronoun is quoted already; now both are one quote.
      sentences += whole.sentences - 1;
      chars += whole.text.length - inner.text.length;
      quotes[quotes.indexOf(inner)] = { ...inner, text: whole.text, start: whole.start };
      continue;
    }
    const separator = quotes.length > 0 ? 1 : 0;
    if (quotes.length > 0 && chars + separator + whole.text.length > charsMax) continue;
    quotes.push({ ranked: one, text: whole.text, start: whole.start });
    sentences += whole.sentences;
    chars += separator + whole.text.length;
  }
  return inOrder(typedFirst(newestFirst(quotes)));
};

const isInside = ({ ranked, start, text }: Quoted, other: Ranked, whole: Pick<Quoted, "start" | "text">): boolean =>
  ranked.candidate.source.hit.chunk.id === other.candidate.source.hit.chunk.id &&
  start >= whole.start &&
  start + text.length <= whole.start + whole.text.length;

/** Sentences of one chunk that follow each other in the answer have the order of the document. */
const inOrder = (quotes: readonly Quoted[]): Quoted[] => {
  const runs: Quoted[][] = [];
  for (const quote of quotes) {
    const last = runs.at(-1);
    const isSameRun = last?.every(
      ({ ranked }) =>
        ranked.candidate.source.hit.chunk.id === quote.ranked.candidate.source.hit.chunk.id &&
        ranked.features[lacking] === quote.ranked.features[lacking],
    );
    if (last && isSameRun) last.push(quote);
    else runs.push([quote]);
  }
  return runs.flatMap((run) => run.toSorted((one, other) => one.start - other.start));
};

const lacking = featureNames.indexOf("lacks what is asked for");

/** An answer to "when" does not begin with a sentence without a date when it quotes one that has a date. */
const typedFirst = (quotes: Quoted[]): Quoted[] =>
  quotes.toSorted((one, other) => one.ranked.features[lacking]! - other.ranked.features[lacking]!);

/**
 * With the sentence before it when it begins with a pronoun, with an exception that follows it, and cut when it is too long.
 */
const withNeighbours = (
  { source, before, after, start, end, text, words }: Candidate,
  sentences: number,
  chars: number,
) => {
  const neighbours = [
    ...antecedents(text, before, sentencesMax),
    ...(after && exceptions.test(after.text) ? [after] : []),
  ].slice(0, sentencesMax - sentences - 1);
  const [from, to] = [
    Math.min(start, ...neighbours.map((one) => one.start)),
    Math.max(end, ...neighbours.map((one) => one.end)),
  ];
  if (neighbours.length > 0 && chars + 1 + to - from <= charsMax)
    return { text: source.hit.chunk.text.slice(from, to), start: from, sentences: 1 + neighbours.length };
  if (text.length <= charsMax) return { text, start, sentences: 1 };
  const part = around(text, words.first, source.positions);
  return { text: part.text, start: start + part.start, sentences: 1 };
};

/** The sentences before one that begins with a pronoun, up to one that does not, nearest first. */
const antecedents = (text: string, before: Candidate | undefined, max: number): Candidate[] =>
  before && max > 0 && pronouns.test(text) ? [before, ...antecedents(before.text, before.before, max - 1)] : [];

/** The part of a long text that has the most words of the question. It begins with a word. */
const around = (text: string, first: number, positions: readonly (readonly number[])[]) => {
  const spans = wordSpansOf(text);
  const matched = new Set(positions.flat().map((position) => position - first));
  let best = { start: 0, matches: -1 };
  for (const [at, [start]] of spans.entries()) {
    let matches = 0;
    for (let next = at; next < spans.length && spans[next]![1] - start <= charsMax; next++)
      if (matched.has(next)) matches += 1;
    if (matches > best.matches) best = { start, matches };
    // The rest fits: a later start has fewer words.
    if (text.length - start <= charsMax) break;
  }
  const cut = text.slice(best.start, best.start + charsMax);
  if (best.start + charsMax >= text.length) return { text: cut.trimEnd(), start: best.start };
  const whole = cut.slice(0, Math.max(cut.lastIndexOf(" "), charsMax / 2));
  return { text: whole.trimEnd().toWellFormed(), start: best.start };
};

const sameShareMin = 0.85;

/** True for the same words, as in overlapping chunks and in copies. Sentences with other numbers or names are not the same. */
const isSame = ({ ranked, text }: Quoted, { candidate }: Ranked): boolean => {
  if (text.includes(candidate.text)) return true;
  const [one, other] = [tokensOf(ranked.candidate.text), tokensOf(candidate.text)];
  return likeness(one, other) >= sameShareMin && sameNumbers(one, other);
};

const likeness = (one: readonly Token[], other: readonly Token[]): number => {
  const [a, b] = [new Set(wordsIn(one)), new Set(wordsIn(other))];
  const common = a.intersection(b).size;
  return common / Math.max(1, a.size + b.size - common);
};

const wordsIn = (tokens: readonly Token[]) => tokens.filter(({ isNumber }) => !isNumber).map(({ small }) => small);
const numbersIn = (tokens: readonly Token[]) => tokens.filter(({ isNumber }) => isNumber).map(({ small }) => small);
const sameNumbers = (one: readonly Token[], other: readonly Token[]) =>
  new Set(numbersIn(one)).symmetricDifference(new Set(numbersIn(other))).size === 0;

/** Sentences of different documents with these words in common that differ in a number contradict each other. */
const contradictingShareMin = 0.5;

const contradicts = (one: Quoted, other: Quoted): boolean => {
  const [a, b] = [one.ranked.candidate, other.ranked.candidate];
  if (a.source.hit.document.id === b.source.hit.document.id) return false;
  const [mine, theirs] = [tokensOf(a.text), tokensOf(b.text)];
  return likeness(mine, theirs) >= contradictingShareMin && !sameNumbers(mine, theirs);
};

/** Where the best sentence is contradicted, the newest document comes first. */
const newestFirst = (quotes: Quoted[]): Quoted[] => {
  const [best] = quotes;
  if (!best) return quotes;
  const group = quotes.filter((quote) => quote === best || contradicts(best, quote));
  const createdAt = ({ ranked }: Quoted) => ranked.candidate.source.createdAt.getTime();
  return [
    ...group.toSorted((one, other) => createdAt(other) - createdAt(one)),
    ...quotes.filter((quote) => !group.includes(quote)),
  ];
};
