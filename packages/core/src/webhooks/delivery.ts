import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, withTx } from "../platform/context.ts";
import { listPage, ofTenant, ownedBy } from "../platform/database/rows.ts";
import { type Id, idSchema } from "../platform/id.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { WebhookTest } from "./webhook.events.ts";
import { attemptTable, deliveryTable as table } from "./webhook.sql.ts";
import { getWebhook } from "./webhook.ts";

export const Delivery = z.object({
  id: idSchema("delivery"),
  webhookId: idSchema("webhook"),
  eventId: idSchema("event"),
  eventType: z.string(),
  /** `held`: the endpoint is disabled; the delivery continues when it is enabled. */
  status: z.enum(["pending", "held", "delivered", "failed"]),
  attempts: z.int(),
  /** When the next attempt is due, or was due when it is under way. */
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

/** @throws Problem `not-found` when the endpoint is not there. */
export const listDeliveries = (ctx: Ctx, webhookId: Id<"webhook">, page: Page<"delivery">): Promise<PageOf<Delivery>> =>
  withTx(ctx, async (ctx) => {
    await getWebhook(ctx, webhookId);
    return listPage(ctx, table, page, shape, eq(table.webhookId, webhookId));
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

/** Attempts of a delivery, first to last; there are at most ten. @throws Problem `not-found` */
export const listAttempts = (ctx: Ctx, id: Id<"delivery">): Promise<z.output<typeof Attempt>[]> =>
  withTx(ctx, async (ctx) => {
    await getDelivery(ctx, id);
    const wanted = and(ofTenant(ctx, attemptTable), eq(attemptTable.deliveryId, id));
    const rows = await ctx.db.select().from(attemptTable).where(wanted).orderBy(attemptTable.number);
    return Attempt.array().parse(rows);
  });

/** The newest delivery of a test event to this endpoint. */
export const findTestDelivery = (ctx: Ctx, webhookId: Id<"webhook">): Promise<Delivery | undefined> =>
  withTx(ctx, async (ctx) => {
    const tests = and(ofTenant(ctx, table), eq(table.webhookId, webhookId), eq(table.eventType, WebhookTest.type));
    const [row] = await ctx.db.select().from(table).where(tests).orderBy(desc(table.id)).limit(1);
    return row && shape(row);
  });

const shape = (row: typeof table.$inferSelect): Delivery => Delivery.parse(row);
