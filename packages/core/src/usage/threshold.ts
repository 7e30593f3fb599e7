import { and, eq, sql } from "drizzle-orm";
import { type Limits, readLimits } from "../identity/index.ts";
import { type Ctx, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { ofTenant, withIds } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import type { Meter } from "../platform/meter.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { UsageThreshold } from "./usage.events.ts";
import { usageMonthTable as months } from "./usage.sql.ts";
import { endOf, limitOf } from "./usage.ts";

const tenantsMax = 500;
const hoursKeptDays = 400;

/** Compares what has changed with the limits, and announces 80 and 100 percent once each. For the sweep. */
export async function announceUsage(): Promise<number> {
  const rows = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string }>(sql`
      select distinct tenant_id from app.usage_months m where amount <> checked_amount and ${isDue("usage", sql`m.tenant_id`)}
      limit ${tenantsMax}`),
  );
  return forEachRow("usage", withIds(rows, { tenant_id: "tenant" }), ({ tenant_id: tenantId }) =>
    withTx(systemCtx({ tenantId, job: "sweep" }), check),
  );
}

const check = async (ctx: Ctx): Promise<void> => {
  const limits = await readLimits(ctx);
  const rows = await ctx.db
    .select()
    .from(months)
    .where(and(ofTenant(ctx, months), sql`${months.amount} <> ${months.checkedAmount}`))
    .orderBy(months.meter)
    // A sweep that runs at the same time waits here, and then sees what this one has announced.
    .for("update");
  for (const row of rows) {
    const percent = reached(row.amount, row.meter, limits);
    await ctx.db
      .update(months)
      .set({ checkedAmount: row.amount, announced: Math.max(row.announced, percent) })
      .where(and(ofTenant(ctx, months), eq(months.month, row.month), eq(months.meter, row.meter)));
    if (percent === 0 || percent <= row.announced) continue;
    const month = row.month.slice(0, 7);
    publish(ctx, UsageThreshold, ctx.tenantId, {
      meter: row.meter,
      month,
      percent,
      used: row.amount,
      // What has reached a share of its limit has one.
      limit: limitOf(limits, row.meter as Meter)!,
      resetsAt: endOf(month).toISOString(),
    });
  }
  await ctx.db.execute(sql`delete from app.usage_hours
    where tenant_id = ${ctx.tenantId} and hour < app.now() - make_interval(days => ${hoursKeptDays})`);
};

const reached = (amount: number, meter: string, limits: Limits): 0 | 80 | 100 => {
  // A row's meter was written from the list of them.
  const limit = limitOf(limits, meter as Meter);
  if (limit === null) return 0;
  return amount >= limit ? 100 : amount >= limit * 0.8 ? 80 : 0;
};
