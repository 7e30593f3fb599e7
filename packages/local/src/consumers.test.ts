import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, DocumentReady, isolateTenant, LeaseLost, processDocument } from "@resolve/core/documents";
import { issueApiKey, reserveTenant } from "@resolve/core/identity";
import { type Ctx, systemCtx, tenantCtx, withTx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { poolOn } from "@resolve/core/platform/database/credentials";
import { publish } from "@resolve/core/platform/events";
import { newId } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import { type QueueName, receive } from "@resolve/core/platform/services/queue";
import { createWebhook, fanOut, getDelivery, getWebhook, listAttempts, listDeliveries } from "@resolve/core/webhooks";
import { rules } from "@resolve/functions/topology";
import type { Sql } from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type BusEvent, startBus } from "./doubles/bus.ts";
import { startCache } from "./doubles/cache.ts";
import { startS3 } from "./doubles/s3.ts";
import { queueArn, startSqs } from "./doubles/sqs.ts";
import { invoke } from "./lambda.ts";
import { databaseLinks, type TestDatabase, testDatabase } from "./testing.ts";

/** Consumers that receive messages twice, late and out of order, and while a service is down. */
let database: TestDatabase;
let admin: Sql;
let published: BusEvent[] = [];
let isBusBroken = false;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await testDatabase();
  admin = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  const sqs = await startSqs();
  const bus = await startBus({
    invoke: async (_, event) => published.push(event),
    rules: { all: { ...rules["event-published"] } },
  });
  const cache = await startCache({ token: "token", redisUrl: process.env["TEST_REDIS_URL"] });
  const credentials = { accessKeyId: "AKLOCAL", secretAccessKey: "secret" };
  const objects = mkdtempSync(join(tmpdir(), "resolve-s3-"));
  const s3 = await startS3({ dataDir: objects, buckets: ["documents"], credentials, onObjectCreated: () => {} });
  // A proxy that can respond like EventBridge when it throttles.
  const proxy = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (isBusBroken) return response.writeHead(400).end('{"__type":"ThrottlingException"}');
    const headers = { "x-amz-target": String(request.headers["x-amz-target"]) };
    const upstream = await fetch(bus.endpoint, { method: "POST", headers, body: Buffer.concat(parts) });
    return response
      .writeHead(upstream.status, { "content-type": "application/x-amz-json-1.1" })
      .end(await upstream.text());
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const queue = (name: "document-processing" | "webhook-delivery" | "webhook-results" | "onboarding") => ({
    url: sqs.url(name),
    endpoint: sqs.endpoint,
  });
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({
    ...JSON.parse(databaseLinks(database)),
    // Other suites share the cores.
    Cache: { url: cache.url, token: cache.token, timeoutMs: 5_000 },
    Documents: { name: "documents", endpoint: s3.endpoint, region: "us-east-1", ...credentials },
    Bus: {
      name: "resolve",
      endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      region: "us-east-1",
    },
    DocumentProcessing: queue("document-processing"),
    WebhookDelivery: queue("webhook-delivery"),
    WebhookResults: queue("webhook-results"),
    Onboarding: queue("onboarding"),
  });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_REGION: "us-east-1",
    RESOLVE_EGRESS_ALLOW: "loopback",
  });
  const proxyClosed = async () => proxy.close();
  closers.push(sqs.close, bus.close, cache.close, s3.close, proxyClosed, async () =>
    rmSync(objects, { recursive: true }),
  );
}, 60_000);
afterAll(async () => {
  await closeDatabases();
  await Promise.all(closers.map((close) => close()));
  await admin.end();
  await database.close();
});

let ctx: Ctx;
beforeEach(async () => {
  published = [];
  isBusBroken = false;
  await admin`truncate app.outbox`;
  const operator = tenantCtx({
    tenantId: newId("tenant"),
    actor: { type: "system", job: "test" },
    role: "system",
    login: "AppDatabase",
  });
  ({ ctx } = await reserveTenant(operator, { name: "Test" }, {}));
  await isolateTenant(ctx);
  await admin`truncate app.outbox`;
});

const consumed = {
  "process-document": queueArn("document-processing", true),
  "record-delivery": queueArn("webhook-results", false),
  "deliver-webhook": queueArn("webhook-delivery", false),
};
type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] };
/** Invokes a consumer with a batch of SQS messages; their ids are their positions. */
const deliver = async (name: keyof typeof consumed, ...bodies: unknown[]) =>
  (await invoke(name, {
    Records: bodies.map((body, at) => ({
      messageId: String(at),
      body: typeof body === "string" ? body : JSON.stringify(body),
      attributes: { MessageGroupId: String(at) },
      eventSourceARN: consumed[name],
    })),
  })) as BatchResponse;
/** The next message of this test's tenant; messages of other tests are dropped. */
const received = async (queue: QueueName): Promise<string> => {
  for (;;) {
    const message = await receive(queue, AbortSignal.timeout(15_000));
    if (!message) throw new Error(`no message came to ${queue}`);
    await message.remove();
    if (message.body.includes(ctx.tenantId)) return message.body;
  }
};
const eventTypes = async () =>
  (await admin`select type from app.events where tenant_id = ${ctx.tenantId} order by sequence`).map(
    ({ type }) => type,
  );

describe("process-document", () => {
  const make = async (sentences = 400) => {
    const text = Array.from(
      { length: sentences },
      (_, n) => `Sentence number ${n} of a document that is read again.`,
    ).join(" ");
    const { document } = await create(ctx, { name: "a.txt", text });
    return {
      id: document.id,
      message: { tenantId: ctx.tenantId, documentId: document.id, version: 1, s3Key: "", traceparent: ctx.traceparent },
    };
  };
  const stateOf = async (id: string) => {
    const [row] = await admin`select status, chunks,
      (select count(*)::int from app.chunks c where c.tenant_id = d.tenant_id and c.document_id = d.id) as stored,
      (select count(*)::int from app.embeddings e where e.tenant_id = d.tenant_id and e.document_id = d.id) as embedded
      from app.documents d where tenant_id = ${ctx.tenantId} and id = ${id}`;
    return row!;
  };

  test("a document whose message arrives three times, twice at once, is indexed once", async () => {
    const { id, message } = await make();
    const responses = await Promise.all([deliver("process-document", message), deliver("process-document", message)]);
    // The second one finds the lease taken and is delivered again later.
    expect(responses.filter(({ batchItemFailures }) => batchItemFailures.length === 0).length).toBeGreaterThanOrEqual(
      1,
    );
    expect((await deliver("process-document", message)).batchItemFailures).toEqual([]);
    const { status, chunks, stored, embedded } = await stateOf(id);
    expect(status).toBe("ready");
    expect(chunks).toBeGreaterThan(1);
    expect([stored, embedded]).toEqual([chunks, chunks]);
    expect(await eventTypes()).toEqual(["tenant.created", "document.created", "document.ready"]);
  });

  test("a worker that lost its lease writes nothing", async () => {
    // Long enough for another worker to take the lease meanwhile.
    const { id, message } = await make(8_000);
    const worker = systemCtx({ tenantId: ctx.tenantId, job: "process-document" });
    const slow = processDocument(worker, { documentId: message.documentId, version: 1 }, { bytesMax: 1e9 }, "fail");
    // Another worker takes over as soon as the first one holds the lease.
    for (let token = 0; token === 0; ) {
      const [row] =
        await admin`update app.document_versions set lease_token = lease_token + 1, lease_until = now() - interval '1 second'
        where document_id = ${id} and lease_token = 1 returning lease_token`;
      token = row ? Number(row["lease_token"]) : 0;
    }
    await expect(slow).rejects.toThrow(LeaseLost);
    expect(await stateOf(id)).toMatchObject({ status: "processing", stored: 0, embedded: 0 });
    await processDocument(worker, { documentId: message.documentId, version: 1 }, { bytesMax: 1e9 }, "fail");
    expect((await stateOf(id))["status"]).toBe("ready");
    expect(await eventTypes()).toEqual(["tenant.created", "document.created", "document.ready"]);
  });
});

describe("relay", () => {
  const publishOne = async (n: number) => {
    await withTx(ctx, async (ctx) =>
      publish(ctx, DocumentReady, newId("document"), { version: n, chunks: 1, pages: null }),
    );
  };

  test("events that the bus refuses stay in the outbox, are retried later, and are published once and in order", async () => {
    isBusBroken = true;
    for (const n of [1, 2, 3]) await publishOne(n);
    expect(await relay({ limit: 10 })).toBe(3);
    expect(published).toEqual([]);
    const [waiting] =
      await admin`select count(*)::int as n, min(attempts)::int as attempts, bool_and(due_at > now() + interval '1 second') as later from app.outbox`;
    expect(waiting).toEqual({ n: 3, attempts: 1, later: true });
    // Not due yet.
    expect(await relay({ limit: 10 })).toBe(0);
    isBusBroken = false;
    await admin`update app.outbox set due_at = now()`;
    expect(await relay({ limit: 10 })).toBe(3);
    const details = () => published.map(({ detail }) => detail as { sequence: number; data: { version: number } });
    while (published.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(details().map(({ data }) => data.version)).toEqual([1, 2, 3]);
    expect(details().map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
    expect(await admin`select id from app.outbox`).toEqual([]);
  });

  test("two relays at once send each row once, and the rows of a relay that died are sent by the next one", async () => {
    for (let n = 0; n < 20; n++) await publishOne(n);
    const claimed = await Promise.all([relay({ limit: 20 }), relay({ limit: 20 })]);
    expect(claimed[0]! + claimed[1]!).toBe(20);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(published).toHaveLength(20);
    await publishOne(99);
    await admin`update app.outbox set due_at = now() + interval '30 seconds', attempts = 1`;
    expect(await relay({ limit: 1 })).toBe(0);
    await admin`update app.outbox set due_at = now()`;
    expect(await relay({ limit: 1 })).toBe(1);
  });
});

describe("webhook deliveries", () => {
  const setUp = async () => {
    const { webhook } = await createWebhook(ctx, {
      url: "http://127.0.0.1:9/hook",
      eventTypes: ["document.ready"],
    } as never);
    const envelope = {
      id: newId("event"),
      type: "document.ready",
      subject: { type: "document", id: newId("document") },
    };
    await fanOut(ctx, envelope);
    // Twice, as EventBridge may.
    await fanOut(ctx, envelope);
    const { data } = await listDeliveries(ctx, webhook.id, { limit: 10 });
    expect(data).toHaveLength(1);
    const deliveryId = data[0]!.id;
    const result = (attempt: number, statusCode: number | null) => ({
      tenantId: ctx.tenantId,
      deliveryId,
      attempt,
      statusCode,
      error: statusCode === null ? "connect" : null,
      durationMs: 1,
      response: "",
      retryAfterSeconds: null,
      attemptedAt: new Date().toISOString(),
    });
    const state = async () => {
      const delivery = await getDelivery(ctx, deliveryId);
      const attempts = (await listAttempts(ctx, deliveryId)).map(({ number }) => number);
      return { ...delivery, recorded: attempts, webhook: (await getWebhook(ctx, webhook.id)).status };
    };
    return { result, state };
  };

  test("delivery results that arrive twice and out of order are applied once, and a success is final", async () => {
    const { result, state } = await setUp();
    expect((await deliver("record-delivery", result(1, 500), result(1, 500))).batchItemFailures).toEqual([]);
    expect(await state()).toMatchObject({ status: "pending", attempts: 1, recorded: [1] });
    await deliver("record-delivery", result(3, 200), result(2, null));
    expect(await state()).toMatchObject({ status: "delivered", attempts: 3, recorded: [1, 2, 3], nextAttemptAt: null });
  });

  test("only the unreadable messages of a batch fail, and a result for a deleted delivery is ignored", async () => {
    const { result, state } = await setUp();
    const unknown = { ...result(1, 200), deliveryId: newId("delivery") };
    const response = await deliver("record-delivery", "no json", unknown, { nonsense: true }, result(1, 200));
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: "0" }, { itemIdentifier: "2" }]);
    expect(await state()).toMatchObject({ status: "delivered" });
  });

  test("an endpoint that responds 410 is disabled, and a delivery fails after ten attempts", async () => {
    const gone = await setUp();
    await deliver("record-delivery", gone.result(1, 410));
    expect(await gone.state()).toMatchObject({ status: "failed", webhook: "disabled" });
    expect(await eventTypes()).toContain("webhook.disabled");
    const dead = await setUp();
    for (let attempt = 1; attempt <= 10; attempt++) await deliver("record-delivery", dead.result(attempt, 503));
    expect(await dead.state()).toMatchObject({ status: "failed", attempts: 10, webhook: "enabled" });
  });

  test("an event is the same text in the log, on the bus, and in the first and second attempt of a webhook", async () => {
    const bodies: string[] = [];
    const receiver = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      bodies.push(Buffer.concat(parts).toString());
      response.writeHead(500).end();
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    await createWebhook(ctx, { url, eventTypes: ["apikey.created"] });
    const { secret } = await issueApiKey(ctx, { name: "reader", role: "tenant_admin" });
    await relay({ limit: 10 });
    await expect.poll(() => published.length).toBe(1);

    await invoke("fan-out", published[0]);
    await deliver("deliver-webhook", await received("webhook-delivery"));
    await deliver("record-delivery", await received("webhook-results"));
    // The second attempt is delayed by 4 to 6 seconds.
    await deliver("deliver-webhook", await received("webhook-delivery"));
    receiver.close();

    const { app } = await import("@resolve/functions/api/index");
    const log = await app.request("/api/v1/events?types=apikey.created", {
      headers: { authorization: `Bearer ${secret}` },
    });
    const { data } = (await log.json()) as { data: unknown[] };
    const logged = JSON.stringify(data[0]);
    expect([JSON.stringify(published[0]!.detail), ...bodies]).toEqual([logged, logged, logged]);
    expect(Object.keys(data[0]!)).toEqual([
      ...["id", "type", "version", "tenantId", "sequence", "occurredAt", "actor", "subject", "data", "traceparent"],
    ]);
  });
});
