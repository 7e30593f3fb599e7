import { sql } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { only } from "../platform/database/rows.ts";
import { countedMax } from "../platform/page.ts";
import { type Status, statuses } from "./states.ts";

/**
 * Documents of each state, at most `countedMax`; since when the oldest version waits that is stored, or has an address, and is not
 * processed; and the bytes of all versions. Each figure is read from an index. Joins the caller's transaction.
 */
export async function countDocuments(
  ctx: Ctx,
): Promise<{ documents: Record<Status, number>; oldestUnfinishedAt: Date | null; storedBytes: number }> {
  const since = sql`select coalesce(stored_at, created_at) as since from app.document_versions where tenant_id = ${ctx.tenantId}`;
  const row = only(
    await ctx.db.execute<{ documents: Record<Status, number>; oldest: string | null; bytes: string }>(sql`
      select (select jsonb_object_agg(status, (select count(*) from (select from app.documents d
            where d.tenant_id = ${ctx.tenantId} and d.status = s.status limit ${countedMax}) counted))
          from unnest(${sql.param(statuses)}::text[]) s (status)) as documents,
        (select min(since) from (
          (${since} and dispatch = 'waiting' order by id limit 1) union all (${since} and dispatch = 'sent')
          union all (${since} and fetching = 'waiting' order by id limit 1) union all (${since} and fetching = 'sent')) o) as oldest,
        coalesce((select bytes from app.storage where tenant_id = ${ctx.tenantId}), 0) as bytes`),
  );
  const oldestUnfinishedAt = row.oldest === null ? null : new Date(row.oldest);
  return { documents: row.documents, oldestUnfinishedAt, storedBytes: Number(row.bytes) };
}
