import { create, DocumentPurged, sweepDocuments } from "@resolve/core/documents";
import { listEvents } from "@resolve/core/events";
import { activateTenant, getTenant, resumeTenant, suspendTenant, updateTenant } from "@resolve/core/identity";
import * as jobs from "@resolve/core/jobs";
import { type Ctx, enqueue, tenantCtx, withTx } from "@resolve/core/platform/context";
import type { Event } from "@resolve/core/platform/envelope";
import { publish } from "@resolve/core/platform/events";
import { newId } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import { getHealth } from "@resolve/core/usage";
import {
  announceFailing,
  createWebhook,
  dispatchAll,
  fanOut,
  getWebhook,
  listDeliveries,
  recordAttempts,
  recoverWebhook,
} from "@resolve/core/webhooks";
import { beforeEach, describe, expect, test } from "vitest";
import { type Consumers, freshTenant, useConsumers } from "./testing-consumers.ts";

/** A suspended tenant's work: messages that come late, twice or in the middle of the work, and what waits for the resume. */
let consumers: Consumers;
let admin: Consumers["admin"];
useConsumers(async (started) => {
  consumers = started;
  ({ admin } = consumers);
});

let ctx: Ctx;
beforeEach(async () => {
  ctx = await freshTenant(consumers);
});

const operator = () =>
  tenantCtx({ tenantId: newId("tenant"), actor: { type: "system", job: "test" }, role: "admin", login: "AppDatabase" });
const suspend = () => suspendTenant(operator(), ctx.tenantId, { reason: "Unpaid" });
const resume = () => resumeTenant(operator(), ctx.tenantId);
const sendAll = async () => {
  while ((await relay({ limit: 100 })) > 0);
};
const waiting = async () =>
  (await admin`select topic from app.outbox where tenant_id = ${ctx.tenantId} order by id`).map(({ topic }) => topic);
/** As if the suspension had lasted for a day. */
const passDay = async () => {
  await admin`update app.documents set updated_at = updated_at - interval '1 day' where tenant_id = ${ctx.tenantId}`;
  await admin`update app.document_versions set upload_expires_at = upload_expires_at - interval '1 day' where tenant_id = ${ctx.tenantId}`;
  await admin`update app.webhook_deliveries set in_flight_until = in_flight_until - interval '1 day' where tenant_id = ${ctx.tenantId}`;
};

describe("a document", () => {
  const make = async (sentences: number) => {
    const text = Array.from({ length: sentences }, (_, n) => `Sentence number ${n} of a document.`).join(" ");
    return (await create(ctx, { name: "a.txt", text })).document.id;
  };
  const rowOf = async (id: string) =>
    (
      await admin`select d.status, v.attempts, v.lease_until from app.documents d
        join app.document_versions v on v.tenant_id = d.tenant_id and v.document_id = d.id where d.id = ${id}`
    )[0]!;

  test("whose message was already in the queue waits, however often it comes, and is processed after the resume", async () => {
    const id = await make(20);
    await sendAll();
    const message = await consumers.received(ctx, "document-processing");
    await suspend();
    for (const _ of [1, 2])
      expect((await consumers.deliver("process-document", message)).batchItemFailures).toEqual([]);
    expect(await rowOf(id)).toMatchObject({ status: "queued", attempts: 0 });
    await sendAll();
    // The event of the suspension is published; the two messages wait.
    expect(await waiting()).toEqual(["document-processing", "document-processing"]);
    await resume();
    await sendAll();
    expect(await waiting()).toEqual([]);
    for (const _ of [1, 2])
      await consumers.deliver("process-document", await consumers.received(ctx, "document-processing"));
    expect(await rowOf(id)).toMatchObject({ status: "ready", attempts: 1 });
  });

  test("that is being processed stops before its next stage, and this attempt does not count", async () => {
    const id = await make(6_000);
    await sendAll();
    const message = await consumers.received(ctx, "document-processing");
    const work = consumers.deliver("process-document", message);
    await expect.poll(async () => (await rowOf(id))["status"], { interval: 5 }).toBe("processing");
    await suspend();
    expect((await work).batchItemFailures).toEqual([]);
    expect(await rowOf(id)).toEqual({ status: "processing", attempts: 0, lease_until: null });
    await resume();
    await sendAll();
    await consumers.deliver("process-document", await consumers.received(ctx, "document-processing"));
    expect((await rowOf(id))["status"]).toBe("ready");
  }, 60_000);

  test("is left out by the sweep until the resume", async () => {
    const id = await make(20);
    // Its message is lost.
    await admin`delete from app.outbox where tenant_id = ${ctx.tenantId}`;
    await suspend();
    await passDay();
    await sweepDocuments({ waitingSeconds: 300 });
    expect(await waiting()).toEqual(["events"]);
    await resume();
    await sweepDocuments({ waitingSeconds: 300 });
    await sendAll();
    await consumers.deliver("process-document", await consumers.received(ctx, "document-processing"));
    expect((await rowOf(id))["status"]).toBe("ready");
  });

  test("whose address was to be fetched gets its time again after the resume", async () => {
    const { document } = await create(ctx, { name: "b.txt", url: "https://example.com/b.txt" });
    await suspend();
    await passDay();
    await resume();
    await sweepDocuments({ waitingSeconds: 300 });
    expect(await rowOf(document.id)).toMatchObject({ status: "awaiting_upload" });
    await sendAll();
    expect(await consumers.received(ctx, "url-fetch")).toContain(document.id);
    await admin`update app.tenants set resumed_at = now() - interval '16 minutes' where id = ${ctx.tenantId}`;
    await sweepDocuments({ waitingSeconds: 300 });
    expect((await rowOf(document.id))["status"]).toBe("failed");
  });
});

describe("a webhook", () => {
  const endpoint = async () => {
    const { webhook } = await createWebhook(ctx, { url: "http://127.0.0.1:9/hook", eventTypes: [DocumentPurged.type] });
    return webhook.id;
  };
  const publishOne = async (): Promise<Event> => {
    await withTx(ctx, async (ctx) => publish(ctx, DocumentPurged, newId("document"), { versions: 1 }));
    const { data } = await listEvents(ctx, { after: 0, limit: 100, types: [DocumentPurged.type] });
    return data.at(-1)!;
  };
  const resumedEvent = async (): Promise<Event> =>
    (await listEvents(ctx, { after: 0, limit: 100, types: ["tenant.resumed"] })).data.at(-1)!;
  const deliveriesOf = async (id: Awaited<ReturnType<typeof endpoint>>) =>
    (await listDeliveries(ctx, id, { limit: 100 })).data.map(({ status, attempts }) => `${status} ${attempts}`);

  test("gets the events of the suspension after it, without waiting for the sweep", async () => {
    const id = await endpoint();
    await suspend();
    await fanOut(ctx, await publishOne());
    await dispatchAll();
    expect(await deliveriesOf(id)).toEqual(["pending 0"]);
    expect(await waiting()).not.toContain("webhook-delivery");
    await resume();
    await fanOut(ctx, await resumedEvent());
    expect(await waiting()).toContain("webhook-delivery");
  });

  test("keeps the result of an attempt that was on its way, and no further attempt begins", async () => {
    const id = await endpoint();
    await fanOut(ctx, await publishOne());
    await sendAll();
    const { deliveryId } = JSON.parse(await consumers.received(ctx, "webhook-delivery"));
    await suspend();
    const result = {
      tenantId: ctx.tenantId,
      deliveryId,
      attempt: 1,
      statusCode: 500,
      cause: "status",
      durationMs: 5,
    };
    const { batchItemFailures } = await consumers.deliver("record-delivery", {
      ...result,
      response: "",
      retryAfterSeconds: null,
      attemptedAt: new Date().toISOString(),
    });
    expect(batchItemFailures).toEqual([]);
    await admin`update app.webhook_deliveries set next_attempt_at = now() where tenant_id = ${ctx.tenantId}`;
    await dispatchAll();
    expect(await deliveriesOf(id)).toEqual(["pending 1"]);
    expect(await waiting()).not.toContain("webhook-delivery");
  });

  test("loses no attempt that was queued and not sent before the suspension", async () => {
    const id = await endpoint();
    await fanOut(ctx, await publishOne());
    expect(await waiting()).toContain("webhook-delivery");
    await suspend();
    await passDay();
    await sendAll();
    expect(await waiting()).toEqual(["webhook-delivery"]);
    await resume();
    await dispatchAll();
    expect(await deliveriesOf(id)).toEqual(["pending 0"]);
    await sendAll();
    const message = JSON.parse(await consumers.received(ctx, "webhook-delivery"));
    // Its signature is too old, so the sender returns it.
    const stale = {
      ...{ tenantId: ctx.tenantId, deliveryId: message.deliveryId, attempt: 1, statusCode: null, cause: null },
      ...{ durationMs: 0, response: "", retryAfterSeconds: null, isStale: true, attemptedAt: new Date().toISOString() },
    };
    await recordAttempts(consumers.systemOf(ctx), [stale]);
    expect(await deliveriesOf(id)).toEqual(["pending 0"]);
    expect(await waiting()).toContain("webhook-delivery");
  });

  test("is not disabled for the days in which it got no attempt", async () => {
    const id = await endpoint();
    await admin`update app.webhooks set failures = 9, failing_since = now() - interval '1 day' where tenant_id = ${ctx.tenantId}`;
    await suspend();
    await admin`update app.webhooks set failing_since = now() - interval '8 days' where tenant_id = ${ctx.tenantId}`;
    await announceFailing();
    await resume();
    await announceFailing();
    for (const _ of [1, 2]) await fanOut(ctx, await resumedEvent());
    await admin`update app.tenants set resumed_at = now() - interval '1 hour' where id = ${ctx.tenantId}`;
    await announceFailing();
    expect((await getWebhook(ctx, id)).status).toBe("enabled");
    const [row] =
      await admin`select failing_since > now() - interval '1 minute' as is_new from app.webhooks where tenant_id = ${ctx.tenantId}`;
    expect(row).toEqual({ is_new: true });
  });
});

test("a job stops at its next step and continues from its checkpoint after the resume", async () => {
  const { webhook } = await createWebhook(ctx, { url: "http://127.0.0.1:9/hook", eventTypes: [DocumentPurged.type] });
  for (let n = 0; n < 6; n++)
    await withTx(ctx, async (ctx) => publish(ctx, DocumentPurged, newId("document"), { versions: 1 }));
  const job = await recoverWebhook(ctx, webhook.id, {
    since: new Date(Date.now() - 60_000).toISOString(),
    ratePerSecond: 1,
  });
  await sendAll();
  const message = await consumers.received(ctx, "job-steps");
  const doneOf = async () => (await jobs.get(ctx, job.id)).progress.done;
  const work = consumers.deliver("run-job", message);
  await expect.poll(doneOf, { interval: 20, timeout: 20_000 }).toBeGreaterThan(0);
  await suspend();
  expect((await work).batchItemFailures).toEqual([]);
  const done = await doneOf();
  expect((await jobs.get(ctx, job.id)).status).toBe("queued");
  // The message comes a second time.
  expect((await consumers.deliver("run-job", message)).batchItemFailures).toEqual([]);
  expect(await doneOf()).toBe(done);
  await sendAll();
  expect(await waiting()).toEqual(["job-steps", "job-steps"]);
  await resume();
  await sendAll();
  while ((await jobs.get(ctx, job.id)).status !== "completed")
    await consumers.deliver("run-job", await consumers.received(ctx, "job-steps"));
  const ended = await jobs.get(ctx, job.id);
  expect(ended.progress.done).toBe(ended.progress.total);
}, 60_000);

test("a tenant whose onboarding activates it during the suspension is active after the resume", async () => {
  const another = await consumers.newTenant();
  expect((await suspend()).status).toBe("suspended");
  for (const _ of [1, 2]) await activateTenant(consumers.systemOf(ctx));
  expect((await getTenant(ctx)).status).toBe("suspended");
  expect((await resume()).status).toBe("active");
  expect((await getTenant(another)).status).toBe("onboarding");
  const actions = await admin`select action from app.audit_log where tenant_id = ${ctx.tenantId} order by sequence`;
  expect(actions.map(({ action }) => action)).toEqual([
    "tenant.create",
    "tenant.suspend",
    "tenant.activate",
    "tenant.resume",
  ]);
});

// The embedded database runs one transaction at a time.
test.runIf(process.env["TEST_DATABASE_URL"])(
  "a busy tenant is renamed and suspended while rows that refer to it are being written",
  async () => {
    let release = () => {};
    const written = new Promise<void>((resolve) => {
      release = resolve;
    });
    let onHeld = () => {};
    const held = new Promise<void>((resolve) => {
      onHeld = resolve;
    });
    const busy = withTx(consumers.systemOf(ctx), async (ctx) => {
      enqueue(ctx, { topic: "onboarding", body: {} });
      await create(ctx, { name: "a.txt", text: "Words." });
      onHeld();
      await written;
    });
    await held;
    expect((await updateTenant(ctx, { name: "Halden" })).name).toBe("Halden");
    expect((await suspend()).status).toBe("suspended");
    release();
    await busy;
  },
);

test("the messages of many suspended tenants do not delay those of another one", async () => {
  const suspended = [];
  for (let n = 0; n < 5; n++) {
    ctx = await consumers.newTenant();
    suspended.push(ctx);
    for (let m = 0; m < 30; m++)
      await withTx(ctx, async (ctx) => enqueue(ctx, { topic: "onboarding", body: { tenantId: ctx.tenantId } }));
    await suspend();
  }
  ctx = await consumers.newTenant();
  const { document } = await create(ctx, { name: "a.txt", text: "Words." });
  expect(await relay({ limit: 20 })).toBeGreaterThan(0);
  expect(await consumers.received(ctx, "document-processing")).toContain(document.id);
  for (ctx of suspended) expect(await waiting()).toHaveLength(30);
  // Nor are they in the state of the system, where they would look like a relay that does not run.
  expect((await getHealth(operator())).outbox.waiting).toBeLessThan(30);
});
