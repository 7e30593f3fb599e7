import { once } from "node:events";
import { SQSClient } from "@aws-sdk/client-sqs";
import { create, processDocument } from "@resolve/core/documents";
import { makerWithin } from "@resolve/core/documents/make";
import * as jobs from "@resolve/core/jobs";
import { systemCtx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { poolOn } from "@resolve/core/platform/database/credentials";
import { relay } from "@resolve/core/platform/outbox";
import { type FunctionName, queues } from "@resolve/functions/topology";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callerOf } from "../../acceptance/src/client.ts";
import { queueArn, sqsCredentials } from "./doubles/sqs.ts";
import { startGateway } from "./gateway.ts";
import { invoke } from "./lambda.ts";
import { startPool } from "./lambda-pool.ts";
import type { LeftWork } from "./lambda-sockets.ts";
import { pollQueue } from "./poller.ts";
import { type TestDatabase, testDatabase } from "./testing.ts";
import { startWorkerBench } from "./worker-bench.ts";

/**
 * a deployment while callers send what the smoke tests send. The alias of the API moves to a new version as CodeDeploy
 * moves it, the consumer of documents gets new code, the vector worker is stopped within a job, and another one continues.
 */
const documentsMax = 24;
/** Of one wait on a busy machine. */
const timeout = 60_000;
let database: TestDatabase;
let bench: Awaited<ReturnType<typeof startWorkerBench>>;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  database = await testDatabase();
  bench = await startWorkerBench(database);
});
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await closeDatabases();
  await bench?.close();
  await database?.close();
});

/** A published version of the API's functions, with environments of its own. */
const publish = (leftWork: LeftWork[]) => {
  const pool = startPool({ onLeftWork: (work) => leftWork.push(work) });
  let running = 0;
  let requests = 0;
  return {
    requests: () => requests,
    running: () => running,
    invoke: async (name: FunctionName, event: unknown) => {
      requests += 1;
      running += 1;
      try {
        return await pool.invoke(name, event);
      } finally {
        running -= 1;
      }
    },
    close: pool.close,
  };
};

/** The API behind an alias: `shift` sends some of each ten requests to the new version. */
const startApi = async () => {
  const leftWork: LeftWork[] = [];
  const [before, after] = [publish(leftWork), publish(leftWork)];
  let shifted = 0;
  let requests = 0;
  const gateway = await startGateway({
    port: 0,
    invoke: (name, event) => (requests++ % 10 < shifted ? after : before).invoke(name, event),
  });
  closers.push(before.close, after.close, gateway.close);
  const shift = (ofTen: number) => {
    shifted = ofTen;
  };
  return { url: `http://127.0.0.1:${gateway.port}/api`, before, after, leftWork, shift };
};

/** The consumer of document-processing, whose function can be replaced. */
const startConsumer = () => {
  const name = "document-processing";
  const pool = startPool({ onLeftWork: () => {} });
  const { endpoint } = bench.sqs;
  const client = new SQSClient({ endpoint, region: "us-east-1", credentials: sqsCredentials });
  const poller = pollQueue({
    client,
    spec: queues[name],
    url: bench.sqs.url(name),
    arn: queueArn(name, false),
    concurrency: 1,
    invoke: (event) => pool.invoke("process-document", event),
  });
  closers.push(pool.close, poller.stop);
  return pool;
};

/** A job of the vector worker with one step a document. */
const startJob = async () => {
  const ctx = await bench.newTenant();
  const text = "The lens is serviced in May. ".repeat(400);
  for (let n = 0; n < documentsMax; n++) {
    const { document } = await create(ctx, { name: `${n}.txt`, text });
    const asWorker = systemCtx({ tenantId: ctx.tenantId, job: "test" });
    await processDocument(asWorker, { documentId: document.id, version: 1 }, makerWithin({ bytesMax: 1e9 }), "fail");
  }
  const { id } = await jobs.create(ctx, { type: "reindex" });
  await relay({ limit: 1_000 });
  return { tenantId: ctx.tenantId, get: () => jobs.get(ctx, id) };
};

/** What happened to the requests of one caller. */
const send = (round: (n: number) => Promise<void>) => {
  const failed: string[] = [];
  let rounds = 0;
  let isStopped = false;
  const loop = async () => {
    while (!isStopped) {
      await round(rounds).catch((error) => failed.push(String(error)));
      rounds += 1;
    }
  };
  const ended = loop();
  return {
    rounds: () => rounds,
    stop: async () => {
      isStopped = true;
      await ended;
      return failed;
    },
  };
};

test("X-13 a deployment fails no request and loses no work", async () => {
  const job = await startJob();
  const api = await startApi();
  const consumer = startConsumer();
  // The result of the handler `bootstrap`.
  const { adminApiKey } = (await invoke("bootstrap", {})) as { adminApiKey: string };
  const admin = { email: "ada@acme.example" };
  const { body } = await callerOf(api.url, adminApiKey)("POST", "/tenants", { name: "Acme", admin });
  const call = callerOf(api.url, body.apiKey.secret);
  const ok = async (method: string, path: string, status: number, body?: unknown) => {
    const response = await call(method, path, body);
    if (response.status !== status)
      throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(response.body)}`);
    return response;
  };
  const reader = send(async () => {
    for (const path of ["/health", "/ready", "/openapi.json"]) {
      const response = await fetch(`${api.url}${path}`);
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      await response.arrayBuffer();
    }
  });
  const writer = send(async (n) => {
    const sentence = `Round ${n} of ${crypto.randomUUID().slice(0, 8)} needs three minutes at most.`;
    const { document } = (await ok("POST", "/documents", 201, { name: "smoke.txt", text: sentence })).body;
    let { status } = document;
    while (status !== "ready" && status !== "failed")
      ({ status } = (await ok("GET", `/documents/${document.id}?waitSeconds=20`, 200)).body);
    expect(status).toBe("ready");
    const { data } = (await ok("POST", "/search", 200, { query: sentence })).body;
    expect(data[0]).toMatchObject({ document: { id: document.id }, chunk: { text: sentence } });
    const { citations } = (await ok("POST", "/answers", 200, { question: sentence })).body;
    expect(citations.map((one: { documentId: string }) => one.documentId)).toContain(document.id);
    await ok("DELETE", `/documents/${document.id}`, 202);
  });
  const during = async (rounds: number) => {
    const [reads, writes] = [reader.rounds() + rounds, writer.rounds() + rounds];
    await expect.poll(() => reader.rounds() >= reads && writer.rounds() >= writes, { timeout }).toBe(true);
  };

  // Both versions are warm, as with provisioned concurrency.
  api.shift(5);
  await during(1);
  api.shift(0);

  const first = bench.startWorker();
  const progress = async () => (await job.get()).progress.done;
  await expect.poll(progress, { timeout, interval: 20 }).toBeGreaterThanOrEqual(2);
  const stopped = once(first, "exit");
  first.kill("SIGTERM");
  consumer.replace();
  // The alias moves: a tenth, then all, while the old version still finishes its requests.
  api.shift(1);
  await during(1);
  expect(await stopped).toEqual([0, null]);
  const { status, progress: atStop } = await job.get();
  expect([status, atStop.done < documentsMax]).toEqual(["queued", true]);
  await relay({ limit: 1_000 });
  bench.startWorker();
  api.shift(10);
  await expect.poll(api.before.running, { timeout }).toBe(0);
  await api.before.close();
  const [byOld, byNew] = [api.before.requests(), api.after.requests()];
  await during(1);

  expect([...(await reader.stop()), ...(await writer.stop())]).toEqual([]);
  expect(api.before.requests()).toBe(byOld);
  expect(api.after.requests()).toBeGreaterThan(byNew);
  expect(api.leftWork).toEqual([]);

  // The second worker continued the job, and each document was done once.
  await expect.poll(async () => (await job.get()).status, { timeout }).toBe("completed");
  expect((await job.get()).progress).toMatchObject({ done: documentsMax, total: documentsMax });
  const sql = poolOn(database.url(), { max: 1 });
  const audited = await sql`select count(*)::int as times from app.audit_log
    where tenant_id = ${job.tenantId} and action = 'document.reindex' group by subject`;
  await sql.end();
  expect(audited.map(({ times }) => times)).toEqual(Array(documentsMax).fill(1));
}, 240_000);
