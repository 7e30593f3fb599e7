import { pruneVectors, purgeDue } from "../documents/index.ts";
import type { JobKind } from "./kind.ts";
import { reembed } from "./reembed.ts";
import { reindex } from "./reindex.ts";

const vectorsPerStep = 5_000;
const documentsPerStep = 20;

/** Removes the vectors of models that the tenant does not use any more. */
const prune: JobKind = {
  unit: "vectors",
  prepare: async () => async (ctx) => {
    const done = await pruneVectors(ctx, vectorsPerStep);
    return { checkpoint: {}, done, isLast: done < vectorsPerStep };
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

export const kinds = { reembed, reindex, prune, purge } satisfies Record<string, JobKind>;
export type JobType = keyof typeof kinds;
export const jobTypes = Object.keys(kinds) as [JobType, ...JobType[]];
