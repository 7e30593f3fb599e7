import { and, eq, gte, sql } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, withSystemTx, withTx } from "../platform/context.ts";
import { lockRow, ofTenant, only } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { countedMax } from "../platform/page.ts";
import { logger } from "../platform/telemetry.ts";
import { isSuspended } from "../platform/tenant-state.ts";
import { disablesAt } from "./health.ts";
import { circuitFailures } from "./schedule.ts";
import { webhookTable as table } from "./webhook.sql.ts";

const moment = z.date().nullable().meta({ format: "date-time" });

/** How an endpoint does. Attempts are those of the last 24 hours, at most the last 10,000. */
export const WebhookMetrics = z.object({
  attempts: z.int(),
  succeeded: z.int(),
  /** From 0 to 1; null without attempts. */
  successRate: z.number().nullable(),
  p50Ms: z.int().nullable(),
  p95Ms: z.int().nullable(),
  /** Deliveries that are not finished, counted up to 10,000. */
  pending: z.int(),
  held: z.int(),
  /** When the event of the oldest unfinished delivery occurred. */
  oldestPendingAt: moment,
  /** Failed attempts since the last success. */
  failures: z.int(),
  failingSince: moment,
  /** When the endpoint will be disabled, unless an attempt succeeds. */
  disablesAt: moment,
  /** No attempt begins before this time, because the last ones failed or the endpoint sent Retry-After. */
  pausedUntil: moment,
});
export type WebhookMetrics = z.output<typeof WebhookMetrics>;

const attemptsMax = 10_000;

type Row = {
  attempts: number;
  succeeded: number;
  p50: number | null;
  p95: number | null;
  oldest: string | null;
} & Record<"pending" | "held", number>;

/** @throws Problem `not-found` */
export const getWebhookMetrics = (ctx: Ctx, id: Id<"webhook">): Promise<WebhookMetrics> =>
  withTx(ctx, async (ctx) => {
    const { failures, failingSince, circuitOpenUntil } = await lockRow(ctx, table, id);
    const open = (status: string) => sql`(select count(*)::int from (select from app.webhook_deliveries
      where tenant_id = ${ctx.tenantId} and webhook_id = ${id} and status = ${status} limit ${countedMax}) counted)`;
    const row = only(
      await ctx.db.execute<Row>(sql`
        select count(*)::int as attempts, count(*) filter (where cause is null)::int as succeeded,
          percentile_cont(0.5) within group (order by duration_ms) as p50, percentile_cont(0.95) within group (order by duration_ms) as p95,
          ${open("pending")} as pending, ${open("held")} as held,
          (select created_at from app.webhook_deliveries where tenant_id = ${ctx.tenantId} and webhook_id = ${id} and status = 'pending'
            order by sequence limit 1) as oldest
        from (select cause, duration_ms from app.webhook_attempts where tenant_id = ${ctx.tenantId} and webhook_id = ${id}
          and attempted_at > app.now() - interval '1 day' order by attempted_at desc limit ${attemptsMax}) recent`),
    );
    const isDisabling = failingSince && failures >= circuitFailures;
    return WebhookMetrics.parse({
      ...row,
      successRate: row.attempts === 0 ? null : row.succeeded / row.attempts,
      p50Ms: row.p50 === null ? null : Math.round(row.p50),
      p95Ms: row.p95 === null ? null : Math.round(row.p95),
      oldestPendingAt: row.oldest === null ? null : new Date(row.oldest),
      failures,
      failingSince,
      disablesAt: isDisabling ? disablesAt(failingSince) : null,
      pausedUntil: circuitOpenUntil,
    });
  });

const failingMax = 10;
type EndpointCounts = {
  enabled: number;
  disabled: number;
  /** Attempts wait for a while, because the last five have failed. The first `failingMax` by id. */
  failing: { id: Id<"webhook">; failures: number; failingSince: Date | null }[];
  /** Deliveries that are not finished, at most `countedMax`. */
  unfinishedDeliveries: number;
};

/** The endpoints of the tenant, of which it has at most as many as its limit. Joins the caller's transaction. */
export const countEndpoints = async (ctx: Ctx): Promise<EndpointCounts> => {
  const row = only(
    await ctx.db.execute<Pick<EndpointCounts, "enabled" | "disabled" | "unfinishedDeliveries">>(sql`
      select count(*) filter (where status = 'enabled')::int as enabled, count(*) filter (where status = 'disabled')::int as disabled,
        (select count(*)::int from (select from app.webhook_deliveries where tenant_id = ${ctx.tenantId}
          and status in ('pending', 'held') limit ${countedMax}) counted) as "unfinishedDeliveries"
      from app.webhooks where tenant_id = ${ctx.tenantId}`),
  );
  const isFailing = and(ofTenant(ctx, table), eq(table.status, "enabled"), gte(table.failures, circuitFailures));
  const { id, failures, failingSince } = table;
  const failing = await ctx.db
    .select({ id, failures, failingSince })
    .from(table)
    .where(isFailing)
    .orderBy(id)
    .limit(failingMax);
  return { ...row, failing };
};

const lateSeconds = 300;

/** Logs for the alarm how many endpoints have attempts that are due and that nobody makes. For the sweep. */
export async function reportLateDeliveries(): Promise<void> {
  const rows = await withSystemTx("sweep", (db) =>
    db.execute<{ n: number }>(sql`
      select count(*)::int as n from app.webhooks w where w.status = 'enabled' and coalesce(w.circuit_open_until <= app.now(), true)
        and exists (select from app.webhook_deliveries d where d.tenant_id = w.tenant_id and d.webhook_id = w.id and d.status = 'pending'
          and d.in_flight_until is null and not d.is_recovery and d.next_attempt_at <= app.now() - make_interval(secs => ${lateSeconds}))
        and not exists (select from app.webhook_deliveries d where d.tenant_id = w.tenant_id and d.webhook_id = w.id
          and d.in_flight_until is not null) and not ${isSuspended(sql`w.tenant_id`)}`),
  );
  const { n } = only(rows);
  if (n > 0) logger.error("webhook deliveries are late", { webhooks: n });
}
