import { now } from "../platform/clock.ts";
import type { Id } from "../platform/id.ts";
import { newUuid } from "../platform/id.ts";
import { type CostMeter, type Figures, type Meter, type ServiceMeter, serviceMeters } from "../platform/meter.ts";
import { platformId } from "./platform-id.ts";

/** Counts on their way to Redis. A batch that is sent again, because no response came, counts once by its id. */
export type Batch = { id: string; counts: { hash: string; field: string; amount: number }[] };

/** The hash of an hour, `2026-12-01T09`: `tenant/meter` → amount, and `source`, the name of this counter. */
export const usageKey = (hour: string): string => `usage:${hour}`;
/** The hash of a minute, `2026-12-01T09:15`: requests of all tenants, and how many of them failed or were slow. */
export const minuteKey = (minute: string): string => `minute:${minute}`;
export const minuteOf = (time: Date): string => time.toISOString().slice(0, 16);
export const hourOf = (time: Date): string => time.toISOString().slice(0, 13);

let waiting = new Map<string, Batch["counts"][number]>();
let unsettled: Batch | undefined;
let isOnItsWay = false;

/**
 * Counts one of these in this process. The limiter's next call of Redis takes it along, so counting costs no command. A process that
 * dies loses what has not been sent: what happened since its last request.
 */
export const count = (tenantId: Id<"tenant">, meter: Meter | ServiceMeter | CostMeter, amount = 1): void =>
  add(usageKey(hourOf(now())), `${tenantId}/${meter}`, amount);

/** What a request has cost. Without a tenant it costs the platform. */
export const countCost = (tenantId: Id<"tenant"> | undefined, figures: Figures): void => {
  for (const [figure, amount] of Object.entries(figures) as [keyof Figures, number][])
    if (amount > 0) count(tenantId ?? platformId, `request.${figure}`, amount);
};

/**
 * Counts how a request ended, for its minute and the hour of its tenant; `requests` of a tenant are counted where they are admitted.
 * One that failed before its credential was known, as all do without a database, counts as the platform's.
 */
export const countOutcome = (tenantId: Id<"tenant"> | undefined, outcome: Record<ServiceMeter, boolean>): void => {
  if (!tenantId && !outcome.failed) return;
  const meters = serviceMeters.filter((meter) => outcome[meter]);
  const minute = minuteKey(minuteOf(now()));
  for (const meter of ["requests", ...meters]) add(minute, meter);
  if (!tenantId) count(platformId, "requests");
  for (const meter of meters) count(tenantId ?? platformId, meter);
};

const add = (hash: string, field: string, amount = 1): void => {
  const entry = waiting.get(`${hash} ${field}`);
  if (entry) entry.amount += amount;
  else waiting.set(`${hash} ${field}`, { hash, field, amount });
};

/** What the next call of Redis takes along, if anything; end it with `settle`. */
export const takeBatch = (): Batch | undefined => {
  if (isOnItsWay) return undefined;
  if (!unsettled && waiting.size > 0) {
    unsettled = { id: newUuid(), counts: [...waiting.values()] };
    waiting = new Map();
  }
  isOnItsWay = unsettled !== undefined;
  return unsettled;
};

export const settle = (hasArrived: boolean): void => {
  isOnItsWay = false;
  if (hasArrived) unsettled = undefined;
};
