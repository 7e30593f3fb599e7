import { createWebhook, findWebhookByUrl } from "../../webhooks/index.ts";
import type { StoredRequest } from "../new-tenant.ts";
import type { OnboardingStep } from "./step.ts";

export const hasWebhook = ({ webhook }: StoredRequest): boolean => webhook !== undefined;

/**
 * Creates the webhook and, inside the request, shows its secret. In the background it reuses the webhook of an earlier
 * attempt, which may have been created before its worker stopped.
 */
export const registerWebhook: OnboardingStep["work"] = async (ctx, { request, creation }) => {
  if (!request.webhook) return {};
  const existing = creation ? undefined : await findWebhookByUrl(ctx, request.webhook.url);
  if (existing) return { webhookId: existing.id };
  const { webhook, secret } = await createWebhook(ctx, request.webhook);
  if (creation) creation.secrets.webhook = { id: webhook.id, secret };
  return { webhookId: webhook.id };
};
