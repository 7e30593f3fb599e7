import { and, desc, eq, lt, sql } from "drizzle-orm";
import { Webhook as Signer } from "standardwebhooks";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, enqueue, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { withIds } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idSchema, toId } from "../platform/id.ts";
import { type Page, type PageOf, pageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { openForTenant } from "../platform/services/tenant-key.ts";
import { attemptTable, deliveryTable as table, webhookTable } from "./webhook.sql.ts";
import { getWebhook, isSubscribable, secretContext, WebhookDisabled, WebhookTest, WebhookVerified } from "./webhook.ts";

/** Seconds before attempt 2, 3, …: 5 s, 30 s, 2 min, 10 min, 1 h, 3 h, 8 h, 24 h, 48 h. */
const backoffSeconds = [5, 30, 120, 600, 3_600, 10_800, 28_800, 86_400, 172_800];
export const attemptsMax = backoffSeconds.length + 1;
/** SQS delays a message by at most 15 minutes; longer waits stay in the row. */
const queueDelayMax = 900;
/** When no result of an attempt has come after this, the attempt is sent again. */
const lostAfterSeconds = 300;
const dispatchMax = 200;

/** Everything the sender needs: it knows no database and no secret. */
export const AttemptMessage = z.object({
  tenantId: idSchema("tenant"),
  deliveryId: idSchema("delivery"),
  attempt: z.int(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
export type AttemptMessage = z.output<typeof AttemptMessage>;

export const AttemptResult = z.object({
  tenantId: idSchema("tenant"),
  deliveryId: idSchema("delivery"),
  attempt: z.int(),
  statusCode: z.int().nullable(),
  error: z.string().nullable(),
  durationMs: z.int(),
  /** The beginning of the answer. */
  response: z.string(),
  retryAfterSeconds: z.int().nullable(),
  attemptedAt: z.iso.datetime(),
});
export type AttemptResult = z.output<typeof AttemptResult>;

export const Delivery = z.object({
  id: idSchema("delivery"),
  webhookId: idSchema("webhook"),
  eventId: idSchema("event"),
  eventType: z.string(),
  status: z.enum(["pending", "delivered", "failed"]),
  attempts: z.int(),
  nextAttemptAt: z.date().nullable().meta({ format: "date-time" }),
  createdAt: z.date().meta({ format: "date-time" }),
});
export type Delivery = z.output<typeof Delivery>;

export const Attempt = z.object({
  number: z.int(),
  statusCode: z.int().nullable(),
  error: z.string().nullable(),
  durationMs: z.int(),
  response: z.string().nullable(),
  attemptedAt: z.date().meta({ format: "date-time" }),
});

type Envelope = { id: Id<"event">; type: string; subject: { type: string; id: string } };

/** A test event goes to its own endpoint only. */
const isForWebhooks = ({ type }: Envelope): boolean => isSubscribable(type) || type === WebhookTest.type;

/**
 * Makes one delivery per endpoint that wants this event and queues its first attempt. The delivery's id follows from
 * event and endpoint, so an event that comes twice makes nothing new.
 */
export async function fanOut(ctx: Ctx, envelope: Envelope): Promise<void> {
  if (!isForWebhooks(envelope)) return;
  await withTx(ctx, async (ctx) => {
    const enabled = and(eq(webhookTable.tenantId, ctx.tenantId), eq(webhookTable.status, "enabled"));
    const webhooks = await ctx.db.select().from(webhookTable).where(enabled);
    for (const webhook of webhooks) {
      const { id } = webhook;
      if (
        envelope.type === WebhookTest.type
          ? envelope.subject.id !== id
          : webhook.eventTypes && !webhook.eventTypes.includes(envelope.type)
      )
        continue;
      const [delivery] = await ctx.db.execute<{ id: string }>(sql`
        insert into app.webhook_deliveries (tenant_id, id, event_id, webhook_id, event_type, next_attempt_at)
        values (${ctx.tenantId}, app.uuid_from(${envelope.id}, ${webhook.id}::uuid::text), ${envelope.id}, ${webhook.id}, ${envelope.type},
          app.now() + make_interval(secs => ${lostAfterSeconds}))
        on conflict do nothing returning id`);
      if (delivery)
        await enqueueAttempt(ctx, {
          deliveryId: toId("delivery", delivery.id),
          webhook,
          attempt: 1,
          body: JSON.stringify(envelope),
          delaySeconds: 0,
        });
    }
  });
}

type Attempting = {
  deliveryId: Id<"delivery">;
  webhook: typeof webhookTable.$inferSelect;
  attempt: number;
  body: string;
  delaySeconds: number;
};

const enqueueAttempt = async (ctx: Ctx, input: Attempting): Promise<void> => {
  const { deliveryId, webhook, delaySeconds, body } = input;
  const secret = await openForTenant(ctx, webhook.secret, secretContext(webhook.id));
  // Signed for the moment it is due: receivers refuse timestamps older than five minutes.
  const at = new Date(now().getTime() + delaySeconds * 1000);
  const headers = {
    ...webhook.headers,
    "content-type": "application/json",
    "user-agent": "Resolve-Webhooks/1",
    "webhook-id": deliveryId,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Signer(secret).sign(deliveryId, at, body),
  };
  const message: AttemptMessage = {
    tenantId: ctx.tenantId,
    deliveryId,
    attempt: input.attempt,
    url: webhook.url,
    headers,
    body,
  };
  enqueue(ctx, { topic: "webhook-delivery", delaySeconds, body: message });
};

/** Applies what an attempt came to: delivered, another attempt later, or given up. A result that comes twice is applied once. */
export const recordAttempt = (ctx: Ctx, result: AttemptResult): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const id = result.deliveryId;
    const wanted = and(eq(table.tenantId, ctx.tenantId), eq(table.id, id));
    const [delivery] = await ctx.db.select().from(table).where(wanted).for("update");
    // Deleted with its endpoint meanwhile.
    if (!delivery) return;
    const first = await ctx.db.execute(sql`
      insert into app.webhook_attempts (tenant_id, id, delivery_id, number, status_code, error, duration_ms, response, attempted_at)
      values (${ctx.tenantId}, app.uuid_from(${id}, ${String(result.attempt)}), ${id}, ${result.attempt}, ${result.statusCode}, ${result.error},
        ${result.durationMs}, ${result.response.replaceAll("\0", "")}, ${result.attemptedAt})
      on conflict do nothing returning id`);
    if (first.length === 0 || delivery.status !== "pending" || delivery.attempts >= result.attempt) return;

    const isDelivered = result.statusCode !== null && result.statusCode >= 200 && result.statusCode < 300;
    if (isDelivered) {
      await ctx.db
        .update(table)
        .set({ status: "delivered", attempts: result.attempt, nextAttemptAt: null, updatedAt: now() })
        .where(wanted);
      if (delivery.eventType === WebhookTest.type) publish(ctx, WebhookVerified, delivery.webhookId, {});
      return;
    }
    if (result.statusCode === 410) await disable(ctx, delivery.webhookId, "the endpoint answered 410 Gone");
    const delay = result.statusCode === 410 ? undefined : retryDelaySeconds(result.attempt, result.retryAfterSeconds);
    if (delay === undefined) {
      await ctx.db
        .update(table)
        .set({ status: "failed", attempts: result.attempt, nextAttemptAt: null, updatedAt: now() })
        .where(wanted);
      return;
    }
    const ridesOnQueue = delay <= queueDelayMax;
    const nextAttemptAt = new Date(now().getTime() + (delay + (ridesOnQueue ? lostAfterSeconds : 0)) * 1000);
    await ctx.db.update(table).set({ attempts: result.attempt, nextAttemptAt, updatedAt: now() }).where(wanted);
    if (ridesOnQueue) await resend(ctx, delivery, result.attempt + 1, delay);
  });

/** Seconds to wait after this attempt, ±20 %, at least what the endpoint asked for; undefined after the last one. */
export const retryDelaySeconds = (
  attempt: number,
  retryAfterSeconds: number | null,
  random = Math.random,
): number | undefined => {
  const base = backoffSeconds[attempt - 1];
  if (base === undefined) return undefined;
  const spread = Math.round(base * (0.8 + random() * 0.4));
  return Math.max(spread, Math.min(retryAfterSeconds ?? 0, 86_400));
};

const resend = async (
  ctx: Ctx,
  delivery: typeof table.$inferSelect,
  attempt: number,
  delaySeconds: number,
): Promise<void> => {
  const [webhook] = await ctx.db
    .select()
    .from(webhookTable)
    .where(
      and(
        eq(webhookTable.tenantId, ctx.tenantId),
        eq(webhookTable.id, delivery.webhookId),
        eq(webhookTable.status, "enabled"),
      ),
    );
  if (!webhook) return;
  const [event] = await ctx.db.execute<Record<string, unknown> & { id: string; created_at: string; sequence: string }>(
    sql`select * from app.events where tenant_id = ${ctx.tenantId} and id = ${delivery.eventId}`,
  );
  if (!event) return;
  const envelope = {
    id: toId("event", event.id),
    type: event["type"],
    version: event["version"],
    tenantId: ctx.tenantId,
    occurredAt: new Date(event.created_at).toISOString(),
    actor: event["actor"],
    subject: { type: event["subject_type"], id: event["subject_id"] },
    data: event["data"],
    traceparent: event["traceparent"],
    sequence: Number(event.sequence),
  };
  await enqueueAttempt(ctx, {
    deliveryId: delivery.id,
    webhook,
    attempt,
    body: JSON.stringify(envelope),
    delaySeconds,
  });
};

const disable = async (ctx: Ctx, id: Id<"webhook">, reason: string): Promise<void> => {
  const enabled = and(
    eq(webhookTable.tenantId, ctx.tenantId),
    eq(webhookTable.id, id),
    eq(webhookTable.status, "enabled"),
  );
  const rows = await ctx.db
    .update(webhookTable)
    .set({ status: "disabled", disabledReason: reason, updatedAt: now() })
    .where(enabled)
    .returning({ id: webhookTable.id });
  if (rows.length > 0) publish(ctx, WebhookDisabled, id, { reason });
};

/** Queues attempts whose time has come: long waits, and attempts of which no result came. Returns how many. */
export async function dispatchDue(): Promise<number> {
  const due = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from app.webhook_deliveries where next_attempt_at <= app.now() order by next_attempt_at limit ${dispatchMax}`),
  );
  for (const { tenant_id: tenantId, id } of withIds(due, { tenant_id: "tenant", id: "delivery" })) {
    const ctx = systemCtx({ tenantId, job: "sweep" });
    await withTx(ctx, async (ctx) => {
      const lostAt = new Date(now().getTime() + lostAfterSeconds * 1000);
      const stillDue = and(
        eq(table.tenantId, ctx.tenantId),
        eq(table.id, id),
        eq(table.status, "pending"),
        sql`${table.nextAttemptAt} <= app.now()`,
      );
      const [delivery] = await ctx.db
        .update(table)
        .set({ nextAttemptAt: lostAt, updatedAt: now() })
        .where(stillDue)
        .returning();
      if (delivery) await resend(ctx, delivery, delivery.attempts + 1, 0);
    });
  }
  return due.length;
}

/** @throws Problem `not-found` when the endpoint is not there. */
export const listDeliveries = (ctx: Ctx, webhookId: Id<"webhook">, page: Page<"delivery">): Promise<PageOf<Delivery>> =>
  withTx(ctx, async (ctx) => {
    await getWebhook(ctx, webhookId);
    const older = page.cursor ? lt(table.id, page.cursor) : undefined;
    const wanted = and(eq(table.tenantId, ctx.tenantId), eq(table.webhookId, webhookId), older);
    const rows = await ctx.db
      .select()
      .from(table)
      .where(wanted)
      .orderBy(desc(table.id))
      .limit(page.limit + 1);
    return pageOf(rows.map(shape), page.limit);
  });

/** @throws Problem `not-found` */
export const getDelivery = (ctx: Ctx, id: Id<"delivery">): Promise<Delivery> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db
      .select()
      .from(table)
      .where(and(eq(table.tenantId, ctx.tenantId), eq(table.id, id)));
    if (!row) throw new Problem("not-found");
    return shape(row);
  });

/** Attempts of a delivery, first to last; there are at most ten. @throws Problem `not-found` */
export const listAttempts = (ctx: Ctx, id: Id<"delivery">): Promise<z.output<typeof Attempt>[]> =>
  withTx(ctx, async (ctx) => {
    await getDelivery(ctx, id);
    const wanted = and(eq(attemptTable.tenantId, ctx.tenantId), eq(attemptTable.deliveryId, id));
    const rows = await ctx.db.select().from(attemptTable).where(wanted).orderBy(attemptTable.number);
    return Attempt.array().parse(rows);
  });

const shape = (row: typeof table.$inferSelect): Delivery => Delivery.parse(row);
