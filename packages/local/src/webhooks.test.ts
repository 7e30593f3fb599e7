import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { CollectionCreated, create, createCollection, DocumentPurged } from "@resolve/core/documents";
import { commitCursor, envelopeOf, getCursor, listEvents } from "@resolve/core/events";
import {
  ApiKeyCreated,
  addGroupMembers,
  createGroup,
  expandRole,
  issueApiKey,
  revokeApiKey,
} from "@resolve/core/identity";
import { setClockOffset } from "@resolve/core/platform/clock";
import { type Ctx, tenantCtx, withTx } from "@resolve/core/platform/context";
import { poolOn } from "@resolve/core/platform/database/credentials";
import { publish } from "@resolve/core/platform/events";
import { type Id, newId, toId, toUuid } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import {
  createWebhook,
  disable,
  dispatchAll,
  enable,
  expireDeliveries,
  fanOut,
  fanOutLost,
  getDelivery,
  getWebhook,
  listAttempts,
  listDeliveries,
  rotateWebhookSecret,
  sendAttempt,
  updateWebhook,
} from "@resolve/core/webhooks";
import { verifyWebhook } from "@resolve/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { invoke } from "./lambda.ts";
import { type Consumers, freshTenant, useConsumers } from "./testing-consumers.ts";

/** Webhook deliveries: results that come twice, late and out of order, endpoints that fail, and events that were lost. */
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

const eventTypes = async () =>
  (await admin`select type from app.events where tenant_id = ${ctx.tenantId} order by sequence`).map(
    ({ type }) => type,
  );

describe("webhook deliveries", () => {
  const setUp = async () => {
    const { webhook } = await createWebhook(ctx, {
      url: "http://127.0.0.1:9/hook",
      eventTypes: [DocumentPurged.type],
    });
    await withTx(ctx, async (ctx) => publish(ctx, DocumentPurged, newId("document"), { versions: 1 }));
    const event = (await listEvents(ctx, { after: 0, limit: 100, types: [DocumentPurged.type] })).data.at(-1)!;
    await fanOut(ctx, event);
    // Twice, as EventBridge may.
    await fanOut(ctx, event);
    const { data } = await listDeliveries(ctx, webhook.id, { limit: 10 });
    expect(data).toHaveLength(1);
    const deliveryId = data[0]!.id;
    const result = (attempt: number, statusCode: number | null) => ({
      tenantId: ctx.tenantId,
      deliveryId,
      attempt,
      statusCode,
      cause: statusCode === null ? "connection" : statusCode < 300 ? null : "status",
      durationMs: 1,
      response: "",
      retryAfterSeconds: null,
      isStale: false,
      attemptedAt: new Date().toISOString(),
    });
    const state = async () => {
      const delivery = await getDelivery(ctx, deliveryId);
      const attempts = (await listAttempts(ctx, deliveryId)).map(({ number }) => number);
      return { ...delivery, recorded: attempts, webhook: (await getWebhook(ctx, webhook.id)).status };
    };
    return { result, state, webhookId: webhook.id };
  };

  test("delivery results that arrive twice and out of order are applied once, and a success is final", async () => {
    const { result, state } = await setUp();
    expect((await consumers.deliver("record-delivery", result(1, 500), result(1, 500))).batchItemFailures).toEqual([]);
    expect(await state()).toMatchObject({ status: "pending", attempts: 1, recorded: [1] });
    await consumers.deliver("record-delivery", result(3, 200), result(2, null));
    expect(await state()).toMatchObject({ status: "delivered", attempts: 3, recorded: [1, 2, 3], nextAttemptAt: null });
  });

  test("only the unreadable messages of a batch fail, and a result for a deleted delivery is ignored", async () => {
    const { result, state } = await setUp();
    const unknown = { ...result(1, 200), deliveryId: newId("delivery") };
    const answer = await consumers.deliver("record-delivery", "no json", unknown, { nonsense: true }, result(1, 200));
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "0" }, { itemIdentifier: "2" }]);
    expect(await state()).toMatchObject({ status: "delivered" });
  });

  test("the results of a batch are stored in one transaction, or each in its own when one cannot be stored", async () => {
    const transactions = () =>
      admin`select distinct xmin::text from app.webhook_attempts where tenant_id = ${ctx.tenantId}`;
    const before = await transactions();
    const together = [await setUp(), await setUp(), await setUp()];
    await consumers.deliver("record-delivery", ...together.map(({ result }) => result(1, 200)));
    for (const { state } of together) expect(await state()).toMatchObject({ status: "delivered", recorded: [1] });
    expect(await transactions()).toHaveLength(before.length + 1);

    const [first, second, third] = [await setUp(), await setUp(), await setUp()];
    const tooLong = { ...second.result(1, 200), durationMs: 2 ** 40 };
    const answer = await consumers.deliver("record-delivery", first.result(1, 200), tooLong, third.result(1, 500));
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "1" }]);
    expect(await first.state()).toMatchObject({ status: "delivered", recorded: [1] });
    expect(await second.state()).toMatchObject({ status: "pending", recorded: [] });
    expect(await third.state()).toMatchObject({ status: "pending", attempts: 1, recorded: [1] });
    expect((await consumers.deliver("record-delivery", second.result(1, 200))).batchItemFailures).toEqual([]);
    expect(await second.state()).toMatchObject({ status: "delivered", recorded: [1] });
  });

  test("an endpoint that answers 410 is disabled, and a delivery fails after ten attempts", async () => {
    const gone = await setUp();
    await consumers.deliver("record-delivery", gone.result(1, 410));
    expect(await gone.state()).toMatchObject({ status: "held", webhook: "disabled", nextAttemptAt: null });
    expect(await eventTypes()).toContain("webhook.disabled");
    const dead = await setUp();
    for (let attempt = 1; attempt <= 10; attempt++)
      await consumers.deliver("record-delivery", dead.result(attempt, 503));
    expect(await dead.state()).toMatchObject({ status: "failed", attempts: 10, webhook: "enabled" });
  });

  test("a failure at a former address says nothing about the endpoint, and the delivery goes to the new one at once", async () => {
    const { result, state, webhookId } = await setUp();
    const former = { ...result(1, 410), url: "http://127.0.0.1:9/hook" };
    await updateWebhook(ctx, webhookId, { url: "http://127.0.0.1:9/new" }, () => {});
    await consumers.deliver("record-delivery", former);
    const { nextAttemptAt, ...after } = await state();
    expect(after).toMatchObject({ status: "pending", attempts: 1, recorded: [1], webhook: "enabled" });
    expect(nextAttemptAt!.getTime()).toBeLessThan(Date.now() + 2_000);
    await consumers.deliver("record-delivery", { ...result(2, 410), url: "http://127.0.0.1:9/new" });
    expect(await state()).toMatchObject({ status: "held", webhook: "disabled" });
  });

  test("an event is the same text in the log, on the bus, and in the first and second attempt of a webhook", async () => {
    const bodies: string[] = [];
    const receiver = createServer(async (request, response) => {
      bodies.push(await text(request));
      response.writeHead(500).end();
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    await createWebhook(ctx, { url, eventTypes: ["apikey.created"] });
    const { secret } = await issueApiKey(ctx, { name: "reader", role: "tenant_admin" });
    await relay({ limit: 10 });
    await expect.poll(() => consumers.published.length).toBe(1);

    await invoke("fan-out", consumers.published[0]);
    await consumers.deliver("deliver-webhook", await consumers.received(ctx, "webhook-delivery"));
    await consumers.deliver("record-delivery", await consumers.received(ctx, "webhook-results"));
    // The second attempt is delayed by 4 to 6 seconds.
    await consumers.deliver("deliver-webhook", await consumers.received(ctx, "webhook-delivery"));
    receiver.close();

    const { app } = await import("@resolve/functions/api/index");
    const log = await app.request("/api/v1/events?types=apikey.created", {
      headers: { authorization: `Bearer ${secret}` },
    });
    const { data } = (await log.json()) as { data: unknown[] };
    const logged = JSON.stringify(data[0]);
    expect([JSON.stringify(consumers.published[0]!.detail), ...bodies]).toEqual([logged, logged, logged]);
    expect(Object.keys(data[0]!)).toEqual([
      ...["id", "type", "version", "tenantId", "sequence", "occurredAt", "actor", "subject", "data", "traceparent"],
    ]);
  });
});

const url = "http://127.0.0.1:9/hook";
const publishOne = async (of: Ctx) => {
  await withTx(of, async (ctx) => publish(ctx, DocumentPurged, newId("document"), { versions: 1 }));
  // A test has fewer events than a page.
  return (await listEvents(of, { after: 0, limit: 100, types: [DocumentPurged.type] })).data.at(-1)!;
};
const queuedOf = async (of: Ctx) =>
  (
    await admin`select body from app.outbox where tenant_id = ${of.tenantId} and topic = 'webhook-delivery' order by id`
  ).map(({ body }) => body as { deliveryId: string; attempt: number; body: string; headers: Record<string, string> });
const resultOf = (of: Ctx, deliveryId: string, attempt: number, statusCode: number) => ({
  tenantId: of.tenantId,
  deliveryId,
  attempt,
  statusCode,
  cause: statusCode < 300 ? null : "status",
  durationMs: 1,
  response: "",
  retryAfterSeconds: null,
  isStale: false,
  attemptedAt: new Date().toISOString(),
});
const statuses = async (of: Ctx, webhookId: Parameters<typeof listDeliveries>[1]) =>
  (await listDeliveries(of, webhookId, { limit: 100 })).data.map(({ status }) => status);

describe("fair use of the senders", () => {
  const underWayOf = async (): Promise<number[]> =>
    (
      await admin`select count(*)::int as n from app.webhook_deliveries
        where tenant_id = ${ctx.tenantId} and in_flight_until is not null group by webhook_id`
    ).map(({ n }) => n as number);
  const total = (counts: number[]) => counts.reduce((sum, n) => sum + n, 0);

  test("H7: endpoints that never respond have at most half of the free places each, so that others are not delayed", async () => {
    const add = (n: number) => createWebhook(ctx, { url: `${url}/${n}`, eventTypes: [DocumentPurged.type] });
    for (let n = 0; n < 3; n++) await add(n);
    const begunSecondsAgo = (seconds: number) =>
      admin`update app.webhook_deliveries set in_flight_until = now() + make_interval(secs => ${300 - seconds}) where in_flight_until is not null`;
    for (let n = 0; n < 15; n++) {
      await begunSecondsAgo(0);
      await fanOut(ctx, await publishOne(ctx));
    }
    // Of the twenty that may begin in the same second.
    const underWay = await underWayOf();
    expect(Math.max(...underWay)).toBeLessThanOrEqual(7);
    expect(total(underWay)).toBeLessThanOrEqual(16);
    expect(await queuedOf(ctx)).toHaveLength(total(underWay));
    // Each result makes room for one more, here of the endpoint with the fewest.
    const [ended] = await admin`select (array_agg(id))[1] as id from app.webhook_deliveries
      where tenant_id = ${ctx.tenantId} and in_flight_until is not null group by webhook_id order by count(*) limit 1`;
    await begunSecondsAgo(0);
    await consumers.deliver("record-delivery", resultOf(ctx, toId("delivery", ended!["id"] as string), 1, 200));
    expect(total(await underWayOf())).toBeGreaterThanOrEqual(total(underWay));
    // Those that have waited longer leave their places to others, of thirty in all.
    await begunSecondsAgo(2);
    for (let n = 0; n < 5; n++) await fanOut(ctx, await publishOne(ctx));
    const waiting = await underWayOf();
    expect(Math.min(...waiting)).toBeGreaterThan(5);
    expect(Math.max(...waiting)).toBeLessThanOrEqual(10);
    expect(total(waiting)).toBeLessThan(30);
    // The tenant's own next endpoint finds a place.
    const { webhook: next } = await add(4);
    await fanOut(ctx, await publishOne(ctx));
    const [{ n } = { n: 0 }] = await admin`select count(*)::int as n from app.webhook_deliveries
      where webhook_id = ${next.id} and in_flight_until is not null`;
    expect(n).toBe(1);

    const other = await consumers.newTenant("Other");
    await createWebhook(other, { url, eventTypes: [DocumentPurged.type] });
    await fanOut(other, await publishOne(other));
    expect(await queuedOf(other)).toHaveLength(1);
  });

  test("H7: a backlog of two endpoints that is begun at once leaves places to others", async () => {
    for (let n = 0; n < 2; n++) {
      const { webhook } = await createWebhook(ctx, { url: `${url}/${n}`, eventTypes: [DocumentPurged.type] });
      await disable(ctx, webhook.id);
    }
    for (let n = 0; n < 12; n++) await fanOut(ctx, await publishOne(ctx));
    await admin`update app.webhooks set status = 'enabled' where tenant_id = ${ctx.tenantId}`;
    await admin`update app.webhook_deliveries set status = 'pending', next_attempt_at = now() where tenant_id = ${ctx.tenantId}`;
    await dispatchAll();
    expect(await underWayOf()).toEqual([7, 7]);
  });

  test("a delivery whose event an operator has removed ends, and no other one", async () => {
    const { webhook } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type], ordered: true });
    const [first, second] = [await publishOne(ctx), await publishOne(ctx)];
    for (const event of [first, second]) await fanOut(ctx, event);
    await admin`update app.webhook_deliveries set in_flight_until = null, next_attempt_at = now() where tenant_id = ${ctx.tenantId}`;
    await admin`delete from app.events where tenant_id = ${ctx.tenantId} and id = ${toUuid(first.id)}`;
    await dispatchAll();
    expect(await statuses(ctx, webhook.id)).toEqual(["pending", "failed"]);
  });

  test("H7: twenty fan-outs at once do not exceed the limit", async () => {
    const { webhook } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
    const events = [];
    for (let n = 0; n < 20; n++) events.push(await publishOne(ctx));
    await Promise.all(events.map((event) => fanOut(consumers.systemOf(ctx), event)));
    expect(await queuedOf(ctx)).toHaveLength(10);
    expect(await statuses(ctx, webhook.id)).toEqual(Array(20).fill("pending"));
  });
});

test("an endpoint receives what its owner may read at the time of the event, and nothing after the owner has lost access", async () => {
  const asKey = async () => {
    const { apiKey } = await issueApiKey(ctx, { name: "crm", role: "tenant_admin" });
    const { tenantId } = ctx;
    const actor = { type: "apiKey", id: apiKey.id } as const;
    const permissions = expandRole("tenant_admin");
    return {
      id: apiKey.id,
      ctx: tenantCtx({ tenantId, actor, role: "tenant_admin", login: "AppDatabase", permissions }),
    };
  };
  const [owner, other] = [await asKey(), await asKey()];
  const eventTypes = [CollectionCreated.type, ApiKeyCreated.type, "document.created"];
  const { webhook } = await createWebhook(owner.ctx, { url: "http://127.0.0.1:9/hook", eventTypes });
  expect(webhook.owner).toBe(`apiKey:${owner.id}`);
  const worker = consumers.systemOf(ctx);
  /** Whether the endpoint gets the event of this change. */
  const isSent = async (change: () => Promise<unknown>): Promise<boolean> => {
    const after = (await listEvents(worker, { limit: 100 })).lastSequence;
    await change();
    for (const event of (await listEvents(worker, { after, limit: 100 })).data) await fanOut(worker, event);
    const { data } = await listDeliveries(ctx, webhook.id, { limit: 100 });
    return data.some(({ sequence }) => sequence > after);
  };
  const collection = (name: string, access = {}) => isSent(() => createCollection(ctx, { name, access }));
  const document = (collectionId: Id<"collection">) =>
    isSent(() => create(ctx, { name: "a.txt", text: "Some text.", collectionId }));
  const key = () => isSent(() => issueApiKey(ctx, { name: "new", role: "user" }));
  expect([await collection("open"), await collection("closed", { roles: ["tenant_admin"] }), await key()]).toEqual([
    true,
    true,
    true,
  ]);
  await admin`update app.api_keys set role = 'user' where tenant_id = ${ctx.tenantId} and id = ${toUuid(owner.id)}`;
  const { id: group } = await createGroup(ctx, { name: "Board" });
  const ofGroup = { groupIds: [group] };
  expect([await collection("all"), await collection("admins", { roles: ["tenant_admin"] }), await key()]).toEqual([
    true,
    false,
    false,
  ]);
  const { id: shown } = await createCollection(ctx, { name: "shown", access: {} });
  const { id: hidden } = await createCollection(ctx, { name: "hidden", access: { roles: ["tenant_admin"] } });
  expect([await document(shown), await document(hidden)]).toEqual([true, false]);
  expect(await collection("not a member", ofGroup)).toBe(false);
  await addGroupMembers(ctx, group, { userIds: [], apiKeyIds: [owner.id] });
  expect(await collection("a member", ofGroup)).toBe(true);
  await revokeApiKey(ctx, owner.id);
  expect(await collection("after revocation")).toBe(false);
  expect(await getWebhook(ctx, webhook.id)).toMatchObject({
    status: "disabled",
    disabledReason: expect.stringContaining("owner"),
  });
  expect(await enable(other.ctx, webhook.id)).toMatchObject({ status: "enabled", owner: `apiKey:${other.id}` });
  expect(await collection("again", { roles: ["tenant_admin"] })).toBe(true);
});

test("H2: the attempts of a batch are made at once, so one slow endpoint keeps no other one waiting", async () => {
  // Each request is answered when all three have arrived.
  const waiting: (() => void)[] = [];
  const receiver = createServer((_, response) => {
    waiting.push(() => response.writeHead(204).end());
    if (waiting.length === 3) for (const respond of waiting) respond();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  await createWebhook(ctx, {
    url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    eventTypes: [DocumentPurged.type],
  });
  for (let n = 0; n < 3; n++) await fanOut(ctx, await publishOne(ctx));
  const messages = await queuedOf(ctx);
  await admin`delete from app.outbox`;
  expect(await consumers.deliver("deliver-webhook", ...messages)).toEqual({ batchItemFailures: [] });
  for (let n = 0; n < 3; n++)
    expect(JSON.parse(await consumers.received(ctx, "webhook-results"))).toMatchObject({ statusCode: 204 });
  receiver.close();
});

describe("endpoints that fail or are disabled", () => {
  test("T14: nextAttemptAt is when the next attempt is due", async () => {
    const { webhook } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
    await fanOut(ctx, await publishOne(ctx));
    const [delivery] = (await listDeliveries(ctx, webhook.id, { limit: 1 })).data;
    await consumers.deliver("record-delivery", resultOf(ctx, delivery!.id, 1, 500));
    const { nextAttemptAt } = await getDelivery(ctx, delivery!.id);
    const seconds = (nextAttemptAt!.getTime() - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(7);
  });

  test("M3, T5, T6: a disabled endpoint's deliveries are held, also those of new events, and are sent when it is enabled", async () => {
    const { webhook } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
    for (let n = 0; n < 12; n++) await fanOut(ctx, await publishOne(ctx));
    const [first] = await queuedOf(ctx);
    await consumers.deliver("record-delivery", resultOf(ctx, first!.deliveryId, 1, 410));
    const { webhook: other } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
    await disable(ctx, other.id);
    await fanOut(ctx, await publishOne(ctx));
    expect(await statuses(ctx, webhook.id)).toEqual(Array(13).fill("held"));
    await admin`delete from app.outbox`;
    // The attempts that were in the queue end, or are lost.
    await admin`update app.webhook_deliveries set in_flight_until = now() where tenant_id = ${ctx.tenantId} and in_flight_until is not null`;
    await dispatchAll();
    await dispatchAll();
    expect(await queuedOf(ctx)).toEqual([]);

    expect(await statuses(ctx, other.id)).toEqual(["held"]);
    await enable(ctx, webhook.id);
    expect(await statuses(ctx, other.id)).toEqual(["held"]);
    expect(await statuses(ctx, webhook.id)).toEqual(Array(13).fill("pending"));
    expect(await queuedOf(ctx)).toHaveLength(10);
    await expect(enable(ctx, webhook.id)).rejects.toMatchObject({ code: "webhook-conflict" });
    await disable(ctx, webhook.id);
    await expect(disable(ctx, webhook.id)).rejects.toMatchObject({ code: "webhook-conflict" });
  });

  test("H1: an endpoint whose secret cannot be decrypted is disabled, and the tenant's other endpoints are served", async () => {
    const broken = await createWebhook(ctx, { url: `${url}/broken`, eventTypes: [DocumentPurged.type] });
    const good = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
    await admin`update app.webhooks set secret = ${Buffer.from([0])} where id = (
      select id from app.webhooks where url like '%/broken' and tenant_id = ${ctx.tenantId})`;
    await fanOut(ctx, await publishOne(ctx));
    expect(await getWebhook(ctx, broken.webhook.id)).toMatchObject({ status: "disabled" });
    expect(await statuses(ctx, broken.webhook.id)).toEqual(["held"]);
    expect(await queuedOf(ctx)).toHaveLength(1);
    // A new secret makes it usable again.
    await rotateWebhookSecret(ctx, broken.webhook.id);
    await admin`update app.webhooks set previous_secret = null where tenant_id = ${ctx.tenantId}`;
    await enable(ctx, broken.webhook.id);
    expect(await queuedOf(ctx)).toHaveLength(2);
    expect(await statuses(ctx, good.webhook.id)).toEqual(["pending"]);
  });
});

test("a delivery whose attempts are always lost fails after ten, and a success that arrives late counts", async () => {
  const { webhook } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
  for (let n = 0; n < 2; n++) await fanOut(ctx, await publishOne(ctx));
  const [first, second] = (await listDeliveries(ctx, webhook.id, { limit: 10 })).data;
  for (let n = 0; n < 10; n++) {
    await admin`update app.webhook_deliveries set in_flight_until = now()
      where tenant_id = ${ctx.tenantId} and in_flight_until is not null`;
    await dispatchAll();
    if (n === 2) await consumers.deliver("record-delivery", resultOf(ctx, second!.id, 1, 200));
  }
  expect(await getDelivery(ctx, first!.id)).toMatchObject({ status: "failed", attempts: 10, nextAttemptAt: null });
  expect(await getDelivery(ctx, second!.id)).toMatchObject({ status: "delivered", nextAttemptAt: null });
});

test("an endpoint's own headers reach the receiver, and are readable in no row and no message", async () => {
  const seen: unknown[] = [];
  const receiver = createServer((request, response) => {
    seen.push([request.headers["x-password"], request.headers["webhook-id"]]);
    response.end();
  });
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const headers = { "x-password": "open sesame" };
  await createWebhook(ctx, { url: address, eventTypes: [DocumentPurged.type], headers });
  await fanOut(ctx, await publishOne(ctx));
  const rows = await admin`select row_to_json(o)::text as row from app.outbox o where tenant_id = ${ctx.tenantId}
    union all select row_to_json(w)::text from app.webhooks w where tenant_id = ${ctx.tenantId}`;
  await relay({ limit: 10 });
  const message = await consumers.received(ctx, "webhook-delivery");
  expect(JSON.stringify([rows, message])).not.toContain("sesame");
  await consumers.deliver("deliver-webhook", message);
  receiver.close();
  expect(seen).toEqual([["open sesame", JSON.parse(message).deliveryId]]);
  // A message of one tenant cannot be opened as another one's.
  await expect(sendAttempt({ ...JSON.parse(message), tenantId: newId("tenant") })).rejects.toThrow();
});

describe("signatures", () => {
  test("an attempt that waited over four minutes is not sent but signed again, as the same attempt", async () => {
    await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
    await fanOut(ctx, await publishOne(ctx));
    const [message] = await queuedOf(ctx);
    await admin`delete from app.outbox`;
    setClockOffset(241_000);
    const result = await sendAttempt({ ...message!, tenantId: ctx.tenantId, url } as never);
    expect(result).toMatchObject({ isStale: true, statusCode: null });
    setClockOffset(0);
    await consumers.deliver("record-delivery", result);
    const again = JSON.parse(await consumers.received(ctx, "webhook-delivery")) as typeof message;
    expect(again).toMatchObject({ attempt: 1, deliveryId: message!.deliveryId });
    expect(await sendAttempt(again as never)).toMatchObject({ isStale: false });
    expect(await listAttempts(ctx, message!.deliveryId as never)).toEqual([]);
  });

  test("after a rotation both secrets sign for 24 hours, then only the new one", async () => {
    const { webhook, secret: former } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
    const { secret } = await rotateWebhookSecret(ctx, webhook.id);
    await fanOut(ctx, await publishOne(ctx));
    const [message] = await queuedOf(ctx);
    for (const key of [secret, former]) verifyWebhook(message!.body, message!.headers, key);
    await admin`update app.webhooks set previous_secret_until = now() where tenant_id = ${ctx.tenantId}`;
    await fanOut(ctx, await publishOne(ctx));
    const later = (await queuedOf(ctx)).at(-1)!;
    verifyWebhook(later.body, later.headers, secret);
    expect(() => verifyWebhook(later.body, later.headers, former)).toThrow();
  });
});

test("attempts are deleted after 30 days, and deliveries that have ended 90 days after their event; held ones stay", async () => {
  const { webhook } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
  await fanOut(ctx, await publishOne(ctx));
  const [{ id } = { id: newId("delivery") }] = (await listDeliveries(ctx, webhook.id, { limit: 10 })).data;
  await consumers.deliver("record-delivery", resultOf(ctx, id, 1, 500), resultOf(ctx, id, 2, 200));
  await admin`update app.webhook_attempts set attempted_at = attempted_at - interval '31 days' where tenant_id = ${ctx.tenantId} and number = 1`;
  // A month of long ago, which the maintenance of this database has not made.
  await admin.unsafe(`create table if not exists app.old_deliveries partition of app.webhook_deliveries
    for values from ('${await floorOf("100 days")}') to ('${await floorOf("91 days")}')`);
  for (const status of ["delivered", "failed", "held"])
    await admin`insert into app.webhook_deliveries (tenant_id, id, event_id, webhook_id, event_type, sequence, status)
      select ${ctx.tenantId}, old, old, ${webhook.id}, ${DocumentPurged.type}, 1, ${status}
      from app.uuid_from(app.uuid_floor(now() - interval '95 days'), ${status}) old`;
  await expireDeliveries();
  expect((await statuses(ctx, webhook.id)).sort()).toEqual(["delivered", "held"]);
  expect((await listAttempts(ctx, id)).map(({ number }) => number)).toEqual([2]);
});
const floorOf = async (age: string): Promise<string> => {
  const [row] = await admin`select app.uuid_floor(date_trunc('day', now()) - ${age}::interval) as floor`;
  return String(row!["floor"]);
};

describe("events whose fan-out was lost", () => {
  test("M1: the sweep creates their deliveries after a minute, once, and none of events before the endpoint", async () => {
    await publishOne(ctx);
    const { webhook } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
    const lost = await publishOne(ctx);
    const arrived = await publishOne(ctx);
    await fanOut(ctx, arrived);
    await fanOutLost();
    expect(await statuses(ctx, webhook.id)).toHaveLength(1);
    setClockOffset(61_000);
    await fanOutLost();
    await fanOutLost();
    const { data } = await listDeliveries(ctx, webhook.id, { limit: 10 });
    expect(data.map(({ eventId }) => eventId).sort()).toEqual([lost.id, arrived.id].sort());
    expect(await queuedOf(ctx)).toHaveLength(2);
    const [mark] =
      await admin`select checked_sequence = (select event_sequence from app.heads h where h.tenant_id = w.tenant_id) as done
      from app.webhooks w where tenant_id = ${ctx.tenantId}`;
    expect(mark).toEqual({ done: true });
  });

  test("M1: two endpoints that were checked up to the same event both get the next one", async () => {
    const endpoint = { url, eventTypes: [DocumentPurged.type] };
    const webhooks = [await createWebhook(ctx, endpoint), await createWebhook(ctx, endpoint)];
    setClockOffset(61_000);
    await fanOutLost();
    const lost = await publishOne(ctx);
    setClockOffset(200_000);
    await fanOutLost();
    for (const { webhook } of webhooks) {
      const { data } = await listDeliveries(ctx, webhook.id, { limit: 10 });
      expect(data.map(({ eventId }) => eventId)).toEqual([lost.id]);
    }
  });
});

// The embedded database runs one transaction at a time.
test.runIf(process.env["TEST_DATABASE_URL"] !== undefined)(
  "an event whose transaction commits late is skipped by no reader, cursor or webhook, and delays its own tenant only",
  async () => {
    const { webhook } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
    const other = await consumers.newTenant();
    const reader = consumers.systemOf(ctx);
    const { lastSequence: before } = await listEvents(reader, { after: 0, limit: 100 });
    const [late, release] = [newId("event"), Promise.withResolvers<void>()];
    const began = Promise.withResolvers<void>();
    const slow = poolOn(consumers.adminUrl, { max: 1 });
    const committed = slow.begin(async (sql) => {
      const row = {
        id: late,
        type: DocumentPurged.type,
        version: 1,
        actor: "system:test",
        subjectType: "document",
        subjectId: newId("document"),
        data: { versions: 1 },
        traceparent: null,
      };
      const envelope = envelopeOf({ ...row, tenantId: ctx.tenantId, sequence: 0 });
      await sql`select app.enter(${toUuid(ctx.tenantId)}, 'system:test', '', 'system')`;
      await sql`select app.record('[]', ${JSON.stringify([{ ...row, id: toUuid(late), envelope }])}::text::jsonb, '[]')`;
      began.resolve();
      await release.promise;
    });
    await began.promise;
    await publishOne(other);
    expect(await listEvents(reader, { after: before, limit: 100 })).toMatchObject({ data: [], lastSequence: before });
    await expect(commitCursor(reader, "reader", { sequence: before + 1 })).rejects.toMatchObject({
      code: "invalid-request",
    });
    await commitCursor(reader, "reader", { sequence: before });
    let isPublished = false;
    const next = publishOne(ctx).then((event) => {
      isPublished = true;
      return event;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isPublished).toBe(false);
    release.resolve();
    await committed;
    await slow.end();
    const { id } = await next;
    const { sequence } = await getCursor(reader, "reader");
    const { data } = await listEvents(reader, { after: sequence, limit: 100 });
    expect(data.map((event) => [event.sequence, event.id])).toEqual([
      [before + 1, late],
      [before + 2, id],
    ]);
    setClockOffset(61_000);
    await fanOutLost();
    expect(await statuses(ctx, webhook.id)).toHaveLength(2);
  },
);
