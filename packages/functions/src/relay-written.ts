import type { Ctx } from "@resolve/core/platform/context";
import { relay } from "@resolve/core/platform/outbox";
import { describeError, logger } from "@resolve/core/platform/telemetry";

const rowsMax = 20;

/** Sends what a handler wrote while it is still running; what fails or is left is the schedule's. */
export async function relayWritten(ctx: Ctx): Promise<void> {
  if (!ctx.written.outbox) return;
  await relay({ limit: rowsMax }).catch((error) => logger.warn("relay failed", describeError(error)));
}
