import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { assertBelowLimit, isRestricted } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { pgError } from "../platform/database/pg-error.ts";
import { type Changes, listPage, lockRow, ofTenant, only, ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, newId } from "../platform/id.ts";
import { lastSequence } from "../platform/last-sequence.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { egressPolicy } from "../platform/resources.ts";
import { assertAllowedUrl } from "../platform/services/egress-address.ts";
import { deliveryIdsOf } from "./delivery-id.ts";
import { dispatchDue } from "./dispatch.ts";
import { newSecret, sealHeaders, sealSecret } from "./endpoint.ts";
import { NewWebhook, SecretRotation, shape, type Webhook, type WebhookChanges } from "./schema.ts";
import { disableWebhook, enableWebhook, healthy } from "./status.ts";
import { WebhookTest } from "./webhook.events.ts";
import { attemptTable, webhookTable as table } from "./webhook.sql.ts";

/**
 * The secret (`whsec_…`, Standard Webhooks) is returned once and stored encrypted. The endpoint has the permissions of its owner,
 * at first the caller.
 *
 * @throws Problem `url-not-allowed`, `role-in-use`, `forbidden`
 */
export async function createWebhook(
  ctx: Ctx,
  given: z.input<typeof NewWebhook>,
  owner = actorName(ctx.actor),
): Promise<{ webhook: Webhook; secret: string }> {
  assertUnrestricted(ctx);
  const {
    url,
    eventBridge,
    eventTypes = null,
    filter = null,
    maxPerSecond = null,
    headers,
    ...input
  } = NewWebhook.parse(given);
  const address = addressOf({ url, eventBridge });
  if (!address || (url !== undefined && eventBridge)) throw invalid("url", "is needed, or instead of it eventBridge");
  if (eventBridge && headers) throw invalid("headers", "are not sent to an event bus");
  const id = newId("webhook");
  const secret = newSecret();
  const values = {
    tenantId: ctx.tenantId,
    id,
    ...address,
    ...input,
    eventTypes,
    filter,
    maxPerSecond,
    headers: await sealHeaders(ctx, id, headers ?? {}),
    secret: await sealSecret(ctx, id, secret),
    owner,
    // Earlier events are not sent to a new endpoint.
    checkedSequence: lastSequence(sql`${ctx.tenantId}`),
    updatedAt: now(),
  };
  const webhook = await withTx(ctx, async (ctx) => {
    await assertBelowLimit(ctx, "webhooks", table);
    const row = only(await unlessRoleInUse(ctx.db.insert(table).values(values).returning()));
    recordAudit(ctx, { action: "webhook.create", subject: id, detail: address });
    return shape(row);
  });
  return { webhook, secret };
}

/**
 * Endpoints receive what their owners may see. So a caller that access lists restrict must neither send such events to another
 * address nor have them sent again. @throws Problem `forbidden`
 */
export const assertUnrestricted = (ctx: Ctx): void => {
  if (isRestricted(ctx.role))
    throw forbidden("collection:write", "Webhooks receive events of collections, which this credential may not see.");
};

/**
 * `check` sees the endpoint locked. Deliveries that are in the queue still go to the former address.
 *
 * @throws Problem `not-found`, `url-not-allowed`
 */
export const updateWebhook = (
  ctx: Ctx,
  id: Id<"webhook">,
  { url, eventBridge, headers, ...settings }: z.output<typeof WebhookChanges>,
  check: (current: Webhook) => void,
): Promise<Webhook> =>
  withTx(ctx, async (ctx) => {
    assertUnrestricted(ctx);
    await lockTenant(ctx, "webhooks");
    const current = shape(await lockRow(ctx, table, id));
    check(current);
    if (current.eventBridge ? url !== undefined || headers : eventBridge)
      throw invalid(eventBridge ? "eventBridge" : "url", "is of another kind of endpoint: register a new one");
    const address = addressOf({ url, eventBridge });
    // Another address has not failed yet.
    const changes = {
      ...address,
      ...settings,
      ...(address && healthy),
      ...(headers && { headers: await sealHeaders(ctx, id, headers) }),
    };
    recordAudit(ctx, {
      action: "webhook.update",
      subject: id,
      detail: { ...address, ...settings, headers: headers && Object.keys(headers) },
    });
    const webhook = await change(ctx, id, changes);
    await dispatchDue(ctx);
    return webhook;
  });

/** Deliveries begin again, with those that were held. The caller becomes the owner. @throws Problem `not-found`, `webhook-conflict` */
export const enable = (ctx: Ctx, id: Id<"webhook">): Promise<Webhook> =>
  withTx(ctx, async (ctx) => {
    assertUnrestricted(ctx);
    await lockTenant(ctx, "webhooks");
    await lockRow(ctx, table, id);
    await ctx.db
      .update(table)
      .set({ owner: actorName(ctx.actor) })
      .where(ownedBy(ctx, table, id));
    if (!(await enableWebhook(ctx, id))) throw conflict("enabled", "disabled");
    recordAudit(ctx, { action: "webhook.enable", subject: id });
    const webhook = await getWebhook(ctx, id);
    await dispatchDue(ctx);
    return webhook;
  });

/** Stops deliveries and holds those that wait. @throws Problem `not-found`, `webhook-conflict` */
export const disable = (ctx: Ctx, id: Id<"webhook">): Promise<Webhook> =>
  withTx(ctx, async (ctx) => {
    await lockTenant(ctx, "webhooks");
    await lockRow(ctx, table, id);
    if (!(await disableWebhook(ctx, id, "disabled by the tenant"))) throw conflict("disabled", "enabled");
    recordAudit(ctx, { action: "webhook.disable", subject: id });
    return getWebhook(ctx, id);
  });

/** The former secret signs too for `overlapSeconds`. @throws Problem `not-found` */
export const rotateWebhookSecret = (
  ctx: Ctx,
  id: Id<"webhook">,
  rotation: z.input<typeof SecretRotation> = {},
): Promise<{ webhook: Webhook; secret: string }> =>
  withTx(ctx, async (ctx) => {
    assertUnrestricted(ctx);
    const { overlapSeconds } = SecretRotation.parse(rotation);
    const current = await lockRow(ctx, table, id);
    const secret = newSecret();
    recordAudit(ctx, { action: "webhook.rotate_secret", subject: id, detail: { overlapSeconds } });
    const webhook = await change(ctx, id, {
      secret: await sealSecret(ctx, id, secret),
      previousSecret: current.secret,
      previousSecretUntil: new Date(now().getTime() + overlapSeconds * 1000),
    });
    return { webhook, secret };
  });

const change = async (ctx: Ctx, id: Id<"webhook">, changes: Changes<typeof table>): Promise<Webhook> => {
  const changed = ctx.db
    .update(table)
    .set({ ...changes, updatedAt: now() })
    .where(ownedBy(ctx, table, id))
    .returning();
  return shape(only(await unlessRoleInUse(changed)));
};

/** The columns of an address or of an event bus; undefined when neither is given. @throws Problem `url-not-allowed` */
const addressOf = ({
  url,
  eventBridge,
}: Pick<z.input<typeof NewWebhook>, "url" | "eventBridge">): { url: string; roleArn?: string } | undefined => {
  if (eventBridge) return { url: eventBridge.eventBusArn, roleArn: eventBridge.roleArn };
  return url === undefined ? undefined : { url: assertAllowedUrl(url, egressPolicy()).href };
};

/**
 * A role belongs to one endpoint. The answer is the same for a role of another tenant and for one of the caller's own, so it shows
 * no more than that the role is in use, to somebody who has its whole name.
 *
 * @throws Problem `role-in-use`
 */
const unlessRoleInUse = async <T>(statement: PromiseLike<T>): Promise<T> => {
  try {
    return await statement;
  } catch (error) {
    throw pgError(error).constraint === "webhooks_role" ? new Problem("role-in-use") : error;
  }
};

const invalid = (name: string, message: string): Problem =>
  new Problem("invalid-request", undefined, { errors: [{ path: `/${name}`, message }] });

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

/** Removes the endpoint with its deliveries and attempts. `check` sees the endpoint locked. @throws Problem `not-found` */
export const deleteWebhook = (
  ctx: Ctx,
  id: Id<"webhook">,
  check: (current: Webhook) => void = () => {},
): Promise<void> =>
  withTx(ctx, async (ctx) => {
    await lockTenant(ctx, "webhooks");
    check(shape(await lockRow(ctx, table, id)));
    await ctx.db.delete(attemptTable).where(and(ofTenant(ctx, attemptTable), eq(attemptTable.webhookId, id)));
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

/** As `sendTest`; returns the id that the delivery will have. */
export const testWebhook = (ctx: Ctx, id: Id<"webhook">): Promise<Webhook & { deliveryId: Id<"delivery"> }> =>
  withTx(ctx, async (ctx) => {
    const eventId = await sendTest(ctx, id);
    const [deliveryId] = await deliveryIdsOf(ctx, id, [{ id: eventId }]);
    // One event has one delivery.
    return { ...(await getWebhook(ctx, id)), deliveryId: deliveryId! };
  });
