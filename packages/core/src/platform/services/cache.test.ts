import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startCache } from "../../../../local/src/doubles/cache.ts";
import { startRedis } from "../../../../local/src/doubles/redis.ts";
import { newId } from "../id.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A new instance of the cache module, as in a new process, with this link. */
const cacheOf = async (link: { url: string; token: string; timeoutMs?: number }) => {
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({ Cache: link });
  vi.resetModules();
  const { cache, pingCache } = await import("./cache.ts");
  const { tenantCtx } = await import("../context.ts");
  const actor = { type: "system", job: "test" } as const;
  const newCtx = () => tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "AppDatabase" });
  const ctx = newCtx();
  let loads = 0;
  const get = (key = "a") => cache.get(ctx, "things", key, { load: async () => ++loads });
  return { cache, pingCache, ctx, newCtx, get };
};

const servers = {
  "Upstash's REST": async () => {
    const { url, token, close } = await startCache({ token: "secret", redisUrl: process.env["TEST_REDIS_URL"] });
    return { url, token, close };
  },
  "Redis's protocol": async () => ({ ...(await startRedis({ password: "secret" })), token: "secret" }),
  ...(process.env["TEST_REDIS_URL"]
    ? { "a real Redis": async () => ({ url: process.env["TEST_REDIS_URL"]!, token: "", close: () => {} }) }
    : {}),
};

describe.each(Object.entries(servers))("over %s", (server, start) => {
  test("a value is loaded once, cached, and removed when its namespace is invalidated", async () => {
    const { close, ...link } = await start();
    closers.push(close);
    // Longer than the default of 50 ms, since the machine may be slow.
    const { cache, pingCache, ctx, get } = await cacheOf({ ...link, timeoutMs: 5_000 });
    await pingCache(5_000);
    expect([await get(), await get(), await get("b")]).toEqual([1, 1, 2]);
    await cache.invalidate(ctx, "things");
    expect([await get(), await get()]).toEqual([3, 3]);
    const none = vi.fn(async () => undefined);
    for (let n = 0; n < 2; n += 1) expect(await cache.get(ctx, "none", "k", { load: none })).toBeUndefined();
    expect(none).toHaveBeenCalledTimes(1);
  });

  test.skipIf(server === "a real Redis")(
    "without the right password nothing is cached, and nothing fails",
    async () => {
      const { url, close } = await start();
      closers.push(close);
      const { pingCache, get } = await cacheOf({ url, token: "wrong", timeoutMs: 5_000 });
      await expect(pingCache(5_000)).rejects.toThrow();
      expect([await get(), await get()]).toEqual([1, 2]);
    },
  );
});

describe.each(["http", "redis"])("a cache server that does not respond over %s", (scheme) => {
  test("delays a request by 50 ms per read, until the cache stops calling it", async () => {
    const silent = createServer((socket) => socket.on("error", () => {}).resume()).listen(0, "127.0.0.1");
    await once(silent, "listening");
    closers.push(() => silent.close());
    const url = `${scheme}://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { get } = await cacheOf({ url, token: "secret" });
    const startedAt = performance.now();
    for (let n = 1; n <= 5; n += 1) expect(await get()).toBe(n);
    expect(performance.now() - startedAt).toBeGreaterThan(50);
    const leftAloneAt = performance.now();
    for (let n = 6; n <= 100; n += 1) expect(await get()).toBe(n);
    expect(performance.now() - leftAloneAt).toBeLessThan(80 * 50);
  });
});

test("a Redis server that failed over is used again", async () => {
  const redis = await startRedis({ password: "secret" });
  closers.push(redis.close);
  const { get } = await cacheOf({ url: redis.url, token: "secret", timeoutMs: 5_000 });
  expect([await get(), await get()]).toEqual([1, 1]);
  redis.closeConnections();
  const isCached = async () => {
    const loaded = await get("later");
    return (await get("later")) === loaded;
  };
  await expect.poll(isCached).toBe(true);
  expect(await get()).toBe(1);
});

/** A cache with a long timeout, because other suites share the cores. */
const ownCache = async () => {
  const { url, token, close } = await startCache({ token: "token", redisUrl: process.env["TEST_REDIS_URL"] });
  closers.push(close);
  return cacheOf({ url, token, timeoutMs: 5_000 });
};

test("C-8 M-6 hits, misses and failures of a request are counted", async () => {
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "INFO");
  const { close, ...link } = await startCache({ token: "secret" });
  const { get } = await cacheOf({ ...link, timeoutMs: 5_000 });
  const { observed } = await import("../wide-event.ts");
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const lineOf = async (work: () => Promise<unknown>) => {
    await observed("request", undefined, work, () => ({}));
    return JSON.parse(String(write.mock.lastCall![0]));
  };
  const counted = await lineOf(async () => [await get(), await get(), await get("b"), await get()]);
  await close();
  const failed = await lineOf(() => get());
  write.mockRestore();
  vi.unstubAllEnvs();
  expect(counted).toMatchObject({ "cache.hit": 2, "cache.miss": 2, "cache.hit.ratio": [1, 1, 0, 0] });
  // There were four reads and two writes, and a line has at most five values.
  expect(counted["cache.operation.duration"]).toHaveLength(5);
  expect([failed.cacheFailures, failed["cache.miss"]]).toEqual([1, undefined]);
});

test("a value is loaded once for concurrent readers, never shared between tenants, and removed when its namespace is invalidated", async () => {
  const { cache, ctx, newCtx } = await ownCache();
  const other = newCtx();
  let loads = 0;
  const get = (who: typeof ctx, key = "a") => cache.get(who, "things", key, { load: async () => ({ n: ++loads }) });
  expect(await Promise.all([get(ctx), get(ctx), get(ctx)])).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }]);
  expect(await get(ctx)).toEqual({ n: 1 });
  expect(await get(other)).toEqual({ n: 2 });
  expect(await get(ctx, "b")).toEqual({ n: 3 });
  await cache.invalidate(ctx, "things");
  expect([await get(ctx), await get(other)]).toEqual([{ n: 4 }, { n: 2 }]);
  let misses = 0;
  const nothing = () => cache.get(ctx, "things", "none", { load: async () => void misses++ });
  expect([await nothing(), await nothing(), misses]).toEqual([undefined, undefined, 1]);
});

test("a value whose load began before an invalidation is not cached", async () => {
  const { cache, ctx } = await ownCache();
  let value = "old";
  const started = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const slow = cache.get(ctx, "race", "k", {
    load: async () => {
      const seen = value;
      started.resolve();
      await released.promise;
      return seen;
    },
  });
  await started.promise;
  value = "new";
  await cache.invalidate(ctx, "race");
  released.resolve();
  expect(await slow).toBe("old");
  expect(await cache.get(ctx, "race", "k", { load: async () => value })).toBe("new");
});
