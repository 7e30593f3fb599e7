import { and, eq, inArray, sql } from "drizzle-orm";
import { findEvents } from "../events/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, enqueue, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { ofTenant, ownedBy, withIds } from "../platform/database/rows.ts";
import type { Event } from "../platform/envelope.ts";
import type { Id } from "../platform/id.ts";
import { Undecryptable } from "../platform/services/kms.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { isSuspended, wasResumedWithin } from "../platform/tenant-state.ts";
import { sealedHeaders, signedHeaders } from "./endpoint.ts";
import type { AttemptMessage } from "./messages.ts";
import { attemptsMax, circuitFailures } from "./schedule.ts";
import { disableWebhook } from "./status.ts";
import { WebhookTest } from "./webhook.events.ts";
import { deliveryTable as table, webhookTable } from "./webhook.sql.ts";

/**
 * Attempts of one tenant that may be in the queue or at work at a time, and how many of one endpoint may be recoveries. Two thirds are
 * for those that begin in the same second, so that attempts that wait for a response do not slow the others down. An endpoint's own limit
 * is at most 10, and it leaves half of the free places to others. The others wait in their rows. An endpoint that never responds therefore
 * occupies ten of the queue's workers (topology: 100) and no more, and new events always find a place beside a recovery.
 */
const inFlightPerTenant = 30;
const recoveriesPerEndpoint = 5;
/** An attempt that is due this soon is signed and queued now; the queue delays it. */
const aheadSeconds = 60;
/** An attempt without a result after this time is sent again. */
const lostAfterSeconds = 300;
/** At most this many tenants are handled by one sweep. */
const tenantsMax = 200;

type Row = { id: string; webhook_id: string; event_id: string; attempts: number; delay_seconds: number };
type Due = Omit<Row, "id" | "webhook_id" | "event_id"> & {
  id: Id<"delivery">;
  webhook_id: Id<"webhook">;
  event_id: Id<"event">;
};
type Webhook = typeof webhookTable.$inferSelect;

/**
 * Queues the tenant's attempts that are due, the endpoints in turn, up to the limits; of an endpoint, new events first. Joins the
 * caller's transaction and is its last statement: a lock lets one transaction of a tenant count and send at a time. `event`: one
 * that the caller has read. A test is sent whatever the endpoint's limits and circuit are, and `retried` whatever its circuit is. The
 * deliveries of a suspended tenant wait in their rows.
 */
export const dispatchDue = async (
  ctx: Ctx,
  { event, retried }: { event?: Event; retried?: Id<"delivery"> } = {},
): Promise<void> => {
  await lockTenant(ctx, "webhooks");
  const isTest = event?.type === WebhookTest.type;
  const tested = isTest ? sql`app.uuid_from(${event.id}, ${event.subject.id}::uuid::text)` : sql`${retried ?? null}`;
  const due: Due[] = withIds(await claim(ctx, tested), { id: "delivery", webhook_id: "webhook", event_id: "event" });
  if (due.length === 0) return;
  const ids = [...new Set(due.map((delivery) => delivery.webhook_id))];
  const webhooks = await ctx.db
    .select()
    .from(webhookTable)
    .where(and(ofTenant(ctx, webhookTable), inArray(webhookTable.id, ids)));
  const byId = new Map(webhooks.map((webhook) => [webhook.id, webhook]));
  const unread = due.map(({ event_id }) => event_id).filter((id) => id !== event?.id);
  const events = unread.length > 0 ? await findEvents(ctx, unread) : new Map<Id<"event">, Event>();
  if (event) events.set(event.id, event);
  const slots = new Map(webhooks.map((webhook) => [webhook.id, new Slots(webhook)]));
  for (const delivery of due) {
    const webhook = byId.get(delivery.webhook_id);
    const found = events.get(delivery.event_id);
    const own = slots.get(delivery.webhook_id);
    // The log keeps events longer than deliveries, so an event that is missing was removed by an operator.
    if (!webhook || !found || !own) await endDelivery(ctx, delivery.id);
    else {
      const delaySeconds = own.take(delivery.delay_seconds);
      await enqueueAttempt(ctx, { ...delivery, delay_seconds: delaySeconds }, webhook, found);
    }
  }
  for (const [id, own] of slots) await own.store(ctx, id);
};

/** Takes the attempts that are due, up to the limits. The benchmark measures this statement. */
export const claim = (ctx: Ctx, tested = sql`null`) =>
  ctx.db.execute<Row>(sql`
    select * from app.claim_attempts(${ctx.tenantId}, ${tested}, ${isSuspended(sql`${ctx.tenantId}`)}, make_interval(secs => ${aheadSeconds}),
      ${inFlightPerTenant}, ${recoveriesPerEndpoint}, ${circuitFailures}, make_interval(secs => ${lostAfterSeconds}))`);

/**
 * The delay of an endpoint's next attempts, in order. With `maxPerSecond` each gets a slot of its own. The queue delays by whole
 * seconds, so the attempts of a second may begin together.
 */
class Slots {
  readonly #perSecond: number | null;
  #freeSeconds: number;
  constructor({ maxPerSecond, nextSlotAt }: Webhook) {
    this.#perSecond = maxPerSecond;
    this.#freeSeconds = Math.max(0, ((nextSlotAt?.getTime() ?? 0) - now().getTime()) / 1000);
  }
  take(wantedSeconds: number): number {
    if (this.#perSecond === null) return wantedSeconds;
    const slot = Math.max(wantedSeconds, this.#freeSeconds);
    this.#freeSeconds = slot + 1 / this.#perSecond;
    return Math.floor(slot);
  }
  async store(ctx: Ctx, id: Id<"webhook">): Promise<void> {
    if (this.#perSecond === null) return;
    const nextSlotAt = new Date(now().getTime() + this.#freeSeconds * 1000);
    await ctx.db
      .update(webhookTable)
      .set({ nextSlotAt })
      .where(ownedBy(ctx, webhookTable, id));
  }
}

const enqueueAttempt = async (ctx: Ctx, delivery: Due, webhook: Webhook, event: Event): Promise<void> => {
  const body = JSON.stringify(event);
  const { id: deliveryId, delay_seconds: delaySeconds } = delivery;
  const at = new Date(now().getTime() + delaySeconds * 1000);
  try {
    const headers = await signedHeaders(ctx, webhook, { deliveryId, at, body });
    const message: AttemptMessage = {
      tenantId: ctx.tenantId,
      deliveryId,
      attempt: delivery.attempts + 1,
      url: webhook.url,
      ...(webhook.roleArn === null ? {} : { roleArn: webhook.roleArn }),
      headers,
      sealedHeaders: await sealedHeaders(ctx, webhook),
      body,
      traceparent: event.traceparent ?? ctx.traceparent,
      tracestate: event.tracestate,
    };
    enqueue(ctx, { topic: "webhook-delivery", groupKey: ctx.tenantId, delaySeconds, body: message });
  } catch (error) {
    if (!(error instanceof Undecryptable)) throw error;
    await disableWebhook(ctx, webhook.id, "the secret or the headers cannot be decrypted; set them again");
    await ctx.db
      .update(table)
      .set({ inFlightUntil: null })
      .where(ownedBy(ctx, table, deliveryId));
  }
};

const endDelivery = (ctx: Ctx, id: Id<"delivery">): Promise<unknown> =>
  ctx.db
    .update(table)
    .set({ status: "failed", nextAttemptAt: null, inFlightUntil: null, updatedAt: now() })
    .where(and(ownedBy(ctx, table, id), eq(table.status, "pending")));

/** Queues what is due of every tenant: attempts that waited longer than the queue's delay, and those whose result was lost. */
export async function dispatchAll(): Promise<number> {
  const tenants = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string }>(sql`
      select distinct w.tenant_id from app.webhooks w where ${isDue("webhooks", sql`w.tenant_id`)} and (
        exists (select from app.webhook_deliveries d where d.tenant_id = w.tenant_id and d.webhook_id = w.id and d.in_flight_until <= app.now())
        or (w.status = 'enabled' and exists (select from app.webhook_deliveries d where d.tenant_id = w.tenant_id and d.webhook_id = w.id
          and d.status = 'pending' and d.in_flight_until is null
          and coalesce(w.circuit_open_until <= app.now(), true)
          and d.next_attempt_at <= app.now() + make_interval(secs => ${aheadSeconds}))))
      limit ${tenantsMax}`),
  );
  return forEachRow("webhooks", withIds(tenants, { tenant_id: "tenant" }), ({ tenant_id: tenantId }) =>
    withTx(systemCtx({ tenantId, job: "sweep" }), async (ctx) => {
      // A lost attempt counts, so that a delivery whose attempts are always lost ends too. One that waited for a resume is not lost.
      await ctx.db.execute(sql`
        update app.webhook_deliveries set in_flight_until = null, updated_at = app.now(),
          attempts = attempts + case when status = 'pending' then 1 else 0 end,
          status = case when status = 'pending' and attempts - attempts_before + 1 >= ${attemptsMax} then 'failed' else status end,
          next_attempt_at = case when status = 'pending' and attempts - attempts_before + 1 < ${attemptsMax} then app.now() end
        where tenant_id = ${ctx.tenantId} and in_flight_until <= app.now()
          and not ${wasResumedWithin(sql`${ctx.tenantId}`, lostAfterSeconds)}`);
      await dispatchDue(ctx);
    }),
  );
}
