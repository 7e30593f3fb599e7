import { integer, jsonb, text } from "drizzle-orm/pg-core";
import { app, createdAt, id, moment } from "../platform/database/columns.ts";
import type { StoredRequest } from "./new-tenant.ts";

export const runTable = app.table("onboarding_runs", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("onboarding", "id").notNull(),
  status: text("status").notNull(),
  request: jsonb("request").$type<StoredRequest>(),
  checkedAt: moment("checked_at").notNull().defaultNow(),
  finishedAt: moment("finished_at"),
  createdAt: createdAt(),
});

export const stepTable = app.table("onboarding_steps", {
  tenantId: id("tenant", "tenant_id").notNull(),
  runId: id("onboarding", "run_id").notNull(),
  position: integer("position").notNull(),
  name: text("name").notNull(),
  kind: text("kind").notNull(),
  status: text("status").notNull().default("pending"),
  attempts: integer("attempts").notNull().default(0),
  startedAt: moment("started_at"),
  claimedAt: moment("claimed_at"),
  finishedAt: moment("finished_at"),
  error: jsonb("error"),
  result: jsonb("result"),
});
