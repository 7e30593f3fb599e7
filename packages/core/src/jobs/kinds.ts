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
const repeatSeconds = 240;
const documentsPerStep = 20;
const chunksPerStep = 500;

/** Removes vectors and indexes of models that the tenant no longer uses. */
const prune: JobKind = {
  unit: "vectors",
  prepare: async (ctx) => {
    await dropUnusedIndexes(ctx);
    return prunedStep;
  },
  // A cancelled prune job runs again after four minutes: no other job deletes these vectors.
  abandon: async () => ({ type: "prune", delaySeconds: repeatSeconds }),
};

const prunedStep = async (ctx: Ctx): Promise<Step> => {
  const done = await pruneVectors(ctx, vectorsPerStep);
  return { checkpoint: {}, done, isLast: done < vectorsPerStep };
};

const Measured = z.object({ isMeasured: z.boolean().default(false) });

/** Measures the text of a large tenant, and computes the weights of its chunks against the new average length. */
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

/** Deletes documents that can no longer be restored, when there are more of them than a sweep handles. */
const purge: JobKind = {
  unit: "documents",
  prepare: async (ctx) => {
    // Each document is deleted in its own transaction, so a step that is repeated does not find it again.
    const done = await purgeDue(ctx, documentsPerStep);
    return async () => ({ checkpoint: {}, done, isLast: done < documentsPerStep });
  },
};

/** Kinds that work on vectors or read originals: the vector worker has the memory and the time for them. */
export const vectorKinds = { reembed, reindex, index: indexVectors, check, prune } satisfies Record<string, JobKind>;

/** Kinds whose steps take 40 s at most: the function `run-job` runs them. */
export const functionKinds = { reweigh, purge } satisfies Record<string, JobKind>;

/** Kinds of later domains, which pass their code to `run-job`. */
const laterKinds = { recover: { unit: "events" } } satisfies Record<string, Unit>;

type Unit = Pick<JobKind, "unit" | "abandon">;
export type JobType = keyof typeof vectorKinds | keyof typeof functionKinds | keyof typeof laterKinds;
export const kinds: Record<JobType, Unit> = { ...vectorKinds, ...functionKinds, ...laterKinds };
export const jobTypes = keysOf(kinds);

/** The queue of the worker that runs jobs of this type. */
export const queueOf = (type: JobType): "vector-jobs" | "job-steps" =>
  Object.hasOwn(vectorKinds, type) ? "vector-jobs" : "job-steps";
