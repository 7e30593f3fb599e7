import { randomBytes } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { hasEvent } from "../events/index.ts";
import { isRestricted } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { listPage, ofTenant, ownedBy } from "../platform/database/rows.ts";
import { defineEvent, publish } from "../platform/events.ts";
import { type Id, idSchema, newId } from "../platform/id.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { egressPolicy } from "../platform/resources.ts";
import { assertAllowedUrl } from "../platform/services/egress.ts";
import { sealForTenant } from "../platform/services/tenant-key.ts";
import { webhookTable as table } from "./webhook.sql.ts";

export const Webhook = z.object({
  id: idSchema("webhook"),
  url: z.string(),
  /** Null means every type. */
  eventTypes: z.array(z.string()).nullable(),
  status: z.enum(["enabled", "disabled"]),
  disabledReason: z.string().nullable(),
  createdAt: z.date().meta({ format: "date-time" }),
  updatedAt: z.date().meta({ format: "date-time" }),
});
export type Webhook = z.output<typeof Webhook>;

/** Endpoints cannot subscribe to events about webhooks, because each delivery would cause another one. */
export const isSubscribable = (eventType: string): boolean => !eventType.startsWith("webhook.");

/** Headers that Resolve sets itself, because receivers rely on them. */
const reservedHeaders =
  /^(webhook-.*|content-type|content-length|host|connection|transfer-encoding|user-agent|traceparent)$/i;

export const NewWebhook = z.strictObject({
  url: z.string().max(2048),
  eventTypes: z
    .array(z.string().regex(/^[a-z]+\.[a-z_]+$/))
    .min(1)
    .max(100)
    .optional(),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
      z
        .string()
        .max(1024)
        .regex(/^[\x20-\x7e]*$/),
    )
    .refine(
      (headers) => Object.keys(headers).every((name) => !reservedHeaders.test(name)),
      "must not name a header that Resolve sets",
    )
    .optional(),
});

export const WebhookVerified = defineEvent({
  type: "webhook.verified",
  version: 1,
  summary: "The endpoint answered the test event with 2xx. Not sent to webhooks.",
  subjectType: "webhook",
  schema: z.object({}),
  sample: {},
});
export const WebhookTest = defineEvent({
  type: "webhook.test",
  version: 1,
  summary: "A test of one endpoint; goes to that endpoint only.",
  subjectType: "webhook",
  schema: z.object({}),
  sample: {},
});
export const WebhookDisabled = defineEvent({
  type: "webhook.disabled",
  version: 1,
  summary: "Deliveries to the endpoint stopped; `reason` says why. Not sent to webhooks.",
  subjectType: "webhook",
  schema: z.object({ reason: z.string() }),
  sample: { reason: "the endpoint answered 410 Gone" },
});

/**
 * The secret (`whsec_…`, Standard Webhooks) is returned once and stored encrypted. A webhook receives the events of every
 * collection, so a caller whom access lists bind cannot create one.
 *
 * @throws Problem `url-not-allowed`, `forbidden`
 */
export async function createWebhook(
  ctx: Ctx,
  input: z.output<typeof NewWebhook>,
): Promise<{ webhook: Webhook; secret: string }> {
  if (isRestricted(ctx.role))
    throw forbidden("collection:write", "A webhook receives events of every collection, which this key may not see.");
  const url = assertAllowedUrl(input.url, egressPolicy());
  const id = newId("webhook");
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const sealed = await sealForTenant(ctx, secret, secretContext(id));
  const webhook = await withTx(ctx, async (ctx) => {
    const values = {
      tenantId: ctx.tenantId,
      id,
      url: url.href,
      eventTypes: input.eventTypes ?? null,
      headers: input.headers ?? {},
      secret: sealed,
      updatedAt: now(),
    };
    const [row] = await ctx.db.insert(table).values(values).returning();
    recordAudit(ctx, { action: "webhook.create", subject: id, detail: { url: url.href } });
    // An insert of one row returns one row.
    return shape(row!);
  });
  return { webhook, secret };
}

export const listWebhooks = (ctx: Ctx, page: Page<"webhook">): Promise<PageOf<Webhook>> =>
  withTx(ctx, async (ctx) => {
    return listPage(ctx, table, page, shape);
  });

/** The oldest endpoint with this URL. */
export const findWebhookByUrl = (ctx: Ctx, url: string): Promise<Webhook | undefined> =>
  withTx(ctx, async (ctx) => {
    // createWebhook stores the URL in this form.
    const same = and(ofTenant(ctx, table), eq(table.url, new URL(url).href));
    const [row] = await ctx.db.select().from(table).where(same).orderBy(table.id).limit(1);
    return row && shape(row);
  });

/** @throws Problem `not-found` */
export const getWebhook = (ctx: Ctx, id: Id<"webhook">): Promise<Webhook> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db
      .select()
      .from(table)
      .where(ownedBy(ctx, table, id));
    if (!row) throw new Problem("not-found");
    return shape(row);
  });

/** Removes the endpoint with its deliveries. @throws Problem `not-found` */
export const deleteWebhook = (ctx: Ctx, id: Id<"webhook">): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const rows = await ctx.db
      .delete(table)
      .where(ownedBy(ctx, table, id))
      .returning({ id: table.id });
    if (rows.length === 0) throw new Problem("not-found");
    recordAudit(ctx, { action: "webhook.delete", subject: id });
  });

/** Sends a test event to this endpoint. @throws Problem `not-found` */
export const testWebhook = (ctx: Ctx, id: Id<"webhook">): Promise<Webhook> =>
  withTx(ctx, async (ctx) => {
    const webhook = await getWebhook(ctx, id);
    publish(ctx, WebhookTest, id, {});
    return webhook;
  });

/** True when a test event for this endpoint was published before. */
export const isTestSent = (ctx: Ctx, id: Id<"webhook">): Promise<boolean> =>
  hasEvent(ctx, { type: WebhookTest.type, subjectId: id });

/** Stops deliveries to the endpoint, and publishes this once. Joins the caller's transaction. */
export const disableWebhook = async (ctx: Ctx, id: Id<"webhook">, reason: string): Promise<void> => {
  const enabled = and(ownedBy(ctx, table, id), eq(table.status, "enabled"));
  const rows = await ctx.db
    .update(table)
    .set({ status: "disabled", disabledReason: reason, updatedAt: now() })
    .where(enabled)
    .returning({ id: table.id });
  if (rows.length > 0) publish(ctx, WebhookDisabled, id, { reason });
};

export const secretContext = (id: Id<"webhook">): string => `webhook-secret:${id}`;

const shape = (row: typeof table.$inferSelect): Webhook => Webhook.parse(row);
