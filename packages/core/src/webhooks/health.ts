import { and, eq, isNotNull, or, sql } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import { type Ctx, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { ofTenant, ownedBy, withIds } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import type { Id } from "../platform/id.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { wasResumedWithin } from "../platform/tenant-state.ts";
import { circuitFailures, circuitSeconds, circuitSecondsMax, failingPercent, failingSecondsMax } from "./schedule.ts";
import { disableWebhook, healthy } from "./status.ts";
import { WebhookFailing } from "./webhook.events.ts";
import { webhookTable as table } from "./webhook.sql.ts";

/** An attempt succeeded. Joins the caller's transaction. */
export const noteSuccess = async (ctx: Ctx, id: Id<"webhook">): Promise<void> => {
  const hasFailed = or(isNotNull(table.failingSince), isNotNull(table.circuitOpenUntil));
  await ctx.db
    .update(table)
    .set(healthy)
    .where(and(ownedBy(ctx, table, id), hasFailed));
};

/**
 * An attempt failed. After `circuitFailures` in a row the circuit opens, and again when the attempt after that time fails. An
 * endpoint that sends Retry-After gets no attempt before. Joins the caller's transaction.
 */
export const noteFailure = async (ctx: Ctx, id: Id<"webhook">, retryAfterSeconds: number | null): Promise<void> => {
  const opens = sql`${table.failures} + 1 >= ${circuitFailures} and coalesce(${table.circuitOpenUntil} <= app.now(), true)`;
  const seconds = sql`least(${circuitSeconds} * power(2, least(${table.circuitOpenings}, 10)), ${circuitSecondsMax})`;
  const asked = Math.min(retryAfterSeconds ?? 0, circuitSecondsMax);
  await ctx.db
    .update(table)
    .set({
      failures: sql`${table.failures} + 1`,
      failingSince: sql`coalesce(${table.failingSince}, app.now())`,
      circuitOpenUntil: sql`greatest(${table.circuitOpenUntil}, case when ${opens} then app.now() + make_interval(secs => ${seconds}) end,
        case when ${asked} > 0 then app.now() + make_interval(secs => ${asked}) end)`,
      circuitOpenings: sql`${table.circuitOpenings} + case when ${opens} then 1 else 0 end`,
    })
    .where(ownedBy(ctx, table, id));
  await announce(ctx, id);
};

/** The next attempt is made now. After many failures it tests the endpoint, as after the pause. Joins the caller's transaction. */
export const endPause = (ctx: Ctx, id: Id<"webhook">): Promise<unknown> =>
  ctx.db
    .update(table)
    .set({ circuitOpenUntil: null })
    .where(ownedBy(ctx, table, id));

/** Announces that the endpoint is failing, once for each percentage, and disables it at the end. Joins the caller's transaction. */
const announce = async (ctx: Ctx, id: Id<"webhook">): Promise<void> => {
  const own = and(ownedBy(ctx, table, id), eq(table.status, "enabled"));
  const [webhook] = await ctx.db.select().from(table).where(own);
  // A single failure is no sign that the endpoint is gone, however long ago it was.
  if (!webhook?.failingSince || webhook.failures < circuitFailures) return;
  const percent = failingPercent(webhook.failingSince, now());
  if (percent <= webhook.failingPercent) return;
  await ctx.db.update(table).set({ failingPercent: percent }).where(own);
  publish(ctx, WebhookFailing, id, {
    percent,
    failures: webhook.failures,
    failingSince: webhook.failingSince.toISOString(),
    disablesAt: disablesAt(webhook.failingSince).toISOString(),
  });
  if (percent === 100) await disableWebhook(ctx, id, "every attempt failed for five days");
};

export const disablesAt = (failingSince: Date): Date => new Date(failingSince.getTime() + failingSecondsMax * 1000);

/** The tenant was suspended meanwhile: the time in which no attempt was made does not count. Joins the caller's transaction. */
export const restartFailing = (ctx: Ctx): Promise<unknown> =>
  ctx.db
    .update(table)
    .set({ failingSince: sql`app.now()`, failingPercent: 0 })
    .where(and(ofTenant(ctx, table), isNotNull(table.failingSince)));

const webhooksMax = 200;
/** Longer than the event of a resume takes to arrive (`restartFailing`). */
const afterResumeSeconds = 300;

/** Announces and disables endpoints whose next attempt is too far away to do it. For the sweep. */
export async function announceFailing(): Promise<number> {
  const rows = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from app.webhooks w where status = 'enabled' and failures >= ${circuitFailures}
        and extract(epoch from app.now() - failing_since) * 100 / ${failingSecondsMax}
          >= case failing_percent when 0 then 50 when 50 then 70 when 70 then 90 else 100 end
        and ${isDue("webhook-health", sql`w.tenant_id`, sql`w.id`)} and not ${wasResumedWithin(sql`w.tenant_id`, afterResumeSeconds)}
      limit ${webhooksMax}`),
  );
  return forEachRow("webhook-health", withIds(rows, { tenant_id: "tenant", id: "webhook" }), ({ tenant_id, id }) =>
    withTx(systemCtx({ tenantId: tenant_id, job: "sweep" }), async (ctx) => {
      await lockTenant(ctx, "webhooks");
      await announce(ctx, id);
    }),
  );
}
