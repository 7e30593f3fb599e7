import { bigint, integer, text } from "drizzle-orm/pg-core";
import { app, bytea, createdAt, id, moment } from "../platform/database/columns.ts";

export const webhookTable = app.table("webhooks", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("webhook", "id").notNull(),
  url: text("url").notNull(),
  eventTypes: text("event_types").array(),
  headers: bytea("headers").notNull(),
  status: text("status").notNull().default("enabled"),
  disabledReason: text("disabled_reason"),
  secret: bytea("secret").notNull(),
  previousSecret: bytea("previous_secret"),
  previousSecretUntil: moment("previous_secret_until"),
  checkedSequence: bigint("checked_sequence", { mode: "number" }).notNull().default(0),
  version: integer("version").notNull().default(1),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: createdAt(),
});

export const deliveryTable = app.table("webhook_deliveries", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("delivery", "id").notNull(),
  eventId: id("event", "event_id").notNull(),
  webhookId: id("webhook", "webhook_id").notNull(),
  eventType: text("event_type").notNull(),
  status: text("status").notNull().default("pending"),
  attempts: integer("attempts").notNull().default(0),
  nextAttemptAt: moment("next_attempt_at"),
  inFlightUntil: moment("in_flight_until"),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: createdAt(),
});

export const attemptTable = app.table("webhook_attempts", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("attempt", "id").notNull(),
  deliveryId: id("delivery", "delivery_id").notNull(),
  number: integer("number").notNull(),
  statusCode: integer("status_code"),
  error: text("error"),
  durationMs: integer("duration_ms").notNull(),
  response: text("response"),
  attemptedAt: moment("attempted_at").notNull(),
});
