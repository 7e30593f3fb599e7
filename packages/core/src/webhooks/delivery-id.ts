import { sql } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { type Id, toId } from "../platform/id.ts";

/** The ids of the deliveries of events to an endpoint. They are derived, so each pair has one. Joins the caller's transaction. */
export const deliveryIdsOf = async (
  ctx: Ctx,
  webhookId: Id<"webhook">,
  events: readonly { id: Id<"event"> }[],
): Promise<Id<"delivery">[]> => {
  const ids = events.map(({ id }) => id);
  const rows = await ctx.db.execute<{ id: string }>(
    sql`select app.uuid_from(e.id, ${webhookId}::uuid::text) as id from unnest(${sql.param(ids)}::uuid[]) e (id)`,
  );
  return rows.map(({ id }) => toId("delivery", id));
};
