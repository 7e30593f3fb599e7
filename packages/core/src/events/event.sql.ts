import { bigint, integer, jsonb, text } from "drizzle-orm/pg-core";
import { app, createdAt, id, moment } from "../platform/database/columns.ts";

export const eventTable = app.table("events", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("event", "id").notNull(),
  sequence: bigint("sequence", { mode: "number" }).notNull(),
  type: text("type").notNull(),
  version: integer("version").notNull(),
  actor: text("actor").notNull(),
  subjectType: text("subject_type").notNull(),
  subjectId: text("subject_id").notNull(),
  data: jsonb("data").notNull(),
  traceparent: text("traceparent"),
  tracestate: text("tracestate"),
  createdAt: createdAt(),
});

export const cursorTable = app.table("event_cursors", {
  tenantId: id("tenant", "tenant_id").notNull(),
  name: text("name").notNull(),
  sequence: bigint("sequence", { mode: "number" }).notNull(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: moment("created_at").notNull().defaultNow(),
});
