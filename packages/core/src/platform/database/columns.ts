import { sql } from "drizzle-orm";
import { customType, pgSchema, timestamp } from "drizzle-orm/pg-core";
import { type Id, type IdKind, toId, toUuid } from "../id.ts";

export const app = pgSchema("app");

/** bytea as a Buffer, which postgres.js sends and returns. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/** An id of one kind: `doc_01j…` in the code, its UUID in the database. */
export const id = <K extends IdKind>(kind: K, name: string) =>
  customType<{ data: Id<K>; driverData: string }>({
    dataType: () => "uuid",
    fromDriver: (uuid) => toId(kind, uuid),
    toDriver: toUuid,
  })(name);

/** `created_at`, which the database derives from the id. */
export const createdAt = () =>
  timestamp("created_at", { withTimezone: true, mode: "date" }).notNull().generatedAlwaysAs(sql`app.uuid_time(id)`);

/** A moment with time zone. `defaultNow` is app.now(), as in the database: tests can move its clock. */
export const moment = (name: string) => {
  const column = timestamp(name, { withTimezone: true, mode: "date" });
  column.defaultNow = () => column.default(sql`app.now()`);
  return column;
};
