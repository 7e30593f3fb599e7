import { parseId } from "../../platform/id.ts";
import { findTestDelivery, isTestSent, testWebhook } from "../../webhooks/index.ts";
import { type OnboardingStep, StepFailed, waiting } from "./step.ts";

/** Sends one test event per attempt, then waits for `webhook.verified` while the delivery is retried. */
export const pingWebhook: OnboardingStep["work"] = async (ctx, { results, attempts }) => {
  const webhookId = parseId("webhook", String(results.get("webhook.register")?.["webhookId"]));
  if (!webhookId) throw new StepFailed("The endpoint is not registered.");
  const test = await findTestDelivery(ctx, webhookId);
  if (test?.status === "delivered") return { webhookId, attempts: test.attempts };
  if (test?.status === "failed")
    throw new StepFailed("The endpoint did not answer the test with 2xx; see its deliveries.");
  if (attempts > 1 || !(await isTestSent(ctx, webhookId))) await testWebhook(ctx, webhookId);
  return waiting;
};
