import { and, sql } from "drizzle-orm";
import { type Ctx, withTx } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { Delivery } from "./delivery.ts";
import { deliveryTable as table } from "./webhook.sql.ts";

/** The delivery of one test event; undefined until the fan-out has created it. */
export const findDeliveryOf = (
  ctx: Ctx,
  test: { webhookId: Id<"webhook">; eventId: Id<"event"> },
): Promise<Delivery | undefined> =>
  withTx(ctx, async (ctx) => {
    // `fanOut` derives the id of a delivery from event and endpoint.
    const derived = sql`${table.id} = app.uuid_from(${test.eventId}, ${test.webhookId}::uuid::text)`;
    const [row] = await ctx.db
      .select()
      .from(table)
      .where(and(ofTenant(ctx, table), derived));
    return row && Delivery.parse(row);
  });
