import { real, text, timestamp } from "drizzle-orm/pg-core";
import { app, id } from "../../platform/database/columns.ts";

export const embedderTable = app.table("embedders", {
  tenantId: id("tenant", "tenant_id").primaryKey(),
  serving: text("serving").notNull(),
  next: text("next"),
  indexName: text("index_name"),
  indexed: text("indexed"),
  recall: real("recall"),
  recallCheckedAt: timestamp("recall_checked_at", { withTimezone: true }),
});
