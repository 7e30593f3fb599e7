import { sql } from "drizzle-orm";
import type { Ctx } from "../platform/context.ts";
import { type Id, toId, toUuid } from "../platform/id.ts";
import { parseReaders, readerOf } from "./readers.ts";
import { expandRole, listedRole, type Permission, type Scope } from "./roles.ts";

/** What an actor may do now. `role` is the one that access lists compare; `collections` are those that a key is limited to. */
export type Standing = {
  role: string;
  permissions: ReadonlyMap<Permission | "*", Scope>;
  collections: readonly Id<"collection">[] | null;
};

/**
 * What these actors may do in the tenant now, by their names. Those that were revoked, suspended or removed, or have expired, are
 * missing; the system may do everything. Joins the caller's transaction.
 */
export async function standingsOf(ctx: Ctx, actors: readonly string[]): Promise<Map<string, Standing>> {
  const { apiKeyIds, userIds } = parseReaders([...new Set(actors)]);
  const uuids = (ids: Parameters<typeof toUuid>[0][]) => sql`${sql.param(ids)}::uuid[]`;
  const rows =
    apiKeyIds.length + userIds.length === 0
      ? []
      : await ctx.db.execute<{ id: string; role: string; scopes: string[] | null; collections: string[] | null }>(
          sql`select * from app.standings(${uuids(apiKeyIds)}, ${uuids(userIds)})`,
        );
  const byUuid = new Map(rows.map((row) => [row.id, row]));
  const standings = new Map<string, Standing>();
  for (const id of [...apiKeyIds, ...userIds]) {
    const found = byUuid.get(toUuid(id));
    if (!found) continue;
    const permissions = expandRole(found.role, found.scopes);
    const collections = found.collections?.map((uuid) => toId("collection", uuid)) ?? null;
    const role = listedRole(found.role, permissions, collections !== null);
    standings.set(readerOf(id), { role, permissions, collections });
  }
  for (const actor of actors)
    if (actor.startsWith("system:"))
      standings.set(actor, { role: "system", permissions: new Map([["*", "any"]]), collections: null });
  return standings;
}
