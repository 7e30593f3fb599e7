import { sql } from "drizzle-orm";
import { type Ctx, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { withIds } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { attemptDays, retentionDays } from "./schedule.ts";

/** Rows of each table that one step deletes; the next sweep continues. */
const rowsMax = 1_000;
const webhooksMax = 200;

/** An ended delivery is of no use to a recovery that cannot reach its event. Its id has the time of the event. */
const isExpired = sql`id < app.uuid_floor(app.now() - make_interval(days => ${retentionDays})) and status in ('delivered', 'failed')`;
const isOldAttempt = sql`attempted_at < app.now() - make_interval(days => ${attemptDays})`;

/**
 * Deletes attempts, with the responses that they contain, and ended deliveries when their time is over. Deliveries that wait
 * or are held stay. For the sweep.
 */
export async function expireDeliveries(): Promise<number> {
  const rows = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select w.tenant_id, w.id from app.webhooks w where ${isDue("webhook-retention", sql`w.tenant_id`, sql`w.id`)} and (
        exists (select from app.webhook_attempts where tenant_id = w.tenant_id and webhook_id = w.id and ${isOldAttempt})
        or exists (select from app.webhook_deliveries where tenant_id = w.tenant_id and webhook_id = w.id and ${isExpired}))
      limit ${webhooksMax}`),
  );
  return forEachRow("webhook-retention", withIds(rows, { tenant_id: "tenant", id: "webhook" }), ({ tenant_id, id }) =>
    withTx(systemCtx({ tenantId: tenant_id, job: "sweep" }), (ctx) => expire(ctx, id)),
  );
}

const expire = async (ctx: Ctx, id: Id<"webhook">): Promise<void> => {
  const own = sql`tenant_id = ${ctx.tenantId} and webhook_id = ${id}`;
  await ctx.db.execute(sql`delete from app.webhook_attempts where ${own} and id in (
    select id from app.webhook_attempts where ${own} and ${isOldAttempt} limit ${rowsMax})`);
  await ctx.db.execute(sql`delete from app.webhook_deliveries where ${own} and id in (
    select id from app.webhook_deliveries where ${own} and ${isExpired} limit ${rowsMax})`);
};
