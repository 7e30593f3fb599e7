import { z } from "zod";
import { type Id, idSchema, toUuid } from "./id.ts";
import { jsonObject } from "./json.ts";

/** One shape for the event log, the EventBridge detail and the webhook body; its keys have this order in all three. */
export const Event = z.object({
  id: idSchema("event"),
  type: z.string(),
  version: z.int(),
  tenantId: idSchema("tenant"),
  /** Gap-free per tenant, from 1. */
  sequence: z.int(),
  occurredAt: z.iso.datetime(),
  actor: z.string(),
  subject: z.object({ type: z.string(), id: z.string() }),
  data: jsonObject,
  traceparent: z.string().nullable(),
  /** Only of an event whose request had one. */
  tracestate: z.string().optional(),
});
export type Event = z.output<typeof Event>;

/** An event as its table stores it. */
export type StoredEvent = Omit<Event, "occurredAt" | "subject" | "data" | "tracestate"> & {
  subjectType: string;
  subjectId: string;
  data: unknown;
  tracestate?: string | null | undefined;
};

export const envelopeOf = (event: StoredEvent): Event => ({
  id: event.id,
  type: event.type,
  version: event.version,
  tenantId: event.tenantId,
  sequence: event.sequence,
  occurredAt: timeOf(event.id),
  actor: event.actor,
  subject: { type: event.subjectType, id: event.subjectId },
  // `publish` has checked it with the event type's schema, which is an object.
  data: event.data as Event["data"],
  traceparent: event.traceparent,
  ...(event.tracestate && { tracestate: event.tracestate }),
});

/**
 * Restores the key order of an envelope from the outbox, because jsonb sorts keys by length. An invalid body is returned
 * unchanged: its receiver refuses it, while an error here would block every event of the batch.
 */
export const inEventOrder = (body: Record<string, unknown>): Record<string, unknown> =>
  Event.loose().safeParse(body).data ?? body;

/** An event's id is created when it occurs: the first 48 bits of a UUIDv7 are milliseconds since 1970 (RFC 9562). */
const timeOf = (id: Id<"event">): string =>
  new Date(Number.parseInt(toUuid(id).replaceAll("-", "").slice(0, 12), 16)).toISOString();
