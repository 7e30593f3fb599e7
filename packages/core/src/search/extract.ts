import type { Ctx } from "../platform/context.ts";
import type { SearchHit } from "./search.ts";
import { sentencesOf } from "./sentences.ts";
import { type Support, supportOf } from "./support.ts";

export type Quote = { hit: SearchHit; text: string };

const quotesMax = 3;
/** A further sentence is worth quoting when it says nearly as much as the best one. */
const worthOfBest = 0.9;
/** Below it the answer is likely somewhere else, or nowhere: docs/answers.md has what it keeps out and what it costs. */
const worthMin = 0.35;

/** The sentences of the hits that answer the question best, in the order of their worth; none when nothing supports one. */
export async function extract(ctx: Ctx, question: string, hits: readonly SearchHit[]): Promise<Quote[]> {
  const sentences = unique(
    hits.flatMap((hit) =>
      sentencesOf(hit.chunk.text).map(({ start, end }) => ({ hit, text: hit.chunk.text.slice(start, end) })),
    ),
  );
  const passages = sentences.map(({ hit, text }) => ({ chunkId: hit.chunk.id, text }));
  const worths = (await supportOf(ctx, question, passages)).map(worthOf);
  const best = Math.max(...worths);
  if (best < worthMin) return [];
  return sentences
    .map((sentence, at) => ({ sentence, worth: worths[at]! }))
    .filter(({ worth }) => worth >= best * worthOfBest)
    .toSorted((a, b) => b.worth - a.worth)
    .slice(0, quotesMax)
    .map(({ sentence }) => sentence);
}

/** Neighbouring chunks share sentences. */
const unique = (quotes: Quote[]): Quote[] =>
  [...Map.groupBy(quotes, ({ hit, text }) => `${hit.document.id} ${text}`).values()].map(([first]) => first!);

/** A sentence often leaves to its neighbours whom or what it is about. */
const worthOf = ({ passage, chunk }: Support): number => (passage + chunk) / 2;
