import { bigint, jsonb, text } from "drizzle-orm/pg-core";
import { app, bytea, createdAt, id } from "../platform/database/columns.ts";

/** `app.record` writes it; the app role only reads it. */
export const auditTable = app.table("audit_log", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("audit", "id").notNull(),
  sequence: bigint("sequence", { mode: "number" }).notNull(),
  actor: text("actor").notNull(),
  action: text("action").notNull(),
  subject: text("subject").notNull(),
  detail: jsonb("detail").notNull(),
  request: text("request").notNull(),
  previousHash: bytea("previous_hash").notNull(),
  hash: bytea("hash").notNull(),
  createdAt: createdAt(),
});
