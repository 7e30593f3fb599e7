import { z } from "zod";
import type { Ctx } from "../platform/context.ts";
import { idSchema } from "../platform/id.ts";
import { AnswererFailed, answerer } from "../platform/services/language-model.ts";
import { describeError, logger } from "../platform/telemetry.ts";
import { extract, type Quote } from "./extract.ts";
import { line, type SearchHit, SearchQuery, search } from "./search.ts";
import { write } from "./write.ts";

export const AnswerQuery = SearchQuery.pick({ filter: true, collectionIds: true }).extend({
  question: line(1_000).regex(/[\p{L}\p{N}]/u, "must contain a letter or a digit"),
  /** The number of search hits that the answer may use. */
  limit: z.int().min(1).max(20).default(8),
});

export const Answer = z.object({
  /** Null when the documents do not support an answer. */
  answer: z.string().nullable(),
  citations: z.array(
    z.object({
      documentId: idSchema("document"),
      chunkId: idSchema("chunk"),
      page: z.int().nullable(),
      /** Of a spreadsheet: the sheet, and its cells as `A2:F21`. */
      sheet: z.string().nullable(),
      cells: z.string().nullable(),
      /** Verbatim from the chunk's text. */
      quote: z.string(),
    }),
  ),
  /** `extractive`, or the language model. */
  provider: z.string(),
  abstained: z.object({ reason: z.enum(["nothing-found", "not-supported"]) }).optional(),
  /** Why the quality is lower: the search used words only, the language model failed, or the sources did not support its answer. */
  degraded: z.object({ reason: z.enum(["embedder-unavailable", "answerer-unavailable", "answer-refused"]) }).optional(),
});
export type Answer = z.output<typeof Answer>;

const extractive = "extractive";

/**
 * Answers a question from the documents that the caller may see, with quotes, or abstains. A configured language model
 * writes the answer; without one, or when it fails, the answer consists of the documents' sentences.
 *
 * @throws Problem `invalid-request`
 */
export async function answer(ctx: Ctx, { question, ...where }: z.output<typeof AnswerQuery>): Promise<Answer> {
  const query = SearchQuery.parse({ ...where, query: asWords(question) });
  const { data: hits, degraded } = await search(ctx, query);
  const found = { ...(degraded ? { degraded } : {}) };
  const model = answerer();
  if (hits.length === 0) return { ...abstention("nothing-found"), ...found };
  if (!model) return { ...(await fromSentences(ctx, query.query, hits)), ...found };
  const { provider } = model;
  try {
    const written = await write(ctx, model, query.query, hits);
    if (written === "abstains") return { ...abstention("not-supported", provider), ...found };
    if (written) return { answer: written.answer, citations: citationsOf(written.quotes), provider, ...found };
  } catch (error) {
    if (!(error instanceof AnswererFailed)) throw error;
    logger.warn("the language model gave no answer", { provider, ...describeError(error) });
    return { ...(await fromSentences(ctx, query.query, hits)), degraded: { reason: "answerer-unavailable" } };
  }
  return { ...(await fromSentences(ctx, query.query, hits)), degraded: { reason: "answer-refused" } };
}

const fromSentences = async (ctx: Ctx, question: string, hits: readonly SearchHit[]): Promise<Answer> => {
  const quotes = await extract(ctx, question, hits);
  if (quotes.length === 0) return abstention("not-supported");
  return {
    answer: quotes.map(({ text }) => text).join(" "),
    citations: citationsOf(quotes),
    provider: extractive,
  };
};

const abstention = (reason: NonNullable<Answer["abstained"]>["reason"], provider = extractive): Answer => ({
  answer: null,
  citations: [],
  provider,
  abstained: { reason },
});

const citationsOf = (quotes: readonly Quote[]): Answer["citations"] =>
  quotes.map(({ hit: { document, chunk }, text }) => ({
    documentId: document.id,
    chunkId: chunk.id,
    page: chunk.page,
    sheet: chunk.sheet,
    cells: chunk.cells,
    quote: text,
  }));

/** Removes the syntax of phrases and exclusions, which a question does not use. */
const asWords = (question: string): string =>
  question
    .replace(/["“”„‟＂«»]/g, " ")
    .replace(/(^|\s)-(?=\p{L})/gu, "$1")
    .trim();
