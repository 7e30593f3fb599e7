import { and, eq } from "drizzle-orm";
import { Webhook as Signer } from "standardwebhooks";
import { findEvent } from "../events/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, enqueue } from "../platform/context.ts";
import { ownedBy } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { openForTenant } from "../platform/services/tenant-key.ts";
import type { AttemptMessage } from "./messages.ts";
import { type deliveryTable, webhookTable } from "./webhook.sql.ts";
import { secretContext } from "./webhook.ts";

/** An attempt without a result after this time is sent again. */
export const lostAfterSeconds = 300;

type Queued = {
  deliveryId: Id<"delivery">;
  webhook: typeof webhookTable.$inferSelect;
  attempt: number;
  body: string;
  delaySeconds: number;
};

/** Signs the body and queues the attempt. Joins the caller's transaction. */
export const enqueueAttempt = async (ctx: Ctx, input: Queued): Promise<void> => {
  const { deliveryId, webhook, delaySeconds, body } = input;
  const secret = await openForTenant(ctx, webhook.secret, secretContext(webhook.id));
  // The timestamp is the time when the attempt is due, because receivers refuse timestamps older than five minutes.
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

/** Queues another attempt, unless the endpoint is disabled or the event is gone. Joins the caller's transaction. */
export const resend = async (
  ctx: Ctx,
  delivery: typeof deliveryTable.$inferSelect,
  attempt: number,
  delaySeconds: number,
): Promise<void> => {
  const enabled = and(ownedBy(ctx, webhookTable, delivery.webhookId), eq(webhookTable.status, "enabled"));
  const [webhook] = await ctx.db.select().from(webhookTable).where(enabled);
  if (!webhook) return;
  const event = await findEvent(ctx, delivery.eventId);
  if (!event) return;
  const body = JSON.stringify(event);
  await enqueueAttempt(ctx, { deliveryId: delivery.id, webhook, attempt, body, delaySeconds });
};
