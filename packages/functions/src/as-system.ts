import { type Ctx, systemCtx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";
import { recordMessageCost } from "@resolve/core/platform/ledger";
import { relay } from "@resolve/core/platform/outbox";
import { describeError, logger } from "@resolve/core/platform/telemetry";

const rowsMax = 20;

/**
 * Runs `work` for a tenant as the system, and then sends the outbox rows that it wrote. Rows that fail or exceed the limit
 * are sent by the relay's schedule. At the end, also of work that failed, it records what the message has cost.
 */
export async function asSystem(
  caller: { tenantId: Id<"tenant">; job: string; traceparent: string },
  work: (ctx: Ctx) => Promise<unknown>,
): Promise<void> {
  const ctx = systemCtx(caller);
  try {
    await work(ctx);
    if (ctx.written.outbox)
      await relay({ limit: rowsMax }).catch((error) => logger.warn("relay failed", describeError(error)));
  } finally {
    await recordMessageCost(ctx);
  }
}
