import { sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, withPlatformTx } from "../platform/context.ts";
import { idSchema, toId, toUuid } from "../platform/id.ts";
import { costMeters, type Figure, meters } from "../platform/meter.ts";
import { type Page, type PageOf, pageOf } from "../platform/page.ts";
import fixedCosts from "./fixed-costs.gen.json" with { type: "json" };
import { type Bill, perDocument, perRequest, total, type Use, useBill } from "./items.ts";
import { hoursPerMonth } from "./prices.ts";
import { assertOfMonth, endOf, thisMonth, UsageQuery } from "./usage.ts";

export const TenantCost = z.object({
  tenantId: idSchema("tenant"),
  /** All that was counted; those of requests and messages have a dot. */
  amounts: z.record(z.string(), z.int()),
  /** USD of what the tenant used, by service. */
  services: z.record(z.string(), z.number()),
  /** Their sum. */
  usd: z.number(),
  /** Its part of the database's time, from 0 to 1. */
  databaseShare: z.number(),
  /** This part of what the stage costs without any use; null where that is not known. */
  sharedUsd: z.number().nullable(),
  /** USD of what the tenant used in each hour of the day that was asked for, oldest first. */
  hours: z.array(z.object({ hour: z.date().meta({ format: "date-time" }), usd: z.number() })).optional(),
});
export type TenantCost = z.output<typeof TenantCost>;

export const CostQuery = z.strictObject({
  month: UsageQuery.shape.month,
  /** A day such as `2026-12-01` instead of a month; the response then has its hours too. */
  day: UsageQuery.shape.day,
});

type Row = { id: string; hour: string | null; meter: string; amount: string };
const costs: readonly string[] = [...meters, ...costMeters];

/** What each tenant has cost that used something in a month (this one by default) or on a day, newest tenant first. For operators; the route has checked that. */
export const listCosts = async (
  ctx: Ctx,
  { month: asked, day, ...page }: Page<"tenant"> & z.output<typeof CostQuery>,
): Promise<PageOf<TenantCost>> => {
  assertOfMonth({ month: asked, day });
  const month = asked ?? thisMonth();
  const from = new Date(`${day ?? `${month}-01`}T00:00:00Z`);
  const until = day ? new Date(from.getTime() + 86_400_000) : endOf(month);
  // Of the tenant `t`.
  const counted = day
    ? sql`select hour, meter, amount from app.usage_hours where tenant_id = t.id and hour >= ${from.toISOString()}::timestamptz and hour < ${until.toISOString()}::timestamptz`
    : sql`select null::timestamptz as hour, meter, amount from app.usage_months where tenant_id = t.id and month = ${`${month}-01`}::date`;
  const before = page.cursor ? toUuid(page.cursor) : null;
  const { found, rows, allMicros } = await withPlatformTx(ctx, async (db) => {
    const found = await db.execute<{ id: string }>(sql`
      select t.id from app.tenants t where (${before}::uuid is null or t.id < ${before}) and exists (${counted})
      order by t.id desc limit ${page.limit + 1}`);
    const ids = sql.param(found.map(({ id }) => id));
    const rows = await db.execute<Row>(sql`
      select t.id, c.hour, c.meter, sum(c.amount) as amount from app.tenants t cross join lateral (${counted}) c
      where t.id = any(${ids}::uuid[]) and c.meter = any(${sql.param([...costs])}::text[])
      group by t.id, c.hour, c.meter order by c.hour`);
    const [all] = await db.execute<{ micros: string | null }>(sql`
      select sum(c.amount) as micros from app.tenants t cross join lateral (${counted}) c
      where c.meter in ('request.databaseMicros', 'message.databaseMicros')`);
    return { found, rows, allMicros: Number(all?.micros ?? 0) };
  });
  const elapsedHours = Math.max(0, Math.min(until.getTime(), now().getTime()) - from.getTime()) / 3_600_000;
  const byTenant = Map.groupBy(rows, ({ id }) => id);
  const { data, ...rest } = pageOf(
    found.map(({ id }) => ({ id: toId("tenant", id), uuid: id })),
    page.limit,
  );
  const costOf = ({ id, uuid }: (typeof data)[number]): TenantCost => {
    const own = byTenant.get(uuid) ?? [];
    const amounts = amountsOf(own);
    const services = mapUsd(billOf(amounts));
    const databaseShare = allMicros === 0 ? 0 : figure(amounts, "databaseMicros") / allMicros;
    return {
      tenantId: id,
      amounts,
      services,
      usd: rounded(total(services)),
      databaseShare,
      sharedUsd: fixedPerHour === undefined ? null : rounded(databaseShare * fixedPerHour * elapsedHours),
      ...(day ? { hours: hoursOf(own) } : {}),
    };
  };
  return { ...rest, data: data.map(costOf) };
};

/** Of the resources of this stage; the stages whose cost is known are those that docs/cost.md prices. */
const fixedPerHour: number | undefined = (() => {
  const perMonth = (fixedCosts as Record<string, number>)[process.env["RESOLVE_STAGE"] ?? ""];
  return perMonth === undefined ? undefined : perMonth / hoursPerMonth;
})();

type Amounts = Record<string, number>;
const amountsOf = (rows: readonly Row[]): Amounts => {
  const amounts: Amounts = {};
  for (const { meter, amount } of rows) amounts[meter] = (amounts[meter] ?? 0) + Number(amount);
  return amounts;
};

const hoursOf = (rows: readonly Row[]): NonNullable<TenantCost["hours"]> =>
  [...Map.groupBy(rows, ({ hour }) => hour)].map(([hour, rows]) => ({
    // Rows of a day have an hour.
    hour: new Date(hour!),
    usd: rounded(total(billOf(amountsOf(rows)))),
  }));

/** Of requests and messages together. */
const figure = (amounts: Amounts, name: Figure): number =>
  (amounts[`request.${name}`] ?? 0) + (amounts[`message.${name}`] ?? 0);

const gbSeconds = (mbMs: number): number => mbMs / 1024 / 1000;

/** What was recorded, as the model of docs/cost.md sees it. What is not measured is computed as the model does. */
export const useOfAmounts = (amounts: Amounts): Use => {
  const of = (meter: string): number => amounts[meter] ?? 0;
  const requests = of("request.count");
  const attempts = of("message.attempts");
  const newGb = of("bytes") / 1e9;
  return {
    requests,
    requestGbSeconds: gbSeconds(of("request.mbMs")),
    responseGb: of("request.responseBytes") / 1e9,
    logGb: (requests * perRequest.logKb) / 1e6,
    outsideGb: (requests * perRequest.outsideKb) / 1e6,
    zoneGb: (requests * perRequest.zoneKb) / 1e6,
    traces: requests * perRequest.tracedShare,
    cacheCommands: figure(amounts, "cacheCalls"),
    documents: of("documents"),
    newGb,
    downloadedGb: newGb * perDocument.downloads,
    // The results of attempts are messages, too.
    messages: Math.max(0, of("message.count") - attempts),
    attempts,
    messageGbSeconds: gbSeconds(of("message.mbMs")),
    embeddingTokens: figure(amounts, "embeddingTokens"),
    ocrPages: of("ocrPages"),
  };
};

const billOf = (amounts: Amounts): Bill => useBill(useOfAmounts(amounts));

/** To a millionth of a USD cent: a single request costs a thousandth of a cent. */
const rounded = (usd: number): number => Math.round(usd * 1e8) / 1e8;
const mapUsd = (bill: Bill): Record<string, number> =>
  Object.fromEntries(Object.entries(bill).map(([service, usd]) => [service, rounded(usd)]));
