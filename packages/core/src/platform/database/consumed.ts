import { sql } from "drizzle-orm";
import type { Ctx } from "../context.ts";

/**
 * True the first time this consumer sees this message: the mark commits with the effect, so a repeat finds it and a
 * crash in between leaves neither. `id` is a UUIDv7, whose month names the partition.
 */
export async function isFirstDelivery(ctx: Ctx, consumer: string, id: string): Promise<boolean> {
  const rows = await ctx.db.execute(sql`
    insert into app.consumed (tenant_id, id, consumer) values (${ctx.tenantId}, ${id}, ${consumer}) on conflict do nothing returning id`);
  return rows.length > 0;
}
