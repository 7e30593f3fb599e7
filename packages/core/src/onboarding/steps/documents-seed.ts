import { create, hasDocuments, list } from "../../documents/index.ts";
import { type OnboardingStep, waiting } from "./step.ts";

/** Creates the documents of the call. Without any, waits until the customer creates a first one. */
export const seedDocuments: OnboardingStep["work"] = async (ctx, { runId, request }) => {
  if (!request.documents) return (await hasDocuments(ctx)) ? {} : waiting;
  const documentIds: string[] = [];
  for (const [position, input] of request.documents.entries()) {
    // Finds a document again that an earlier attempt created: `create` would fetch its address a second time.
    const externalId = `${runId}:${position}`;
    const [existing] = (await list(ctx, { limit: 1 }, { externalId })).data;
    documentIds.push((existing ?? (await create(ctx, { ...input, externalId })).document).id);
  }
  return { documentIds };
};
