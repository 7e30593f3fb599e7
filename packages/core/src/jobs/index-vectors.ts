import { createHash } from "node:crypto";
import { z } from "zod";
import { buildVectorIndex, countVectors, modelsOf, switchIndex } from "../documents/index.ts";
import type { Id } from "../platform/id.ts";
import type { JobKind, Successor } from "./kind.ts";

const Checkpoint = z.object({ model: z.string().optional() });

/** Searches that still use the old index have ended after this time. */
const prune: Successor = { type: "prune", delaySeconds: 60 };

/** The name is derived from the job, so that a continued job finds the index that it started. */
const nameOf = (id: Id<"job">, model: string): string =>
  `hnsw_${createHash("sha256").update(`${id} ${model}`).digest("hex").slice(0, 32)}`;

/** Builds an HNSW index for the model that search uses, beside an existing index, and makes search use the new one. */
export const indexVectors: JobKind = {
  unit: "vectors",
  async prepare(ctx, job) {
    const { serving } = await modelsOf(ctx);
    if (Checkpoint.parse(job.checkpoint).model !== serving) {
      const total = await countVectors(ctx, serving);
      return async () => ({ checkpoint: { model: serving }, total });
    }
    const name = nameOf(job.id, serving);
    await buildVectorIndex(ctx, serving, name);
    const done = await countVectors(ctx, serving);
    // When the tenant has changed its model meanwhile, the job starts again.
    return async (ctx) => {
      const isSwitched = await switchIndex(ctx, serving, name);
      return isSwitched ? { checkpoint: {}, done, isLast: true, successor: prune } : { checkpoint: {} };
    };
  },
  abandon: async () => prune,
};
