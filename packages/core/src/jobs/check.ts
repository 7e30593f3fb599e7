import { checkRecall, recordRecall } from "../documents/index.ts";
import { logger } from "../platform/telemetry.ts";
import type { JobKind, Step } from "./kind.ts";

/** Below this an index is built anew; a new one reaches 0.98. */
const recallMin = 0.95;

/** Compares what the HNSW index finds with exact answers, and has it built anew when it finds too little. */
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
