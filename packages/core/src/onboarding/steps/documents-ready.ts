import { z } from "zod";
import { type Document, findReadyDocument, get } from "../../documents/index.ts";
import { idSchema } from "../../platform/id.ts";
import { type OnboardingStep, StepFailed, waiting } from "./step.ts";

/** The result of `documents.seed`, which has no ids when the customer creates the documents. */
const Seeded = z.object({ documentIds: z.array(idSchema("document")).optional() });

/** Waits until every document of the call is ready; without any, until one document of the tenant is. */
export const awaitDocuments: OnboardingStep["work"] = async (ctx, { results }) => {
  const { documentIds } = Seeded.parse(results.get("documents.seed") ?? {});
  if (!documentIds) {
    const ready = await findReadyDocument(ctx);
    return ready ? { documentIds: [ready] } : waiting;
  }
  const documents: Document[] = [];
  for (const id of documentIds) documents.push(await get(ctx, id));
  const failedAt = documents.findIndex(({ status }) => status === "failed");
  // Without its name, because access lists may hide the document from readers of the run.
  if (failedAt >= 0)
    throw new StepFailed(
      `Document ${failedAt + 1} of the request could not be processed: ${documents[failedAt]!.failure?.message}`,
    );
  return documents.every(({ status }) => status === "ready") ? { documentIds } : waiting;
};
