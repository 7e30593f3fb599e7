import { advanceRun, RunMessage } from "@resolve/core/onboarding";
import { systemCtx } from "@resolve/core/platform/context";
import { relayWritten } from "../relay-written.ts";
import { consume } from "./consume.ts";

/** onboarding: runs the steps of a run that can run now. */
export const handler = consume(RunMessage, async (message) => {
  const ctx = systemCtx({ tenantId: message.tenantId, job: "run-onboarding", traceparent: message.traceparent });
  await advanceRun(ctx, message.runId);
  await relayWritten(ctx);
});
