import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { create, markUploaded, ProcessMessage, processDocument, sweepDocuments } from "@resolve/core/documents";
import { makerWithin } from "@resolve/core/documents/make";
import * as jobs from "@resolve/core/jobs";
import { setClockOffset } from "@resolve/core/platform/clock";
import { type Ctx, systemCtx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { poolOn } from "@resolve/core/platform/database/credentials";
import type { Id } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import type { Sql } from "postgres";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "./testing.ts";
import { startWorkerBench } from "./worker-bench.ts";

/** The vector worker as its container runs it: a process that polls, and that tests stop or kill. */
let database: TestDatabase;
let admin: Sql;
let ctx: Ctx;
let bench: Awaited<ReturnType<typeof startWorkerBench>>;
/** Enough slow documents that a signal reaches the worker in the middle of a job. */
const documentsMax = 60;
let ids: Id<"document">[];

beforeAll(async () => {
  database = await testDatabase();
  admin = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  bench = await startWorkerBench(database);
  ctx = await bench.newTenant();
  ids = await Promise.all(
    Array.from({ length: documentsMax }, (_, n) => ready(`${n}.txt`, `Lens ${n} is serviced in May. `.repeat(400))),
  );
}, 240_000);
// A worker that a failed test left running would take messages of the next test.
afterEach(() => bench.killAll());
afterAll(async () => {
  await closeDatabases();
  await bench.close();
  await admin.end();
  await database.close();
});

const runner: jobs.Runner = { kinds: jobs.vectorKinds, maker: makerWithin({ bytesMax: 1e9 }) };
const asWorker = () => systemCtx({ tenantId: ctx.tenantId, job: "test" });
const make = async (name: string, text: string) => (await create(ctx, { name, text })).document.id;
const ready = async (name: string, text: string) => {
  const documentId = await make(name, text);
  await processDocument(asWorker(), { documentId, version: 1 }, makerWithin({ bytesMax: 1e9 }), "fail");
  return documentId;
};
const statusOf = async (id: Id<"document">) =>
  (await admin`select status from app.documents where id = ${id}`)[0]!["status"];

const start = () => bench.startWorker();
const end = async (child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<unknown[]> => {
  const ended = once(child, "exit");
  child.kill(signal);
  return ended;
};
const relayAll = async () => {
  await relay({ limit: 1_000 });
};
/** A worker that was stopped during its long poll may have received the next message; the sweep sends it again. */
const sweep = async () => {
  await sweepDocuments({ waitingSeconds: 2 });
  await jobs.sweepJobs({ waitingSeconds: 2 });
  await relayAll();
};
const jobStatus = (id: Id<"job">) => async () => {
  await sweep();
  return (await jobs.get(ctx, id)).status;
};
const doneBy = (id: Id<"job">, documents: number) =>
  expect
    .poll(async () => (await jobs.get(ctx, id)).progress.done, { timeout: 90_000, interval: 20 })
    .toBeGreaterThanOrEqual(documents);

test("a job whose worker is stopped, then killed, is finished by others, and each step happens once", async () => {
  const { id } = await jobs.create(ctx, { type: "reindex" });
  await relayAll();
  const first = start();
  await doneBy(id, 3);
  expect(await end(first, "SIGTERM")).toEqual([0, null]);
  const stopped = await jobs.get(ctx, id);
  expect(stopped.status).toBe("queued");

  await relayAll();
  const second = start();
  await doneBy(id, stopped.progress.done + 3);
  await end(second, "SIGKILL");
  const killed = await jobs.get(ctx, id);
  expect(killed.status).toBe("running");

  // Its lease expires after 30 s; this expires it at once.
  await admin`update app.jobs set lease_until = now() - interval '1 second' where tenant_id = ${ctx.tenantId}`;
  await jobs.sweepJobs({ waitingSeconds: 300 });
  await relayAll();
  const third = start();
  await expect.poll(jobStatus(id), { timeout: 90_000 }).toBe("completed");
  await end(third, "SIGTERM");
  const done = await jobs.get(ctx, id);
  expect(done.progress).toMatchObject({ done: documentsMax, total: documentsMax });
  expect(killed.progress.done).toBeLessThan(documentsMax);
  const audited = await admin`select subject, count(*)::int as times from app.audit_log
    where tenant_id = ${ctx.tenantId} and action = 'document.reindex' group by 1`;
  expect(audited.map(({ times }) => times)).toEqual(ids.map(() => 1));
  const [row] = await admin`select
    (select count(*)::int from app.chunks where tenant_id = ${ctx.tenantId}) as chunks,
    (select count(*)::int from app.embeddings where tenant_id = ${ctx.tenantId}) as vectors`;
  expect(row!["chunks"]).toBeGreaterThan(documentsMax);
  expect(row!["vectors"]).toBe(row!["chunks"]);
}, 240_000);

test("a document that is too large for the function is processed by the vector worker", async () => {
  const tooLarge = await make("large.txt", "More than the budget of a function.");
  const deadly = await make("deadly.txt", "Its function never came back.");
  const held = makerWithin({ bytesMax: 10 });
  await processDocument(asWorker(), { documentId: tooLarge, version: 1 }, held, "hand-over");
  // After two attempts that never finished, the function hands the document over.
  await admin`update app.document_versions set attempts = 2 where document_id = ${deadly}`;
  await processDocument(asWorker(), { documentId: deadly, version: 1 }, makerWithin({ bytesMax: 1e9 }), "hand-over");
  expect([await statusOf(tooLarge), await statusOf(deadly)]).toEqual(["processing", "processing"]);
  const sent = await admin`select body from app.outbox where tenant_id = ${ctx.tenantId} and topic = 'vector-jobs'`;
  expect(sent.map(({ body }) => ProcessMessage.parse(body).documentId).sort()).toEqual([tooLarge, deadly].sort());
  await relayAll();
  const child = start();
  const both = async () => {
    await sweep();
    return [await statusOf(tooLarge), await statusOf(deadly)];
  };
  await expect.poll(both, { timeout: 90_000, interval: 200 }).toEqual(["ready", "ready"]);
  await end(child, "SIGTERM");
}, 240_000);

test("an original above the size limit goes to the vector worker at once", async () => {
  const { document } = await create(ctx, { name: "huge.bin", contentType: "text/plain", sizeBytes: 60 * 1024 ** 2 });
  await markUploaded(ctx, { id: document.id, version: 1 });
  const [row] =
    await admin`select topic from app.outbox where tenant_id = ${ctx.tenantId} and body->>'documentId' = ${document.id}`;
  expect(row!["topic"]).toBe("vector-jobs");
});

test("an unreadable message goes to the dead-letter queue and does not stop other work", async () => {
  await admin`insert into app.outbox (id, tenant_id, topic, body) values (app.uuid7(), ${ctx.tenantId}, 'vector-jobs', '{"kind":"nonsense"}')`;
  const { id } = await jobs.create(ctx, { type: "reindex" });
  await relayAll();
  const child = start();
  await expect.poll(jobStatus(id), { timeout: 90_000 }).toBe("completed");
  expect(await end(child, "SIGTERM")).toEqual([0, null]);
}, 240_000);

test("a worker whose clock is a minute ahead does not take a job that another worker holds", async () => {
  const { id } = await jobs.create(ctx, { type: "reindex" });
  await admin`update app.jobs set status = 'running', lease_token = 1, lease_until = now() + interval '20 seconds' where id = ${id}`;
  const run = () => jobs.runJob(asWorker(), id, runner, AbortSignal.abort());
  setClockOffset(60_000);
  try {
    await expect(run()).rejects.toMatchObject({ name: "LeaseHeld" });
    await admin`update app.jobs set lease_until = now() where id = ${id}`;
    setClockOffset(-60_000);
    await run();
  } finally {
    setClockOffset(0);
  }
  expect((await jobs.get(ctx, id)).status).toBe("queued");
  await jobs.cancel(ctx, id);
});
