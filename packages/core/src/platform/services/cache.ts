import { ConsecutiveBreaker, circuitBreaker, handleAll } from "cockatiel";
import type { Ctx } from "../context.ts";
import { resource } from "../resources.ts";
import { logger } from "../telemetry.ts";
import { wideEvent } from "../wide-event.ts";
import { type CacheStore, openStore, type Script } from "./cache-store.ts";

const defaultTimeoutMs = 50;
const versionTtlSeconds = 30 * 86_400;
/** After this many consecutive failures the cache is not called for `breakerSeconds`. */
const breakerFailures = 5;
const breakerSeconds = 10;

/**
 * A read-through cache per tenant (C-5…C-7). `Ctx` makes the tenant part of every key. A namespace is invalidated by
 * raising its version, never by searching keys (F-19). Every failure of the cache falls back to `load`, so a failure costs
 * time only. The cache has no data that cannot be loaded again.
 */
export const cache = {
  /**
   * Returns the cached value, or the result of `load`, which is cached for `ttlSeconds` (3600) minus up to 10 % at random,
   * so that keys that are set together do not expire together. `undefined` from `load` is cached too. Concurrent callers
   * of one process share one `load`.
   */
  async get<T>(
    ctx: Ctx,
    namespace: string,
    key: string,
    options: { ttlSeconds?: number; load: () => Promise<T | undefined> },
  ): Promise<T | undefined> {
    const { ttlSeconds = 3600, load } = options;
    const entryKey = `${ctx.tenantId}:${namespace}:${key}`;
    const found = await attempt(() => store().get([versionKey(ctx, namespace), entryKey]));
    if (found === unreachable) return load();
    const [version, text] = [found[0] ?? "0", found[1]];
    const entry: Entry | undefined = text ? JSON.parse(text) : undefined;
    // An entry has the version from before `load`, so a value that was loaded during an invalidation is never returned.
    // The casts: a namespace and key have one type T.
    const isHit = entry?.version === version;
    const event = wideEvent();
    if (event) event[isHit ? "hits" : "misses"] += 1;
    if (isHit) return entry.value as T | undefined;
    const running = flights.get(`${entryKey}:${version}`);
    if (running) return running as Promise<T | undefined>;
    const flight = (async () => {
      const value = await load();
      const kept = Math.max(1, Math.round(ttlSeconds * (0.9 + Math.random() * 0.1)));
      await attempt(() => store().set(entryKey, JSON.stringify({ version, value } satisfies Entry), kept));
      return value;
    })().finally(() => flights.delete(`${entryKey}:${version}`));
    flights.set(`${entryKey}:${version}`, flight);
    return flight;
  },

  /** Invalidates all entries of the tenant in this namespace. */
  async invalidate(ctx: Ctx, namespace: string): Promise<void> {
    await attempt(() => store().increment(versionKey(ctx, namespace), versionTtlSeconds));
  },
};

/** The result of a script, or undefined when the cache does not respond. */
export const runScript = async (
  script: Script,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown | undefined> => {
  const result = await attempt(() => store().run(script, keys, args));
  return result === unreachable ? undefined : result;
};

/** Pings the cache on a connection of its own, because the timeout is longer than that of a request. */
export const pingCache = async (timeoutMs: number): Promise<void> => {
  const connection = openStore(resource("Cache"), timeoutMs);
  try {
    await connection.ping();
  } finally {
    connection.close();
  }
};

/** The content of a key; `value` is missing when `load` returned undefined. */
type Entry = { version: string; value?: unknown };

const flights = new Map<string, Promise<unknown>>();
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

const versionKey = (ctx: Ctx, namespace: string): string => `${ctx.tenantId}:${namespace}:version`;

let opened: CacheStore | undefined;
const store = (): CacheStore => {
  opened ??= openStore(resource("Cache"), resource("Cache").timeoutMs ?? defaultTimeoutMs);
  return opened;
};
