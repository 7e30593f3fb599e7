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
 * Its result has the best sentence in each case.
 */
export const askFirstQuestion: OnboardingStep["work"] = async (ctx, { request, results, keep }) => {
  const { documentIds } = Ready.parse(results.get("documents.ready"));
  const { seedQuestion, seedAnswer, documents } = request;
  if (seedQuestion === undefined) {
    const { question, decision } = await generated(ctx, await getText(ctx, documentIds[0]));
    return resultOf(question, decision, false);
  }
  const decision = await decideFrom(ctx, seedQuestion);
  const result = resultOf(seedQuestion, decision, true);
  const refusal = refusalOf(decision, seedAnswer);
  if (refusal === undefined) return result;
  // The best sentence may be an answer, but not the expected one.
  const kept = { ...result, ...(decision.isSupported && seedAnswer !== undefined ? { expected: seedAnswer } : {}) };
  if (documents) {
    await keep(ctx, kept);
    const mend = "Add a document that answers it, or correct `seedQuestion` or `seedAnswer`, and retry the run.";
    throw new StepFailed(`${refusal} ${mend}`);
  }
  // The customer uploads documents one by one, and the next one may have the answer.
  await keep(ctx, { ...kept, waitsBecause: `${refusal} The step asks again after the next document.` });
  return waiting;
};

type Decision = Awaited<ReturnType<typeof decideFrom>>;

const resultOf = (
  question: string,
  { support, supportMin, quotes, related }: Decision,
  isSeeded: boolean,
): z.output<typeof FirstAnswer> => {
  const best = quotes[0] ?? related[0];
  return { question, isSeeded, support, supportMin, cited: best ? citedOf(best) : null };
};

const citedOf = ({ source: { hit }, start, text }: Decision["quotes"][number]) => ({
  documentId: hit.document.id,
  chunkId: hit.chunk.id,
  score: hit.score,
  start,
  end: start + text.length,
});

const refusalOf = ({ isSupported, support, supportMin, quotes, related }: Decision, expected: string | undefined) => {
  if (quotes.length === 0 && related.length === 0)
    return "The documents do not answer the seed question: the search found no sentence with a word of it.";
  if (!isSupported)
    return `The documents do not answer the seed question: its best answer has a support of ${support.toFixed(2)}, and needs ${supportMin}.`;
  const plain = (text: string) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
  if (expected === undefined || quotes.some(({ text }) => plain(text).includes(plain(expected)))) return undefined;
  return "The answer to the seed question does not contain the expected text; the step's result has both.";
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
    .toSorted((one, other) => Number(isTitle(one)) - Number(isTitle(other)))
    .slice(0, sentencesMax);
  for (const sentence of sentences) {
    // Without characters that the query syntax would interpret.
    const question = sentence
      .slice(0, 200)
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
      .trim();
    const decision = await decideFrom(ctx, question);
    if (decision.isSupported) return { question, decision };
  }
  throw new StepFailed(
    "The first document has no sentence that answers a question. Add a document with text, and retry the run.",
  );
};

/** Titles and other lines that are no sentences say too little to be asked for. */
const isTitle = (text: string): boolean => text.length < 20 || !/[.!。।۔؟…]["”»’)]*$/u.test(text);
