import { createWebhook, findWebhookByUrl } from "../../webhooks/index.ts";
import type { StoredRequest } from "../new-tenant.ts";
import type { OnboardingStep } from "./step.ts";

export const hasWebhook = ({ webhook }: StoredRequest): boolean => webhook !== undefined;

/** The operator who onboards is no member of the tenant; the endpoint must survive the end of the operator's key. */
const owner = "system:onboarding";

/** Creates the webhook, unless an earlier attempt did, and shows its secret inside the request. */
export const registerWebhook: OnboardingStep["work"] = async (ctx, { request, secrets }) => {
  if (!request.webhook) return {};
  const existing = await findWebhookByUrl(ctx, request.webhook.url);
  if (existing) return { webhookId: existing.id };
  const { webhook, secret } = await createWebhook(ctx, request.webhook, owner);
  if (secrets) secrets.webhook = { id: webhook.id, secret };
  return { webhookId: webhook.id };
};
