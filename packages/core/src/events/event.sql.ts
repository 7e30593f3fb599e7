import { bigint, integer, jsonb, text, uuid } from "drizzle-orm/pg-core";
import { app, createdAt } from "../platform/database/columns.ts";

export const eventTable = app.table("events", {
  tenantId: uuid("tenant_id").notNull(),
  id: uuid("id").notNull(),
  sequence: bigint("sequence", { mode: "number" }).notNull(),
  type: text("type").notNull(),
  version: integer("version").notNull(),
  actor: text("actor").notNull(),
  subjectType: text("subject_type").notNull(),
  subjectId: text("subject_id").notNull(),
  data: jsonb("data").notNull(),
  traceparent: text("traceparent"),
  createdAt: createdAt(),
});
