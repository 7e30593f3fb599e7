import { createHash } from "node:crypto";
import { Redis as Upstash } from "@upstash/redis";

/** A Lua script, which Redis runs as one step. It is called by its hash, and sent only to a server that does not know it. */
export type Script = { text: string; sha1: string };
export const scriptOf = (text: string): Script => ({ text, sha1: createHash("sha1").update(text).digest("hex") });

/** The Redis commands of the cache. A call without a response in time fails and is not repeated. */
export type CacheStore = {
  set(key: string, value: string, ttlSeconds: number): Promise<unknown>;
  run(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  ping(): Promise<unknown>;
  close(): void;
};

/** The URL's scheme selects the protocol: `https:` Upstash's REST API, `redis:` Redis, `rediss:` Redis over TLS (C-4). */
export const openStore = (link: { url: string; token: string }, timeoutMs: number): CacheStore =>
  /^rediss?:/.test(link.url) ? redisStore(link, timeoutMs) : upstashStore(link, timeoutMs);

const upstashStore = (link: { url: string; token: string }, timeoutMs: number): CacheStore => {
  const redis = new Upstash({
    ...link,
    automaticDeserialization: false,
    enableTelemetry: false,
    // The client's own retries would delay a request by seconds.
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(timeoutMs),
  });
  return {
    set: (key, value, ex) => redis.set(key, value, { ex }),
    run: ({ text, sha1 }, keys, args) =>
      redis.evalsha(sha1, [...keys], [...args]).catch(ifUnknown(() => redis.eval(text, [...keys], [...args]))),
    ping: () => redis.ping(),
    close: () => {},
  };
};

/** For the error of EVALSHA: a server that has restarted or failed over does not have the script. */
const ifUnknown = (send: () => Promise<unknown>) => (error: unknown) => {
  if (error instanceof Error && error.message.includes("NOSCRIPT")) return send();
  throw error;
};

/** A connection without a response for this long is closed: the function was frozen, or a node failed over. */
const socketTimeoutMs = 3_000;

/**
 * Its client is loaded by stages that use it only: it takes 5 % of the time to load the API. By its default export, the only one that a
 * bundle of several files has for a CommonJS module.
 */
const redisStore = ({ url, token }: { url: string; token: string }, timeoutMs: number): CacheStore => {
  const opened = import("ioredis").then(({ default: { Redis } }) => {
    const redis = new Redis(url, {
      password: token,
      protocol: 2,
      commandTimeout: timeoutMs,
      socketTimeout: socketTimeoutMs,
      maxRetriesPerRequest: 0,
      enableReadyCheck: false,
    });
    // Each failed command rejects its own promise. Without a listener this event would end the process.
    return redis.on("error", () => {});
  });
  return {
    set: async (key, value, ttlSeconds) => (await opened).set(key, value, "EX", ttlSeconds),
    async run({ text, sha1 }, keys, args) {
      const redis = await opened;
      const ask = () => redis.eval(text, keys.length, ...keys, ...args);
      return redis.evalsha(sha1, keys.length, ...keys, ...args).catch(ifUnknown(ask));
    },
    ping: async () => (await opened).ping(),
    close: () => void opened.then((redis) => redis.disconnect()),
  };
};
