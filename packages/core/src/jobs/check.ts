import { checkRecall, recordRecall } from "../documents/index.ts";
import { logger } from "../platform/telemetry.ts";
import type { JobKind, Step } from "./kind.ts";

/** An index with a lower recall is built again; a new index reaches 0.98. */
const recallMin = 0.95;

/** Compares results of the HNSW index with exact results, and starts an index job when the recall is too low. */
export const check: JobKind = {
  unit: "indexes",
  async prepare(ctx) {
    const recall = await checkRecall(ctx);
    return async (ctx): Promise<Step> => {
      if (recall === undefined) return { checkpoint: {}, isLast: true };
      await recordRecall(ctx, recall);
      const step = { checkpoint: {}, done: 1, total: 1, result: { recall }, isLast: true };
      if (recall >= recallMin) return step;
      // An alarm counts this message.
      logger.error("recall has fallen", { tenantId: ctx.tenantId, recall });
      return { ...step, successor: { type: "index", delaySeconds: 0 } };
    };
  },
};
