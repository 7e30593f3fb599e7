import { z } from "zod";
import { answeringOf } from "../identity/index.ts";
import type { Ctx } from "../platform/context.ts";
import { idSchema } from "../platform/id.ts";
import { AnswererFailed, answerer } from "../platform/services/language-model.ts";
import { describeError, logger } from "../platform/telemetry.ts";
import { type Decision, decide, lacks, type Quote } from "./answers/decide.ts";
import { evidenceOf } from "./answers/evidence.ts";
import { ruleNames } from "./answers/rules.ts";
import { line, SearchQuery, searchAndRead } from "./search.ts";
import { type Found, refusals, write } from "./write.ts";

const described = <T extends z.ZodType>(schema: T, description: string): T => schema.meta({ description });

export const AnswerQuery = SearchQuery.pick({ filter: true, collectionIds: true }).extend({
  question: line(1_000).refine((text) => /[\p{L}\p{N}]/u.test(text), "must contain a letter or a digit"),
  limit: described(z.int().min(1).max(20).default(8), "The number of search hits to read for the answer"),
});

export const Citation = z.object({
  documentId: idSchema("document"),
  documentName: z.string(),
  versionCreatedAt: described(z.iso.datetime(), "When this version of the document was created"),
  chunkId: idSchema("chunk"),
  headings: described(z.array(z.string()), "The headings above the quote, outermost first"),
  page: z.int().nullable(),
  sheet: described(z.string().nullable(), "Of a spreadsheet"),
  cells: described(z.string().nullable(), "The cells of the chunk on the sheet, as `A2:F21`"),
  charStart: described(z.int(), "Where the quote begins in the document's text, in UTF-16 units"),
  charEnd: z.int(),
  quote: described(z.string(), "Word for word from the document's text"),
  support: described(z.number(), "How far this quote supports the answer, from 0 to 1; 0 when a rule excludes it"),
  words: described(z.array(z.string()), "Words of the question that the quote contains"),
  wordsAround: described(
    z.array(z.string()),
    "Other words of the question: in the sentences beside the quote, the question above it, its headings or the document's name",
  ),
  missing: described(z.array(z.string()), "Words of the question that are in neither"),
  lacks: described(z.enum(lacks).nullable(), "What the question asks for, when the quote contains none"),
  excludedBy: described(
    z.enum(ruleNames).nullable(),
    "The rule for which the sentence is never an answer; docs/answers.md has them",
  ),
});

const reasons = ["nothing-found", "not-supported"] as const;

export const Answer = z.object({
  answer: described(z.string().nullable(), "Null when the documents do not support an answer"),
  support: described(
    z.number(),
    "How well the quotes fit what the question asks for, from 0 to 1, for comparing answers; also of an answer that is not given",
  ),
  supportMin: described(z.number(), "The support that an answer needs, a setting of the tenant"),
  citations: z.array(Citation),
  provider: described(
    z.string(),
    "`extractive` when the answer consists of quotes, or the language model that wrote it",
  ),
  abstained: described(
    z.object({ reason: z.enum(reasons) }).optional(),
    "Why there is no answer: the search found nothing, or nothing with at least `supportMin` of support",
  ),
  related: described(
    z.array(Citation).optional(),
    "Without an answer: the sentences nearest to the question, which probably do not answer it; none when no sentence has a word of it",
  ),
  degraded: described(
    z
      .object({
        reason: z.enum(["embedder-unavailable", "answerer-unavailable", "answer-refused", "model-limit-reached"]),
        detail: described(z.enum(refusals).optional(), "Which check the language model's reply failed"),
      })
      .optional(),
    "Why the quality is lower: the search used words only, the language model failed, the tenant has used up its answers of it for this month, or its reply failed a check",
  ),
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
    if ("refused" in written)
      return { ...fromSentences(found), degraded: { reason: "answer-refused", detail: written.refused } };
    return { ...given(found, written, written.answer, provider), ...quality };
  } catch (error) {
    if (!(error instanceof AnswererFailed)) throw error;
    logger.warn("the language model gave no answer", { provider, ...describeError(error) });
    return { ...fromSentences(found), degraded: { reason: "answerer-unavailable" } };
  }
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
  return given(found, decision, joined(quotes.map(({ text }) => text)), extractive);
};

/** After a row of a table or another quote that ends like no sentence, a new line begins. */
const joined = (quotes: readonly string[]): string =>
  quotes.reduce((text, quote) => `${text}${/[.!?。．！？।؟۔…]["”“»’)]*$/u.test(text) ? " " : "\n"}${quote}`);

const given = (
  { supportMin }: Found,
  { support, quotes }: Pick<Decision, "support" | "quotes">,
  answer: string,
  provider: string,
): Answer => ({ answer, support: rounded(support), supportMin, citations: quotes.map(citationOf), provider });

const abstention = (
  { supportMin }: Found,
  { support, related }: Decision,
  reason: (typeof reasons)[number],
  provider = extractive,
): Answer => ({
  answer: null,
  support: rounded(support),
  supportMin,
  citations: [],
  provider,
  abstained: { reason },
  related: related.map(citationOf),
});

const citationOf = ({ source: { hit, createdAt }, text, start, ...quote }: Quote): z.output<typeof Citation> => ({
  documentId: hit.document.id,
  documentName: hit.document.name,
  versionCreatedAt: createdAt.toISOString(),
  chunkId: hit.chunk.id,
  headings: hit.chunk.headings,
  page: hit.chunk.page,
  sheet: hit.chunk.sheet,
  cells: hit.chunk.cells,
  charStart: hit.chunk.charStart + start,
  charEnd: hit.chunk.charStart + start + text.length,
  quote: text,
  ...quote,
  support: rounded(quote.support),
});

const rounded = (support: number): number => Math.round(support * 1_000) / 1_000;

/** Removes the syntax of phrases and exclusions, which a question does not use. */
const asWords = (question: string): string =>
  question
    .replace(/["“”„‟＂«»]/g, " ")
    .replace(/(^|\s)-(?=\p{L})/gu, "$1")
    .trim();
