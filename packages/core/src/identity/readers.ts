import { and, inArray, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { actorName, type Ctx } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import { type Id, idSchema, parseId, toId, toUuid } from "../platform/id.ts";
import { type Fault, Problem } from "../platform/problems.ts";
import { groupTable } from "./group.sql.ts";
import { apiKeyTable, membershipTable } from "./identity.sql.ts";

/** A user or an API key by its id. */
export const MemberId = z.union([idSchema("user"), idSchema("apiKey")]);
export type MemberId = z.output<typeof MemberId>;

/** Undefined for a text that is neither a user's id nor a key's. */
export const parseMemberId = (text: string): MemberId | undefined => parseId("user", text) ?? parseId("apiKey", text);

/** The name of a user or of an API key in access lists and groups. */
export const readerOf = (id: MemberId): string => {
  const userId = parseId("user", id);
  // An id that is no user's is a key's.
  return actorName(userId ? { type: "user", id: userId } : { type: "apiKey", id: id as Id<"apiKey"> });
};

/** The name of a group in access lists; `app.reader_names` returns the same. */
export const groupReader = (id: Id<"group">): string => `group:${toUuid(id)}`;

/** Who is named: roles, API keys, users and groups of an access list. */
export type Readers = {
  roles: string[];
  apiKeyIds: Id<"apiKey">[];
  userIds: Id<"user">[];
  groupIds: Id<"group">[];
};

/** The parts of an access list as the database stores it. */
export const parseReaders = (names: readonly string[]): Readers => {
  const of = (kind: string) =>
    names.filter((name) => name.startsWith(`${kind}:`)).map((name) => name.slice(kind.length + 1));
  return {
    roles: names.filter((name) => !name.includes(":")),
    apiKeyIds: of("apiKey").flatMap((id) => parseId("apiKey", id) ?? []),
    userIds: of("user").flatMap((id) => parseId("user", id) ?? []),
    groupIds: of("group").map((uuid) => toId("group", uuid)),
  };
};

/**
 * Refuses ids that the tenant does not have, at `path` and the name of their list. The rows stay locked, so that none of them is
 * removed before the list that names them is committed. Joins the caller's transaction.
 *
 * @throws Problem `invalid-request`
 */
export async function assertReaders(
  ctx: Ctx,
  { apiKeyIds = [], userIds = [], groupIds = [] }: Partial<Readers>,
  path: string,
): Promise<void> {
  const [keys, memberships, groups] = [apiKeyTable, membershipTable, groupTable];
  const known = new Set<string>();
  const note = (rows: { id: string }[]): void => {
    for (const { id } of rows) known.add(id);
  };
  if (apiKeyIds.length > 0) {
    const named = and(ofTenant(ctx, keys), inArray(keys.id, apiKeyIds));
    note(await ctx.db.select({ id: keys.id }).from(keys).where(named).for("share"));
  }
  if (userIds.length > 0) {
    const named = and(
      ofTenant(ctx, memberships),
      inArray(memberships.userId, userIds),
      ne(memberships.status, "removed"),
    );
    note(await ctx.db.select({ id: memberships.userId }).from(memberships).where(named).for("share"));
  }
  if (groupIds.length > 0) {
    const named = and(ofTenant(ctx, groups), inArray(groups.id, groupIds));
    note(await ctx.db.select({ id: groups.id }).from(groups).where(named).for("share"));
  }
  const lists = {
    apiKeyIds: ["API key", apiKeyIds],
    userIds: ["user", userIds],
    groupIds: ["group", groupIds],
  } as const;
  const errors: Fault[] = Object.entries(lists).flatMap(([list, [noun, ids]]) =>
    ids.flatMap((id, at) =>
      known.has(id) ? [] : [{ path: `${path}/${list}/${at}`, message: `is no ${noun} of this tenant` }],
    ),
  );
  if (errors.length > 0) throw new Problem("invalid-request", undefined, { errors });
}

/**
 * Takes a user who left the tenant, or a deleted group, out of all groups and access lists, so that a later invitation of the same
 * person does not bring old permissions back. Returns the collections whose lists changed. Joins the caller's transaction, which
 * has locked the membership or the group.
 */
export async function forgetReader(ctx: Ctx, reader: string): Promise<Id<"collection">[]> {
  const rows = await ctx.db.execute<{ collection_id: string }>(
    sql`select collection_id from app.forget_reader(${reader})`,
  );
  return rows.map(({ collection_id }) => toId("collection", collection_id));
}
