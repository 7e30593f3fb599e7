import { z } from "zod";
import { getText } from "../../documents/index.ts";
import type { Ctx } from "../../platform/context.ts";
import { idSchema } from "../../platform/id.ts";
import { decideFrom, sentencesOf } from "../../search/index.ts";
import type { FirstAnswer } from "../first-answer.ts";
import { type OnboardingStep, StepFailed, waiting } from "./step.ts";

/** The result of `documents.ready`. */
const Ready = z.object({ documentIds: z.tuple([idSchema("document")], idSchema("document")) });

/**
 * Asks the seed question, or one made from the first document, and keeps the ids of the chunk that answers it. Judged like
 * any other answer: without enough support, or without the expected text, the step fails, or waits for the next document.
 */
export const askFirstQuestion: OnboardingStep["work"] = async (ctx, { request, results, keep }) => {
  const { documentIds } = Ready.parse(results.get("documents.ready"));
  const { seedQuestion, seedAnswer, documents } = request;
  const answered = seedQuestion
    ? await seeded(ctx, seedQuestion, seedAnswer)
    : await generated(ctx, await getText(ctx, documentIds[0]));
  if ("refusal" in answered) {
    // The customer uploads documents one by one, and the next one may have the answer.
    if (documents) throw new StepFailed(answered.refusal);
    await keep(ctx, { waitsBecause: answered.refusal });
    return waiting;
  }
  const { question, support, quotes } = answered;
  const [best] = quotes;
  if (!best) throw new StepFailed("The search found nothing for the first question.");
  const { hit } = best.source;
  return {
    question,
    isSeeded: seedQuestion !== undefined,
    documentId: hit.document.id,
    chunkId: hit.chunk.id,
    score: hit.score,
    support,
    start: best.start,
    end: best.start + best.text.length,
  } satisfies z.output<typeof FirstAnswer>;
};

const seeded = async (ctx: Ctx, question: string, expected: string | undefined) => {
  const { support, supportMin, isSupported, quotes } = await decideFrom(ctx, question);
  if (!isSupported)
    return {
      refusal: `The documents do not answer the seed question: its best answer has a support of ${support.toFixed(2)}, and needs ${supportMin}. Add a document that answers it, and retry the run.`,
    };
  const plain = (text: string) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
  if (expected !== undefined && !quotes.some(({ text }) => plain(text).includes(plain(expected))))
    return {
      refusal:
        "The answer to the seed question does not contain the expected text. Check the documents and `seedAnswer`, and retry the run.",
    };
  return { question, support, quotes };
};

/** So many sentences are tried as questions. */
const sentencesMax = 5;
const charsRead = 20_000;

/** The words of a sentence as a question that this sentence answers. */
const generated = async (ctx: Ctx, text: string) => {
  const read = text.slice(0, charsRead);
  const sentences = sentencesOf(read)
    .map(({ start, end }) => read.slice(start, end))
    .filter((sentence) => /\p{L}{2}/u.test(sentence) && !/[?？؟]$/u.test(sentence))
    .toSorted((one, other) => Number(isShort(one)) - Number(isShort(other)))
    .slice(0, sentencesMax);
  for (const sentence of sentences) {
    // Without characters that the query syntax would interpret.
    const question = sentence
      .slice(0, 200)
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
      .trim();
    const { support, isSupported, quotes } = await decideFrom(ctx, question);
    if (isSupported) return { question, support, quotes };
  }
  throw new StepFailed(
    "The first document has no sentence that answers a question. Add a document with text, and retry the run.",
  );
};

const isShort = (sentence: string): boolean => sentence.length < 20;
