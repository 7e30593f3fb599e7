import { text } from "drizzle-orm/pg-core";
import { app, createdAt, id, moment } from "../platform/database/columns.ts";

export const collectionTable = app.table("collections", {
  tenantId: id("tenant", "tenant_id").notNull(),
  id: id("collection", "id").notNull(),
  name: text("name").notNull(),
  readers: text("readers").array().notNull().default([]),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  deletedAt: moment("deleted_at"),
  createdAt: createdAt(),
});
