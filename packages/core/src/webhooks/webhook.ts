import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { assertBelowLimit, isRestricted } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { type Changes, listPage, lockRow, ofTenant, only, ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idSchema, newId } from "../platform/id.ts";
import { lastSequence } from "../platform/last-sequence.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { egressPolicy } from "../platform/resources.ts";
import { assertAllowedUrl } from "../platform/services/egress.ts";
import { dispatchDue } from "./dispatch.ts";
import { newSecret, sealHeaders, sealSecret } from "./endpoint.ts";
import { disableWebhook, enableWebhook } from "./status.ts";
import { WebhookTest } from "./webhook.events.ts";
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

/** Headers that Resolve or HTTP sets, so that a tenant's value would be lost or would break the request. */
const reservedHeaders =
  /^(webhook-.*|content-(type|length|encoding)|host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|date|user-agent|traceparent)$/i;
const headersMax = 20;
const headerBytesMax = 8 * 1024;

const Headers = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
    z
      .string()
      .max(1024)
      .regex(/^[\x20-\x7e]*$/),
  )
  .refine((headers) => Object.keys(headers).length <= headersMax, `must have at most ${headersMax} headers`)
  .refine(
    (headers) => Object.entries(headers).flat().join("").length <= headerBytesMax,
    `names and values must have at most ${headerBytesMax} bytes together`,
  )
  .refine(
    (headers) => new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
    "must not name a header twice",
  )
  .refine(
    (headers) => Object.keys(headers).every((name) => !reservedHeaders.test(name)),
    "must not name a header that Resolve or HTTP sets",
  );

export const NewWebhook = z.strictObject({
  url: z.string().max(2048),
  eventTypes: z
    .array(z.string().regex(/^[a-z]+\.[a-z_]+$/))
    .min(1)
    .max(100)
    .optional(),
  headers: Headers.optional(),
});

/** `eventTypes: null` subscribes to every type; `headers` replaces them all. */
export const WebhookChanges = z.strictObject({
  url: NewWebhook.shape.url.optional(),
  eventTypes: NewWebhook.shape.eventTypes.unwrap().nullable().optional(),
  headers: Headers.optional(),
});

/** After a rotation both secrets sign for this time, so that receivers can change over without a gap. */
const overlapSeconds = 86_400;

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
  const secret = newSecret();
  const values = {
    tenantId: ctx.tenantId,
    id,
    url: url.href,
    eventTypes: input.eventTypes ?? null,
    headers: await sealHeaders(ctx, id, input.headers ?? {}),
    secret: await sealSecret(ctx, id, secret),
    // Earlier events are not sent to a new endpoint.
    checkedSequence: lastSequence(sql`${ctx.tenantId}`),
    updatedAt: now(),
  };
  const webhook = await withTx(ctx, async (ctx) => {
    await assertBelowLimit(ctx, "webhooks", table);
    const row = only(await ctx.db.insert(table).values(values).returning());
    recordAudit(ctx, { action: "webhook.create", subject: id, detail: { url: url.href } });
    return shape(row);
  });
  return { webhook, secret };
}

/**
 * `check` sees the endpoint locked. Deliveries that are in the queue still go to the former address.
 *
 * @throws Problem `not-found`, `url-not-allowed`
 */
export const updateWebhook = (
  ctx: Ctx,
  id: Id<"webhook">,
  { url: wanted, eventTypes, headers }: z.output<typeof WebhookChanges>,
  check: (current: Webhook) => void,
): Promise<Webhook> =>
  withTx(ctx, async (ctx) => {
    check(shape(await lockRow(ctx, table, id)));
    const url = wanted === undefined ? undefined : assertAllowedUrl(wanted, egressPolicy()).href;
    const changes = { url, eventTypes, ...(headers && { headers: await sealHeaders(ctx, id, headers) }) };
    recordAudit(ctx, {
      action: "webhook.update",
      subject: id,
      detail: { url, eventTypes, headers: headers && Object.keys(headers) },
    });
    return change(ctx, id, changes);
  });

/** Deliveries begin again, with those that were held. @throws Problem `not-found`, `webhook-conflict` */
export const enable = (ctx: Ctx, id: Id<"webhook">): Promise<Webhook> =>
  withTx(ctx, async (ctx) => {
    await lockRow(ctx, table, id);
    if (!(await enableWebhook(ctx, id))) throw conflict("enabled", "disabled");
    recordAudit(ctx, { action: "webhook.enable", subject: id });
    const webhook = await getWebhook(ctx, id);
    await dispatchDue(ctx);
    return webhook;
  });

/** Stops deliveries and holds those that wait. @throws Problem `not-found`, `webhook-conflict` */
export const disable = (ctx: Ctx, id: Id<"webhook">): Promise<Webhook> =>
  withTx(ctx, async (ctx) => {
    await lockRow(ctx, table, id);
    if (!(await disableWebhook(ctx, id, "disabled by the tenant"))) throw conflict("disabled", "enabled");
    recordAudit(ctx, { action: "webhook.disable", subject: id });
    return getWebhook(ctx, id);
  });

/** The former secret signs too for 24 hours. @throws Problem `not-found` */
export const rotateWebhookSecret = (ctx: Ctx, id: Id<"webhook">): Promise<{ webhook: Webhook; secret: string }> =>
  withTx(ctx, async (ctx) => {
    const current = await lockRow(ctx, table, id);
    const secret = newSecret();
    recordAudit(ctx, { action: "webhook.rotate_secret", subject: id });
    const webhook = await change(ctx, id, {
      secret: await sealSecret(ctx, id, secret),
      previousSecret: current.secret,
      previousSecretUntil: new Date(now().getTime() + overlapSeconds * 1000),
    });
    return { webhook, secret };
  });

const change = async (ctx: Ctx, id: Id<"webhook">, changes: Changes<typeof table>): Promise<Webhook> => {
  const rows = await ctx.db
    .update(table)
    .set({ ...changes, version: sql`${table.version} + 1`, updatedAt: now() })
    .where(ownedBy(ctx, table, id))
    .returning();
  return shape(only(rows));
};

const conflict = (state: Webhook["status"], allowed: Webhook["status"]): Problem =>
  new Problem("webhook-conflict", `The webhook is ${state}.`, { state, allowed: [allowed] });

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

/** Removes the endpoint with its deliveries. `check` sees the endpoint locked. @throws Problem `not-found` */
export const deleteWebhook = (
  ctx: Ctx,
  id: Id<"webhook">,
  check: (current: Webhook) => void = () => {},
): Promise<void> =>
  withTx(ctx, async (ctx) => {
    check(shape(await lockRow(ctx, table, id)));
    await ctx.db.delete(table).where(ownedBy(ctx, table, id));
    recordAudit(ctx, { action: "webhook.delete", subject: id });
  });

/** Sends a test event to this endpoint, and returns the event's id. @throws Problem `not-found`, `webhook-conflict` when it is disabled */
export const sendTest = (ctx: Ctx, id: Id<"webhook">): Promise<Id<"event">> =>
  withTx(ctx, async (ctx) => {
    const { status } = await getWebhook(ctx, id);
    if (status === "disabled") throw conflict("disabled", "enabled");
    recordAudit(ctx, { action: "webhook.test", subject: id });
    return publish(ctx, WebhookTest, id, {});
  });

/** As `sendTest`. */
export const testWebhook = (ctx: Ctx, id: Id<"webhook">): Promise<Webhook> =>
  withTx(ctx, async (ctx) => {
    await sendTest(ctx, id);
    return getWebhook(ctx, id);
  });

const shape = (row: typeof table.$inferSelect): Webhook => Webhook.parse(row);
