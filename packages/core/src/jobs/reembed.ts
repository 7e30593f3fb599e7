import { z } from "zod";
import {
  type ChunkKey,
  countChunks,
  embedWith,
  forgetNextModel,
  modelsOf,
  prepareModel,
  serveModel,
  storeVectors,
  unembedded,
} from "../documents/index.ts";
import type { JobKind, Successor } from "./kind.ts";

const Params = z.object({ model: z.string() });
const Checkpoint = z.object({
  isBegun: z.boolean().default(false),
  after: z.object({ documentId: z.string(), version: z.int(), ordinal: z.int() }).optional(),
});

/** Chunks of one step: one call of a remote service, or a tenth of a second of the built-in one. */
const chunksPerStep = 200;
/** Searches that began before are done with the old vectors by then. */
const prune: Successor = { type: "prune", delaySeconds: 60 };

/**
 * Another model for the tenant: every chunk gets a vector of it beside the old one, documents that come meanwhile get
 * both, and once none is missing search asks the new one. The old ones are removed after that.
 */
export const reembed: JobKind = {
  unit: "chunks",
  async prepare(ctx, job) {
    const { model } = Params.parse(job.params);
    const { isBegun, after } = Checkpoint.parse(job.checkpoint);
    const { serving, next } = await modelsOf(ctx);
    // Also when it was resumed after another change, which the tenant's models have forgotten it for.
    if (!isBegun || (model !== serving && model !== next))
      return async (ctx) => {
        await prepareModel(ctx, model);
        return { checkpoint: { isBegun: true }, total: await countChunks(ctx) };
      };
    const chunks = await unembedded(ctx, model, after, chunksPerStep);
    if (chunks.length === 0)
      return async (ctx) => {
        const isServed = await serveModel(ctx, model);
        const checkpoint = { isBegun: true };
        // Those that came without: once more from the start.
        return isServed ? { checkpoint, isLast: true, successor: prune } : { checkpoint };
      };
    const vectors = await embedWith(model, chunks);
    return async (ctx) => {
      await storeVectors(ctx, model, chunks, vectors);
      return { checkpoint: { isBegun: true, after: keyOf(chunks.at(-1)!) }, done: chunks.length };
    };
  },
  abandon: async (ctx) => {
    await forgetNextModel(ctx);
    return prune;
  },
};

const keyOf = ({ documentId, version, ordinal }: ChunkKey): ChunkKey => ({ documentId, version, ordinal });
