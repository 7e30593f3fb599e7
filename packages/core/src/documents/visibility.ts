import { type SQL, sql } from "drizzle-orm";
import { readsAll, type Standing } from "../identity/index.ts";
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
    select 'document' as kind, s.id from unnest(${uuids(documents)}) s (id) where ${isLimited}
      and not exists (select from app.documents d where d.tenant_id = ${ctx.tenantId} and d.id = s.id)
    union all
    select 'collection', s.id from unnest(${uuids(collections)}) s (id) where ${isLimited}
      and not exists (select from app.collections c where c.tenant_id = ${ctx.tenantId} and c.id = s.id)`);
  return new Set(rows.map(({ kind, id }) => toId(kind, id)));
}

/** As `hiddenOf`, for an actor other than the caller. For the system. */
export async function hiddenFrom(
  ctx: Ctx,
  ids: readonly string[],
  actor: string,
  { role, collections: limited }: Pick<Standing, "role" | "collections">,
): Promise<Set<string>> {
  const [documents, collections] = [idsOf("document", ids), idsOf("collection", ids)];
  if ((readsAll(role) && limited === null) || documents.length + collections.length === 0) return new Set();
  const isShown = sql`(c.readers = '{}' or c.id in (select app.listed_collections(${role}, ${actor})))`;
  const isAllowed = limited === null ? sql`true` : sql`coalesce(c.id = any(${uuids([...limited])}), false)`;
  const rows = await ctx.db.execute<{ kind: "document" | "collection"; id: string }>(sql`
    select 'document' as kind, s.id from unnest(${uuids(documents)}) s (id) where not exists (
      select from app.documents d left join app.collections c on c.tenant_id = d.tenant_id and c.id = d.collection_id
      where d.tenant_id = ${ctx.tenantId} and d.id = s.id and (d.collection_id is null or ${isShown}) and ${isAllowed})
    union all
    select 'collection', s.id from unnest(${uuids(collections)}) s (id) where not exists (
      select from app.collections c where c.tenant_id = ${ctx.tenantId} and c.id = s.id and ${isShown} and ${isAllowed})`);
  return new Set(rows.map(({ kind, id }) => toId(kind, id)));
}

const isLimited = sql`(not app.reads_all() or app.key_collections() is not null)`;

const idsOf = <K extends IdKind>(kind: K, ids: readonly string[]): Id<K>[] => [
  ...new Set(ids.flatMap((id) => parseId(kind, id) ?? [])),
];
const uuids = (ids: Id<IdKind>[]): SQL => sql`${sql.param(ids)}::uuid[]`;
