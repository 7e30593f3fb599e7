import type { Ctx } from "../platform/context.ts";
import type { SearchHit } from "./search.ts";
import { sentencesOf } from "./sentences.ts";
import { type Support, supportOf } from "./support.ts";

export type Quote = { hit: SearchHit; text: string };

const quotesMax = 3;
/** Further sentences are quoted when their score is at least this share of the best one. */
const shareOfBest = 0.9;
/** With a lower score the sentence probably does not answer the question; docs/answers.md has the measurements. */
const scoreMin = 0.35;

/** The sentences of the hits that answer the question best, by descending score; none when the score of every sentence is too low. */
export async function extract(ctx: Ctx, question: string, hits: readonly SearchHit[]): Promise<Quote[]> {
  const sentences = unique(
    hits.flatMap((hit) =>
      sentencesOf(hit.chunk.text).map(({ start, end }) => ({ hit, text: hit.chunk.text.slice(start, end) })),
    ),
  );
  const sentenceTexts = sentences.map(({ hit, text }) => ({ chunkId: hit.chunk.id, text }));
  const scores = (await supportOf(ctx, question, sentenceTexts)).map(scoreOf);
  const best = Math.max(...scores);
  if (best < scoreMin) return [];
  return (
    sentences
      // `supportOf` returns one item per text.
      .map((sentence, at) => ({ sentence, score: scores[at]! }))
      .filter(({ score }) => score >= best * shareOfBest)
      .toSorted((a, b) => b.score - a.score)
      .slice(0, quotesMax)
      .map(({ sentence }) => sentence)
  );
}

/** Removes repeated sentences: neighbouring chunks overlap. A group has at least one item. */
const unique = (quotes: Quote[]): Quote[] =>
  [...Map.groupBy(quotes, ({ hit, text }) => `${hit.document.id} ${text}`).values()].map(([first]) => first!);

/** The chunk counts too, because its subject is often in a neighbouring sentence. */
const scoreOf = ({ text, chunk }: Support): number => (text + chunk) / 2;
