import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { isolateTenant } from "@resolve/core/documents";
import { reserveTenant } from "@resolve/core/identity";
import { setClockOffset } from "@resolve/core/platform/clock";
import { type Ctx, systemCtx, tenantCtx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { poolOn } from "@resolve/core/platform/database/credentials";
import { newId } from "@resolve/core/platform/id";
import { type QueueName, receive } from "@resolve/core/platform/services/queue";
import { pascal, rules } from "@resolve/functions/topology";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type BusEvent, startBus } from "./doubles/bus.ts";
import { startCache } from "./doubles/cache.ts";
import { startS3 } from "./doubles/s3.ts";
import { queueArn, startSqs } from "./doubles/sqs.ts";
import { invoke } from "./lambda.ts";
import { type LeftWork, reportLeftWork } from "./lambda-sockets.ts";
import { databaseLinks, testDatabase } from "./testing.ts";

const consumed = {
  "process-document": queueArn("document-processing", true),
  "record-delivery": queueArn("webhook-results", false),
  "deliver-webhook": queueArn("webhook-delivery", false),
  "run-job": queueArn("job-steps", false),
};
const queues = [
  "document-processing",
  "url-fetch",
  "webhook-delivery",
  "webhook-results",
  "onboarding",
  "vector-jobs",
  "job-steps",
  "invitations",
] as const;
type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] };

/** The services that consumers use, without pollers: a test hands over each message itself, as often and as late as it likes. */
export async function startConsumers() {
  const leftWork: LeftWork[] = [];
  reportLeftWork((work) => leftWork.push(work));
  const database = await testDatabase();
  const admin = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  const sqs = await startSqs();
  const published: BusEvent[] = [];
  const bus = await startBus({
    invoke: async (_, event) => published.push(event),
    rules: { all: { ...rules["event-published"] } },
  });
  const cache = await startCache({ token: "token", redisUrl: process.env["TEST_REDIS_URL"] });
  const credentials = { accessKeyId: "AKLOCAL", secretAccessKey: "secret" };
  const objects = mkdtempSync(join(tmpdir(), "resolve-s3-"));
  const s3 = await startS3({ dataDir: objects, buckets: ["documents"], credentials, onObjectCreated: () => {} });
  const state = { isBusThrottled: false, isBusHanging: false };
  // A proxy that responds as EventBridge does when it throttles.
  const proxy = createServer(async (request, response) => {
    if (state.isBusHanging) return undefined;
    if (state.isBusThrottled) return response.writeHead(400).end('{"__type":"ThrottlingException"}');
    const headers = { "x-amz-target": String(request.headers["x-amz-target"]) };
    const passed = await fetch(bus.endpoint, { method: "POST", headers, body: await buffer(request) });
    return response.writeHead(passed.status, { "content-type": "application/x-amz-json-1.1" }).end(await passed.text());
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
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
    ...Object.fromEntries(queues.map((name) => [pascal(name), { url: sqs.url(name), endpoint: sqs.endpoint }])),
  });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_REGION: "us-east-1",
    RESOLVE_EGRESS_ALLOW: "loopback",
  });

  return {
    admin,
    /** For a connection of its own. */
    adminUrl: database.url(),
    /** Events that the bus has delivered, since the test emptied the list. */
    published,
    state,
    /** A tenant with storage of its own. Outbox rows of its creation are removed. */
    newTenant: async (name = "Test"): Promise<Ctx> => {
      const operator = tenantCtx({
        tenantId: newId("tenant"),
        actor: { type: "system", job: "test" },
        role: "system",
        login: "AppDatabase",
      });
      const { ctx } = await reserveTenant(operator, { name }, {});
      await isolateTenant(ctx);
      await admin`delete from app.outbox where tenant_id = ${ctx.tenantId}`;
      return ctx;
    },
    /** The system at work for a tenant, as a consumer or a schedule. */
    systemOf: (ctx: Ctx): Ctx => systemCtx({ tenantId: ctx.tenantId, job: "test" }),
    /** Invokes a consumer with a batch as SQS hands it over; message ids are positions. */
    deliver: async (name: keyof typeof consumed, ...bodies: unknown[]) =>
      (await invoke(name, {
        Records: bodies.map((body, at) => ({
          messageId: String(at),
          body: typeof body === "string" ? body : JSON.stringify(body),
          attributes: { MessageGroupId: String(at) },
          eventSourceARN: consumed[name],
        })),
      })) as BatchResponse,
    /** The next message of this tenant, removed from the queue; messages of other tenants are dropped. */
    received: async (ctx: Ctx, queue: QueueName): Promise<string> => {
      for (;;) {
        const message = await receive(queue, AbortSignal.timeout(15_000));
        if (!message) throw new Error(`no message came to ${queue}`);
        await message.remove();
        if (message.body.includes(ctx.tenantId)) return message.body;
      }
    },
    close: async () => {
      if (leftWork.length > 0) throw new Error(`left running: ${JSON.stringify(leftWork)}`);
      await closeDatabases();
      await Promise.all([sqs.close(), bus.close(), cache.close(), s3.close()]);
      proxy.closeAllConnections();
      proxy.close();
      rmSync(objects, { recursive: true });
      await admin.end();
      await database.close();
    },
  };
}

export type Consumers = Awaited<ReturnType<typeof startConsumers>>;

/** Starts the services for the suite that calls this, and closes them after it. The clock is set back after each test. */
export const useConsumers = (onStart: (consumers: Consumers) => unknown): void => {
  let consumers: Consumers;
  beforeAll(async () => {
    consumers = await startConsumers();
    await onStart(consumers);
  });
  afterEach(() => setClockOffset(0));
  afterAll(() => consumers.close());
};

/** A new tenant beside an empty outbox. */
export const freshTenant = async ({ admin, published, state, newTenant }: Consumers): Promise<Ctx> => {
  published.length = 0;
  state.isBusThrottled = false;
  const ctx = await newTenant();
  await admin`truncate app.outbox`;
  return ctx;
};
