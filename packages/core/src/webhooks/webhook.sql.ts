import { integer, jsonb, text, uuid } from "drizzle-orm/pg-core";
import { app, bytea, createdAt, moment } from "../platform/database/columns.ts";

export const webhookTable = app.table("webhooks", {
  tenantId: uuid("tenant_id").notNull(),
  id: uuid("id").notNull(),
  url: text("url").notNull(),
  eventTypes: text("event_types").array(),
  headers: jsonb("headers").$type<Record<string, string>>().notNull().default({}),
  status: text("status").notNull().default("enabled"),
  disabledReason: text("disabled_reason"),
  secret: bytea("secret").notNull(),
  version: integer("version").notNull().default(1),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: createdAt(),
});

export const deliveryTable = app.table("webhook_deliveries", {
  tenantId: uuid("tenant_id").notNull(),
  id: uuid("id").notNull(),
  eventId: uuid("event_id").notNull(),
  webhookId: uuid("webhook_id").notNull(),
  eventType: text("event_type").notNull(),
  status: text("status").notNull().default("pending"),
  attempts: integer("attempts").notNull().default(0),
  nextAttemptAt: moment("next_attempt_at"),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: createdAt(),
});

export const attemptTable = app.table("webhook_attempts", {
  tenantId: uuid("tenant_id").notNull(),
  id: uuid("id").notNull(),
  deliveryId: uuid("delivery_id").notNull(),
  number: integer("number").notNull(),
  statusCode: integer("status_code"),
  error: text("error"),
  durationMs: integer("duration_ms").notNull(),
  response: text("response"),
  attemptedAt: moment("attempted_at").notNull(),
});
