import { Redis } from "@upstash/redis";
import { afterEach, expect, test } from "vitest";
import { startCache } from "./cache.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test("the cache double supports Upstash's client: values, expiry, locks, pipelines and scripts", async () => {
  const { url, token, close } = await startCache({ token: "right", redisUrl: process.env["TEST_REDIS_URL"] });
  closers.push(close);
  const redis = new Redis({ url, token, retry: { retries: 0 } });
  const key = `test:${crypto.randomUUID()}`;
  expect(await redis.set(key, { a: [1, "ü"] }, { ex: 60 })).toBe("OK");
  expect(await redis.get(key)).toEqual({ a: [1, "ü"] });
  expect(await redis.ttl(key)).toBeGreaterThan(50);
  expect([await redis.set(`${key}:lock`, 1, { nx: true }), await redis.set(`${key}:lock`, 1, { nx: true })]).toEqual([
    "OK",
    null,
  ]);
  expect(await redis.pipeline().incr(`${key}:n`).incr(`${key}:n`).get(`${key}:none`).exec()).toEqual([1, 2, null]);
  expect(await redis.eval("return redis.call('GET', KEYS[1])", [`${key}:n`], [])).toBe(2);
  await expect(new Redis({ url, token: "wrong", retry: { retries: 0 } }).get(key)).rejects.toThrow("Unauthorized");
});
