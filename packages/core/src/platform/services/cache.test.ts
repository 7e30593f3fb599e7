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

/** The cache of a process of its own, which is given this link. */
const cacheOf = async (link: { url: string; token: string; timeoutMs?: number }) => {
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({ Cache: link });
  vi.resetModules();
  const { cache, pingCache } = await import("./cache.ts");
  const { tenantCtx } = await import("../context.ts");
  const actor = { type: "system", job: "test" } as const;
  const ctx = tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "AppDatabase" });
  let loads = 0;
  const get = (key = "a") => cache.get(ctx, "things", key, { load: async () => ++loads });
  return { cache, pingCache, ctx, get };
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

describe.each(Object.entries(servers))("over %s", (_, start) => {
  test("a value is loaded once, kept, and forgotten with its namespace", async () => {
    const { close, ...link } = await start();
    closers.push(close);
    // The machine may be slow; what happens then is another test's.
    const { cache, pingCache, ctx, get } = await cacheOf({ ...link, timeoutMs: 5_000 });
    await pingCache(5_000);
    expect([await get(), await get(), await get("b")]).toEqual([1, 1, 2]);
    await cache.invalidate(ctx, "things");
    expect([await get(), await get()]).toEqual([3, 3]);
    const none = vi.fn(async () => undefined);
    for (let n = 0; n < 2; n += 1) expect(await cache.get(ctx, "none", "k", { load: none })).toBeUndefined();
    expect(none).toHaveBeenCalledTimes(1);
  });

  test("without the right password nothing is cached, and nothing fails", async () => {
    const { url, token, close } = await start();
    closers.push(close);
    if (!token) return;
    const { pingCache, get } = await cacheOf({ url, token: "wrong", timeoutMs: 5_000 });
    await expect(pingCache(5_000)).rejects.toThrow();
    expect([await get(), await get()]).toEqual([1, 2]);
  });
});

describe.each(["http", "redis"])("a server of %s that does not answer", (scheme) => {
  test("costs a request 50 ms a question, until it is left alone", async () => {
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
    expect(performance.now() - leftAloneAt).toBeLessThan(45 * 50);
  });
});

test("a Redis that fails over is asked again", async () => {
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
