import { type Ctx, systemCtx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import { describeError, logger } from "@resolve/core/platform/telemetry";

const rowsMax = 20;

/**
 * Runs `work` for a tenant as the system, and then sends the outbox rows that it wrote. Rows that fail or exceed the limit
 * are sent by the relay's schedule.
 */
export async function asSystem(
  caller: { tenantId: Id<"tenant">; job: string; traceparent: string },
  work: (ctx: Ctx) => Promise<unknown>,
): Promise<void> {
  const ctx = systemCtx(caller);
  await work(ctx);
  if (ctx.written.outbox)
    await relay({ limit: rowsMax }).catch((error) => logger.warn("relay failed", describeError(error)));
}
