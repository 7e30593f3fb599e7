import { text } from "drizzle-orm/pg-core";
import { app, createdAt, id, moment } from "../platform/database/columns.ts";

export const groupTable = app.table("groups", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("group", "id").notNull(),
  name: text("name").notNull(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: createdAt(),
});

export const groupMemberTable = app.table("group_members", {
  tenantId: id("tenant", "tenant_id").notNull(),
  groupId: id("group", "group_id").notNull(),
  member: text("member").notNull(),
  addedAt: moment("added_at").notNull().defaultNow(),
});
