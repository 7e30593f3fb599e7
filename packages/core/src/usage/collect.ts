import { sql } from "drizzle-orm";
import { hourOf, usageKey } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, systemCtx, withTx } from "../platform/context.ts";
import { type Id, parseId } from "../platform/id.ts";
import { type CostMeter, costMeters, type Meter, meters, type ServiceMeter, serviceMeters } from "../platform/meter.ts";
import { runScript } from "../platform/services/cache.ts";
import { scriptOf } from "../platform/services/cache-store.ts";
import { forEachRow } from "../platform/sweep.ts";
import { isKnown } from "../platform/tenant-state.ts";

/** In one text, since Redis and Upstash return a hash in different forms; no field has a blank. */
const readAll = scriptOf("return table.concat(redis.call('HGETALL', KEYS[1]), ' ')");

/** Redis keeps an hour for three days: so long the sweep may fail, and everything is still taken over. */
const hoursKept = 72;
let hasCaughtUp = false;

type Counted = { tenant_id: Id<"tenant">; amounts: Partial<Record<Meter | ServiceMeter | CostMeter, number>> };

/**
 * Takes over from Redis what requests have counted, for the sweep. It stores the counter's value, not the difference, so a sweep
 * that runs twice, or dies in the middle, changes nothing. Each counter has a name: when Redis has lost one, the next has another
 * name and is added, so a loss costs what was counted since the last sweep.
 */
export async function collectUsage(): Promise<number> {
  // The first sweep of a process reads all hours, in case none ran for some time.
  const hours = hasCaughtUp ? 2 : hoursKept;
  let handled = 0;
  for (let back = hours - 1; back >= 0; back -= 1) {
    const hour = hourOf(new Date(now().getTime() - back * 3_600_000));
    const text = await runScript(readAll, [usageKey(hour)], []);
    if (typeof text !== "string") return handled;
    const { source, rows } = parse(text);
    if (rows.length > 0) handled += await forEachRow("usage", rows, (row) => store(row, hour, source));
  }
  hasCaughtUp = true;
  return handled;
}

const collected = [...meters, ...serviceMeters, ...costMeters];

const parse = (text: string): { source: string; rows: Counted[] } => {
  const parts = text.split(" ");
  const tenants = new Map<Id<"tenant">, Counted>();
  let source = "";
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [field = "", value = ""] = parts.slice(at, at + 2);
    if (field === "source") source = value;
    const [id, meter] = field.split("/");
    const tenantId = parseId("tenant", id ?? "");
    const known = collected.find((one) => one === meter);
    if (!tenantId || !known) continue;
    const row = tenants.get(tenantId) ?? { tenant_id: tenantId, amounts: {} };
    row.amounts[known] = Number(value);
    tenants.set(tenantId, row);
  }
  return { source, rows: [...tenants.values()] };
};

const store = ({ tenant_id: tenantId, amounts }: Counted, hour: string, source: string): Promise<void> =>
  withTx(systemCtx({ tenantId, job: "sweep" }), (ctx) => storeAmounts(ctx, amounts, hour, source));

/**
 * The month is the sum of its hours, whatever came when. A meter is counted here or in transactions, never both. Those with a dot have
 * no limit with which they would have to be compared. Of a tenant that the database does not know, nothing is stored.
 */
const storeAmounts = async (ctx: Ctx, amounts: Counted["amounts"], hour: string, source: string): Promise<void> => {
  const at = `${hour}:00:00Z`;
  const changed = await ctx.db.execute<{ meter: string }>(sql`
    insert into app.usage_hours as u (tenant_id, hour, meter, source, amount)
    select ${ctx.tenantId}, ${at}::timestamptz, key, ${source}, value::bigint from jsonb_each_text(${JSON.stringify(amounts)}::jsonb)
    where ${isKnown(sql`${ctx.tenantId}`)} order by key
    on conflict (tenant_id, hour, meter, source) do update set amount = excluded.amount where u.amount < excluded.amount
    returning meter`);
  if (changed.length === 0) return;
  const names = sql.param(changed.map(({ meter }) => meter));
  const month = `${hour.slice(0, 7)}-01`;
  await ctx.db.execute(sql`
    insert into app.usage_months as m (tenant_id, month, meter, amount, checked_amount)
    select tenant_id, ${month}::date, meter, sum(amount), case when meter like '%.%' then sum(amount) else 0 end from app.usage_hours
    where tenant_id = ${ctx.tenantId} and meter = any(${names}::text[]) and hour >= ${month}::date::timestamp at time zone 'UTC'
      and hour < (${month}::date + interval '1 month') at time zone 'UTC'
    group by tenant_id, meter order by meter
    on conflict (tenant_id, month, meter) do update set amount = excluded.amount,
      checked_amount = case when m.meter like '%.%' then excluded.amount else m.checked_amount end`);
};
