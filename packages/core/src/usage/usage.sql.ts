import { bigint, date, integer, text } from "drizzle-orm/pg-core";
import { app, id, moment } from "../platform/database/columns.ts";

const amount = (name: string) => bigint(name, { mode: "number" }).notNull();

export const usageHourTable = app.table("usage_hours", {
  tenantId: id("tenant", "tenant_id").notNull(),
  hour: moment("hour").notNull(),
  meter: text("meter").notNull(),
  source: text("source").notNull().default(""),
  amount: amount("amount"),
});

export const usageMonthTable = app.table("usage_months", {
  tenantId: id("tenant", "tenant_id").notNull(),
  month: date("month").notNull(),
  meter: text("meter").notNull(),
  amount: amount("amount"),
  checkedAmount: amount("checked_amount").default(0),
  announced: integer("announced").notNull().default(0),
});
