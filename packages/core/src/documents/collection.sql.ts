import { text, uuid } from "drizzle-orm/pg-core";
import { app, createdAt, moment } from "../platform/database/columns.ts";

export const collectionTable = app.table("collections", {
  tenantId: uuid("tenant_id").notNull(),
  id: uuid("id").notNull(),
  name: text("name").notNull(),
  readers: text("readers").array().notNull().default([]),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  createdAt: createdAt(),
});
