import { markUploaded, parseObjectKey } from "@resolve/core/documents";
import { logger } from "@resolve/core/platform/telemetry";
import type { Context } from "aws-lambda";
import { z } from "zod";
import { asSystem } from "../as-system.ts";
import { observedMessage } from "../observed-message.ts";

/** "Object Created" of the documents bucket, as S3 sends it through EventBridge, where keys are not URL-encoded. */
const ObjectCreated = z.object({ detail: z.object({ object: z.object({ key: z.string(), size: z.int() }) }) });

export const handler = async (event: unknown, context: Pick<Context, "memoryLimitInMB">): Promise<void> => {
  const { key } = ObjectCreated.parse(event).detail.object;
  const named = parseObjectKey(key);
  if (!named) {
    logger.warn("an object of the bucket does not belong to a document", { key });
    return;
  }
  const { tenantId, documentId: id, version } = named;
  await observedMessage(
    { queue: "store-upload" },
    { tenantId },
    (traceparent) =>
      asSystem({ tenantId, job: "store-upload", traceparent }, (ctx) => markUploaded(ctx, { id, version })),
    context,
  );
};
