import { create, hasDocuments } from "../../documents/index.ts";
import { type OnboardingStep, waiting } from "./step.ts";

/** Creates the documents of the call. Without any, waits until the customer creates a first one. */
export const seedDocuments: OnboardingStep["work"] = async (ctx, { runId, request }) => {
  if (!request.documents) return (await hasDocuments(ctx)) ? {} : waiting;
  const documentIds: string[] = [];
  for (const [position, input] of request.documents.entries()) {
    // The externalId finds a document again that an earlier attempt created.
    const { document } = await create(ctx, { ...input, externalId: `${runId}:${position}` });
    documentIds.push(document.id);
  }
  return { documentIds };
};
