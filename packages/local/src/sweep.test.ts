import { create } from "@resolve/core/documents";
import { type Ctx, enqueue, tenantCtx, withSystemTx, withTx } from "@resolve/core/platform/context";
import { type Id, newId, toUuid } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import { listParkedWork, releaseParkedWork, reportParkedWork } from "@resolve/core/platform/parked-work";
import { messageBytesMax } from "@resolve/core/platform/services/batches";
import { failuresMax, forEachRow, isDue } from "@resolve/core/platform/sweep";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { invoke } from "./lambda.ts";
import { type Consumers, freshTenant, useConsumers } from "./testing-consumers.ts";
import { loggedErrors } from "./testing-log.ts";

/** Rows that cannot be handled or sent: they delay no other row and no other tenant, and are parked in the end. */
let consumers: Consumers;
let admin: Consumers["admin"];
useConsumers(async (started) => {
  consumers = started;
  ({ admin } = consumers);
});

let ctx: Ctx;
beforeEach(async () => {
  ctx = await freshTenant(consumers);
  await admin`truncate app.sweep_errors`;
});

const operatorCtx = () =>
  tenantCtx({ tenantId: ctx.tenantId, actor: { type: "system", job: "test" }, role: "admin", login: "AppDatabase" });

describe("H1: a row of the sweep that fails", () => {
  const rows = async () => {
    const ids: Id<"document">[] = [];
    for (let n = 0; n < 3; n++) ids.push((await create(ctx, { name: `${n}.txt`, text: "Some text." })).document.id);
    return ids.map((id) => ({ tenant_id: ctx.tenantId, id }));
  };
  const due = (ids: string[], stage: "documents" | "leftovers" = "documents") =>
    withSystemTx("sweep", (db) =>
      db.execute<{ id: string }>(sql`select id from app.documents d where id = any(${sql.param(ids)}::uuid[])
        and ${isDue(stage, sql`d.tenant_id`, sql`d.id`)}`),
    );

  test("stops no other row, waits longer after each failure, is parked in the end, and is forgotten after a success", async () => {
    const [bad, ...good] = await rows();
    const handled: string[] = [];
    const handle = async (row: (typeof good)[number]) => {
      if (row === bad) throw new Error("this row is broken");
      handled.push(row.id);
    };
    expect(await forEachRow("documents", [bad!, ...good], handle)).toBe(2);
    expect(handled).toEqual(good.map(({ id }) => id));
    const ids = (await admin`select id from app.documents where tenant_id = ${ctx.tenantId}`).map(({ id }) =>
      String(id),
    );
    expect(await due(ids)).toHaveLength(2);

    const waits: number[] = [];
    for (let n = 1; n < failuresMax; n++) {
      await forEachRow("documents", [bad!], handle);
      const [row] =
        await admin`select attempts, error, parked_at, extract(epoch from due_at - now())::float8 as wait from app.sweep_errors`;
      expect(row).toMatchObject({ attempts: n + 1, error: "this row is broken" });
      waits.push(Math.round(Number(row!["wait"])));
      expect(row!["parked_at"] !== null).toBe(n + 1 === failuresMax);
    }
    expect(waits).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    await admin`update app.sweep_errors set due_at = now() - interval '1 hour'`;
    expect([await due(ids), await due(ids, "leftovers")]).toMatchObject([{ length: 2 }, { length: 3 }]);

    const { data } = await listParkedWork(operatorCtx(), { limit: 10 });
    expect(data).toMatchObject([{ tenantId: ctx.tenantId, attempts: failuresMax, error: "this row is broken" }]);
    expect(data[0]!.id).toMatch(/^sweep:documents:/);
    expect(await releaseParkedWork(operatorCtx(), [data[0]!.id, "sweep:documents:nothing"])).toEqual({ released: 1 });
    expect(await due(ids)).toHaveLength(3);

    await forEachRow("documents", [bad!], handle);
    await forEachRow("documents", [bad!], async () => {});
    expect(await admin`select from app.sweep_errors`).toHaveLength(0);
  });

  test("of a tenant that the database does not know keeps no other failure from being stored", async () => {
    const [bad] = await rows();
    const handle = () => Promise.reject(new Error("this row is broken"));
    expect(await forEachRow("documents", [{ tenant_id: newId("tenant") }, bad!], handle)).toBe(0);
    expect(await admin`select id from app.sweep_errors`).toEqual([{ id: toUuid(bad!.id) }]);
  });

  test("is listed page by page once it is parked", async () => {
    const [one, two] = await rows();
    await forEachRow("documents", [one!, two!], () => Promise.reject(new Error("this row is broken")));
    expect((await listParkedWork(operatorCtx(), { limit: 1 })).data).toEqual([]);
    await admin`update app.sweep_errors set parked_at = now()`;
    const first = await listParkedWork(operatorCtx(), { limit: 1 });
    expect(first).toMatchObject({ data: [{ id: `sweep:documents:${toUuid(one!.id)}` }], hasMore: true });
    const second = await listParkedWork(operatorCtx(), { limit: 1, cursor: first.nextCursor! });
    expect(second).toMatchObject({ data: [{ id: `sweep:documents:${toUuid(two!.id)}` }], hasMore: false });
  });

  test("is logged for the alarm once it is parked, and not before", async () => {
    const lines = loggedErrors();
    const [bad] = await rows();
    const isLogged = async () => {
      await reportParkedWork();
      return lines.some((line) => line.includes("work is parked"));
    };
    expect(await isLogged()).toBe(false);
    await forEachRow("documents", [bad!], () => Promise.reject(new Error("this row is broken")));
    expect(await isLogged()).toBe(false);
    await admin`update app.sweep_errors set parked_at = now()`;
    expect(await isLogged()).toBe(true);
  });

  test("a stage that fails as a whole stops none of the later stages", async () => {
    const { handler } = await import("@resolve/functions/schedules/sweep");
    await withTx(ctx, async (ctx) => enqueue(ctx, { topic: "onboarding", body: { tenantId: ctx.tenantId } }));
    await admin`alter table app.document_versions rename column lease_until to lease_gone`;
    try {
      await expect(handler({ isFreshStart: true })).rejects.toThrow("stages of the sweep failed");
    } finally {
      await admin`alter table app.document_versions rename column lease_gone to lease_until`;
    }
    expect(await admin`select from app.outbox where tenant_id = ${ctx.tenantId}`).toHaveLength(0);
  });
});

test("every tenant whose turn was lost gets it again, however many documents of another one are at work", async () => {
  const { fillAll } = await import("@resolve/core/documents");
  const others = [await freshTenant(consumers), await freshTenant(consumers)];
  for (let n = 0; n < 6; n++) await create(ctx, { name: `${n}.txt`, text: `Text ${n}.` });
  for (const other of others) await create(other, { name: "a.txt", text: "Some text." });
  const ids = others.map(({ tenantUuid }) => tenantUuid);
  await admin`update app.document_versions set dispatch = 'waiting' where tenant_id = any(${ids}::uuid[])`;
  const turns = async (of: string[]) =>
    (await admin`select dispatch from app.document_versions where tenant_id = any(${of}::uuid[]) order by id`).map(
      ({ dispatch }) => dispatch,
    );
  await fillAll();
  expect(await turns(ids)).toEqual(["sent", "sent"]);
  expect(await turns([ctx.tenantUuid])).toEqual(["sent", "sent", "sent", "sent", "sent", "waiting"]);
});

test("a document whose message was lost is sent again, whether or not a worker has begun it, and not a recent one or one that a worker has", async () => {
  const { sweepDocuments } = await import("@resolve/core/documents");
  const ids: string[] = [];
  for (let n = 0; n < 4; n++) ids.push((await create(ctx, { name: `${n}.txt`, text: `Text ${n}.` })).document.id);
  const [queued, begun, , leased] = ids.map((id) => toUuid(id as Id<"document">));
  await admin`update app.documents set updated_at = now() - interval '10 minutes' where id in (${queued!}, ${begun!}, ${leased!})`;
  await admin`update app.documents set status = 'processing' where id in (${begun!}, ${leased!})`;
  await admin`update app.document_versions set lease_until = now() + interval '10 seconds' where document_id = ${leased!}`;
  await admin`truncate app.outbox`;
  expect(await sweepDocuments({ waitingSeconds: 300 })).toBe(2);
  const sent =
    await admin`select body ->> 'documentId' as id from app.outbox where topic = 'document-processing' order by id`;
  expect(sent.map(({ id }) => id)).toEqual(ids.slice(0, 2));
});

test("an address whose fetch was lost with the queues is fetched again at the start of a runtime", async () => {
  const { checkUploads } = await import("@resolve/core/documents");
  const { document } = await create(ctx, { name: "a.html", url: "http://127.0.0.1:9/a" });
  await create(ctx, { name: "b.txt", contentType: "text/plain", sizeBytes: 5 });
  await admin`truncate app.outbox`;
  await checkUploads();
  expect(await admin`select from app.outbox`).toHaveLength(0);
  await checkUploads({ isAlone: true });
  const sent = await admin`select topic, body ->> 'documentId' as id from app.outbox`;
  expect(sent.map((row) => ({ ...row }))).toEqual([{ topic: "url-fetch", id: document.id }]);
});

test("an object whose document was never committed is deleted after an hour, and one that has a document stays", async () => {
  const { removeLooseObjects } = await import("@resolve/core/documents");
  const { blobs } = await import("@resolve/core/platform/services/blob");
  const stored = (key: string) => invoke("store-upload", { detail: { object: { key, size: 4 } } });
  const lost = newId("document");
  const rolledBack = withTx(ctx, async (ctx) => {
    const { document } = await create(ctx, { name: "a.txt", text: "Some text." });
    const key = `t/${ctx.tenantId}/${document.id}/1`;
    return Promise.reject(Object.assign(new Error("on purpose"), { key }));
  });
  const { key } = await rolledBack.catch((error: Error & { key: string }) => error);
  const { document } = await create(ctx, { name: "b.txt", text: "Some text." });
  const kept = `t/${ctx.tenantId}/${document.id}/1`;
  const late = `t/${ctx.tenantId}/${lost}/1`;
  await blobs.put(late, Buffer.from("late"), "text/plain");
  // An event that came before its document was committed.
  await admin`insert into app.loose_objects (tenant_id, document_id, due_at)
    values (${ctx.tenantUuid}, ${toUuid(document.id)}, now() + interval '1 hour')`;
  for (const one of [key, key, late, kept]) await stored(one);
  expect(await admin`select from app.loose_objects`).toHaveLength(3);
  await removeLooseObjects();
  expect(await Promise.all([key, late, kept].map((one) => blobs.head(one)))).not.toContain(undefined);
  await admin`update app.loose_objects set due_at = now() - interval '1 second'`;
  expect(await removeLooseObjects()).toBe(3);
  const sizes = await Promise.all([key, late, kept].map((one) => blobs.head(one)));
  expect(sizes).toEqual([undefined, undefined, { sizeBytes: 10 }]);
  expect(await admin`select from app.loose_objects`).toHaveLength(0);
});

describe("H3: the outbox", () => {
  const send = (of: Ctx, topic: string, body: Record<string, unknown>) =>
    withTx(of, async (ctx) => enqueue(ctx, { topic, body: { tenantId: ctx.tenantId, ...body } }));
  const left = async () =>
    (await admin`select topic, refusals, parked_at is not null as parked, error from app.outbox order by id`).map(
      (row) => ({ ...row }),
    );
  const makeDue = () => admin`update app.outbox set due_at = now() - interval '1 second'`;

  test("a message that is too large fails alone, is parked after five refusals, and its neighbours are sent", async () => {
    await send(ctx, "onboarding", { n: 1 });
    await send(ctx, "onboarding", { text: "a".repeat(messageBytesMax) });
    await send(ctx, "onboarding", { n: 2 });
    expect(await relay({ limit: 10 })).toBe(3);
    const error = `larger than ${messageBytesMax} bytes`;
    expect(await left()).toEqual([{ topic: "onboarding", refusals: 1, parked: false, error }]);
    for (let n = 0; n < 4; n++) {
      await makeDue();
      await relay({ limit: 10 });
    }
    expect(await left()).toEqual([{ topic: "onboarding", refusals: 5, parked: true, error }]);
    await makeDue();
    expect(await relay({ limit: 10 })).toBe(0);
    const { data } = await listParkedWork(operatorCtx(), { limit: 10 });
    expect(data).toMatchObject([{ tenantId: ctx.tenantId, error }]);
    await releaseParkedWork(operatorCtx(), [data[0]!.id]);
    expect(await relay({ limit: 10 })).toBe(1);
    expect(await left()).toEqual([{ topic: "onboarding", refusals: 1, parked: false, error }]);
  });

  test("batches are limited by bytes", async () => {
    for (let n = 0; n < 5; n++) await send(ctx, "onboarding", { text: "a".repeat(100_000) });
    expect(await relay({ limit: 10 })).toBe(5);
    expect(await left()).toEqual([]);
  });

  test("text that SQS does not permit reaches the queue as the same text", async () => {
    await send(ctx, "onboarding", { text: "a\uFFFFb\uFFFE" });
    await relay({ limit: 10 });
    expect(await left()).toEqual([]);
    expect(JSON.parse(await consumers.received(ctx, "onboarding"))).toMatchObject({ text: "a\uFFFFb\uFFFE" });
  });

  test("a bus that throttles never parks an event", async () => {
    consumers.state.isBusThrottled = true;
    await withTx(ctx, async (ctx) =>
      enqueue(ctx, { topic: "events", body: { type: "a.b", occurredAt: new Date().toISOString() } }),
    );
    for (let n = 0; n < 6; n++) {
      await makeDue();
      await relay({ limit: 10 });
    }
    consumers.state.isBusThrottled = false;
    expect(await left()).toMatchObject([{ refusals: 0, parked: false }]);
  }, 120_000);

  test("a bus that never responds delays the queues by the time of one call only, and loses nothing", async () => {
    consumers.state.isBusHanging = true;
    await withTx(ctx, async (ctx) =>
      enqueue(ctx, { topic: "events", body: { type: "a.b", occurredAt: new Date().toISOString() } }),
    );
    await send(ctx, "onboarding", {});
    await relay({ limit: 10 });
    consumers.state.isBusHanging = false;
    expect(await left()).toMatchObject([{ topic: "events", refusals: 0, parked: false }]);
  }, 40_000);

  test("a topic without a queue holds back no other topic", async () => {
    await send(ctx, "a-queue-to-come", {});
    await send(ctx, "onboarding", {});
    await relay({ limit: 10 });
    expect(await left()).toMatchObject([{ topic: "a-queue-to-come" }]);
  });

  test("H7: a tenant with many rows does not keep another tenant's row waiting", async () => {
    const other = await consumers.newTenant("Other");
    for (let n = 0; n < 30; n++) await send(ctx, "onboarding", { n });
    await send(other, "onboarding", { n: 0 });
    expect(await relay({ limit: 10 })).toBe(10);
    const [row] = await admin`select count(*)::int as n from app.outbox where tenant_id = ${other.tenantId}`;
    expect(row).toEqual({ n: 0 });
  });

  test("expired idempotency keys are deleted, others stay", async () => {
    const { deleteExpiredKeys } = await import("@resolve/core/identity");
    for (const [key, hours] of [
      ["old", -1],
      ["new", 1],
    ] as const)
      await admin`insert into app.idempotency_keys (tenant_id, actor, route, key, fingerprint, claim_id, expires_at)
        select id, 'a', 'r', ${key}, '', gen_random_uuid(), now() + make_interval(hours => ${hours}) from app.tenants limit 1`;
    await deleteExpiredKeys();
    expect((await admin`select key from app.idempotency_keys`).map(({ key }) => key)).toEqual(["new"]);
  });
});
