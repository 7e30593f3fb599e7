import { DocumentPurged, DocumentReady } from "@resolve/core/documents";
import { listEvents } from "@resolve/core/events";
import * as jobs from "@resolve/core/jobs";
import { type Ctx, withTx } from "@resolve/core/platform/context";
import type { Event } from "@resolve/core/platform/envelope";
import { publish } from "@resolve/core/platform/events";
import { type Id, newId, toUuid } from "@resolve/core/platform/id";
import {
  type AttemptResult,
  announceFailing,
  causeOfStatus,
  createWebhook,
  disable,
  dispatchAll,
  enable,
  fanOut,
  getDelivery,
  getWebhook,
  getWebhookMetrics,
  listAttempts,
  listDeliveries,
  recordAttempts,
  recover,
  recoverWebhook,
  replayToWebhook,
  reportLateDeliveries,
  retryDelivery,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from "@resolve/core/webhooks";
import { verifyWebhook } from "@resolve/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { type Consumers, freshTenant, useConsumers } from "./testing-consumers.ts";
import { loggedErrors } from "./testing-log.ts";

/** What a tenant sets per endpoint, what protects an endpoint that fails, and sending events again. */
let consumers: Consumers;
let admin: Consumers["admin"];
let ctx: Ctx;
useConsumers(async (started) => {
  consumers = started;
  ({ admin } = consumers);
});
beforeEach(async () => {
  ctx = await freshTenant(consumers);
});

const url = "http://127.0.0.1:9/hook";
const endpoint = async (more: Partial<Parameters<typeof createWebhook>[1]> = {}) =>
  (await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type], ...more })).webhook;
/** Events in the log, oldest first, that no fan-out has seen. */
const publishMany = async (count: number): Promise<Event[]> => {
  const after = (await listEvents(ctx, { after: 0, limit: 1, types: [DocumentReady.type] })).lastSequence;
  for (let n = 0; n < count; n++)
    await withTx(ctx, async (ctx) => publish(ctx, DocumentPurged, newId("document"), { versions: n + 1 }));
  return (await listEvents(ctx, { after, limit: 100, types: [DocumentPurged.type] })).data;
};
type Queued = { deliveryId: Id<"delivery">; attempt: number; body: string; headers: Record<string, string> };
const queued = async () =>
  (
    await admin`select body, delay_seconds from app.outbox where tenant_id = ${ctx.tenantId} and topic = 'webhook-delivery' order by id`
  ).map(({ body, delay_seconds }) => ({ ...(body as Queued), delaySeconds: Number(delay_seconds) }));
/** The queued attempts, which leave the queue. */
const taken = async () => {
  const messages = await queued();
  await admin`truncate app.outbox`;
  return messages;
};
const resultOf = (
  { deliveryId, attempt }: Queued,
  statusCode: number,
  more: Partial<AttemptResult> = {},
): AttemptResult => ({
  tenantId: ctx.tenantId,
  deliveryId,
  attempt,
  statusCode,
  cause: causeOfStatus(statusCode),
  durationMs: 12,
  response: "body",
  retryAfterSeconds: null,
  isStale: false,
  attemptedAt: new Date().toISOString(),
  ...more,
});
/** Without the consumer, which sends the outbox. */
const record = async (...results: AttemptResult[]) => {
  for (const result of results) await recordAttempts(consumers.systemOf(ctx), [result]);
};
const logOf = (types: string[]) =>
  listEvents(consumers.systemOf(ctx), { after: 0, limit: 100, types }).then(({ data }) => data);
const sequenceOf = ({ body }: Queued): number => (JSON.parse(body) as Event).sequence;
/** Moves the times of the tenant's endpoints and deliveries into the past. */
const passTime = async (seconds: number) => {
  const by = `${seconds} seconds`;
  await admin`update app.webhooks set failing_since = failing_since - ${by}::interval, circuit_open_until = circuit_open_until - ${by}::interval
    where tenant_id = ${ctx.tenantId}`;
  await admin`update app.webhook_deliveries set next_attempt_at = next_attempt_at - ${by}::interval where tenant_id = ${ctx.tenantId}`;
};
const statuses = async (id: Id<"webhook">) =>
  (await listDeliveries(ctx, id, { limit: 100 })).data.map(({ status }) => status);

describe("an endpoint's settings", () => {
  test("a filter selects events by their content, beside the types", async () => {
    await endpoint({ filter: { data: { versions: [{ numeric: [">", 2] }] } } });
    for (const event of await publishMany(4)) await fanOut(ctx, event);
    expect((await queued()).map(({ body }) => JSON.parse(body).data.versions)).toEqual([3, 4]);
  });

  test("an ordered endpoint gets one event at a time, in the order of the log, also when the bus reverses it", async () => {
    // An older event is under way to another endpoint.
    const { id: other } = await endpoint();
    for (const event of await publishMany(1)) await fanOut(ctx, event);
    await updateWebhook(ctx, other, { eventTypes: [DocumentReady.type] }, () => {});
    expect(await taken()).toHaveLength(1);

    await endpoint({ ordered: true });
    const events = await publishMany(3);
    for (const event of events.toReversed()) await fanOut(ctx, event);
    for (const event of events) {
      // The first attempt fails: nothing overtakes the event meanwhile.
      const [first, ...none] = await taken();
      expect([sequenceOf(first!), none]).toEqual([event.sequence, []]);
      await record(resultOf(first!, 500));
      expect((await queued()).map(sequenceOf)).toEqual([event.sequence]);
      const [second] = await taken();
      await record(resultOf(second!, 200));
    }
    expect(await queued()).toEqual([]);
  });

  test("maxPerSecond spreads attempts over time, and maxConcurrency limits those under way", async () => {
    const limited = await endpoint({ maxPerSecond: 2, maxConcurrency: 6 });
    await disable(ctx, limited.id);
    for (const event of await publishMany(8)) await fanOut(ctx, event);
    await enable(ctx, limited.id);
    const messages = await taken();
    expect(messages.map(({ delaySeconds }) => delaySeconds).sort()).toEqual([0, 0, 1, 1, 2, 2]);
    await updateWebhook(ctx, limited.id, { maxPerSecond: null, maxConcurrency: 7 }, () => {});
    expect(await queued()).toHaveLength(1);
  });

  test("the former secret signs for the time that the rotation names, from none to seven days", async () => {
    const { webhook, secret: first } = await createWebhook(ctx, { url, eventTypes: [DocumentPurged.type] });
    const { secret: second } = await rotateWebhookSecret(ctx, webhook.id, { overlapSeconds: 7 * 86_400 });
    const [one, two] = await publishMany(2);
    await fanOut(ctx, one!);
    const [message] = await taken();
    for (const secret of [first, second]) verifyWebhook(message!.body, message!.headers, secret);
    const { secret: third } = await rotateWebhookSecret(ctx, webhook.id, { overlapSeconds: 0 });
    await fanOut(ctx, two!);
    const [last] = await taken();
    verifyWebhook(last!.body, last!.headers, third);
    expect(() => verifyWebhook(last!.body, last!.headers, second)).toThrow();
  });

  test("another endpoint may receive that one is disabled, and no endpoint receives events about itself", async () => {
    const watched = await endpoint({ eventTypes: ["webhook.disabled", DocumentPurged.type] });
    const watcher = await endpoint({ eventTypes: ["webhook.disabled"] });
    await disable(ctx, watched.id);
    const [event] = await logOf(["webhook.disabled"]);
    await fanOut(ctx, event!);
    expect(await statuses(watcher.id)).toEqual(["pending"]);
    expect(await statuses(watched.id)).toEqual([]);
  });
});

describe("an endpoint that fails", () => {
  test("after five failures in a row it gets no attempt for a minute, then one at a time until one succeeds", async () => {
    const { id } = await endpoint();
    for (const event of await publishMany(9)) await fanOut(ctx, event);
    const messages = await taken();
    expect(messages).toHaveLength(9);
    for (const message of messages.slice(0, 5)) await record(resultOf(message, 503));
    // The results of attempts that were under way do not extend the pause: four others, and four that were due again before it.
    const underWay = [...messages.slice(5), ...(await taken())];
    for (const message of underWay) await record(resultOf(message, 503));
    const { pausedUntil, failures } = await getWebhookMetrics(ctx, id);
    expect([underWay.length, failures]).toEqual([8, 13]);
    expect((pausedUntil!.getTime() - Date.now()) / 1000).toBeGreaterThan(30);
    await passTime(20);
    await dispatchAll();
    expect(await queued()).toEqual([]);
    expect((await testWebhook(ctx, id)).status).toBe("enabled");
    await passTime(41);
    await dispatchAll();
    const [probe, ...others] = await taken();
    expect(others).toEqual([]);
    await record(resultOf(probe!, 503));
    await passTime(80);
    await dispatchAll();
    // The second pause is twice as long.
    expect(await queued()).toEqual([]);
    await passTime(41);
    await dispatchAll();
    const [second] = await taken();
    await record(resultOf(second!, 200));
    expect((await queued()).length).toBeGreaterThan(5);
    expect(await getWebhookMetrics(ctx, id)).toMatchObject({ failures: 0, pausedUntil: null, failingSince: null });
  });

  test("Retry-After holds back all attempts, and a test is sent all the same", async () => {
    const { id } = await endpoint({ eventTypes: ["document.purged"] });
    const [one, two] = await publishMany(2);
    await fanOut(ctx, one!);
    const [message] = await taken();
    await record(resultOf(message!, 429, { retryAfterSeconds: 120 }));
    await fanOut(ctx, two!);
    expect(await queued()).toEqual([]);
    const { deliveryId } = await testWebhook(ctx, id);
    const [event] = await logOf(["webhook.test"]);
    await fanOut(ctx, event!);
    expect((await queued()).map((message) => message.deliveryId)).toEqual([deliveryId]);
  });

  test("ten attempts in three days fail a delivery; five days without a success are announced and disable the endpoint", async () => {
    const { id } = await endpoint();
    const [event] = await publishMany(1);
    await fanOut(ctx, event!);
    const announced = async () => (await logOf(["webhook.failing"])).map(({ data }) => Number(data["percent"]));
    /** Moves the clock to this share of the five days after which the endpoint is disabled; the sweep then looks twice. */
    const passTo = async (share: number) => {
      const { failingSince } = await getWebhookMetrics(ctx, id);
      const elapsed = (Date.now() - failingSince!.getTime()) / 1000;
      await passTime(Math.max(0, share * 5 * 86_400 - elapsed));
      await announceFailing();
      await announceFailing();
    };
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 10; attempt++) {
      const [message, ...others] = await taken();
      expect([message!.attempt, others]).toEqual([attempt, []]);
      await record(resultOf(message!, 500));
      const { status, nextAttemptAt } = await getDelivery(ctx, message!.deliveryId);
      if (attempt === 10) {
        expect(status).toBe("failed");
        break;
      }
      waits.push((nextAttemptAt!.getTime() - Date.now()) / 1000);
      // The last wait passes half of the five days.
      if (attempt === 9) {
        await passTo(0.499);
        expect(await announced()).toEqual([]);
        await passTo(0.501);
        expect(await announced()).toEqual([50]);
      }
      // The clock moves to the next attempt, which the sweep or the result before queues.
      const due = await getDelivery(ctx, message!.deliveryId);
      await passTime(Math.max((due.nextAttemptAt!.getTime() - Date.now()) / 1000, 0) + 1);
      await dispatchAll();
    }
    const nominal = [5, 30, 120, 600, 3_600, 10_800, 28_800, 86_400, 172_800];
    for (const [n, seconds] of waits.entries()) {
      expect(seconds).toBeGreaterThan(nominal[n]! * 0.79 - 2);
      expect(seconds).toBeLessThan(nominal[n]! * 1.21 + 2);
    }
    for (const [share, expected] of [
      [0.71, [50, 70]],
      [0.91, [50, 70, 90]],
      [0.99, [50, 70, 90]],
    ] as const) {
      await passTo(share);
      expect(await announced()).toEqual(expected);
    }
    expect((await getWebhook(ctx, id)).status).toBe("enabled");
    await passTo(1);
    expect(await announced()).toEqual([50, 70, 90, 100]);
    expect(await getWebhook(ctx, id)).toMatchObject({
      status: "disabled",
      disabledReason: "every attempt failed for five days",
    });
    await enable(ctx, id);
    expect(await getWebhookMetrics(ctx, id)).toMatchObject({ failures: 0, disablesAt: null });
  });
});

describe("sending again", () => {
  const runner: jobs.Runner = { kinds: { recover }, maker: jobs.noMaker };
  const run = (id: Id<"job">) => jobs.runJob(consumers.systemOf(ctx), id, runner, AbortSignal.timeout(30_000));
  /** Fails a delivery for good. */
  const fail = async (event: Event) => {
    await fanOut(ctx, event);
    const [message] = await taken();
    await record(resultOf(message!, 200));
    await admin`update app.webhook_deliveries set status = 'failed' where id = ${message!.deliveryId}`;
    return message!;
  };

  test("a delivery that failed is retried by hand with the same webhook-id and a new attempt", async () => {
    const { id } = await endpoint();
    const [event] = await publishMany(1);
    const failed = await fail(event!);
    await retryDelivery(ctx, failed.deliveryId);
    await expect(retryDelivery(ctx, failed.deliveryId)).rejects.toMatchObject({ code: "delivery-conflict" });
    const [again] = await taken();
    expect(again).toMatchObject({ deliveryId: failed.deliveryId, attempt: 2 });
    expect(again!.headers["webhook-id"]).toBe(failed.headers["webhook-id"]);
    await record(resultOf(again!, 500));
    expect(await getDelivery(ctx, failed.deliveryId)).toMatchObject({
      status: "pending",
      cause: "status",
      statusCode: 500,
    });
    expect(await listAttempts(ctx, failed.deliveryId)).toMatchObject([
      { number: 1, cause: null, response: "body" },
      { number: 2, cause: "status", durationMs: 12 },
    ]);
    await disable(ctx, id);
    await expect(retryDelivery(ctx, failed.deliveryId)).rejects.toMatchObject({ code: "delivery-conflict" });
  });

  test("a recovery sends what failed, what was missed and nothing that was delivered, and shows its progress", async () => {
    const { id } = await endpoint();
    const events = await publishMany(4);
    await fail(events[0]!);
    await fanOut(ctx, events[1]!);
    await record(resultOf((await taken())[0]!, 200));
    const { id: jobId } = await recoverWebhook(ctx, id, {
      since: new Date(Date.now() - 600_000).toISOString(),
      ratePerSecond: 100,
    });
    await expect(
      recoverWebhook(ctx, id, { since: new Date(Date.now() - 600_000).toISOString(), ratePerSecond: 100 }),
    ).rejects.toMatchObject({ code: "job-conflict" });
    await run(jobId);
    const job = await jobs.get(ctx, jobId);
    expect(job).toMatchObject({ status: "completed", result: { queued: 3 } });
    expect(job.progress.done).toBe(job.progress.total);
    expect((await queued()).map(sequenceOf).sort()).toEqual([0, 2, 3].map((n) => events[n]!.sequence));
  });

  test("a retry is made although the endpoint is paused; a recovery ends the pause, and sends what waits for a later attempt", async () => {
    const { id } = await endpoint();
    for (const event of await publishMany(6)) await fanOut(ctx, event);
    const [first] = await queued();
    for (let left = await taken(); left.length > 0; left = await taken())
      for (const message of left) await record(resultOf(message, 503));
    expect((await getWebhookMetrics(ctx, id)).pausedUntil).not.toBeNull();
    await retryDelivery(ctx, first!.deliveryId);
    const [again, ...others] = await taken();
    expect([again!.deliveryId, others]).toEqual([first!.deliveryId, []]);
    await record(resultOf(again!, 503));
    expect(await queued()).toEqual([]);

    await admin`update app.webhook_deliveries set next_attempt_at = now() + interval '8 hours' where tenant_id = ${ctx.tenantId}`;
    const since = new Date(Date.now() - 600_000).toISOString();
    const { id: jobId } = await recoverWebhook(ctx, id, { since, ratePerSecond: 100 });
    await run(jobId);
    expect(await jobs.get(ctx, jobId)).toMatchObject({ status: "completed", result: { queued: 6 } });
    const [probe, ...beside] = await taken();
    expect(beside).toEqual([]);
    await record(resultOf(probe!, 200));
    expect(await queued()).toHaveLength(5);
  });

  test("a replay sends a range of sequences again, delivered ones too, and leaves places for new events", async () => {
    const { id } = await endpoint();
    const events = await publishMany(12);
    for (const event of events) {
      await fanOut(ctx, event);
      await record(resultOf((await taken())[0]!, 200));
    }
    const { id: jobId } = await replayToWebhook(ctx, id, {
      after: events[0]!.sequence,
      until: events[10]!.sequence,
      ratePerSecond: 100,
    });
    await run(jobId);
    const again = await taken();
    // Five of the endpoint's ten places.
    expect(again.map(sequenceOf).sort((a, b) => a - b)).toEqual(events.slice(1, 6).map(({ sequence }) => sequence));
    const [fresh] = await publishMany(1);
    await fanOut(ctx, fresh!);
    expect((await queued()).map(sequenceOf)).toEqual([fresh!.sequence]);
  });

  test("a replay waits while a thousand of its deliveries wait, and continues when they are fewer", async () => {
    const { id } = await endpoint();
    const [event] = await publishMany(1);
    await fanOut(ctx, event!);
    await record(resultOf((await taken())[0]!, 200));
    await admin`insert into app.webhook_deliveries (tenant_id, id, event_id, webhook_id, event_type, sequence, is_recovery, status, next_attempt_at)
      select tenant_id, app.uuid7(), event_id, webhook_id, event_type, sequence, true, 'pending', now() + interval '1 day'
      from app.webhook_deliveries, generate_series(1, 1000) where tenant_id = ${ctx.tenantId}`;
    // From the tenant's first event on.
    const { id: jobId } = await replayToWebhook(ctx, id, { after: 0, ratePerSecond: 100 });
    await run(jobId);
    expect(await jobs.get(ctx, jobId)).toMatchObject({ status: "queued", progress: { done: 0 } });
    await admin`delete from app.webhook_deliveries where id = (
      select id from app.webhook_deliveries where tenant_id = ${ctx.tenantId} and status = 'pending' limit 1)`;
    await run(jobId);
    expect(await jobs.get(ctx, jobId)).toMatchObject({ status: "completed", result: { queued: 1 } });
  });

  test("a recovery of a disabled endpoint, of the far past and of an empty range is refused", async () => {
    const { id } = await endpoint();
    const since = new Date(Date.now() - 60_000).toISOString();
    const code = (work: Promise<unknown>) =>
      work.then(
        () => "none",
        (error) => error.code,
      );
    expect(await code(recoverWebhook(ctx, id, { since: "2020-01-01T00:00:00Z", ratePerSecond: 1 }))).toBe(
      "invalid-request",
    );
    expect(await code(recoverWebhook(ctx, id, { since, until: since, ratePerSecond: 1 }))).toBe("invalid-request");
    expect(await code(replayToWebhook(ctx, id, { after: 5, until: 5, ratePerSecond: 1 }))).toBe("invalid-request");
    expect(await code(replayToWebhook(ctx, id, { after: 0, until: 1e9, ratePerSecond: 1 }))).toBe("invalid-request");
    await disable(ctx, id);
    expect(await code(recoverWebhook(ctx, id, { since, ratePerSecond: 1 }))).toBe("webhook-conflict");
  });
});

test("metrics count the last day's attempts and the backlog", async () => {
  const { id } = await endpoint();
  for (const event of await publishMany(3)) await fanOut(ctx, event);
  const [one, two] = await taken();
  await record(resultOf(one!, 200, { durationMs: 10 }), resultOf(two!, 500, { durationMs: 30 }));
  expect(await getWebhookMetrics(ctx, id)).toMatchObject({
    attempts: 2,
    succeeded: 1,
    successRate: 0.5,
    p50Ms: 20,
    pending: 2,
    held: 0,
    failures: 1,
  });
  expect((await listDeliveries(ctx, id, { limit: 10 }, { status: "delivered" })).data).toHaveLength(1);
  const { id: other } = await endpoint();
  expect(await getWebhookMetrics(ctx, other)).toMatchObject({ attempts: 0, successRate: null, pending: 0, held: 0 });
});

test("endpoints with attempts that are late are logged for the alarm, but not those that have another one under way", async () => {
  const lines = loggedErrors();
  await admin`delete from app.webhook_deliveries`;
  const [, busy] = [await endpoint(), await endpoint()];
  for (const event of await publishMany(2)) await fanOut(ctx, event);
  await endpoint();
  const late = async () => {
    lines.length = 0;
    await reportLateDeliveries();
    return lines.map((line) => JSON.parse(line)).map(({ message, webhooks }) => [message, webhooks]);
  };
  expect(await late()).toEqual([]);
  await admin`update app.webhook_deliveries set in_flight_until = null, next_attempt_at = now() - interval '6 minutes'`;
  expect(await late()).toEqual([["webhook deliveries are late", 2]]);
  await admin`update app.webhook_deliveries set in_flight_until = now() + interval '1 minute' where id = (
    select id from app.webhook_deliveries where webhook_id = ${toUuid(busy.id)} limit 1)`;
  expect(await late()).toEqual([["webhook deliveries are late", 1]]);
});
