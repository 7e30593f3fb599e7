import { z } from "zod";
import { getText } from "../../documents/index.ts";
import { idSchema } from "../../platform/id.ts";
import { SearchQuery, search } from "../../search/index.ts";
import type { FirstAnswer } from "../first-answer.ts";
import { type OnboardingStep, StepFailed } from "./step.ts";

/** The result of `documents.ready`. */
const Ready = z.object({ documentIds: z.tuple([idSchema("document")], idSchema("document")) });

/** Searches for the seed question, or for one made from the first document, and keeps the ids of the best hit. */
export const askFirstQuestion: OnboardingStep["work"] = async (ctx, { request, results }) => {
  const { documentIds } = Ready.parse(results.get("documents.ready"));
  const question = request.seedQuestion ?? questionFrom(await getText(ctx, documentIds[0]));
  const ask = async (mode: "hybrid" | "vector") =>
    (await search(ctx, SearchQuery.parse({ query: question, mode, limit: 3 }))).data;
  const found = await ask("hybrid");
  // A seed question may share no word with the documents, and hybrid search then omits chunks of low similarity.
  const data = found.length > 0 ? found : await ask("vector");
  const [hit] = data;
  if (!hit) throw new StepFailed("The search found nothing for the first question.");
  return {
    question,
    documentId: hit.document.id,
    chunkId: hit.chunk.id,
    score: hit.score,
  } satisfies z.output<typeof FirstAnswer>;
};

/** The first sentence of 20 characters or more, without characters that the query syntax would interpret. */
const questionFrom = (text: string): string =>
  (text.match(/[^.!?\n]{20,200}/)?.[0] ?? text.slice(0, 200)).replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();
