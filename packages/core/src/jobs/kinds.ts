import { z } from "zod";
import { dropUnusedIndexes, measureCorpus, pruneVectors, purgeDue, weighStale } from "../documents/index.ts";
import type { Ctx } from "../platform/context.ts";
import { keysOf } from "../platform/keys.ts";
import { check } from "./check.ts";
import { indexVectors } from "./index-vectors.ts";
import type { JobKind, Step } from "./kind.ts";
import { reembed } from "./reembed.ts";
import { reindex } from "./reindex.ts";

const vectorsPerStep = 5_000;
/** Shorter than the time after which the sweep sends a job again. */
const putOffSeconds = 240;
const documentsPerStep = 20;
const chunksPerStep = 500;

/** Removes the vectors of models that the tenant does not use any more, and the indexes. */
const prune: JobKind = {
  unit: "vectors",
  prepare: async (ctx) => {
    await dropUnusedIndexes(ctx);
    return prunedStep;
  },
  // A cancelled prune job runs again after four minutes: no other job deletes these vectors.
  abandon: async () => ({ type: "prune", delaySeconds: putOffSeconds }),
};

const prunedStep = async (ctx: Ctx): Promise<Step> => {
  const done = await pruneVectors(ctx, vectorsPerStep);
  return { checkpoint: {}, done, isLast: done < vectorsPerStep };
};

const Measured = z.object({ isMeasured: z.boolean().default(false) });

/** Measures a large tenant's text, and makes the weights of chunks against its present average length. */
const reweigh: JobKind = {
  unit: "chunks",
  async prepare(ctx, { checkpoint }) {
    const { isMeasured } = Measured.parse(checkpoint);
    if (!isMeasured) await measureCorpus(ctx);
    return async (ctx) => {
      const done = await weighStale(ctx, chunksPerStep);
      return { checkpoint: { isMeasured: true }, done, isLast: done < chunksPerStep };
    };
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

export const kinds = { reembed, reindex, reweigh, index: indexVectors, check, prune, purge } satisfies Record<
  string,
  JobKind
>;
export type JobType = keyof typeof kinds;
export const jobTypes = keysOf(kinds);
