import { z } from "zod";
import { defineEvent } from "../platform/events.ts";

export const WebhookVerified = defineEvent({
  type: "webhook.verified",
  version: 1,
  summary: "The endpoint answered the test event with 2xx. Not sent to webhooks.",
  subjectType: "webhook",
  schema: z.object({}),
  sample: {},
});

export const WebhookTest = defineEvent({
  type: "webhook.test",
  version: 1,
  summary: "A test of one endpoint; goes to that endpoint only.",
  subjectType: "webhook",
  schema: z.object({}),
  sample: {},
});

export const WebhookDisabled = defineEvent({
  type: "webhook.disabled",
  version: 1,
  summary: "Deliveries to the endpoint stopped and are held; `reason` says why. Not sent to webhooks.",
  subjectType: "webhook",
  schema: z.object({ reason: z.string() }),
  sample: { reason: "the endpoint answered 410 Gone" },
});

export const WebhookEnabled = defineEvent({
  type: "webhook.enabled",
  version: 1,
  summary: "Deliveries to the endpoint began again, with those that were held. Not sent to webhooks.",
  subjectType: "webhook",
  schema: z.object({}),
  sample: {},
});
