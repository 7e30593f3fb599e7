import { sql } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import type { Found } from "./statement.ts";

/** Other documents that a result names. */
const alsoMax = 100;

export type Also = Map<string, { id: string; name: string }[]>;

/** For each found document the omitted ones with the same bytes, oldest first. The caller's policies apply. Joins the caller's transaction. */
export const alsoIn = async (ctx: Ctx, { rows, duplicates }: Found): Promise<Also> => {
  if (!rows || duplicates.length === 0) return new Map();
  const found = [...new Set(rows.map(({ document_id }) => document_id))];
  const others = await ctx.db.execute<{ found: string; id: string; name: string }>(sql`
    select d.id as found, o.id, o.name from app.documents d, lateral (
      select o.id, o.name from app.documents o
      where o.tenant_id = d.tenant_id and o.sha256 = d.sha256 and o.id = any(${sql.param(duplicates)}::uuid[])
      order by o.id limit ${alsoMax}) o
    where d.tenant_id = ${ctx.tenantId} and d.id = any(${sql.param(found)}::uuid[]) order by o.id`);
  return Map.groupBy(others, (other) => other.found);
};
