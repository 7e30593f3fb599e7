import { and, eq, sql } from "drizzle-orm";
import { listEventsUntil } from "../events/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { ownedBy, withIds } from "../platform/database/rows.ts";
import type { Event } from "../platform/envelope.ts";
import { type Id, parseId, toUuid } from "../platform/id.ts";
import { lastSequence } from "../platform/last-sequence.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { dispatchDue } from "./dispatch.ts";
import { WebhookTest } from "./webhook.events.ts";
import { webhookTable } from "./webhook.sql.ts";
import { isSubscribable } from "./webhook.ts";

/**
 * Creates one delivery for each endpoint that subscribes to the event, and queues its first attempt. A disabled endpoint's
 * delivery is held. The delivery's id is derived from event and endpoint, so an event that comes twice creates nothing new.
 */
export async function fanOut(ctx: Ctx, event: Event): Promise<void> {
  if (!isForWebhooks(event.type)) return;
  await withTx(ctx, async (ctx) => {
    if (await createDeliveries(ctx, [event])) await dispatchDue(ctx, event);
  });
}

/** A test event goes to its own endpoint only. */
const isForWebhooks = (type: string): boolean => isSubscribable(type) || type === WebhookTest.type;

/** An id that does not parse matches no endpoint. */
const uuidOf = (webhookId: string): string => {
  const id = parseId("webhook", webhookId);
  return id ? toUuid(id) : nilUuid;
};
const nilUuid = "00000000-0000-0000-0000-000000000000";

/** True when a delivery was created. Without `webhookId`, those of every endpoint. */
const createDeliveries = async (ctx: Ctx, events: readonly Event[], webhookId?: Id<"webhook">): Promise<boolean> => {
  const wanted = events
    .filter(({ type }) => isForWebhooks(type))
    .map(({ id, type, subject }) => ({
      id: toUuid(id),
      type,
      only: type === WebhookTest.type ? uuidOf(subject.id) : null,
    }));
  if (wanted.length === 0) return false;
  const created = await ctx.db.execute(sql`
    insert into app.webhook_deliveries (tenant_id, id, event_id, webhook_id, event_type, status, next_attempt_at)
    select w.tenant_id, app.uuid_from(e.id, w.id::text), e.id, w.id, e.type,
      case w.status when 'enabled' then 'pending' else 'held' end, case w.status when 'enabled' then app.now() end
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as e (id uuid, type text, "only" uuid)
      join app.webhooks w on w.tenant_id = ${ctx.tenantId}
        and case when e."only" is null then w.event_types is null or e.type = any(w.event_types) else w.id = e."only" end
    where ${webhookId ?? null}::uuid is null or w.id = ${webhookId ?? null}::uuid
    on conflict do nothing returning id`);
  return created.length > 0;
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
  const own = ownedBy(ctx, webhookTable, id);
  const [webhook] = await ctx.db.select({ after: webhookTable.checkedSequence }).from(webhookTable).where(own);
  if (!webhook) return;
  const until = new Date(now().getTime() - onItsWaySeconds * 1000);
  const events = await listEventsUntil(ctx, { after: webhook.after, until, limit: eventsMax });
  const last = events.at(-1);
  if (!last) return;
  const created = await createDeliveries(ctx, events, id);
  await ctx.db
    .update(webhookTable)
    .set({ checkedSequence: last.sequence })
    .where(and(own, eq(webhookTable.checkedSequence, webhook.after)));
  if (created) await dispatchDue(ctx);
};
