import { and, desc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { listPage, lockRow, ofTenant, ownedBy } from "../platform/database/rows.ts";
import { type Id, idSchema } from "../platform/id.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { Cause } from "./cause.ts";
import { dispatchDue } from "./dispatch.ts";
import { endPause } from "./health.ts";
import { WebhookTest } from "./webhook.events.ts";
import { attemptTable, deliveryTable as table } from "./webhook.sql.ts";
import { assertUnrestricted, getWebhook } from "./webhook.ts";

export const deliveryStatuses = ["pending", "held", "delivered", "failed"] as const;

export const Delivery = z.object({
  id: idSchema("delivery"),
  webhookId: idSchema("webhook"),
  eventId: idSchema("event"),
  eventType: z.string(),
  /** `held`: the endpoint is disabled; the delivery continues when it is enabled. */
  status: z.enum(deliveryStatuses),
  /** The event's place in the log. */
  sequence: z.int(),
  attempts: z.int(),
  /** Of the last attempt; null before the first. */
  statusCode: z.int().nullable(),
  cause: Cause.nullable(),
  durationMs: z.int().nullable(),
  /** When the next attempt is due, or was due when it is under way. */
  nextAttemptAt: z.date().nullable().meta({ format: "date-time" }),
  createdAt: z.date().meta({ format: "date-time" }),
});
export type Delivery = z.output<typeof Delivery>;

export const Attempt = z.object({
  number: z.int(),
  statusCode: z.int().nullable(),
  /** Null for a success. */
  cause: Cause.nullable(),
  durationMs: z.int(),
  /** The first kilobyte of the response. */
  response: z.string().nullable(),
  attemptedAt: z.date().meta({ format: "date-time" }),
});

export const DeliveryFilter = { status: z.enum(deliveryStatuses).optional() };

/** Newest first. @throws Problem `not-found` when the endpoint is not there. */
export const listDeliveries = (
  ctx: Ctx,
  webhookId: Id<"webhook">,
  page: Page<"delivery">,
  { status, eventType }: { status?: Delivery["status"] | undefined; eventType?: string | undefined } = {},
): Promise<PageOf<Delivery>> =>
  withTx(ctx, async (ctx) => {
    await getWebhook(ctx, webhookId);
    const ofStatus = status && eq(table.status, status);
    const ofType = eventType ? eq(table.eventType, eventType) : undefined;
    return listPage(ctx, table, page, shape, eq(table.webhookId, webhookId), ofStatus, ofType);
  });

/** @throws Problem `not-found` */
export const getDelivery = (ctx: Ctx, id: Id<"delivery">): Promise<Delivery> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db
      .select()
      .from(table)
      .where(ownedBy(ctx, table, id));
    if (!row) throw new Problem("not-found");
    return shape(row);
  });

const attemptsListed = 100;

/** The last hundred attempts of a delivery, first to last. @throws Problem `not-found` */
export const listAttempts = (ctx: Ctx, id: Id<"delivery">): Promise<z.output<typeof Attempt>[]> =>
  withTx(ctx, async (ctx) => {
    await getDelivery(ctx, id);
    const wanted = and(ofTenant(ctx, attemptTable), eq(attemptTable.deliveryId, id));
    const rows = await ctx.db
      .select()
      .from(attemptTable)
      .where(wanted)
      .orderBy(desc(attemptTable.number))
      .limit(attemptsListed);
    return Attempt.array().parse(rows.reverse());
  });

/**
 * Makes the next attempt now, also while the endpoint is paused, and begins the schedule again for a delivery that has ended. `webhook-id` stays the same, so a
 * receiver that has the event already ignores it.
 *
 * @throws Problem `not-found`, `delivery-conflict` when the endpoint is disabled or an attempt is under way
 */
export const retryDelivery = (ctx: Ctx, id: Id<"delivery">): Promise<Delivery> =>
  withTx(ctx, async (ctx) => {
    assertUnrestricted(ctx);
    await lockTenant(ctx, "webhooks");
    const { status, inFlightUntil, webhookId } = await lockRow(ctx, table, id);
    const webhook = await getWebhook(ctx, webhookId);
    if (webhook.status === "disabled")
      throw new Problem("delivery-conflict", "The webhook is disabled; enabling it sends what is held.", {
        state: status,
      });
    if (inFlightUntil) throw new Problem("delivery-conflict", "An attempt is under way.", { state: status });
    await beginAgain(ctx, eq(table.id, id));
    // Its first event in order is the one to try.
    if (webhook.ordered) await endPause(ctx, webhookId);
    recordAudit(ctx, { action: "delivery.retry", subject: id });
    await dispatchDue(ctx, { retried: id });
    return getDelivery(ctx, id);
  });

/** Starts the schedule of these deliveries again, and returns how many. None of them may be under way. Joins the caller's transaction. */
export const beginAgain = async (ctx: Ctx, which: SQL | undefined, isRecovery = false): Promise<number> => {
  const rows = await ctx.db
    .update(table)
    .set({
      status: "pending",
      attemptsBefore: sql`${table.attempts}`,
      nextAttemptAt: sql`app.now()`,
      isRecovery,
      updatedAt: now(),
    })
    .where(and(ofTenant(ctx, table), which, isNull(table.inFlightUntil)))
    .returning({ id: table.id });
  return rows.length;
};

/** The newest delivery of a test event to this endpoint. */
export const findTestDelivery = (ctx: Ctx, webhookId: Id<"webhook">): Promise<Delivery | undefined> =>
  withTx(ctx, async (ctx) => {
    const tests = and(ofTenant(ctx, table), eq(table.webhookId, webhookId), eq(table.eventType, WebhookTest.type));
    const [row] = await ctx.db.select().from(table).where(tests).orderBy(desc(table.id)).limit(1);
    return row && shape(row);
  });

const shape = (row: typeof table.$inferSelect): Delivery => Delivery.parse(row);
