import { bigint, integer, jsonb, text } from "drizzle-orm/pg-core";
import { app, createdAt, id, moment } from "../platform/database/columns.ts";

export const jobTable = app.table("jobs", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("job", "id").notNull(),
  type: text("type").notNull(),
  subject: text("subject").notNull().default(""),
  status: text("status").notNull().default("queued"),
  params: jsonb("params").notNull().default({}),
  checkpoint: jsonb("checkpoint").notNull().default({}),
  done: bigint("done", { mode: "number" }).notNull().default(0),
  total: bigint("total", { mode: "number" }),
  claimedAt: moment("claimed_at"),
  claimedDone: bigint("claimed_done", { mode: "number" }).notNull().default(0),
  result: jsonb("result"),
  failure: jsonb("failure"),
  owner: text("owner").notNull().default(""),
  leaseToken: bigint("lease_token", { mode: "number" }).notNull().default(0),
  leaseUntil: moment("lease_until"),
  attempts: integer("attempts").notNull().default(0),
  startedAt: moment("started_at"),
  finishedAt: moment("finished_at"),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: createdAt(),
});
