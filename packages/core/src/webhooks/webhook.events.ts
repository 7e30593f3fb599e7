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

export const WebhookFailing = defineEvent({
  type: "webhook.failing",
  version: 1,
  summary:
    "Every attempt has failed for 50, 70, 90 or 100 % of the five days after which an endpoint is disabled. Other webhooks receive it when they name the type.",
  subjectType: "webhook",
  schema: z.object({
    percent: z.int(),
    failures: z.int(),
    failingSince: z.iso.datetime(),
    disablesAt: z.iso.datetime(),
  }),
  sample: {
    percent: 50,
    failures: 31,
    failingSince: "2026-01-01T00:00:00.000Z",
    disablesAt: "2026-01-06T00:00:00.000Z",
  },
});

export const WebhookDisabled = defineEvent({
  type: "webhook.disabled",
  version: 1,
  summary:
    "Deliveries to the endpoint stopped and are held; `reason` says why. Other webhooks receive it when they name the type.",
  subjectType: "webhook",
  schema: z.object({ reason: z.string() }),
  sample: { reason: "the endpoint answered 410 Gone" },
});

export const WebhookEnabled = defineEvent({
  type: "webhook.enabled",
  version: 1,
  summary:
    "Deliveries to the endpoint began again, with those that were held. Other webhooks receive it when they name the type.",
  subjectType: "webhook",
  schema: z.object({}),
  sample: {},
});
