import { bootstrapPlatform, count, countOutcome, sendCounts } from "@resolve/core/identity";
import { newId } from "@resolve/core/platform/id";
import { checkReadiness } from "@resolve/core/platform/services/readiness";
import { collectUsage, getHealth, getSlo, getUsage } from "@resolve/core/usage";
import { expect, test } from "vitest";
import { sparkline, statusLines } from "../../cli/src/status.ts";
import { type Consumers, freshTenant, useConsumers } from "./testing-consumers.ts";

/** The operator's view: how requests ended, by minute and hour, and what is left of the error budgets. */
let consumers: Consumers;
useConsumers(async (started) => {
  consumers = started;
});

const times = (count: number, work: () => void) => Array.from({ length: count }, work);
const good = { failed: false, slow: false };

test("outcomes are counted once by minute, and by hour for their tenant, and use up the error budgets", async () => {
  const ctx = await freshTenant(consumers);
  const other = await freshTenant(consumers);
  const before = await getSlo(ctx, { hours: 2 });
  const totalBefore = before.objectives[0]!.total;
  await bootstrapPlatform({ rotate: false });
  // As the rate limiter counts them.
  times(1_000, () => count(ctx.tenantId, "requests"));
  times(997, () => countOutcome(ctx.tenantId, good));
  times(1, () => countOutcome(ctx.tenantId, { failed: true, slow: false }));
  times(2, () => countOutcome(ctx.tenantId, { failed: false, slow: true }));
  times(1, () => count(other.tenantId, "requests"));
  countOutcome(other.tenantId, good);
  // Before its credential was known: the first is nobody's request, the second an error of the system.
  countOutcome(undefined, good);
  countOutcome(undefined, { failed: true, slow: true });
  await sendCounts();
  await sendCounts();
  await Promise.all([collectUsage(), collectUsage()]);
  await collectUsage();

  // A tenant that does not exist has no objectives.
  await expect(getSlo(ctx, { tenantId: newId("tenant"), hours: 2 })).rejects.toMatchObject({ code: "not-found" });
  const one = await getSlo(ctx, { tenantId: ctx.tenantId, hours: 2 });
  expect(one.hours.map(({ requests, failed, slow }) => [requests, failed, slow])).toEqual([[1_000, 1, 2]]);
  const [availability, latency] = one.objectives;
  expect(availability).toMatchObject({ name: "availability", target: 0.9995, total: 1_000, bad: 1, achieved: 0.999 });
  // 0.1 % failed, and 0.05 % may fail.
  expect(availability!.budgetLeft).toBeCloseTo(-1, 6);
  expect(availability!.burnRate).toBeCloseTo(2, 6);
  expect(latency!.budgetLeft).toBeCloseTo(1 - 0.002 / 0.05, 6);

  const all = await getSlo(ctx, { hours: 2 });
  const added = [all.objectives[0]!.total - totalBefore, all.objectives[0]!.bad - before.objectives[0]!.bad];
  const { minutes, ready } = await getHealth(ctx);
  expect(ready.status).toBe("ok");
  expect(minutes).toHaveLength(60);
  const sum = (meter: "requests" | "failed" | "slow") => minutes!.reduce((total, one) => total + one[meter], 0);
  const sums = [sum("requests"), sum("failed"), sum("slow")];
  // Suites that run at the same time share a real Redis: they add to these figures, and may take over the platform's two requests.
  const isShared = process.env["TEST_REDIS_URL"] !== undefined;
  for (const [n, own] of [1_002, 2].entries())
    expect(added[n]).toSatisfy((amount: number) => amount === own || (isShared && amount >= own - 2));
  for (const [n, own] of [1_002, 2, 3].entries())
    expect(sums[n]).toSatisfy((amount: number) => amount === own || (isShared && amount > own));
  // A tenant sees its meters, not the operator's.
  expect((await getUsage(ctx)).meters.map(({ meter }) => meter)).not.toContain("failed");
  const day = new Date().toISOString().slice(0, 10);
  expect((await getUsage(ctx, { day })).hours!.map(({ meter }) => meter)).toEqual(["requests"]);
});

test("readiness says why a part fails, without details of it", async () => {
  const links = process.env["SST_RESOURCES_JSON"]!;
  expect(await checkReadiness()).toEqual({ status: "ok", database: "ok", queue: "ok", cache: "ok" });
  const { resource } = await import("@resolve/core/platform/resources");
  // The link is read once, so change what it returned.
  const cache = resource("Cache");
  const { url } = cache;
  Object.assign(cache, { url: "http://127.0.0.1:1" });
  expect(await checkReadiness()).toEqual({
    ...{ status: "degraded", database: "ok", queue: "ok", cache: "failed" },
    reasons: { cache: "unreachable" },
  });
  Object.assign(cache, { url, token: "wrong" });
  expect((await checkReadiness()).reasons).toEqual({ cache: "refused" });
  expect(links).toContain("Cache");
});

test("the terminal view has a line for each series, also without requests and without Redis", () => {
  expect(sparkline([0, 1, 4, 8])).toBe("▁▂▅█");
  expect(sparkline([])).toBe("");
  const health = {
    ready: { status: "degraded", database: "ok", queue: "ok", cache: "failed", reasons: { cache: "timeout" } },
    outbox: { waiting: 2, oldestSeconds: 31 },
    parkedWork: 1,
    minutes: null,
  } as const;
  const objective = { target: 0.9995, total: 0, bad: 0, achieved: null, budgetLeft: 1, burnRate: null };
  const objectives = [{ name: "availability", ...objective } as const];
  const slo = { month: "2026-12", tenantId: null, slowMs: 200, objectives, hours: [] };
  const text = statusLines({ at: "2026-12-01T10:00:00.000Z", health, slo }).join("\n");
  expect(text).toContain("○ degraded   database ok, queue ok, cache failed (timeout)   2026-12-01 10:00:00 UTC");
  expect(text).toContain("unknown: the cache does not respond");
  expect(text).toContain("availability 99.95 % is the target; no request is counted yet");
});
