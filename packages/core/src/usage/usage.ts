import { and, eq, gte, inArray, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { type Limits, type MonthlyMeter, monthlyLimits, readLimits } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, withPlatformTx, withTx } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import { idSchema, toId, toUuid } from "../platform/id.ts";
import { type Meter, meters } from "../platform/meter.ts";
import { type Page, type PageOf, pageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { usageHourTable as hours, usageMonthTable as months } from "./usage.sql.ts";

const Amount = z.object({
  meter: z.enum(meters),
  used: z.int(),
  /** Null: the plan does not limit it. */
  limit: z.int().nullable(),
});
export const Usage = z.object({
  /** `2026-12`, in UTC. */
  month: z.string(),
  resetsAt: z.date().meta({ format: "date-time" }),
  meters: z.array(Amount),
  /** Only of the day that was asked for: by hour, oldest first. */
  hours: z
    .array(z.object({ hour: z.date().meta({ format: "date-time" }), meter: z.enum(meters), used: z.int() }))
    .optional(),
});
export type Usage = z.output<typeof Usage>;

export const TenantUsage = z.object({ tenantId: idSchema("tenant"), meters: z.record(z.string(), z.int()) });

/** Usage began in this millennium, and PostgreSQL and JavaScript write these years in the same way. */
const monthPattern = /^2\d{3}-(0[1-9]|1[0-2])$/;
export const UsageQuery = z.strictObject({
  month: z.string().regex(monthPattern, "must be a month such as 2026-12").optional(),
  /** A day such as `2026-12-01`, whose hours the response has too. */
  day: z.iso.date().regex(/^2/, "must be a day such as 2026-12-01").optional(),
});

export const thisMonth = (): string => now().toISOString().slice(0, 7);
/** When the month ends, in UTC. */
export const endOf = (month: string): Date => {
  const start = new Date(`${month}-01T00:00:00Z`);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1));
};

/** @throws Problem `invalid-request` when a query names a day and another month. */
export const assertOfMonth = ({ month, day }: z.output<typeof UsageQuery>): void => {
  if (month === undefined || day === undefined || day.startsWith(month)) return;
  throw new Problem("invalid-request", undefined, { errors: [{ path: "query:/day", message: `must be in ${month}` }] });
};

/** What the tenant has used in a month (this one by default), beside its limits. */
export const getUsage = (ctx: Ctx, { month, day }: z.output<typeof UsageQuery> = {}): Promise<Usage> =>
  withTx(ctx, async (ctx) => {
    assertOfMonth({ month, day });
    const wanted = month ?? day?.slice(0, 7) ?? thisMonth();
    const limits = await readLimits(ctx);
    const rows = await ctx.db
      .select()
      .from(months)
      .where(and(ofTenant(ctx, months), eq(months.month, `${wanted}-01`)));
    const used = new Map(rows.map((row) => [row.meter, row.amount]));
    return {
      month: wanted,
      resetsAt: endOf(wanted),
      meters: meters.map((meter) => ({ meter, used: used.get(meter) ?? 0, limit: limitOf(limits, meter) })),
      ...(day ? { hours: await hoursOf(ctx, day) } : {}),
    };
  });

export const limitOf = (limits: Limits, meter: Meter): number | null =>
  isMonthly(meter) ? limits[monthlyLimits[meter]] : null;
const isMonthly = (meter: Meter): meter is MonthlyMeter => Object.hasOwn(monthlyLimits, meter);

const hoursOf = async (ctx: Ctx, day: string): Promise<NonNullable<Usage["hours"]>> => {
  const from = new Date(`${day}T00:00:00Z`);
  const until = new Date(from.getTime() + 86_400_000);
  const rows = await ctx.db
    .select({ hour: hours.hour, meter: hours.meter, used: sql<string>`sum(${hours.amount})` })
    .from(hours)
    .where(and(ofTenant(ctx, hours), gte(hours.hour, from), lt(hours.hour, until), inArray(hours.meter, [...meters])))
    .groupBy(hours.hour, hours.meter)
    .orderBy(hours.hour, hours.meter);
  return z.array(Usage.shape.hours.unwrap().element).parse(rows.map((row) => ({ ...row, used: Number(row.used) })));
};

/** For the operator: the month's usage of all tenants that used something, newest tenant first. */
export const listUsage = async (
  ctx: Ctx,
  { month = thisMonth(), ...page }: Page<"tenant"> & { month?: string | undefined },
): Promise<PageOf<z.output<typeof TenantUsage>>> => {
  const before = page.cursor ? toUuid(page.cursor) : null;
  const rows = await withPlatformTx(ctx, (db) =>
    db.execute<{ tenant_id: string; meters: Record<string, number> }>(sql`
      select tenant_id, jsonb_object_agg(meter, amount) as meters from app.usage_months
      where month = ${`${month}-01`}::date and meter = any(${sql.param([...meters])}::text[]) and (${before}::uuid is null or tenant_id < ${before}::uuid)
      group by tenant_id order by tenant_id desc limit ${page.limit + 1}`),
  );
  const found = rows.map(({ tenant_id, meters }) => ({ id: toId("tenant", tenant_id), meters }));
  const { data, ...rest } = pageOf(found, page.limit);
  return { ...rest, data: data.map(({ id, meters }) => ({ tenantId: id, meters })) };
};
