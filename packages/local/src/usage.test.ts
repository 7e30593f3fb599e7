import { listEvents } from "@resolve/core/events";
import { count, hourOf, sendCounts, usageKey } from "@resolve/core/identity";
import { type Ctx, recordUsage, withTx } from "@resolve/core/platform/context";
import { resource } from "@resolve/core/platform/resources";
import { announceUsage, collectUsage, getUsage } from "@resolve/core/usage";
import { beforeEach, expect, test } from "vitest";
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
  const { url, token } = resource("Cache");
  const headers = { authorization: `Bearer ${token}` };
  await fetch(url, { method: "POST", headers, body: JSON.stringify(["DEL", usageKey(hourOf(new Date()))]) });
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
