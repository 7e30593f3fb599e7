import { afterEach, describe, expect, test, vi } from "vitest";
import { startCache } from "../../../local/src/doubles/cache.ts";
import { startRedis } from "../../../local/src/doubles/redis.ts";
import { newId } from "../platform/id.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A new instance of the limiter, as in a new process. */
const limiterOn = async (link: { url: string; token: string; timeoutMs?: number }) => {
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({ Cache: { timeoutMs: 120_000, ...link } });
  vi.resetModules();
  const { admit } = await import("./rate-limit.ts");
  return admit;
};
const bucket = (perSecond: number, size: number) => ({ name: newId("tenant"), perSecond, size });
const at = Date.UTC(2026, 11, 1) * 1000;
const second = 1_000_000;

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
  const started = async () => {
    const { close, ...link } = await start();
    closers.push(close);
    return limiterOn(link);
  };

  // The embedded Redis takes 3 ms of CPU for a script, and over its own protocol it replies when it has run all that had come.
  const length = server === "Redis's protocol" ? 250 : process.env["TEST_REDIS_URL"] ? 10_000 : 1_000;
  test(`${length} concurrent requests on one bucket admit exactly its size`, { timeout: 180_000 }, async () => {
    const admit = await started();
    const tenant = bucket(100, 200);
    const answers: Awaited<ReturnType<typeof admit>>[] = [];
    // Over REST each request has a connection, and a server takes so many at once.
    const atOnce = server === "a real Redis" ? length : Math.min(length, 500);
    for (let sent = 0; sent < length; sent += atOnce)
      answers.push(...(await Promise.all(Array.from({ length: atOnce }, () => admit([tenant], at)))));
    expect(answers.filter(({ isAdmitted }) => isAdmitted)).toHaveLength(200);
    expect(new Set(answers.map(({ remaining }) => remaining))).toEqual(new Set(Array(200).keys()));
  });

  test("a bucket fills at its rate, and a request takes from both buckets or from none", async () => {
    const admit = await started();
    const [tenant, caller] = [bucket(3, 3), bucket(1, 2)];
    const take = async (at: number) => (await admit([tenant, caller], at)).isAdmitted;
    expect([await take(at), await take(at), await take(at)]).toEqual([true, true, false]);
    expect(await admit([tenant], at)).toEqual({
      isAdmitted: true,
      limit: 3,
      remaining: 0,
      resetSeconds: 1,
      retryAfterMs: 0,
    });
    expect(await admit([tenant], at)).toMatchObject({ isAdmitted: false, remaining: 0, retryAfterMs: 334 });
    // The caller's bucket has lost two, not three.
    expect([await take(at + second), await take(at + second), await take(at + 2 * second)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test("a clock that is behind gets nothing twice, and one that is ahead stops nobody for longer than a full bucket", async () => {
    const admit = await started();
    const tenant = bucket(100, 4);
    const many = async (at: number) => {
      const answers = await Promise.all(Array.from({ length: 6 }, () => admit([tenant], at)));
      return answers.filter(({ isAdmitted }) => isAdmitted).length;
    };
    expect(await many(at)).toBe(4);
    expect(await many(at - 10 * second)).toBe(0);
    expect(await many(at)).toBe(0);
    expect(await many(at + 3600 * second)).toBe(4);
    // Both clocks see an empty bucket, and the right one is served again when its own time is over.
    expect(await many(at + second)).toBe(0);
  });
});

test("without Redis an instance admits an eighth of the limit, and no request waits for it", async () => {
  const { url, token, close } = await startCache({ token: "secret" });
  await close();
  const admit = await limiterOn({ url, token, timeoutMs: 50 });
  const tenant = bucket(100, 200);
  const startedAt = performance.now();
  const answers = [];
  for (let n = 0; n < 400; n++) answers.push(await admit([tenant], at));
  expect(answers.filter(({ isAdmitted }) => isAdmitted)).toHaveLength(25);
  expect(answers.at(-1)).toMatchObject({ limit: 25, remaining: 0, retryAfterMs: 80 });
  const later = await Promise.all(Array.from({ length: 40 }, () => admit([tenant], at + second)));
  expect(later.filter(({ isAdmitted }) => isAdmitted)).toHaveLength(12);
  // Five failures open the breaker; waiting for each would take 22 s.
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
