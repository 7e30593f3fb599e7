import { listEvents } from "@resolve/core/events";
import { allowanceOf, count, countCost, hourOf, sendCounts, usageKey } from "@resolve/core/identity";
import { type Ctx, inTenant, recordUsage, withTx } from "@resolve/core/platform/context";
import { newId } from "@resolve/core/platform/id";
import { recordMessageCost } from "@resolve/core/platform/ledger";
import { resource } from "@resolve/core/platform/resources";
import { cacheToken } from "@resolve/core/platform/services/linked-secrets";
import { observed } from "@resolve/core/platform/wide-event";
import { announceUsage, collectUsage, getUsage, listCosts, listUsage } from "@resolve/core/usage";
import { beforeEach, describe, expect, test } from "vitest";
import { type Consumers, freshTenant, useConsumers } from "./testing-consumers.ts";

let consumers: Consumers;
let ctx: Ctx;
useConsumers(async (started) => {
  consumers = started;
});
beforeEach(async () => {
  ctx = await freshTenant(consumers);
});

const usedOf = async (meter: string) => (await getUsage(ctx)).meters.find((one) => one.meter === meter)!.used;
const thresholds = async () =>
  (await listEvents(ctx, { after: 0, limit: 100, types: ["usage.threshold"] })).data.map(({ data }) => [
    data["meter"],
    data["percent"],
  ]);
/** As a Redis that restarts without its data. */
const loseCounter = async () => {
  const link = resource("Cache");
  const headers = { authorization: `Bearer ${await cacheToken(link)}` };
  await fetch(link.url, { method: "POST", headers, body: JSON.stringify(["DEL", usageKey(hourOf(new Date()))]) });
};
const limit = (limited: string, maximum: number) =>
  consumers.admin`insert into app.tenant_limits values (${ctx.tenantUuid}, ${limited}, ${maximum})`;

test("searches are counted once, however often they are sent and taken over", async () => {
  for (let n = 0; n < 10; n++) count(ctx.tenantId, "searches");
  await sendCounts();
  await sendCounts();
  count(ctx.tenantId, "searches");
  // Two sweeps at once, and one that runs again, as after a death before its message was acknowledged.
  await Promise.all([sendCounts(), collectUsage()]);
  await Promise.all([collectUsage(), collectUsage()]);
  await collectUsage();
  expect(await usedOf("searches")).toBe(11);
});

test("what Redis has counted before it lost everything stays, and what comes after is added", async () => {
  count(ctx.tenantId, "searches");
  count(ctx.tenantId, "searches");
  await sendCounts();
  await collectUsage();
  await loseCounter();
  count(ctx.tenantId, "searches");
  await sendCounts();
  await collectUsage();
  expect(await usedOf("searches")).toBe(3);
});

test("what a transaction counts is there when it has committed, and not when it has failed", async () => {
  await withTx(ctx, async (ctx) => recordUsage(ctx, { documents: 2, bytes: 10 }));
  await withTx(ctx, async (ctx) => {
    recordUsage(ctx, { documents: 5 });
    throw new Error("died");
  }).catch(() => {});
  await Promise.all(
    Array.from({ length: 10 }, () => withTx(ctx, async (ctx) => recordUsage(ctx, { bytes: 1, documents: 1 }))),
  );
  expect([await usedOf("documents"), await usedOf("bytes")]).toEqual([12, 20]);
  const day = new Date().toISOString().slice(0, 10);
  const { hours } = await getUsage(ctx, { day });
  expect(hours?.filter(({ meter }) => meter === "documents").reduce((sum, { used }) => sum + used, 0)).toBe(12);
});

test("usage is listed page by page, newest tenant first", async () => {
  const other = await freshTenant(consumers);
  for (const [one, documents] of [[ctx, 3] as const, [other, 2] as const])
    await withTx(one, async (ctx) => recordUsage(ctx, { documents }));
  const first = await listUsage(ctx, { limit: 1 });
  expect(first).toMatchObject({ data: [{ tenantId: other.tenantId, meters: { documents: 2 } }], hasMore: true });
  const second = await listUsage(ctx, { limit: 1, cursor: first.nextCursor! as typeof ctx.tenantId });
  expect(second.data).toEqual([{ tenantId: ctx.tenantId, meters: { documents: 3 } }]);
});

test("80 and 100 percent of a limit are announced once each, also by sweeps at the same time", async () => {
  await limit("documentsPerMonth", 10);
  const use = (documents: number) => withTx(ctx, async (ctx) => recordUsage(ctx, { documents }));
  await use(7);
  await announceUsage();
  expect(await thresholds()).toEqual([]);
  await use(1);
  await Promise.all([announceUsage(), announceUsage()]);
  await use(1);
  await announceUsage();
  expect(await thresholds()).toEqual([["documents", 80]]);
  await use(5);
  await Promise.all([announceUsage(), announceUsage()]);
  await use(1);
  await announceUsage();
  expect(await thresholds()).toEqual([
    ["documents", 80],
    ["documents", 100],
  ]);
});

describe("costs", () => {
  const message = (work: () => Promise<unknown>) => observed("message", {}, work, () => ({}), 512);
  const costOf = async (period: { month?: string; day?: string } = {}) =>
    (await listCosts(ctx, { limit: 100, ...period })).data.find(({ tenantId }) => tenantId === ctx.tenantId)!;

  test("of requests and messages are added once, by hour and month, and priced with the model's prices", async () => {
    for (let n = 0; n < 1_000; n++)
      countCost(ctx.tenantId, {
        count: 1,
        cpuMicros: 5_000,
        databaseMicros: 2_000,
        mbMs: 61_440,
        responseBytes: 5_000,
      });
    await sendCounts();
    await sendCounts();
    await Promise.all([collectUsage(), collectUsage()]);
    await collectUsage();
    await message(async () => {
      await withTx(ctx, async (ctx) => recordUsage(ctx, { documents: 1, bytes: 1_000_000, ocrPages: 4 }));
      await recordMessageCost(ctx);
    });
    await message(() => recordMessageCost(ctx));

    const month = await costOf();
    expect(month.amounts).toMatchObject({
      ...{ "request.count": 1_000, "request.cpuMicros": 5_000_000, "request.databaseMicros": 2_000_000 },
      ...{ "request.responseBytes": 5_000_000, "message.count": 2, documents: 1, bytes: 1_000_000 },
    });
    expect(month.amounts["message.cpuMicros"]).toBeGreaterThan(0);
    expect(month.amounts["message.databaseMicros"]).toBeGreaterThan(0);
    expect(month.amounts["message.mbMs"]).toBeGreaterThan(0);
    // 1,000 requests at the edge, and 5 MB of responses.
    expect(month.services["CloudFront"]).toBeCloseTo(1_000 * 1e-6 + 0.005 * 0.085, 8);
    expect(month.services["Textract"]).toBeCloseTo(4 * 0.0015, 8);
    // 60 ms with 1 GB and the price of a request, and a little for the messages.
    const lambda = 60 * 1.33334e-5 + 1_000 * 2e-7;
    expect(month.services["Lambda"]).toBeGreaterThan(lambda);
    expect(month.services["Lambda"]).toBeLessThan(lambda * 1.5);
    const day = await costOf({ day: new Date().toISOString().slice(0, 10) });
    expect(day).toMatchObject({ amounts: month.amounts, usd: month.usd, services: month.services });
    expect(day.hours!.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(day.usd, 6);
    expect((await costOf({ month: "2020-01" })) ?? "none").toBe("none");
  });

  test("limit nothing: neither the allowance nor the announcements see them", async () => {
    await message(() => recordMessageCost(ctx));
    countCost(ctx.tenantId, { count: 1, databaseMicros: 1 });
    await sendCounts();
    await collectUsage();
    expect((await withTx(ctx, allowanceOf)).used).toEqual({});
    const unchecked = await consumers.admin`
      select meter from app.usage_months where tenant_id = ${ctx.tenantUuid} and amount <> checked_amount`;
    expect(unchecked).toEqual([]);
    expect((await getUsage(ctx)).meters.map(({ meter }) => meter)).not.toContain("message.count");
  });

  test("that cannot be recorded stop no message", async () => {
    const gone = inTenant(ctx, newId("tenant"));
    await expect(message(() => recordMessageCost(gone))).resolves.toBeUndefined();
  });

  test("are listed page by page, with each tenant's part of the database's time", async () => {
    const other = await freshTenant(consumers);
    for (const [one, databaseMicros] of [[ctx, 30_000] as const, [other, 10_000] as const])
      countCost(one.tenantId, { count: 1, databaseMicros });
    await sendCounts();
    await collectUsage();
    const first = await listCosts(ctx, { limit: 1 });
    expect(first.data.map(({ tenantId }) => tenantId)).toEqual([other.tenantId]);
    const second = await listCosts(ctx, { limit: 1, cursor: first.nextCursor! as typeof ctx.tenantId });
    expect(second.data.map(({ tenantId }) => tenantId)).toEqual([ctx.tenantId]);
    expect(second.data[0]!.databaseShare / first.data[0]!.databaseShare).toBeCloseTo(3, 6);
    // It has no price here, because this is no stage that docs/cost.md prices.
    expect(first.data[0]!.sharedUsd).toBeNull();
    const { data } = await listCosts(ctx, { limit: 100 });
    const shares = data.reduce((sum, one) => sum + one.databaseShare, 0);
    expect(shares).toBeGreaterThan(0);
    expect(shares).toBeLessThanOrEqual(1 + 1e-9);
  });
});
