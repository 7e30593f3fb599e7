import { z } from "zod";
import { InvalidPattern, matchesPattern } from "../events/index.ts";
import { idSchema } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import type { webhookTable } from "./webhook.sql.ts";

/** AWS's forms. The region is part of the name of a host, and only roles with this prefix are ever assumed (stacks/grants.ts). */
const eventBusArn = /^arn:aws:events:[a-z]{2}(-[a-z]+)+-\d:\d{12}:event-bus\/[\w./-]{1,256}$/;
const roleArn = /^arn:aws:iam::\d{12}:role\/resolve-[\w+=,.@-]{1,56}$/;
const EventBridge = z.strictObject({
  eventBusArn: z.string().regex(eventBusArn, "must be like arn:aws:events:eu-west-1:111122223333:event-bus/name"),
  roleArn: z.string().regex(roleArn, "must be like arn:aws:iam::111122223333:role/resolve-name"),
});

export const Webhook = z.object({
  id: idSchema("webhook"),
  /** Of an event bus its ARN. */
  url: z.string(),
  /** An event bus in the tenant's account. The trust policy of its role names `externalId`. */
  eventBridge: EventBridge.extend({ externalId: z.string() }).nullable(),
  /** Null means every type. */
  eventTypes: z.array(z.string()).nullable(),
  /** An event pattern of EventBridge that the body must match too. */
  filter: jsonObject.nullable(),
  /** One attempt at a time, in the order of the log. */
  ordered: z.boolean(),
  /** Attempts per second; null means no limit. */
  maxPerSecond: z.int().nullable(),
  /** Attempts under way at a time. */
  maxConcurrency: z.int(),
  status: z.enum(["enabled", "disabled"]),
  disabledReason: z.string().nullable(),
  /** Whose permissions it has: who created it or enabled it last. */
  owner: z.string(),
  createdAt: z.date().meta({ format: "date-time" }),
  updatedAt: z.date().meta({ format: "date-time" }),
});
export type Webhook = z.output<typeof Webhook>;

/**
 * Without `eventTypes` an endpoint gets no events about webhooks, because each delivery could cause another one. It may name those
 * that an endpoint causes a few times at most, to learn of the state of the tenant's other endpoints.
 */
export const isDefault = (eventType: string): boolean => !eventType.startsWith("webhook.");
const operational: ReadonlySet<string> = new Set(["webhook.failing", "webhook.disabled", "webhook.enabled"]);
export const isSubscribable = (eventType: string): boolean => isDefault(eventType) || operational.has(eventType);

/** Headers that Resolve or HTTP sets, so that a tenant's value would be lost or would break the request. */
const reservedHeaders =
  /^(webhook-.*|content-(type|length|encoding)|host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|date|user-agent|traceparent|tracestate)$/i;
const headersMax = 20;
const headerBytesMax = 8 * 1024;

const Headers = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
    z
      .string()
      .max(1024)
      .regex(/^[\x20-\x7e]*$/),
  )
  .refine((headers) => Object.keys(headers).length <= headersMax, `must have at most ${headersMax} headers`)
  .refine(
    (headers) => Object.entries(headers).flat().join("").length <= headerBytesMax,
    `names and values must have at most ${headerBytesMax} bytes together`,
  )
  .refine(
    (headers) => new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
    "must not name a header twice",
  )
  .refine(
    (headers) => Object.keys(headers).every((name) => !reservedHeaders.test(name)),
    "must not name a header that Resolve or HTTP sets",
  );

const filterCharsMax = 4_096;

/** EventBridge has the same limit of a pattern's length. */
const Filter = jsonObject.superRefine((pattern, context) => {
  if (JSON.stringify(pattern).length > filterCharsMax)
    return context.addIssue({ code: "custom", message: `must have at most ${filterCharsMax} characters` });
  try {
    matchesPattern(pattern, {});
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error;
    context.addIssue({ code: "custom", message: `is not an event pattern: ${error.message}` });
  }
});

export const NewWebhook = z.strictObject({
  url: z.string().max(2048).optional(),
  /** An event bus instead of an address. */
  eventBridge: EventBridge.optional(),
  eventTypes: z
    .array(z.string().regex(/^[a-z]+\.[a-z_]+$/))
    .min(1)
    .max(100)
    .optional(),
  filter: Filter.optional(),
  ordered: z.boolean().default(false),
  maxPerSecond: z.int().min(1).max(1_000).optional(),
  maxConcurrency: z.int().min(1).max(10).default(10),
  headers: Headers.optional(),
});

/** `null` removes a limit or a filter, and `eventTypes: null` subscribes to every type; `headers` replaces them all. */
export const WebhookChanges = z.strictObject({
  url: NewWebhook.shape.url,
  eventBridge: NewWebhook.shape.eventBridge,
  eventTypes: NewWebhook.shape.eventTypes.unwrap().nullable().optional(),
  filter: Filter.nullable().optional(),
  ordered: z.boolean().optional(),
  maxPerSecond: NewWebhook.shape.maxPerSecond.unwrap().nullable().optional(),
  maxConcurrency: NewWebhook.shape.maxConcurrency.unwrap().optional(),
  headers: Headers.optional(),
});

const overlapSecondsMax = 7 * 86_400;

/** How long the former secret signs too, so that receivers can change over without a gap; 0 for a secret that has leaked. */
export const SecretRotation = z.strictObject({ overlapSeconds: z.int().min(0).max(overlapSecondsMax).default(86_400) });

export const shape = (row: typeof webhookTable.$inferSelect): Webhook => {
  const { url: eventBusArn, roleArn, tenantId: externalId } = row;
  return Webhook.parse({ ...row, eventBridge: roleArn === null ? null : { eventBusArn, roleArn, externalId } });
};
