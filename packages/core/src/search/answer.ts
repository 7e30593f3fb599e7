import { z } from "zod";
import { answeringOf } from "../identity/index.ts";
import type { Ctx } from "../platform/context.ts";
import { idSchema } from "../platform/id.ts";
import { AnswererFailed, answerer } from "../platform/services/language-model.ts";
import { describeError, logger } from "../platform/telemetry.ts";
import { type Decision, decide, type Quote } from "./answers/decide.ts";
import { evidenceOf } from "./answers/evidence.ts";
import { line, SearchQuery, searchAndRead } from "./search.ts";
import { type Found, write } from "./write.ts";

export const AnswerQuery = SearchQuery.pick({ filter: true, collectionIds: true }).extend({
  question: line(1_000).refine((text) => /[\p{L}\p{N}]/u.test(text), "must contain a letter or a digit"),
  /** The number of search hits that the answer may use. */
  limit: z.int().min(1).max(20).default(8),
});

const Place = {
  documentId: idSchema("document"),
  chunkId: idSchema("chunk"),
  page: z.int().nullable(),
  /** Of a spreadsheet: the sheet, and its cells as `A2:F21`. */
  sheet: z.string().nullable(),
  cells: z.string().nullable(),
};

export const Citation = z.object({
  ...Place,
  /** Verbatim from the chunk's text. */
  quote: z.string(),
  /** How far this quote supports the answer, from 0 to 1. */
  support: z.number(),
  /** Words of the question that the quote, its neighbouring sentences or its headings contain. */
  words: z.array(z.string()),
});

export const Answer = z.object({
  /** Null when the documents do not support an answer. */
  answer: z.string().nullable(),
  /** How likely the quotes contain what the question asks for, from 0 to 1; also of an answer that is not given. */
  support: z.number(),
  citations: z.array(Citation),
  /** `extractive`, or the language model. */
  provider: z.string(),
  /** The search found nothing, or nothing with at least `supportMin` of support. */
  abstained: z.object({ reason: z.enum(["nothing-found", "not-supported"]), supportMin: z.number() }).optional(),
  /** Without an answer: the sentences nearest to the question, which probably do not answer it. */
  related: z.array(Citation).optional(),
  /**
   * Why the quality is lower: the search used words only, the language model failed, the tenant has used up its
   * answers of it for this month, or the sources did not support its answer.
   */
  degraded: z
    .object({
      reason: z.enum(["embedder-unavailable", "answerer-unavailable", "answer-refused", "model-limit-reached"]),
    })
    .optional(),
});
export type Answer = z.output<typeof Answer>;

const extractive = "extractive";

/**
 * Answers a question from the documents that the caller may see, with quotes, or abstains. A configured language model
 * writes the answer; without one, or when it fails, the answer consists of the documents' sentences. Both need the support
 * of the documents that the tenant demands. `onModel` is called when a model is used.
 *
 * @throws Problem `invalid-request`
 */
export async function answer(
  ctx: Ctx,
  { question, ...where }: z.output<typeof AnswerQuery>,
  { mayUseModel = true, onModel = () => {} }: { mayUseModel?: boolean; onModel?: () => void } = {},
): Promise<Answer> {
  const { found, degraded } = await find(ctx, SearchQuery.parse({ ...where, query: asWords(question) }));
  const quality = degraded ? { degraded } : {};
  const model = answerer();
  if (found.hits.length === 0 || !model) return { ...fromSentences(found), ...quality };
  if (!mayUseModel) return { ...fromSentences(found), degraded: { reason: "model-limit-reached" } };
  const { provider } = model;
  // Before the call, because one that fails may cost too.
  onModel();
  try {
    const written = await write(model, found);
    if (written === "abstains") {
      const decision = decide(found.question, found.evidence);
      return { ...abstention(found, decision, "not-supported", provider), ...quality };
    }
    if (written) {
      const { answer, support, quotes } = written;
      return { answer, support: rounded(support), citations: quotes.map(citationOf), provider, ...quality };
    }
  } catch (error) {
    if (!(error instanceof AnswererFailed)) throw error;
    logger.warn("the language model gave no answer", { provider, ...describeError(error) });
    return { ...fromSentences(found), degraded: { reason: "answerer-unavailable" } };
  }
  return { ...fromSentences(found), degraded: { reason: "answer-refused" } };
}

/** The best answer of the documents' sentences to a question, and whether it has the support that the tenant demands. */
export const decideFrom = async (
  ctx: Ctx,
  question: string,
): Promise<Decision & { isSupported: boolean; supportMin: number }> => {
  const { found } = await find(ctx, SearchQuery.parse({ query: asWords(question) }));
  const decision = decide(found.question, found.evidence);
  return { ...decision, isSupported: decision.support >= found.supportMin, supportMin: found.supportMin };
};

const find = async (ctx: Ctx, query: z.output<typeof SearchQuery>) => {
  const { result, more } = await searchAndRead(ctx, query, async (ctx, found) => {
    const [evidence, answering] = await Promise.all([evidenceOf(ctx, query.query, found), answeringOf(ctx)]);
    return { evidence, ...answering };
  });
  return { found: { question: query.query, hits: result.data, ...more } satisfies Found, degraded: result.degraded };
};

const fromSentences = (found: Found): Answer => {
  const decision = decide(found.question, found.evidence);
  const { support, quotes } = decision;
  if (found.hits.length === 0) return abstention(found, decision, "nothing-found");
  if (quotes.length === 0 || support < found.supportMin) return abstention(found, decision, "not-supported");
  return {
    answer: quotes.map(({ text }) => text).join(" "),
    support: rounded(support),
    citations: quotes.map(citationOf),
    provider: extractive,
  };
};

type Reason = NonNullable<Answer["abstained"]>["reason"];

const abstention = (
  { supportMin }: Found,
  { support, related }: Decision,
  reason: Reason,
  provider = extractive,
): Answer => ({
  answer: null,
  support: rounded(support),
  citations: [],
  provider,
  abstained: { reason, supportMin },
  ...(related.length > 0 ? { related: related.map(citationOf) } : {}),
});

const citationOf = ({ source: { hit }, text, support, words }: Quote): z.output<typeof Citation> => ({
  documentId: hit.document.id,
  chunkId: hit.chunk.id,
  page: hit.chunk.page,
  sheet: hit.chunk.sheet,
  cells: hit.chunk.cells,
  quote: text,
  support: rounded(support),
  words,
});

const rounded = (support: number): number => Math.round(support * 1_000) / 1_000;

/** Removes the syntax of phrases and exclusions, which a question does not use. */
const asWords = (question: string): string =>
  question
    .replace(/["“”„‟＂«»]/g, " ")
    .replace(/(^|\s)-(?=\p{L})/gu, "$1")
    .trim();
