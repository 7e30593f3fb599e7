import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startCache } from "../../../../local/src/doubles/cache.ts";
import { startRedis } from "../../../../local/src/doubles/redis.ts";
import { startSecrets } from "../../../../local/src/doubles/secrets.ts";
import { newId } from "../id.ts";
import { isDue } from "./cache-entry.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A new instance of the cache module, as in a new process, with this link. */
const cacheOf = async (link: { url: string; timeoutMs?: number } & ({ token: string } | { secretArn: string })) => {
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({ Cache: link, ApiKeyPepper: { value: "pepper of the tests" } });
  vi.resetModules();
  const { cache, pingCache, runScript } = await import("./cache.ts");
  const { tenantCtx } = await import("../context.ts");
  const actor = { type: "system", job: "test" } as const;
  const newCtx = () => tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "AppDatabase" });
  const ctx = newCtx();
  let loads = 0;
  /** The version is that of the database, which tests change as a write does. */
  const state = { version: "1" };
  const version = async () => state.version;
  const get = (key = "a") => cache.get(ctx, "things", key, { version, load: async () => ++loads });
  return { cache, pingCache, runScript, ctx, newCtx, get, state, version };
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
  test("a value is loaded once for two processes, and again when its version has changed", async () => {
    const { close, ...link } = await start();
    closers.push(close);
    // Longer than the default of 50 ms, since the machine may be slow.
    const one = await cacheOf({ ...link, timeoutMs: 5_000 });
    const other = await cacheOf({ ...link, timeoutMs: 5_000 });
    await one.pingCache(5_000);
    const from = ({ cache, version }: typeof one, value: string) =>
      cache.get(one.ctx, "things", "k", { version, load: async () => ({ value }) });
    expect([await from(one, "a"), await from(one, "b"), await from(other, "c")]).toEqual(Array(3).fill({ value: "a" }));
    other.state.version = "2";
    expect([await from(other, "d"), await from(one, "e")]).toEqual([{ value: "d" }, { value: "a" }]);
    one.state.version = "2";
    expect(await from(one, "f")).toEqual({ value: "d" });
    const nothing = vi.fn(async () => undefined);
    for (const { cache } of [one, one, other])
      expect(await cache.get(one.ctx, "things", "none", { load: nothing })).toBeUndefined();
    expect(nothing).toHaveBeenCalledTimes(1);
  });

  test.skipIf(server === "a real Redis")(
    "without the right password values are cached in the process only, and nothing fails",
    async () => {
      const { url, close } = await start();
      closers.push(close);
      const [{ pingCache, get }, other] = [
        await cacheOf({ url, token: "wrong", timeoutMs: 5_000 }),
        await cacheOf({ url, token: "wrong", timeoutMs: 5_000 }),
      ];
      await expect(pingCache(5_000)).rejects.toThrow();
      expect([await get(), await get(), await get("b")]).toEqual([1, 1, 2]);
      expect(await other.get("b")).toBe(1);
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
    for (let n = 1; n <= 5; n += 1) expect(await get(`key ${n}`)).toBe(n);
    expect(performance.now() - startedAt).toBeGreaterThan(50);
    const leftAloneAt = performance.now();
    for (let n = 6; n <= 100; n += 1) expect(await get(`key ${n}`)).toBe(n);
    expect(performance.now() - leftAloneAt).toBeLessThan(80 * 50);
  });
});

test("a Redis server that failed over is used again", async () => {
  const redis = await startRedis({ password: "secret" });
  closers.push(redis.close);
  const { cache, get } = await cacheOf({ url: redis.url, token: "secret", timeoutMs: 5_000 });
  expect([await get(), await get()]).toEqual([1, 1]);
  redis.closeConnections();
  const other = await cacheOf({ url: redis.url, token: "secret", timeoutMs: 5_000 });
  let n = 0;
  const isShared = async () => {
    const read = (from: typeof other) =>
      from.cache.get(other.ctx, "things", `later ${n}`, { load: async () => from === other });
    n += 1;
    return [await read({ ...other, cache }), await read(other)].join() === "false,false";
  };
  await expect.poll(isShared).toBe(true);
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
    await observed("request", {}, work, () => ({}));
    return JSON.parse(String(write.mock.lastCall![0]));
  };
  const counted = await lineOf(async () => [await get(), await get(), await get("b"), await get()]);
  await close();
  const failed = await lineOf(() => get("c"));
  write.mockRestore();
  vi.unstubAllEnvs();
  expect(counted).toMatchObject({ "cache.hit": 2, "cache.miss": 2, "cache.hit.ratio": [1, 1, 0, 0] });
  // Two reads and two writes: hits are in the memory of the process.
  expect(counted["cache.operation.duration"]).toHaveLength(4);
  expect([failed.cacheFailures, failed["cache.miss"]]).toEqual([1, 1]);
});

test("a new token in the cache's secret is used within an hour, on a new connection", async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_REGION: "us-east-1" });
  const { url, close } = await startCache({ token: "new", redisUrl: process.env["TEST_REDIS_URL"] });
  const secrets = await startSecrets(["Cache"]);
  secrets.put("Cache", "old");
  const { runScript } = await cacheOf({ url, ...secrets.link("Cache"), timeoutMs: 5_000 });
  const { setClockOffset } = await import("../clock.ts");
  closers.push(close, secrets.close, () => setClockOffset(0));
  const { scriptOf } = await import("./cache-store.ts");
  const run = () => runScript(scriptOf("return 1"), ["key"], []);
  expect(await run()).toBeUndefined();
  secrets.put("Cache", "new");
  expect(await run()).toBeUndefined();
  setClockOffset(3_600_000);
  const { cacheToken } = await import("./linked-secrets.ts");
  const { resource } = await import("../resources.ts");
  // The first call may use the last value, while the new one is read.
  await expect.poll(() => cacheToken(resource("Cache")), { timeout: 10_000 }).toBe("new");
  expect(await run()).toBe(1);
});

test("a thousand readers of an expired key in four processes load it once", async () => {
  const { close, ...link } = await startCache({ token: "token", redisUrl: process.env["TEST_REDIS_URL"] });
  closers.push(close);
  const processes: Awaited<ReturnType<typeof cacheOf>>[] = [];
  for (let n = 0; n < 4; n++) processes.push(await cacheOf({ ...link, timeoutMs: 5_000 }));
  const { ctx } = processes[0]!;
  let loads = 0;
  const load = async () => {
    loads += 1;
    await sleep(100);
    return loads;
  };
  const read = () =>
    Promise.all(
      processes.flatMap(({ cache }) =>
        Array.from({ length: 250 }, () => cache.get(ctx, "things", "hot", { ttlSeconds: 1, load })),
      ),
    );
  expect(new Set(await read())).toEqual(new Set([1]));
  // Longer than an entry of a second lives in Redis.
  await sleep(2_100);
  expect(new Set(await read())).toEqual(new Set([2]));
  expect(loads).toBe(2);
});

test("no tenant gets a value of another one, and no reader a value that was put under another key", async () => {
  const { close, ...link } = await startRedis({ password: "secret" });
  closers.push(close);
  const one = await cacheOf({ ...link, token: "secret", timeoutMs: 5_000 });
  const redis = new Redis(link.url, { password: "secret", protocol: 2, enableReadyCheck: false });
  closers.push(() => redis.disconnect());
  const [mine, theirs] = [one.ctx, one.newCtx()];
  const get = (from: typeof one, who: typeof mine, key: string, value: string) =>
    from.cache.get(who, "things", key, { load: async () => value });
  expect(await get(one, mine, "a", "of mine")).toBe("of mine");
  expect(await get(one, theirs, "a", "of theirs")).toBe("of theirs");
  expect(await get(one, mine, "b", "b of mine")).toBe("b of mine");
  const isOurs = (key: string) =>
    [mine, theirs].some(({ tenantId }) => key.includes(tenantId)) && !key.endsWith(":lease");
  // Embedded servers of one process share their keys.
  const keys = (await redis.keys("*")).filter(isOurs).sort();
  const stored = await redis.mget(keys);
  expect(keys).toHaveLength(3);
  expect(stored.join()).not.toContain("mine");
  // Every value is put under every other key.
  for (const [n, key] of keys.entries()) await redis.set(key, stored[(n + 1) % 3]!);
  const other = await cacheOf({ ...link, token: "secret", timeoutMs: 5_000 });
  expect(await get(other, mine, "a", "loaded")).toBe("loaded");
  expect(await get(other, theirs, "a", "loaded too")).toBe("loaded too");
  expect(await get(other, mine, "b", "also loaded")).toBe("also loaded");
});

test("a value whose load began before a change is neither kept nor given to another reader", async () => {
  const { cache, ctx, version, state } = await ownCache();
  let value = "old";
  const [started, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = async () => {
    const seen = value;
    started.resolve();
    await released.promise;
    return seen;
  };
  const read = (load: () => Promise<string>) => cache.get(ctx, "race", "k", { version, load });
  const first = read(slow);
  await started.promise;
  const second = read(async () => value);
  await sleep(20);
  [value, state.version] = ["new", "2"];
  released.resolve();
  expect([await first, await second]).toEqual(["old", "new"]);
  expect(await read(async () => value)).toBe("new");
});

test("a load that fails is not kept, and while a value is valid it does not fail its reader", async () => {
  const { cache, ctx } = await ownCache();
  const failing = async () => Promise.reject(new Error("the database is gone"));
  await expect(cache.get(ctx, "things", "k", { load: failing })).rejects.toThrow("gone");
  const slow = async () => {
    await sleep(50);
    return "value";
  };
  expect(await cache.get(ctx, "things", "k", { load: slow })).toBe("value");
  // As if each read were the one that renews early.
  const random = vi.spyOn(Math, "random").mockReturnValue(1 - Number.EPSILON);
  const renewed = vi.fn(failing);
  for (let n = 0; n < 2; n++)
    expect(await cache.get(ctx, "things", "k", { ttlSeconds: 1, load: renewed })).toBe("value");
  random.mockRestore();
});

test("a value is renewed before it expires by few readers, and the earlier the longer loading takes", () => {
  const entry = { text: "1", loadMs: 100, expiresAt: 10_000 };
  const share = (atMs: number, loadMs = 100) => {
    const readers = 1_000;
    let due = 0;
    for (let n = 0; n < readers; n++) if (isDue({ ...entry, loadMs }, atMs, n / readers)) due += 1;
    return due / readers;
  };
  expect([share(0), share(10_000)]).toEqual([0, 1]);
  expect(share(9_900)).toBeCloseTo(Math.exp(-1), 2);
  expect(share(9_500, 500)).toBeCloseTo(Math.exp(-1), 2);
});

test("without Redis no more than 20 readers load at once, and all get their value", async () => {
  const { cache, ctx } = await cacheOf({ url: "redis://127.0.0.1:1", token: "" });
  let [running, most] = [0, 0];
  const load = async () => {
    most = Math.max(most, ++running);
    await sleep(5);
    return running--;
  };
  const read = (n: number) => cache.get(ctx, "things", `key ${n}`, { load });
  expect(await Promise.all(Array.from({ length: 200 }, (_, n) => read(n)))).toHaveLength(200);
  expect(most).toBe(20);
});
