import { setTimeout as sleep } from "node:timers/promises";
import {
  type BulkheadPolicy,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
} from "cockatiel";
import { LRUCache } from "lru-cache";
import { now } from "../clock.ts";
import type { Ctx } from "../context.ts";
import { Problem } from "../problems.ts";
import { resource } from "../resources.ts";
import { logger } from "../telemetry.ts";
import { wideEvent } from "../wide-event.ts";
import { type Entry, isDue, keyOf, open, seal } from "./cache-entry.ts";
import { type CacheStore, openStore, type Script, scriptOf } from "./cache-store.ts";
import { cacheToken } from "./linked-secrets.ts";

const defaultTimeoutMs = 50;
/** After this many consecutive failures the cache is not called for `breakerSeconds`. */
const breakerFailures = 5;
const breakerSeconds = 10;
/** Of one namespace in one process: while Redis fails, its readers must not take every connection to the database. */
const loadsMax = 20;
const waitingMax = 2_000;
/** That nothing was found is kept for a shorter time. */
const noneSeconds = 10;
/** Other processes wait so long for the one that loads. One that is killed meanwhile delays them by this. */
const leaseMs = 2_000;
const pollMs = 20;
const memoryBytes = 16 * 1024 * 1024;

export type CacheOptions<T> = {
  /** 3600 by default, minus up to 10 % at random, so that keys that are set together do not expire together. */
  ttlSeconds?: number;
  /**
   * What the value depends on, read from the database (`versionOf`), for a value that a write can change. The value is found by
   * its version, so it is never older than a write that was committed before the call. Undefined: neither read nor kept.
   */
  version?: () => Promise<string | undefined>;
  /** The version of what `load` has read; without it, `version` is read again. */
  versionLoaded?: () => Promise<string | undefined>;
  load: () => Promise<T | undefined>;
  /** Of a loaded value; false for one that is worse than another attempt would be. */
  isKept?: (value: T) => boolean;
};

/**
 * The cache of a tenant's values (C-5…C-8, docs/cache.md): in the memory of the process, then in Redis. `Ctx` makes the tenant part of
 * every key, and in Redis a value is encrypted with a key of its tenant. Every failure of Redis falls back to `load`, so it costs
 * time only. Inside a transaction nothing is cached, because its writes may be undone.
 */
export const cache = {
  /**
   * Returns the cached value, or the result of `load`. `undefined` from `load` is cached too, for 10 s. Concurrent callers share one
   * `load`, those of other processes too while Redis responds. Shortly before a value expires one caller loads it again, while others
   * still get it.
   *
   * @throws Problem `unavailable` when too many callers wait for `load`
   */
  async get<T>(ctx: Ctx, namespace: string, key: string, options: CacheOptions<T>): Promise<T | undefined> {
    if (ctx.isInTransaction) return options.load();
    const version = options.version ? await options.version() : "-";
    if (version === undefined) return options.load();
    const entryKey = keyOf(ctx.tenantId, namespace, version, key);
    const near = memory.get(entryKey);
    const running = flights.get(entryKey);
    if (near && (running || !isDue(near, now().getTime(), Math.random()))) return contentOf(near, true);
    if (running) {
      const { entry, isKept } = await running;
      // A value that is not kept is only its caller's: this one may by now be allowed to see another.
      return isKept ? contentOf(entry, true) : limited(namespace, options.load);
    }
    const flight = find(ctx, namespace, { entryKey, version, near }, options).finally(() => flights.delete(entryKey));
    flights.set(entryKey, flight);
    const { entry, isHit } = await flight;
    return contentOf(entry, isHit);
  },
};

/** The result of a script, or undefined when the cache does not respond. */
export const runScript = async (
  script: Script,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown | undefined> => {
  const result = await attempt(async () => (await store()).run(script, keys, args));
  return result === unreachable ? undefined : result;
};

/** Pings the cache on a connection of its own, because the timeout is longer than that of a request. */
export const pingCache = async (timeoutMs: number): Promise<void> => {
  const link = resource("Cache");
  const connection = openStore({ url: link.url, token: await cacheToken(link) }, timeoutMs);
  try {
    await connection.ping();
  } finally {
    connection.close();
  }
};

type Place = { entryKey: string; version: string; near: Entry | undefined };
type Found = { entry: Entry; isHit: boolean; isKept: boolean };

const memory = new LRUCache<string, Entry>({
  maxSize: memoryBytes,
  maxEntrySize: memoryBytes / 16,
  sizeCalculation: ({ text }) => 2 * text.length + 200,
});
const flights = new Map<string, Promise<Found>>();
const bulkheads = new Map<string, BulkheadPolicy>();

const contentOf = <T>({ text }: Entry, isHit: boolean): T | undefined => {
  const event = wideEvent();
  if (event) event[isHit ? "hits" : "misses"] += 1;
  // The cast: a namespace and key have one type. Each caller gets a copy, which it may change.
  return text === "" ? undefined : (JSON.parse(text) as T);
};

/** From Redis, or loaded. */
const find = async <T>(ctx: Ctx, namespace: string, place: Place, options: CacheOptions<T>): Promise<Found> => {
  const { entryKey, near } = place;
  // Redis has the value until it expires too, so only a loaded one is newer.
  const far = near ? "mine" : await claim(ctx, entryKey);
  if (typeof far === "object" && !isDue(far, now().getTime(), Math.random())) {
    remember(entryKey, far);
    return { entry: far, isHit: true, isKept: true };
  }
  const valid = near ?? (typeof far === "object" ? far : undefined);
  try {
    const { entry, isKept } = await loaded(namespace, place, options);
    if (isKept) remember(entryKey, entry);
    if (far !== "alone") await attempt(() => (isKept ? send(ctx, entryKey, entry) : renounce(entryKey)));
    return { entry, isHit: false, isKept };
  } catch (error) {
    // It has not expired: it was only to be renewed early.
    if (valid) return { entry: valid, isHit: true, isKept: true };
    if (far === "mine") await attempt(() => renounce(entryKey));
    throw error;
  }
};

const leftMs = ({ expiresAt }: Entry): number => Math.max(1, expiresAt - now().getTime());
const remember = (entryKey: string, entry: Entry): void => void memory.set(entryKey, entry, { ttl: leftMs(entry) });
const send = async (ctx: Ctx, entryKey: string, entry: Entry): Promise<unknown> => {
  const [{ set }, sealed] = await Promise.all([store(), seal(ctx.tenantId, entryKey, entry)]);
  return set(entryKey, sealed, Math.ceil(leftMs(entry) / 1000));
};

/** Loads the value. It is kept when nothing that it depends on has changed meanwhile, so that it is exactly the version's. */
const loaded = async <T>(
  namespace: string,
  { version }: Place,
  { ttlSeconds = 3600, version: readVersion, versionLoaded = readVersion, load, isKept = () => true }: CacheOptions<T>,
): Promise<{ entry: Entry; isKept: boolean }> => {
  const startedAt = performance.now();
  const value = await limited(namespace, load);
  const loadMs = performance.now() - startedAt;
  const text = value === undefined ? "" : JSON.stringify(value);
  const seconds = (value === undefined ? Math.min(noneSeconds, ttlSeconds) : ttlSeconds) * (0.9 + Math.random() * 0.1);
  const entry = { text, loadMs, expiresAt: now().getTime() + seconds * 1000 };
  if (value !== undefined && !isKept(value)) return { entry, isKept: false };
  return { entry, isKept: !versionLoaded || (await versionLoaded()) === version };
};

const limited = async <T>(namespace: string, load: () => Promise<T>): Promise<T> => {
  const policy = bulkheads.get(namespace) ?? bulkhead(loadsMax, waitingMax);
  bulkheads.set(namespace, policy);
  try {
    return await policy.execute(load);
  } catch (error) {
    if (!(error instanceof BulkheadRejectedError)) throw error;
    throw new Problem("unavailable", undefined, { retryAfterSeconds: 1 }, { cause: error });
  }
};

/** Returns the entry, or "" for the one caller that should load it, or null while that one loads. */
const claimScript = scriptOf(`
local entry = redis.call('GET', KEYS[1])
if entry then return entry end
if redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) then return '' end
return false
`);

/** In place of an entry: what was loaded is not kept, so those who wait for it load themselves. */
const none = "-";
const renounce = async (entryKey: string): Promise<unknown> => (await store()).set(entryKey, none, 1);

/**
 * The entry in Redis. "mine": the caller has the lease and stores what it loads; "alone": it loads for itself, because Redis does not
 * respond, or the holder of the lease keeps nothing or is too slow.
 */
const claim = async (ctx: Ctx, entryKey: string): Promise<Entry | "mine" | "alone"> => {
  for (let waitedMs = 0; waitedMs <= leaseMs; waitedMs += pollMs) {
    const found = await attempt(async () =>
      (await store()).run(claimScript, [entryKey, `${entryKey}:lease`], [String(leaseMs)]),
    );
    if (found === "") return "mine";
    if (found === none || found === unreachable) return "alone";
    if (typeof found === "string") return (await open(ctx.tenantId, entryKey, found)) ?? "mine";
    await sleep(pollMs);
  }
  return "alone";
};

const unreachable = Symbol("unreachable");
const breaker = circuitBreaker(handleAll, {
  breaker: new ConsecutiveBreaker(breakerFailures),
  halfOpenAfter: breakerSeconds * 1000,
});
breaker.onBreak(() =>
  logger.warn("the cache does not respond and is not called for a while", { seconds: breakerSeconds }),
);

const attempt = async <T>(work: () => Promise<T>): Promise<T | typeof unreachable> => {
  const startedAt = performance.now();
  const result = await breaker.execute(work).catch((): typeof unreachable => unreachable);
  const event = wideEvent();
  event?.cacheMs.push(performance.now() - startedAt);
  if (event && result === unreachable) event.cacheFailures += 1;
  return result;
};

let opened: { token: string; store: CacheStore } | undefined;
/** Opened again when the secret has another token. */
const store = async (): Promise<CacheStore> => {
  const link = resource("Cache");
  const token = await cacheToken(link);
  if (opened?.token !== token) {
    opened?.store.close();
    opened = { token, store: openStore({ url: link.url, token }, link.timeoutMs ?? defaultTimeoutMs) };
  }
  return opened.store;
};
