import { z } from "zod";
import { countLive, nextLive, remakeIndex, replaceIndex } from "../documents/index.ts";
import { idSchema } from "../platform/id.ts";
import type { JobKind } from "./kind.ts";

const Checkpoint = z.object({
  isBegun: z.boolean().default(false),
  after: idSchema("document").optional(),
  failedCount: z.int().default(0),
  failed: z.array(z.object({ documentId: idSchema("document"), code: z.string() })).default([]),
});

/** At most this many failed documents are named in the result; all are counted. */
const namedMax = 100;

const Params = z.object({ readerVersionBelow: z.union([z.literal("current"), z.int()]).optional() });

/** Reads the original of every document in search, or of those that an older reader has read, again and replaces its index. A document that cannot be read keeps its old index. */
export const reindex: JobKind = {
  unit: "documents",
  async prepare(ctx, job, maker, fence) {
    const checkpoint = Checkpoint.parse(job.checkpoint);
    const filter = Params.parse(job.params);
    if (!checkpoint.isBegun)
      return async (ctx) => ({ checkpoint: { isBegun: true }, total: await countLive(ctx, filter) });
    const document = await nextLive(ctx, checkpoint.after, filter);
    const result = { failedCount: checkpoint.failedCount, failed: checkpoint.failed };
    if (!document) return async () => ({ checkpoint, result, isLast: true });
    const made = await remakeIndex(ctx, document, maker);
    const next = { ...checkpoint, after: document.id };
    if (typeof made === "string") {
      const failed = [...checkpoint.failed, { documentId: document.id, code: made }].slice(0, namedMax);
      return async () => ({ checkpoint: { ...next, failed, failedCount: checkpoint.failedCount + 1 }, done: 1 });
    }
    await replaceIndex(ctx, document, made, fence);
    return async () => ({ checkpoint: next, done: 1 });
  },
};
