import { sql } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import { type Ctx, recordUsage, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { type Changes, ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import type { Id } from "../platform/id.ts";
import { senderMemoryMb } from "../platform/objectives.ts";
import { wideEvent } from "../platform/wide-event.ts";
import { dispatchDue } from "./dispatch.ts";
import { noteFailure, noteSuccess } from "./health.ts";
import type { AttemptResult } from "./messages.ts";
import { retryDelaySeconds } from "./schedule.ts";
import { disableWebhook } from "./status.ts";
import { WebhookTest, WebhookVerified } from "./webhook.events.ts";
import { deliveryTable as table, webhookTable } from "./webhook.sql.ts";

/**
 * Stores the results of attempts, all or none. Each delivery is then delivered, failed for good, or gets another attempt later. A
 * result that comes twice is applied once. The places of the attempts go to the tenant's next ones, together: one after the other took
 * 20 ms for each delivery of an event that many endpoints want.
 */
export const recordAttempts = (ctx: Ctx, results: readonly AttemptResult[]): Promise<void> =>
  withTx(ctx, async (ctx) => {
    // Before the rows: enabling and disabling lock an endpoint and then its deliveries, a result the other way round.
    await lockTenant(ctx, "webhooks");
    for (const result of results) await apply(ctx, result);
    await dispatchDue(ctx);
  });

const apply = async (ctx: Ctx, result: AttemptResult): Promise<void> => {
  const { deliveryId: id, attempt, statusCode, cause, durationMs } = result;
  const event = wideEvent();
  if (event) {
    event.attempts += 1;
    event.attemptMbMs += durationMs * senderMemoryMb;
  }
  const wanted = ownedBy(ctx, table, id);
  const [delivery] = await ctx.db.select().from(table).where(wanted).for("update");
  // The delivery was deleted with its endpoint.
  if (!delivery) return;
  const isLate = delivery.attempts >= attempt;
  const set = (changes: Changes<typeof table>) =>
    ctx.db
      .update(table)
      .set({ inFlightUntil: null, updatedAt: now(), ...changes })
      .where(wanted);
  if (result.isStale) {
    if (!isLate) await set(delivery.status === "pending" ? { nextAttemptAt: sql`app.now()` } : {});
    return;
  }
  await ctx.db.execute(sql`
    insert into app.webhook_attempts (tenant_id, id, delivery_id, webhook_id, number, status_code, cause, duration_ms, response, attempted_at)
    values (${ctx.tenantId}, app.uuid_from(${id}, ${String(attempt)}), ${id}, ${delivery.webhookId}, ${attempt}, ${statusCode}, ${cause},
      ${durationMs}, ${result.response.replaceAll("\0", "")}, ${result.attemptedAt})
    on conflict do nothing`);
  const isOpen = delivery.status === "pending" || delivery.status === "held";
  // The success of an attempt that was considered lost counts.
  if (!isOpen || (isLate && cause !== null)) return;
  const outcome = { attempts: Math.max(attempt, delivery.attempts), statusCode, cause, durationMs };
  if (cause === null) {
    await set({ ...outcome, status: "delivered", nextAttemptAt: null });
    recordUsage(ctx, { deliveries: 1 });
    await noteSuccess(ctx, delivery.webhookId);
    if (delivery.eventType === WebhookTest.type) publish(ctx, WebhookVerified, delivery.webhookId, {});
    return;
  }
  if (await hasMoved(ctx, delivery.webhookId, result.url)) {
    await set({ ...outcome, ...(delivery.status === "held" ? {} : { nextAttemptAt: sql`app.now()` }) });
    return;
  }
  const delay = retryDelaySeconds(attempt - delivery.attemptsBefore, result.retryAfterSeconds);
  // A held delivery keeps its number of attempts; it is tried again when its endpoint is enabled.
  if (delay === undefined) await set({ ...outcome, status: "failed", nextAttemptAt: null });
  else if (delivery.status === "held") await set(outcome);
  else await set({ ...outcome, nextAttemptAt: sql`app.now() + make_interval(secs => ${delay})` });
  if (statusCode === 410) await disableWebhook(ctx, delivery.webhookId, "the endpoint answered 410 Gone");
  else await noteFailure(ctx, delivery.webhookId, result.retryAfterSeconds);
};

/** The endpoint has another address since: a failure at the former one says nothing about it, and the delivery goes there at once. */
const hasMoved = async (ctx: Ctx, id: Id<"webhook">, url: string | undefined): Promise<boolean> => {
  if (url === undefined) return false;
  const [webhook] = await ctx.db
    .select({ url: webhookTable.url })
    .from(webhookTable)
    .where(ownedBy(ctx, webhookTable, id));
  return webhook !== undefined && webhook.url !== url;
};
