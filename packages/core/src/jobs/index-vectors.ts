import { createHash } from "node:crypto";
import { z } from "zod";
import { buildVectorIndex, countVectors, modelsOf, serveIndex } from "../documents/index.ts";
import type { Id } from "../platform/id.ts";
import type { JobKind, Successor } from "./kind.ts";

const Checkpoint = z.object({ model: z.string().optional() });

/** Searches that began before are done with the old index by then. */
const prune: Successor = { type: "prune", delaySeconds: 60 };

/** The same job finds what it began. */
const nameOf = (id: Id<"job">, model: string): string =>
  `hnsw_${createHash("sha256").update(`${id} ${model}`).digest("hex").slice(0, 32)}`;

/** Builds the HNSW index of the model that search asks, beside the one that there may be, and changes over to it. */
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
    // The tenant may have changed its model meanwhile: then once more.
    return async (ctx) => {
      const isServed = await serveIndex(ctx, serving, name);
      return isServed ? { checkpoint: {}, done, isLast: true, successor: prune } : { checkpoint: {} };
    };
  },
  abandon: async () => prune,
};
