import { and, eq, sql } from "drizzle-orm";
import { listEventsUntil, matchesPattern, readableBy } from "../events/index.ts";
import { standingsOf, TenantResumed } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { ofTenant, ownedBy, withIds } from "../platform/database/rows.ts";
import type { Event } from "../platform/envelope.ts";
import { type Id, toUuid } from "../platform/id.ts";
import { lastSequence } from "../platform/last-sequence.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { dispatchDue } from "./dispatch.ts";
import { restartFailing } from "./health.ts";
import { isDefault } from "./schema.ts";
import { disableWebhook } from "./status.ts";
import { WebhookTest } from "./webhook.events.ts";
import { webhookTable } from "./webhook.sql.ts";

/**
 * Creates one delivery for each endpoint that subscribes to the event, and queues its first attempt. A disabled endpoint's
 * delivery is held. The delivery's id is derived from event and endpoint, so an event that comes twice creates nothing new. An
 * ordered endpoint gets all events of the log up to the present one: the bus may deliver a later event first. When the tenant was
 * resumed, the attempts that have become due meanwhile are queued.
 */
export async function fanOut(ctx: Ctx, event: Event): Promise<void> {
  await withTx(ctx, async (ctx) => {
    const webhooks = await targets(ctx);
    const [ordered, others] = [webhooks.filter((one) => one.ordered), webhooks.filter((one) => !one.ordered)];
    let created = await createDeliveries(ctx, others, [event]);
    for (const webhook of ordered)
      if (webhook.checkedSequence < event.sequence) created += await follow(ctx, webhook.id);
    const isResumed = event.type === TenantResumed.type;
    if (isResumed) await restartFailing(ctx);
    if (created > 0 || isResumed) await dispatchDue(ctx, { event });
  });
}

type Target = Pick<
  typeof webhookTable.$inferSelect,
  "id" | "eventTypes" | "filter" | "ordered" | "checkedSequence" | "owner"
>;

const targets = (ctx: Ctx, id?: Id<"webhook">): Promise<Target[]> =>
  ctx.db
    .select()
    .from(webhookTable)
    .where(id ? ownedBy(ctx, webhookTable, id) : ofTenant(ctx, webhookTable));

/** Does the endpoint want the event? A test event goes to its own endpoint only, and no endpoint hears of itself. */
export const isWanted = ({ id, eventTypes, filter }: Target, event: Event): boolean => {
  if (event.type === WebhookTest.type) return event.subject.id === id;
  if (event.subject.id === id) return false;
  const isOfType = eventTypes ? eventTypes.includes(event.type) : isDefault(event.type);
  return isOfType && (filter === null || matchesPattern(filter, event));
};

/**
 * The events that each endpoint gets: it wants them, and the caller whose permissions it has may read them now. An endpoint
 * whose owner may do nothing any more is disabled. Joins the caller's transaction.
 */
export const eventsFor = async (
  ctx: Ctx,
  webhooks: readonly Target[],
  events: readonly Event[],
): Promise<Map<Id<"webhook">, Event[]>> => {
  const standings = await standingsOf(
    ctx,
    webhooks.map(({ owner }) => owner),
  );
  const result = new Map<Id<"webhook">, Event[]>();
  for (const webhook of webhooks) {
    const wanted = events.filter((event) => isWanted(webhook, event));
    if (wanted.length === 0) continue;
    const standing = standings.get(webhook.owner);
    if (!standing) {
      await lockTenant(ctx, "webhooks");
      await disableWebhook(ctx, webhook.id, ownerless);
      continue;
    }
    const readable = await readableBy(ctx, webhook.owner, standing, wanted);
    // A test concerns the endpoint itself.
    const allowed = wanted.filter((event) => readable.has(event) || event.type === WebhookTest.type);
    result.set(webhook.id, allowed);
  }
  return result;
};

const ownerless = "its owner has no access any more; who enables it becomes its owner";

/**
 * Returns how many deliveries were created. Those of events up to the endpoint's mark exist, or are from before the endpoint:
 * only a recovery creates them.
 */
export const createDeliveries = async (
  ctx: Ctx,
  webhooks: readonly Target[],
  events: readonly Event[],
  { isRecovery = false } = {},
): Promise<number> => {
  const isNew = (webhook: Target, { sequence }: Event) => isRecovery || sequence > webhook.checkedSequence;
  const allowed = await eventsFor(
    ctx,
    webhooks,
    events.filter((event) => webhooks.some((webhook) => isNew(webhook, event))),
  );
  const wanted = webhooks.flatMap((webhook) =>
    (allowed.get(webhook.id) ?? [])
      .filter((event) => isNew(webhook, event))
      .map(({ id, type, sequence }) => ({ webhook: toUuid(webhook.id), id: toUuid(id), type, sequence })),
  );
  if (wanted.length === 0) return 0;
  const created = await ctx.db.execute(sql`
    insert into app.webhook_deliveries (tenant_id, id, event_id, webhook_id, event_type, sequence, is_recovery, status, next_attempt_at)
    select w.tenant_id, app.uuid_from(e.id, w.id::text), e.id, w.id, e.type, e.sequence, ${isRecovery},
      case w.status when 'enabled' then 'pending' else 'held' end, case w.status when 'enabled' then app.now() end
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as e (webhook uuid, id uuid, type text, sequence bigint)
      join app.webhooks w on w.tenant_id = ${ctx.tenantId} and w.id = e.webhook
    on conflict do nothing returning id`);
  return created.length;
};

/** Creates an ordered endpoint's deliveries of everything in the log, and returns how many. Joins the caller's transaction. */
const follow = async (ctx: Ctx, id: Id<"webhook">): Promise<number> => {
  // Two fan-outs at once would both begin at the former mark.
  await lockTenant(ctx, "webhooks");
  const webhooks = await targets(ctx, id);
  const [webhook] = webhooks;
  if (!webhook) return 0;
  const events = await listEventsUntil(ctx, { after: webhook.checkedSequence, until: endOfTime, limit: eventsMax });
  const created = await createDeliveries(ctx, webhooks, events);
  await mark(ctx, webhook, events);
  return created;
};
const endOfTime = new Date(8.64e15);

/** Every event up to the last of these has its delivery. */
const mark = async (ctx: Ctx, { id, checkedSequence }: Target, events: readonly Event[]): Promise<void> => {
  const last = events.at(-1);
  if (!last) return;
  await ctx.db
    .update(webhookTable)
    .set({ checkedSequence: last.sequence })
    .where(and(ownedBy(ctx, webhookTable, id), eq(webhookTable.checkedSequence, checkedSequence)));
};

/** An event that is younger may still be on its way through the bus. */
const onItsWaySeconds = 60;
const eventsMax = 500;
const webhooksMax = 500;

/**
 * Creates the deliveries of events whose fan-out was lost, for example because the bus dropped them. Each endpoint remembers up
 * to which sequence of its tenant every event has its delivery. Returns how many endpoints were checked.
 */
export async function fanOutLost(): Promise<number> {
  const behind = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from (
        select w.tenant_id, w.id, ${lastSequence(sql`w.tenant_id`)} - w.checked_sequence as behind from app.webhooks w
        where ${isDue("fan-out", sql`w.tenant_id`, sql`w.id`)}) c
      where behind > 0 order by behind desc limit ${webhooksMax}`),
  );
  const rows = withIds(behind, { tenant_id: "tenant", id: "webhook" });
  return forEachRow("fan-out", rows, ({ tenant_id: tenantId, id }) =>
    withTx(systemCtx({ tenantId, job: "sweep" }), (ctx) => checkFanOut(ctx, id)),
  );
}

const checkFanOut = async (ctx: Ctx, id: Id<"webhook">): Promise<void> => {
  const webhooks = await targets(ctx, id);
  const [webhook] = webhooks;
  if (!webhook) return;
  const until = new Date(now().getTime() - onItsWaySeconds * 1000);
  const events = await listEventsUntil(ctx, { after: webhook.checkedSequence, until, limit: eventsMax });
  const created = await createDeliveries(ctx, webhooks, events);
  await mark(ctx, webhook, events);
  if (created > 0) await dispatchDue(ctx);
};
