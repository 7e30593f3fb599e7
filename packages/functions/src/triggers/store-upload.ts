import { markUploaded, parseObjectKey } from "@resolve/core/documents";
import { systemCtx } from "@resolve/core/platform/context";
import { logger } from "@resolve/core/platform/telemetry";
import { z } from "zod";
import { relayWritten } from "../relay-written.ts";

/** "Object Created" of the documents bucket, as S3 sends it through EventBridge; keys arrive unescaped there. */
const ObjectCreated = z.object({ detail: z.object({ object: z.object({ key: z.string(), size: z.int() }) }) });

export const handler = async (event: unknown): Promise<void> => {
  const { object } = ObjectCreated.parse(event).detail;
  const named = parseObjectKey(object.key);
  if (!named) {
    logger.warn("an object that is no document", { key: object.key });
    return;
  }
  const ctx = systemCtx({ tenantId: named.tenantId, job: "store-upload" });
  await markUploaded(ctx, { id: named.documentId, version: named.version });
  await relayWritten(ctx);
};
