import { z } from "zod";
import {
  type ChunkKey,
  countChunks,
  embedWith,
  forgetNextModel,
  modelsOf,
  prepareModel,
  storeVectors,
  switchModel,
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
/** Searches that still use the old vectors have ended after this time. */
const prune: Successor = { type: "prune", delaySeconds: 60 };

/**
 * Changes the embedding model of a tenant. Every chunk gets a vector of the new model beside the old one, and new documents
 * get both. Once no vector is missing, search uses the new model, and the old vectors are removed.
 */
export const reembed: JobKind = {
  unit: "chunks",
  async prepare(ctx, job) {
    const { model } = Params.parse(job.params);
    const { isBegun, after } = Checkpoint.parse(job.checkpoint);
    const { serving, next } = await modelsOf(ctx);
    // Also after a resume, when another reembed job has replaced the next model meanwhile.
    if (!isBegun || (model !== serving && model !== next))
      return async (ctx) => {
        await prepareModel(ctx, model);
        return { checkpoint: { isBegun: true }, total: await countChunks(ctx) };
      };
    const chunks = await unembedded(ctx, model, after, chunksPerStep);
    if (chunks.length === 0)
      return async (ctx) => {
        const isSwitched = await switchModel(ctx, model);
        const checkpoint = { isBegun: true };
        // Chunks without a vector of the model were added meanwhile: start again.
        return isSwitched ? { checkpoint, isLast: true, successor: prune } : { checkpoint };
      };
    const vectors = await embedWith(ctx, model, chunks);
    return async (ctx) => {
      await storeVectors(ctx, model, chunks, vectors);
      // `chunks` is not empty here.
      return { checkpoint: { isBegun: true, after: keyOf(chunks.at(-1)!) }, done: chunks.length };
    };
  },
  abandon: async (ctx) => {
    await forgetNextModel(ctx);
    return prune;
  },
};

const keyOf = ({ documentId, version, ordinal }: ChunkKey): ChunkKey => ({ documentId, version, ordinal });
