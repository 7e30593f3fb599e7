import { and, eq, sql } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import type { Ctx } from "../platform/context.ts";
import { ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import type { Id } from "../platform/id.ts";
import { WebhookDisabled, WebhookEnabled } from "./webhook.events.ts";
import { webhookTable as table } from "./webhook.sql.ts";

/**
 * Stops deliveries to the endpoint and holds those that wait, and publishes this once. Joins the caller's transaction. False:
 * it was disabled before.
 */
export const disableWebhook = async (ctx: Ctx, id: Id<"webhook">, reason: string): Promise<boolean> => {
  const changed = await setStatus(ctx, id, { from: "enabled", to: "disabled", reason });
  if (!changed) return false;
  await ctx.db.execute(sql`
    update app.webhook_deliveries set status = 'held', next_attempt_at = null, updated_at = app.now()
    where tenant_id = ${ctx.tenantId} and webhook_id = ${id} and status = 'pending'`);
  publish(ctx, WebhookDisabled, id, { reason });
  return true;
};

/** Deliveries begin again, with those that were held. The caller dispatches them. Joins the caller's transaction. */
export const enableWebhook = async (ctx: Ctx, id: Id<"webhook">): Promise<boolean> => {
  const changed = await setStatus(ctx, id, { from: "disabled", to: "enabled", reason: null });
  if (!changed) return false;
  await ctx.db.execute(sql`
    update app.webhook_deliveries set status = 'pending', next_attempt_at = app.now(), updated_at = app.now()
    where tenant_id = ${ctx.tenantId} and webhook_id = ${id} and status = 'held'`);
  publish(ctx, WebhookEnabled, id, {});
  return true;
};

/** The state of an endpoint whose attempts have not failed. */
export const healthy = {
  failures: 0,
  failingSince: null,
  failingPercent: 0,
  circuitOpenUntil: null,
  circuitOpenings: 0,
} as const;

const setStatus = async (
  ctx: Ctx,
  id: Id<"webhook">,
  { from, to, reason }: { from: string; to: string; reason: string | null },
): Promise<boolean> => {
  const rows = await ctx.db
    .update(table)
    .set({
      status: to,
      disabledReason: reason,
      ...(to === "enabled" && healthy),
      updatedAt: now(),
    })
    .where(and(ownedBy(ctx, table, id), eq(table.status, from)))
    .returning({ id: table.id });
  return rows.length > 0;
};
