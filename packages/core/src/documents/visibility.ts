import { type SQL, sql } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { type Id, type IdKind, parseId, toId } from "../platform/id.ts";

/**
 * Returns which of these ids are documents and collections that the caller must not see: an access list excludes the
 * caller, or the object is deleted and its access list with it. Joins the caller's transaction.
 */
export async function hiddenOf(ctx: Ctx, ids: readonly string[]): Promise<Set<string>> {
  const [documents, collections] = [idsOf("document", ids), idsOf("collection", ids)];
  if (documents.length + collections.length === 0) return new Set();
  const rows = await ctx.db.execute<{ kind: "document" | "collection"; id: string }>(sql`
    select 'document' as kind, s.id from unnest(${uuids(documents)}) s (id) where not app.reads_all()
      and not exists (select from app.documents d where d.tenant_id = ${ctx.tenantId} and d.id = s.id)
    union all
    select 'collection', s.id from unnest(${uuids(collections)}) s (id) where not app.reads_all()
      and not exists (select from app.collections c where c.tenant_id = ${ctx.tenantId} and c.id = s.id)`);
  return new Set(rows.map(({ kind, id }) => toId(kind, id)));
}

const idsOf = <K extends IdKind>(kind: K, ids: readonly string[]): Id<K>[] => [
  ...new Set(ids.flatMap((id) => parseId(kind, id) ?? [])),
];
const uuids = (ids: Id<IdKind>[]): SQL => sql`${sql.param(ids)}::uuid[]`;
