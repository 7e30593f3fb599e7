import { systemCtx } from "@resolve/core/platform/context";
import { AttemptResult, recordAttempt } from "@resolve/core/webhooks";
import { relayWritten } from "../relay-written.ts";
import { consume } from "./consume.ts";

/** webhook-results: what an attempt came to. */
export const handler = consume(AttemptResult, async (result) => {
  const ctx = systemCtx({ tenantId: result.tenantId, job: "record-delivery" });
  await recordAttempt(ctx, result);
  await relayWritten(ctx);
});
