import { now } from "../platform/clock.ts";
import { runScript } from "../platform/services/cache.ts";
import { scriptOf } from "../platform/services/cache-store.ts";
import { settle, takeBatch } from "./counters.ts";

/** A token bucket: `size` requests at once, and `perSecond` from then on. */
export type Bucket = { name: string; perSecond: number; size: number };

/** The state of the bucket that has least left. */
export type Admission = {
  isAdmitted: boolean;
  limit: number;
  remaining: number;
  /** Until the bucket is full again. */
  resetSeconds: number;
  /** Until the next request is admitted; 0 when this one was. */
  retryAfterMs: number;
};

/**
 * Takes one token from each bucket, or none from any when one is empty. A bucket is one number, the time at which it is full
 * again, in whole microseconds: without fractions the count is exact. A clock that is behind takes from the same number, so it
 * admits nothing twice; what a clock ahead has written is cut to an empty bucket. Then adds a batch of counts, unless it was added
 * before.
 *
 * KEYS: the buckets, then the batch and a hash for each count. ARGV: the time, the number of buckets, how long a full bucket is
 * kept, interval and size of each bucket, a name for new hashes, field and amount of each count.
 */
const script = scriptOf(`
local now, buckets, kept = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local isAdmitted = 1
local result = {}
if buckets > 0 then
  local states = redis.call('MGET', unpack(KEYS, 1, buckets))
  for i = 1, buckets do
    local interval = tonumber(ARGV[2 + 2 * i])
    local latest = now + interval * tonumber(ARGV[3 + 2 * i])
    result[i] = math.min(math.max(tonumber(states[i] or 0) or 0, now), latest)
    if result[i] + interval > latest then isAdmitted = 0 end
  end
end
for i = 1, buckets do
  if isAdmitted == 1 then
    result[i] = result[i] + tonumber(ARGV[2 + 2 * i])
    redis.call('SET', KEYS[i], string.format('%.0f', result[i]), 'EX', math.ceil((result[i] - now) / 1000000) + kept)
  end
  result[i] = string.format('%.0f', result[i])
end
if #KEYS > buckets and redis.call('SETNX', KEYS[buckets + 1], 1) == 1 then
  redis.call('EXPIRE', KEYS[buckets + 1], 86400)
  local at = 4 + 2 * buckets
  for i = buckets + 2, #KEYS do
    redis.call('HSETNX', KEYS[i], 'source', ARGV[at])
    redis.call('HINCRBY', KEYS[i], ARGV[at + 2 * (i - buckets) - 3], ARGV[at + 2 * (i - buckets) - 2])
    redis.call('EXPIRE', KEYS[i], 259200)
  end
end
return isAdmitted .. ' ' .. table.concat(result, ' ')
`);

/** A full bucket is forgotten later than it is full: the clocks of Redis and of the instances may differ by as much. */
const keptSeconds = 600;

/** Without Redis no instance knows of the others: each admits this part of the limit, from buckets of its own. */
export const shareWithoutRedis = 1 / 8;
const bucketsMax = 10_000;
const own = new Map<string, number>();

type State = { fullAt: number; interval: number; size: number };

/**
 * Takes a request from all of the buckets, in one Redis command, or refuses it, and takes along what this process has counted.
 * `at` is microseconds since 1970.
 */
export async function admit(buckets: readonly Bucket[], at = now().getTime() * 1000): Promise<Admission> {
  const result = await call(buckets, at);
  if (result === undefined) return admitAlone(buckets, at);
  const [isAdmitted, ...fullAt] = result.split(" ").map(Number);
  const states = buckets.map(({ perSecond, size }, n) => ({
    // The script returns a number for each bucket.
    fullAt: fullAt[n]!,
    interval: intervalOf(perSecond),
    size,
  }));
  return admission(states, isAdmitted === 1, at);
}

/** Sends what this process has counted. What does not arrive stays for the next call. */
export const sendCounts = async (): Promise<void> => {
  await call([], 0);
};

const call = async (buckets: readonly Bucket[], at: number): Promise<string | undefined> => {
  const batch = takeBatch();
  if (!batch && buckets.length === 0) return undefined;
  const counts = batch?.counts ?? [];
  const keys = [
    // A bucket of another size is another one: how long the former takes to fill says nothing about it.
    ...buckets.map(({ name, perSecond, size }) => `rate:${name}:${perSecond}/${size}`),
    ...(batch ? [`batch:${batch.id}`] : []),
    ...counts.map(({ hash }) => hash),
  ];
  const args = [
    ...[at, buckets.length, keptSeconds],
    ...buckets.flatMap(({ perSecond, size }) => [intervalOf(perSecond), size]),
    ...[batch?.id ?? ""],
    ...counts.flatMap(({ field, amount }) => [field, amount]),
  ];
  const result = await runScript(script, keys, args.map(String));
  const hasArrived = typeof result === "string";
  if (batch) settle(hasArrived);
  return hasArrived ? result : undefined;
};

const admitAlone = (buckets: readonly Bucket[], at: number): Admission => {
  if (own.size > bucketsMax) for (const [name, fullAt] of own) if (fullAt <= at) own.delete(name);
  const states = buckets.map(({ name, perSecond, size }) => {
    const interval = intervalOf(perSecond * shareWithoutRedis);
    const ownSize = Math.max(1, Math.floor(size * shareWithoutRedis));
    return { fullAt: Math.min(Math.max(own.get(name) ?? 0, at), at + interval * ownSize), interval, size: ownSize };
  });
  const isAdmitted = states.every((state) => left(state, at) >= 1);
  if (isAdmitted)
    for (const [n, state] of states.entries()) {
      state.fullAt += state.interval;
      own.set(buckets[n]!.name, state.fullAt);
    }
  return admission(states, isAdmitted, at);
};

const intervalOf = (perSecond: number): number => Math.round(1_000_000 / perSecond);
const left = ({ fullAt, interval, size }: State, at: number): number => Math.floor((at - fullAt) / interval) + size;

const admission = (states: readonly State[], isAdmitted: boolean, at: number): Admission => {
  // There is at least one bucket.
  const state = states.toSorted((a, b) => left(a, at) - left(b, at))[0]!;
  const { fullAt, interval, size } = state;
  return {
    isAdmitted,
    limit: size,
    remaining: Math.max(0, left(state, at)),
    resetSeconds: Math.ceil((fullAt - at) / 1_000_000),
    retryAfterMs: isAdmitted ? 0 : Math.ceil((fullAt + interval - (at + interval * size)) / 1000),
  };
};
