import { sql } from "drizzle-orm";
import { z } from "zod";
import { minuteKey, minuteOf } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, withPlatformTx } from "../platform/context.ts";
import { only } from "../platform/database/rows.ts";
import { idOrNullSchema, idSchema, toUuid } from "../platform/id.ts";
import { objectives, slowMs } from "../platform/objectives.ts";
import { countAllWork } from "../platform/parked-work.ts";
import { Problem } from "../platform/problems.ts";
import { runScript } from "../platform/services/cache.ts";
import { scriptOf } from "../platform/services/cache-store.ts";
import { checkReadiness, Readiness } from "../platform/services/readiness.ts";
import { thisMonth } from "./usage.ts";

const Counted = z.object({ requests: z.int(), failed: z.int(), slow: z.int() });
type Counted = z.output<typeof Counted>;
const Hour = z.object({ hour: z.date().meta({ format: "date-time" }), ...Counted.shape });
const Minute = z.object({ minute: z.date().meta({ format: "date-time" }), ...Counted.shape });

export const Health = z.object({
  ready: Readiness,
  /** Rows that wait to be sent, and since when the oldest is due. */
  outbox: z.object({ waiting: z.int(), oldestSeconds: z.number() }),
  parkedWork: z.int(),
  /** The last hour, oldest first, from the counters in Redis; null when Redis does not respond. */
  minutes: z.array(Minute).nullable(),
});
export type Health = z.output<typeof Health>;

const Objective = z.object({
  name: z.enum(["availability", "latency"]),
  /** The share of requests that must be good, from 0 to 1. */
  target: z.number(),
  total: z.int(),
  bad: z.int(),
  /** The share that was good; null without requests. */
  achieved: z.number().nullable(),
  /** What is left of the month's error budget, from 1 to 0; below 0 when more is used than there is. */
  budgetLeft: z.number(),
  /** How many times faster than permitted the budget was used in the last hour: 1 uses up exactly all of it. Null without requests or Redis. */
  burnRate: z.number().nullable(),
});
export const Slo = z.object({
  /** `2026-12`, in UTC. */
  month: z.string(),
  tenantId: idOrNullSchema("tenant"),
  /** A request is slow above this. */
  slowMs: z.int(),
  objectives: z.array(Objective),
  hours: z.array(Hour),
});
export type Slo = z.output<typeof Slo>;

/** `hours`: how many of the last hours the response has. */
export const SloQuery = z.strictObject({
  tenantId: idSchema("tenant").optional(),
  hours: z.coerce.number().int().min(1).max(168).default(24),
});

const minutesShown = 60;
/** In one text, since Redis and Upstash return lists in different forms: three numbers for each minute. */
const readMinutes = scriptOf(`
local result = {}
for _, key in ipairs(KEYS) do
  for _, field in ipairs({'requests', 'failed', 'slow'}) do
    result[#result + 1] = redis.call('HGET', key, field) or 0
  end
end
return table.concat(result, ' ')`);

const lastHour = async (): Promise<z.output<typeof Minute>[] | null> => {
  const times = Array.from({ length: minutesShown }, (_, n) => now().getTime() - (minutesShown - 1 - n) * 60_000);
  const names = times.map((time) => minuteOf(new Date(time)));
  const text = await runScript(readMinutes, names.map(minuteKey), []);
  if (typeof text !== "string") return null;
  const numbers = text.split(" ").map(Number);
  return names.map((name, n) => {
    const [requests = 0, failed = 0, slow = 0] = numbers.slice(3 * n, 3 * n + 3);
    return { minute: new Date(`${name}:00Z`), requests, failed, slow };
  });
};

/** The state of the system now; what waits for the resume of a suspended tenant is not part of it. For operators; the route has checked that. */
export const getHealth = async (ctx: Ctx): Promise<Health> => {
  const [ready, minutes, { waiting, oldestSeconds, parked }] = await Promise.all([
    checkReadiness(),
    lastHour(),
    countAllWork(ctx),
  ]);
  return { ready, outbox: { waiting, oldestSeconds }, parkedWork: parked, minutes };
};

/**
 * The month's objectives, of all tenants or of one, and the last hours. For operators; the route has checked that.
 *
 * @throws Problem `not-found` without such a tenant
 */
export const getSlo = async (ctx: Ctx, { tenantId, hours }: z.output<typeof SloQuery>): Promise<Slo> => {
  const month = thisMonth();
  const ofOne = tenantId ? sql`and tenant_id = ${toUuid(tenantId)}` : sql``;
  const [total, series] = await withPlatformTx(ctx, async (db) => {
    if (tenantId && (await db.execute(sql`select from app.tenants where id = ${toUuid(tenantId)}`)).length === 0)
      throw new Problem("not-found", "There is no such tenant.");
    return [
      only(
        await db.execute<Sums>(sql`select ${sums} from app.usage_months where month = ${`${month}-01`}::date ${ofOne}`),
      ),
      await db.execute<Sums & { hour: string }>(sql`
      select h.hour, ${sums} from app.tenants t cross join lateral (
        select hour, meter, amount from app.usage_hours where tenant_id = t.id
          and hour > app.now() - make_interval(hours => ${hours})) h
      where true ${tenantId ? sql`and t.id = ${toUuid(tenantId)}` : sql``} group by h.hour order by h.hour`),
    ] as const;
  });
  // Minutes are those of all tenants: one tenant's rate is that of its last hours.
  const recent = tenantId ? series.slice(-1).map(countedOf) : await lastHour();
  return {
    month,
    tenantId: tenantId ?? null,
    slowMs,
    objectives: (Object.keys(objectives) as (keyof typeof objectives)[]).map((name) =>
      objectiveOf(name, countedOf(total), recent),
    ),
    hours: series.map((row) => ({ hour: new Date(row.hour), ...countedOf(row) })),
  };
};

type Sums = Record<keyof Counted, string>;
const sums = sql.join(
  (["requests", "failed", "slow"] as const).map(
    (meter) => sql`coalesce(sum(amount) filter (where meter = ${sql.raw(`'${meter}'`)}), 0) as ${sql.raw(meter)}`,
  ),
  sql`, `,
);
const countedOf = ({ requests, failed, slow }: Sums): Counted => ({
  requests: Number(requests),
  failed: Number(failed),
  slow: Number(slow),
});

const objectiveOf = (
  name: keyof typeof objectives,
  { requests: total, ...counted }: Counted,
  recent: readonly Counted[] | null,
): z.output<typeof Objective> => {
  const { bad: meter, target } = objectives[name];
  const bad = counted[meter];
  const latest = recent?.reduce((sum, one) => sum + one.requests, 0) ?? 0;
  const latestBad = recent?.reduce((sum, one) => sum + one[meter], 0) ?? 0;
  return {
    name,
    target,
    total,
    bad,
    achieved: total === 0 ? null : 1 - bad / total,
    budgetLeft: total === 0 ? 1 : 1 - bad / total / (1 - target),
    burnRate: latest === 0 ? null : latestBad / latest / (1 - target),
  };
};
