import { sql } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { lostAfterSeconds, resend } from "./attempt.ts";
import type { AttemptResult } from "./messages.ts";
import { deliveryTable as table } from "./webhook.sql.ts";
import { disableWebhook, WebhookTest, WebhookVerified } from "./webhook.ts";

/** Seconds before attempt 2, 3, …: 5 s, 30 s, 2 min, 10 min, 1 h, 3 h, 8 h, 24 h, 48 h. */
const backoffSeconds = [5, 30, 120, 600, 3_600, 10_800, 28_800, 86_400, 172_800];
/** SQS delays a message by at most 15 minutes; longer waits stay in the row. */
const queueDelayMax = 900;
const retryAfterMax = 86_400;

/**
 * Stores the result of an attempt. The delivery is then delivered, failed for good, or gets another attempt later. A result
 * that comes twice is applied once.
 */
export const recordAttempt = (ctx: Ctx, result: AttemptResult): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const id = result.deliveryId;
    const wanted = ownedBy(ctx, table, id);
    const [delivery] = await ctx.db.select().from(table).where(wanted).for("update");
    // The delivery was deleted with its endpoint.
    if (!delivery) return;
    const first = await ctx.db.execute(sql`
      insert into app.webhook_attempts (tenant_id, id, delivery_id, number, status_code, error, duration_ms, response, attempted_at)
      values (${ctx.tenantId}, app.uuid_from(${id}, ${String(result.attempt)}), ${id}, ${result.attempt}, ${result.statusCode}, ${result.error},
        ${result.durationMs}, ${result.response.replaceAll("\0", "")}, ${result.attemptedAt})
      on conflict do nothing returning id`);
    if (first.length === 0 || delivery.status !== "pending" || delivery.attempts >= result.attempt) return;

    const isDelivered = result.statusCode !== null && result.statusCode >= 200 && result.statusCode < 300;
    if (isDelivered) {
      await ctx.db
        .update(table)
        .set({ status: "delivered", attempts: result.attempt, nextAttemptAt: null, updatedAt: now() })
        .where(wanted);
      if (delivery.eventType === WebhookTest.type) publish(ctx, WebhookVerified, delivery.webhookId, {});
      return;
    }
    if (result.statusCode === 410) await disableWebhook(ctx, delivery.webhookId, "the endpoint answered 410 Gone");
    const delay = result.statusCode === 410 ? undefined : retryDelaySeconds(result.attempt, result.retryAfterSeconds);
    if (delay === undefined) {
      await ctx.db
        .update(table)
        .set({ status: "failed", attempts: result.attempt, nextAttemptAt: null, updatedAt: now() })
        .where(wanted);
      return;
    }
    const isQueued = delay <= queueDelayMax;
    const nextAttemptAt = new Date(now().getTime() + (delay + (isQueued ? lostAfterSeconds : 0)) * 1000);
    await ctx.db.update(table).set({ attempts: result.attempt, nextAttemptAt, updatedAt: now() }).where(wanted);
    if (isQueued) await resend(ctx, delivery, result.attempt + 1, delay);
  });

/** Seconds to wait after this attempt, ±20 %, at least the endpoint's Retry-After; undefined after the last one. */
export const retryDelaySeconds = (
  attempt: number,
  retryAfterSeconds: number | null,
  random = Math.random,
): number | undefined => {
  const base = backoffSeconds[attempt - 1];
  if (base === undefined) return undefined;
  const spread = Math.round(base * (0.8 + random() * 0.4));
  return Math.max(spread, Math.min(retryAfterSeconds ?? 0, retryAfterMax));
};
