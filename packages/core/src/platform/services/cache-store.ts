import { Redis as Upstash } from "@upstash/redis";
import { Redis } from "ioredis";

/** What the cache needs of a Redis. Every call fails that is not answered in time, and none is repeated. */
export type CacheStore = {
  /** The values under the keys, in one question. */
  get(keys: readonly string[]): Promise<(string | null)[]>;
  set(key: string, value: string, ttlSeconds: number): Promise<unknown>;
  /** Adds one to the number under the key and keeps it for `ttlSeconds`. */
  increment(key: string, ttlSeconds: number): Promise<unknown>;
  ping(): Promise<unknown>;
  close(): void;
};

/** The URL tells them apart: Upstash's REST at `https:`, Redis itself at `redis:` or, over TLS, `rediss:` (C-4). */
export const openStore = (link: { url: string; token: string }, timeoutMs: number): CacheStore =>
  /^rediss?:/.test(link.url) ? redisStore(link, timeoutMs) : upstashStore(link, timeoutMs);

const upstashStore = (link: { url: string; token: string }, timeoutMs: number): CacheStore => {
  const redis = new Upstash({
    ...link,
    automaticDeserialization: false,
    enableTelemetry: false,
    // The client's own retries would hold a request for seconds.
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(timeoutMs),
  });
  return {
    get: (keys) => redis.mget<(string | null)[]>(...keys),
    set: (key, value, ex) => redis.set(key, value, { ex }),
    increment: (key, ttlSeconds) => redis.pipeline().incr(key).expire(key, ttlSeconds).exec(),
    ping: () => redis.ping(),
    close: () => {},
  };
};

/** A connection that is silent for so long after a command is dead: a function was frozen, or a node failed over. */
const silenceMs = 3_000;

const redisStore = ({ url, token }: { url: string; token: string }, timeoutMs: number): CacheStore => {
  const redis = new Redis(url, {
    password: token,
    protocol: 2,
    commandTimeout: timeoutMs,
    socketTimeout: silenceMs,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
  });
  // Whoever waits for an answer is told; unheard, the event would end the process.
  redis.on("error", () => {});
  return {
    get: (keys) => redis.mget(...keys),
    set: (key, value, ttlSeconds) => redis.set(key, value, "EX", ttlSeconds),
    increment: async (key, ttlSeconds) => {
      await redis.incr(key);
      await redis.expire(key, ttlSeconds);
    },
    ping: () => redis.ping(),
    close: () => redis.disconnect(),
  };
};
