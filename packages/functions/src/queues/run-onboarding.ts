import { advanceRun, RunMessage } from "@resolve/core/onboarding";
import { consume } from "./consume.ts";

/** onboarding: performs the steps of a run that can run now. */
export const handler = consume(RunMessage, "run-onboarding", (ctx, { runId }) => advanceRun(ctx, runId));
