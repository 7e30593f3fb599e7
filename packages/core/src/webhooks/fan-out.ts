import { and, eq, sql } from "drizzle-orm";
import { type Ctx, withTx } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import { type Id, toId } from "../platform/id.ts";
import { enqueueAttempt, lostAfterSeconds } from "./attempt.ts";
import { webhookTable } from "./webhook.sql.ts";
import { isSubscribable, WebhookTest } from "./webhook.ts";

/** The parts of an event that decide who receives it; the whole event is the body. */
type Envelope = { id: Id<"event">; type: string; subject: { type: string; id: string } };

/** A test event goes to its own endpoint only. */
const isForWebhooks = ({ type }: Envelope): boolean => isSubscribable(type) || type === WebhookTest.type;

/**
 * Creates one delivery for each endpoint that subscribes to the event, and queues its first attempt. The delivery's id is
 * derived from event and endpoint, so an event that comes twice creates nothing new.
 */
export async function fanOut(ctx: Ctx, envelope: Envelope): Promise<void> {
  if (!isForWebhooks(envelope)) return;
  await withTx(ctx, async (ctx) => {
    const enabled = and(ofTenant(ctx, webhookTable), eq(webhookTable.status, "enabled"));
    const webhooks = await ctx.db.select().from(webhookTable).where(enabled);
    for (const webhook of webhooks) {
      if (
        envelope.type === WebhookTest.type
          ? envelope.subject.id !== webhook.id
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
