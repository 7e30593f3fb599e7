import { dropUnusedIndexes, pruneVectors, purgeDue, weighStale } from "../documents/index.ts";
import type { Ctx } from "../platform/context.ts";
import { indexVectors } from "./index-vectors.ts";
import type { JobKind, Step } from "./kind.ts";
import { reembed } from "./reembed.ts";
import { reindex } from "./reindex.ts";

const vectorsPerStep = 5_000;
const documentsPerStep = 20;
const chunksPerStep = 500;

/** Removes the vectors of models that the tenant does not use any more, and the indexes. */
const prune: JobKind = {
  unit: "vectors",
  prepare: async (ctx) => {
    await dropUnusedIndexes(ctx);
    return prunedStep;
  },
};

const prunedStep = async (ctx: Ctx): Promise<Step> => {
  const done = await pruneVectors(ctx, vectorsPerStep);
  return { checkpoint: {}, done, isLast: done < vectorsPerStep };
};

/** Weights of chunks made against the tenant's present average length. */
const reweigh: JobKind = {
  unit: "chunks",
  prepare: async () => async (ctx) => {
    const done = await weighStale(ctx, chunksPerStep);
    return { checkpoint: {}, done, isLast: done < chunksPerStep };
  },
};

/** Removes for good what can no longer be restored, when there is more of it than a sweep should take. */
const purge: JobKind = {
  unit: "documents",
  prepare: async (ctx) => {
    // Each is gone in a transaction of its own; one that is gone is not found again.
    const done = await purgeDue(ctx, documentsPerStep);
    return async () => ({ checkpoint: {}, done, isLast: done < documentsPerStep });
  },
};

export const kinds = { reembed, reindex, reweigh, index: indexVectors, prune, purge } satisfies Record<string, JobKind>;
export type JobType = keyof typeof kinds;
export const jobTypes = Object.keys(kinds) as [JobType, ...JobType[]];
