import { now } from "../platform/clock.ts";
import type { Id } from "../platform/id.ts";
import { newUuid } from "../platform/id.ts";
import type { Meter } from "../platform/meter.ts";

/** Counts on their way to Redis. A batch that is sent again, because no response came, counts once by its id. */
export type Batch = { id: string; counts: { hash: string; field: string; amount: number }[] };

/** The hash of an hour, `2026-12-01T09`: `tenant/meter` → amount, and `source`, the name of this counter. */
export const usageKey = (hour: string): string => `usage:${hour}`;
export const hourOf = (time: Date): string => time.toISOString().slice(0, 13);

let waiting = new Map<string, Batch["counts"][number]>();
let unsettled: Batch | undefined;
let isOnItsWay = false;

/**
 * Counts one of these in this process. The limiter's next call of Redis takes it along, so counting costs no command. A process that
 * dies loses what has not been sent: what happened since its last request.
 */
export const count = (tenantId: Id<"tenant">, meter: Meter): void => {
  const hash = usageKey(hourOf(now()));
  const field = `${tenantId}/${meter}`;
  const entry = waiting.get(`${hash} ${field}`);
  if (entry) entry.amount += 1;
  else waiting.set(`${hash} ${field}`, { hash, field, amount: 1 });
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
