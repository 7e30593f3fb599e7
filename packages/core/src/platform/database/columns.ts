import { sql } from "drizzle-orm";
import { customType, pgSchema, timestamp } from "drizzle-orm/pg-core";

export const app = pgSchema("app");

/** bytea as a Buffer; postgres.js sends and gives Buffers already. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/** `created_at`, which the database derives from the id. */
export const createdAt = () =>
  timestamp("created_at", { withTimezone: true, mode: "date" }).notNull().generatedAlwaysAs(sql`app.uuid_time(id)`);

export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
