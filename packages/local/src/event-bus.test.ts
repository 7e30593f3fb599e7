import { DocumentPurged } from "@resolve/core/documents";
import { listEvents } from "@resolve/core/events";
import { setClockOffset } from "@resolve/core/platform/clock";
import { type Ctx, withTx } from "@resolve/core/platform/context";
import { publish } from "@resolve/core/platform/events";
import { newId } from "@resolve/core/platform/id";
import { relay } from "@resolve/core/platform/outbox";
import * as webhooks from "@resolve/core/webhooks";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startCustomers } from "./doubles/customers.ts";
import { type Consumers, startConsumers } from "./testing-consumers.ts";

/** Deliveries to event buses of tenants' accounts, over the protocols of STS and EventBridge. */
let consumers: Consumers;
let customers: Awaited<ReturnType<typeof startCustomers>>;
let offsetMs = 0;
beforeAll(async () => {
  consumers = await startConsumers();
  customers = await startCustomers({ now: () => Date.now() + offsetMs });
  const links = JSON.parse(process.env["SST_RESOURCES_JSON"]!);
  process.env["SST_RESOURCES_JSON"] = JSON.stringify({ ...links, CustomerRoles: customers.link });
});
afterAll(async () => {
  await customers.close();
  await consumers.close();
});

let ctx: Ctx;
beforeEach(async () => {
  ctx = await consumers.newTenant();
  await consumers.admin`truncate app.outbox`;
  customers.received.length = 0;
});
afterEach(() => {
  setClockOffset(0);
  offsetMs = 0;
  customers.state.isThrottled = false;
  customers.state.failedEntries = 0;
});

const eventBusArn = "arn:aws:events:eu-central-1:111122223333:event-bus/from-resolve";
const roleOf = (name: string) => `arn:aws:iam::111122223333:role/resolve-${name}`;
const create = (more: object = {}, name: string = ctx.tenantId) =>
  webhooks.createWebhook(ctx, {
    eventBridge: { eventBusArn, roleArn: roleOf(name) },
    eventTypes: [DocumentPurged.type],
    ...more,
  });
/** Records an event, and returns the delivery that fan-out creates. */
const occur = async (webhookId: webhooks.Webhook["id"]) => {
  await withTx(ctx, async (ctx) => publish(ctx, DocumentPurged, newId("document"), { versions: 1 }));
  const event = (await listEvents(ctx, { after: 0, limit: 100, types: [DocumentPurged.type] })).data.at(-1)!;
  await webhooks.fanOut(ctx, event);
  const delivery = (await webhooks.listDeliveries(ctx, webhookId, { limit: 1 })).data[0]!;
  return { event, id: delivery.id };
};
/** Sends the next attempt as `deliver-webhook` does, and stores its result. */
const attempt = async () => {
  await relay({ limit: 100 });
  const message = webhooks.AttemptMessage.parse(JSON.parse(await consumers.received(ctx, "webhook-delivery")));
  const result = await webhooks.sendAttempt(message);
  await webhooks.recordAttempts(ctx, [result]);
  return { message, result };
};

test("an event arrives on the tenant's bus with its type, its time and the body of the log", async () => {
  const { webhook } = await create();
  expect(webhook).toMatchObject({ url: eventBusArn, eventBridge: { externalId: ctx.tenantId } });
  const { event, id } = await occur(webhook.id);
  const { result } = await attempt();
  expect(result).toMatchObject({ statusCode: 200, cause: null });
  const [{ entry }] = customers.received as [(typeof customers.received)[0]];
  expect(entry).toMatchObject({ EventBusName: eventBusArn, Source: "resolve.document", DetailType: "document.purged" });
  expect(JSON.parse(entry.Detail!)).toEqual(event);
  expect(entry.Time).toBeCloseTo(Date.parse(event.occurredAt) / 1000, 0);
  expect((await webhooks.getDelivery(ctx, id)).status).toBe("delivered");
});

test("a role is assumed once for many events, and again before its credentials expire", async () => {
  const { webhook } = await create();
  const before = customers.state.assumed;
  for (let n = 0; n < 3; n++) {
    await occur(webhook.id);
    await attempt();
  }
  expect([customers.received.length, customers.state.assumed - before]).toEqual([3, 1]);
  offsetMs = 3_400_000;
  setClockOffset(offsetMs);
  await occur(webhook.id);
  expect((await attempt()).result.cause).toBeNull();
  expect(customers.state.assumed - before).toBe(2);
});

test("an entry that EventBridge refuses in a successful response, and throttling, are failures that are tried again", async () => {
  const { webhook } = await create();
  const { id } = await occur(webhook.id);
  customers.state.failedEntries = 1;
  const { message, result } = await attempt();
  expect(result).toMatchObject({ statusCode: null, cause: "bus", response: "ThrottlingException: Rate exceeded" });
  expect(await webhooks.getDelivery(ctx, id)).toMatchObject({ status: "pending", attempts: 1, cause: "bus" });
  customers.state.isThrottled = true;
  expect(await webhooks.sendAttempt(message)).toMatchObject({ statusCode: 400, cause: "bus" });
  customers.state.isThrottled = false;
  expect(await webhooks.sendAttempt(message)).toMatchObject({ statusCode: 200, cause: null });
});

test("a role that is missing, or of another tenant, is not assumed, and no answer contains a credential", async () => {
  const other = await consumers.newTenant();
  for (const name of ["missing", other.tenantId]) {
    const { webhook } = await create({}, name);
    const { id } = await occur(webhook.id);
    const { result } = await attempt();
    expect(result).toMatchObject({
      statusCode: 403,
      cause: "role",
      response: expect.stringContaining("sts:AssumeRole"),
    });
    expect(JSON.stringify(await webhooks.listAttempts(ctx, id))).not.toMatch(/ASIA|SessionToken/);
    await webhooks.deleteWebhook(ctx, webhook.id);
  }
  expect(customers.received).toEqual([]);
});

test("a role whose trust policy accepts every ExternalId is refused, because it may be somebody else's", async () => {
  const { webhook } = await create({}, "open");
  await occur(webhook.id);
  expect((await attempt()).result).toMatchObject({
    cause: "role",
    response: expect.stringContaining("sts:ExternalId"),
  });
  expect(customers.received).toEqual([]);
});

test("of two endpoints that name the same role the second is refused, with one answer for every owner", async () => {
  const { webhook } = await create({}, "shared");
  const other = await consumers.newTenant();
  const answers = [];
  for (const caller of [ctx, other]) {
    const created = webhooks.createWebhook(caller, { eventBridge: { eventBusArn, roleArn: roleOf("shared") } });
    answers.push(await created.catch(({ code, message, extensions }) => ({ code, message, extensions })));
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).toMatchObject({ code: "role-in-use" });
  await webhooks.deleteWebhook(ctx, webhook.id);
  const { webhook: theirs } = await webhooks.createWebhook(other, {
    eventBridge: { eventBusArn, roleArn: roleOf("shared") },
  });
  const changes = { eventBridge: { eventBusArn, roleArn: roleOf("shared") } };
  const { webhook: mine } = await create({}, "mine");
  await expect(webhooks.updateWebhook(ctx, mine.id, changes, () => {})).rejects.toMatchObject({ code: "role-in-use" });
  await webhooks.deleteWebhook(other, theirs.id);
  const changed = await webhooks.updateWebhook(ctx, mine.id, changes, () => {});
  expect(changed.eventBridge?.roleArn).toBe(roleOf("shared"));
});

test("filters and holding are those of every endpoint; the kind cannot change", async () => {
  const { webhook } = await create({ filter: { data: { versions: [2] } } });
  await withTx(ctx, async (ctx) => publish(ctx, DocumentPurged, newId("document"), { versions: 1 }));
  const event = (await listEvents(ctx, { after: 0, limit: 100, types: [DocumentPurged.type] })).data.at(-1)!;
  await webhooks.fanOut(ctx, event);
  expect((await webhooks.listDeliveries(ctx, webhook.id, { limit: 1 })).data).toEqual([]);
  await webhooks.updateWebhook(ctx, webhook.id, { filter: null }, () => {});
  await webhooks.disable(ctx, webhook.id);
  const { id } = await occur(webhook.id);
  expect((await webhooks.getDelivery(ctx, id)).status).toBe("held");
  await webhooks.enable(ctx, webhook.id);
  await attempt();
  expect((await webhooks.getDelivery(ctx, id)).status).toBe("delivered");
  for (const changes of [{ url: "http://127.0.0.1:9/" }, { headers: { "x-a": "1" } }])
    await expect(webhooks.updateWebhook(ctx, webhook.id, changes, () => {})).rejects.toMatchObject({
      code: "invalid-request",
    });
  expect((await webhooks.getWebhook(ctx, webhook.id)).eventBridge).not.toBeNull();
});

test.each([
  ["both addresses", { url: "https://example.com/hook" }],
  ["headers", { headers: { "x-a": "1" } }],
])("an endpoint with an event bus cannot have %s", async (_, more) => {
  await expect(create(more)).rejects.toMatchObject({ code: "invalid-request" });
});

test.each([
  "arn:aws:events:eu-central-1:111122223333:rule/x",
  "arn:aws:events:localhost#:111122223333:event-bus/x",
  "arn:aws-cn:events:cn-north-1:111122223333:event-bus/x",
])("%s is not an event bus", async (arn) => {
  const parsed = webhooks.NewWebhook.safeParse({ eventBridge: { eventBusArn: arn, roleArn: roleOf("x") } });
  expect(parsed.success).toBe(false);
});
