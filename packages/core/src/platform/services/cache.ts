import { ConsecutiveBreaker, circuitBreaker, handleAll } from "cockatiel";
import type { Ctx } from "../context.ts";
import { resource } from "../resources.ts";
import { logger } from "../telemetry.ts";
import { type CacheStore, openStore } from "./cache-store.ts";

const defaultTimeoutMs = 50;
const versionTtlSeconds = 30 * 86_400;
/** After this many failures in a row the cache is left alone for a while. */
const breakerFailures = 5;
const breakerSeconds = 10;

/**
 * A read-through cache per tenant (C-5…C-7). The tenant is part of every key by type; a namespace is dropped by raising
 * its version, never by searching keys (F-19). A cache that is slow or gone makes things slower, never wrong: every
 * failure falls back to `load`. Nothing whose loss matters lives here.
 */
export const cache = {
  /**
   * The cached value, or what `load` gives, kept for `ttlSeconds` (3600) with up to 10 % taken off at random, so that
   * keys set together do not expire together. `undefined` from `load` is cached too. Callers in one process that miss
   * together load once.
   */
  async get<T>(
    ctx: Ctx,
    namespace: string,
    key: string,
    options: { ttlSeconds?: number; load: () => Promise<T | undefined> },
  ): Promise<T | undefined> {
    const { ttlSeconds = 3600, load } = options;
    const place = `${ctx.tenantId}:${namespace}:${key}`;
    const found = await attempt(() => store().get([versionKey(ctx, namespace), place]));
    if (found === unreachable) return load();
    const [version, text] = [found[0] ?? "0", found[1]];
    const entry = text ? (JSON.parse(text) as Entry) : undefined;
    // Written under the version read before loading: a value loaded across an invalidation is never taken.
    if (entry?.version === version) return entry.value as T | undefined;
    const running = flights.get(`${place}:${version}`);
    if (running) return running as Promise<T | undefined>;
    const flight = (async () => {
      const value = await load();
      const kept = Math.max(1, Math.round(ttlSeconds * (0.9 + Math.random() * 0.1)));
      await attempt(() => store().set(place, JSON.stringify({ version, value } satisfies Entry), kept));
      return value;
    })().finally(() => flights.delete(`${place}:${version}`));
    flights.set(`${place}:${version}`, flight);
    return flight;
  },

  /** Drops everything of the tenant in this namespace, in one step. */
  async invalidate(ctx: Ctx, namespace: string): Promise<void> {
    await attempt(() => store().increment(versionKey(ctx, namespace), versionTtlSeconds));
  },
};

/** Asks with more patience than a request has: a slow answer is an answer. */
export const pingCache = async (patienceMs: number): Promise<void> => {
  const patient = openStore(resource("Cache"), patienceMs);
  try {
    await patient.ping();
  } finally {
    patient.close();
  }
};

/** What is kept under a key; the value is left out where there is none. */
type Entry = { version: string; value?: unknown };

const flights = new Map<string, Promise<unknown>>();
const unreachable = Symbol("unreachable");
const breaker = circuitBreaker(handleAll, {
  breaker: new ConsecutiveBreaker(breakerFailures),
  halfOpenAfter: breakerSeconds * 1000,
});
breaker.onBreak(() => logger.warn("the cache does not answer; left alone for a while", { seconds: breakerSeconds }));

const attempt = <T>(work: () => Promise<T>): Promise<T | typeof unreachable> =>
  breaker.execute(work).catch((): typeof unreachable => unreachable);

const versionKey = (ctx: Ctx, namespace: string): string => `${ctx.tenantId}:${namespace}:version`;

let opened: CacheStore | undefined;
const store = (): CacheStore => {
  opened ??= openStore(resource("Cache"), resource("Cache").timeoutMs ?? defaultTimeoutMs);
  return opened;
};
