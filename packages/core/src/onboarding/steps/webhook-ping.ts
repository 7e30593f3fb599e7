import { withTx } from "../../platform/context.ts";
import { parseId } from "../../platform/id.ts";
import { findDeliveryOf, findTestDelivery, sendTest } from "../../webhooks/index.ts";
import { type OnboardingStep, StepFailed, waiting } from "./step.ts";

/**
 * Sends one test event per attempt, then waits while its delivery is retried. Any later test that is delivered completes the
 * step; only the failed delivery of the attempt's own test fails it.
 */
export const pingWebhook: OnboardingStep["work"] = async (ctx, { results, kept, keep }) => {
  const webhookId = parseId("webhook", String(results.get("webhook.register")?.["webhookId"]));
  if (!webhookId) throw new StepFailed("The endpoint is not registered.");
  const newest = await findTestDelivery(ctx, webhookId);
  if (newest?.status === "delivered") return { webhookId, attempts: newest.attempts };
  const eventId = parseId("event", String(kept["testEventId"]));
  if (eventId) {
    const own = await findDeliveryOf(ctx, { webhookId, eventId });
    if (own?.status === "failed")
      throw new StepFailed("The endpoint did not answer the test with 2xx; see its deliveries.");
  } else {
    await withTx(ctx, async (ctx) => keep(ctx, { webhookId, testEventId: await sendTest(ctx, webhookId) }));
  }
  return waiting;
};
