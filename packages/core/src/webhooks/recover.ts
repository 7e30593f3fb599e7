import { setTimeout as sleep } from "node:timers/promises";
import { and, eq, gt, inArray, or, sql } from "drizzle-orm";
import { z } from "zod";
import { listEventsUntil, readLastSequence, sequencesBetween } from "../events/index.ts";
import { type Job, type JobKind, type Step, startAbout } from "../jobs/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { only, ownedBy } from "../platform/database/rows.ts";
import type { Event } from "../platform/envelope.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { momentText } from "../platform/moment.ts";
import { Problem } from "../platform/problems.ts";
import { beginAgain } from "./delivery.ts";
import { deliveryIdsOf } from "./delivery-id.ts";
import { dispatchDue } from "./dispatch.ts";
import { createDeliveries, eventsFor } from "./fan-out.ts";
import { endPause } from "./health.ts";
import { retentionDays } from "./schedule.ts";
import { deliveryTable, webhookTable } from "./webhook.sql.ts";
import { assertUnrestricted, getWebhook } from "./webhook.ts";

const ratePerSecond = z.int().min(1).max(1_000).default(100);

/** Events of this time that the endpoint has not received, also those while it was disabled. */
export const Recovery = z.strictObject({ since: momentText, until: momentText.optional(), ratePerSecond });
/** Events after a sequence and up to another one, also those that the endpoint has received. */
export const EventReplay = z.strictObject({ after: z.int().min(0), until: z.int().min(1).optional(), ratePerSecond });

const Params = z.object({
  webhookId: idSchema("webhook"),
  after: z.int(),
  until: z.int(),
  ratePerSecond: z.int(),
  withDelivered: z.boolean(),
});
const Checkpoint = z.object({ after: z.int().optional(), queued: z.int().default(0) });

/** @throws Problem `not-found`, `invalid-request`, `webhook-conflict` when it is disabled, `job-conflict` */
export const recoverWebhook = (ctx: Ctx, id: Id<"webhook">, input: z.output<typeof Recovery>): Promise<Job> =>
  withTx(ctx, async (ctx) => {
    assertUnrestricted(ctx);
    await assertEnabled(ctx, id);
    const [since, until] = [new Date(input.since), input.until ? new Date(input.until) : now()];
    const oldest = now().getTime() - retentionDays * 86_400_000;
    if (since.getTime() < oldest) throw invalid("since", `must be within the last ${retentionDays} days`);
    if (until <= since) throw invalid("until", "must be after since");
    const range = await sequencesBetween(ctx, { since, until });
    const [after, last] = range ? [range.first - 1, range.last] : [0, 0];
    return begin(ctx, id, { after, until: last, ratePerSecond: input.ratePerSecond, withDelivered: false });
  });

/** @throws Problem `not-found`, `invalid-request`, `webhook-conflict` when it is disabled, `job-conflict` */
export const replayToWebhook = (ctx: Ctx, id: Id<"webhook">, input: z.output<typeof EventReplay>): Promise<Job> =>
  withTx(ctx, async (ctx) => {
    assertUnrestricted(ctx);
    await assertEnabled(ctx, id);
    const last = await readLastSequence(ctx);
    const until = input.until ?? last;
    if (until > last) throw invalid("until", `must be at most ${last}, the sequence of the last event`);
    if (until <= input.after) throw invalid("until", "must be greater than after");
    const oldest = new Date(now().getTime() - retentionDays * 86_400_000);
    const kept = await sequencesBetween(ctx, { since: oldest, until: new Date(now().getTime() + 86_400_000) });
    if (!kept || input.after < kept.first - 1)
      throw invalid(
        "after",
        `must be at least ${(kept?.first ?? last + 1) - 1}: earlier events are older than ${retentionDays} days`,
      );
    return begin(ctx, id, { after: input.after, until, ratePerSecond: input.ratePerSecond, withDelivered: true });
  });

/** Who has events sent again expects that the endpoint is well, so a pause ends. */
const begin = async (
  ctx: Ctx,
  webhookId: Id<"webhook">,
  params: Omit<z.output<typeof Params>, "webhookId">,
): Promise<Job> => {
  await lockTenant(ctx, "webhooks");
  await endPause(ctx, webhookId);
  return startAbout(ctx, "recover", webhookId, { webhookId, ...params });
};

const assertEnabled = async (ctx: Ctx, id: Id<"webhook">): Promise<void> => {
  const { status } = await getWebhook(ctx, id);
  if (status === "disabled")
    throw new Problem("webhook-conflict", "The webhook is disabled.", { state: status, allowed: ["enabled"] });
};

const invalid = (name: string, message: string): Problem =>
  new Problem("invalid-request", undefined, { errors: [{ path: `/${name}`, message }] });

/** Recoveries of an endpoint that wait in their rows; the job waits when there are more. */
const waitingMax = 1_000;
const pauseSeconds = 5;

/**
 * Sends events of a range to an endpoint again, a second's worth in each step, so that the rate is limited. An endpoint that is
 * slower than this rate slows the job down: no more than `waitingMax` deliveries of it wait at a time.
 */
export const recover: JobKind = {
  unit: "events",
  async prepare(_ctx, job) {
    const params = Params.parse(job.params);
    const { after, queued } = Checkpoint.parse(job.checkpoint);
    if (after === undefined)
      return async () => ({
        checkpoint: { after: params.after, queued: 0 },
        total: Math.max(0, params.until - params.after),
      });
    if (after > params.after) await sleep(1_000);
    return (ctx) => step(ctx, params, { after, queued });
  },
};

const step = async (
  ctx: Ctx,
  params: z.output<typeof Params>,
  { after, queued }: { after: number; queued: number },
): Promise<Step> => {
  await lockTenant(ctx, "webhooks");
  const [webhook] = await ctx.db
    .select()
    .from(webhookTable)
    .where(ownedBy(ctx, webhookTable, params.webhookId));
  const ended = { checkpoint: { after, queued }, result: { queued }, isLast: true };
  if (!webhook || after >= params.until) return ended;
  if ((await countWaiting(ctx, webhook.id)) >= waitingMax) return { checkpoint: { after, queued }, pauseSeconds };
  const page = await listEventsUntil(ctx, { after, until: now(), limit: params.ratePerSecond });
  const events = page.filter(({ sequence }) => sequence <= params.until);
  const last = events.at(-1);
  if (!last) return ended;
  const wanted = (await eventsFor(ctx, [webhook], events)).get(webhook.id) ?? [];
  // Deliveries of an endpoint that was disabled meanwhile stay as they are.
  const again = webhook.status === "enabled" ? await sendAgain(ctx, webhook.id, wanted, params.withDelivered) : 0;
  const created = await createDeliveries(ctx, [webhook], wanted, { isRecovery: true });
  await dispatchDue(ctx);
  const next = { after: last.sequence, queued: queued + again + created };
  return { checkpoint: next, done: last.sequence - after, result: { queued: next.queued } };
};

const countWaiting = async (ctx: Ctx, id: Id<"webhook">): Promise<number> => {
  const rows = await ctx.db.execute<{ n: number }>(sql`
    select count(*)::int as n from (select from app.webhook_deliveries where tenant_id = ${ctx.tenantId} and webhook_id = ${id}
      and is_recovery and status = 'pending' and in_flight_until is null limit ${waitingMax}) waiting`);
  return only(rows).n;
};

/**
 * Begins the deliveries of these events again that have ended or wait for another attempt, and returns how many. Joins the caller's
 * transaction.
 */
const sendAgain = async (
  ctx: Ctx,
  webhookId: Id<"webhook">,
  events: readonly Event[],
  withDelivered: boolean,
): Promise<number> => {
  if (events.length === 0) return 0;
  const ids = await deliveryIdsOf(ctx, webhookId, events);
  const { nextAttemptAt, status } = deliveryTable;
  const hasEnded = inArray(status, withDelivered ? ["failed", "delivered"] : ["failed"]);
  const waits = and(eq(status, "pending"), gt(nextAttemptAt, sql`app.now()`));
  const wanted = and(eq(deliveryTable.webhookId, webhookId), inArray(deliveryTable.id, ids), or(hasEnded, waits));
  return beginAgain(ctx, wanted, true);
};
