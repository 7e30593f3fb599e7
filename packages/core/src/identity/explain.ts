import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { ofTenant, only, ownedBy } from "../platform/database/rows.ts";
import { type Id, idSchema, parseId } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { groupTable } from "./group.sql.ts";
import { apiKeyTable, membershipTable } from "./identity.sql.ts";
import { type MemberId, parseReaders, readerOf } from "./readers.ts";
import { expandRole, includes, listedRole, type Permission, permissions, type Resource, readsAll } from "./roles.ts";

/** May somebody do something, and what decides it? */
export const Question = z.strictObject({
  permission: z.enum(permissions),
  /** Whose permissions: a user or an API key of the tenant. By default the caller's own. */
  userId: idSchema("user").optional(),
  apiKeyId: idSchema("apiKey").optional(),
  /** The id of one object. Without it the question is whether there may be any. */
  resourceId: z.string().optional(),
});

const checks = ["credential", "role", "scopes", "owner", "accessList"] as const;
export const Explanation = z.object({
  allowed: z.boolean(),
  /** The check that decides. */
  decidedBy: z.enum(checks),
  reason: z.string(),
  permission: z.enum(permissions),
  resourceId: z.string().nullable(),
  subject: z.object({ id: z.string(), role: z.string(), scopes: z.array(z.string()).nullable() }),
  /** Every check in its order, up to the one that decides. */
  checks: z.array(z.object({ check: z.enum(checks), passed: z.boolean(), reason: z.string() })),
});
export type Explanation = z.output<typeof Explanation>;

/** Whose permissions are explained. `refused`: why no request of it is authenticated. */
export type Subject = {
  id: string;
  actor: string;
  role: string;
  scopes: string[] | null;
  collections?: string[] | null;
  refused?: string | undefined;
};

/** An object as `explain` needs it. `list` is the access list of its collection, undefined when the object has none. */
export type Explained = Resource & {
  id: string;
  list?: { collectionId: Id<"collection"> | null; name: string; readers: string[] };
};

/** @throws Problem `not-found` when the tenant has no such user or key */
export const subjectOf = (ctx: Ctx, id: MemberId): Promise<Subject> =>
  withTx(ctx, async (ctx) => {
    const actor = readerOf(id);
    const userId = parseId("user", id);
    if (userId) {
      const own = and(ofTenant(ctx, membershipTable), eq(membershipTable.userId, userId));
      const [member] = await ctx.db.select().from(membershipTable).where(own);
      if (!member || member.status === "removed") throw new Problem("not-found");
      const refused = member.status === "active" ? undefined : `The membership is ${member.status}.`;
      return { id, actor, role: member.role, scopes: null, refused };
    }
    // An id that is no user's is a key's.
    const [key] = await ctx.db
      .select()
      .from(apiKeyTable)
      .where(ownedBy(ctx, apiKeyTable, id as Id<"apiKey">));
    if (!key) throw new Problem("not-found");
    const isExpired = key.expiresAt && key.expiresAt <= now();
    const refused = key.revokedAt ? "The key is revoked." : isExpired ? "The key has expired." : undefined;
    return { id, actor, role: key.role, scopes: key.scopes, collections: key.collections, refused };
  });

/** Evaluates the same rules as a request, and names the one that decides. */
export const explain = (
  ctx: Ctx,
  permission: Permission,
  subject: Subject,
  resource: Explained | undefined,
): Promise<Explanation> =>
  withTx(ctx, async (ctx) => {
    const { actor, role, scopes } = subject;
    const [ofRole, held] = [expandRole(role), expandRole(role, scopes)];
    const scope = ofRole.get(permission);
    const steps: Explanation["checks"] = [];
    /** Returns true when the check fails, which ends the explanation. */
    const fails = (check: (typeof checks)[number], passed: boolean, reason: string): boolean => {
      steps.push({ check, passed, reason });
      return !passed;
    };
    const decide = async (): Promise<void> => {
      if (fails("credential", !subject.refused, subject.refused ?? "The credential is valid.")) return;
      const grant = scope && `The role ${role} grants ${permission}${grantedFor[scope]}.`;
      if (fails("role", scope !== undefined, grant ?? `The role ${role} does not grant ${permission}.`)) return;
      if (scopes) {
        const isNamed = scopes.includes(permission);
        if (fails("scopes", isNamed, `The key's scopes ${isNamed ? "name" : "do not name"} ${permission}.`)) return;
      }
      if (!resource) return;
      if (scope !== "any") {
        const isOwn = includes(scope, actor, resource);
        const whose = scope === "own" ? `${resource.owner ?? "somebody else"} created it` : "it is another user";
        if (fails("owner", isOwn, isOwn ? "The object is the caller's own." : `The object is not included: ${whose}.`))
          return;
      }
      if (!resource.list) return;
      const { collectionId } = resource.list;
      if (subject.collections && !subject.collections.includes(collectionId ?? "")) {
        fails("accessList", false, "The key is limited to other collections.");
        return;
      }
      const listed = listedRole(role, held, Boolean(subject.collections));
      const { isVisible, reason } = await visibility(ctx, actor, listed, resource.list);
      fails("accessList", isVisible, reason);
    };
    await decide();
    const last = only(steps.slice(-1));
    return {
      allowed: last.passed,
      decidedBy: last.check,
      reason: last.reason,
      permission,
      resourceId: resource?.id ?? null,
      subject: { id: subject.id, role, scopes },
      checks: steps,
    };
  });

const grantedFor = {
  any: "",
  own: " for objects that the caller created",
  self: " for the caller itself",
} as const;

/** What the access list says, by the database's own names of the actor. Joins the caller's transaction. */
const visibility = async (
  ctx: Ctx,
  actor: string,
  role: string,
  { collectionId, name, readers }: NonNullable<Explained["list"]>,
): Promise<{ isVisible: boolean; reason: string }> => {
  if (collectionId === null)
    return { isVisible: true, reason: "It is in no collection, so every caller of the tenant may see it." };
  if (readers.length === 0)
    return { isVisible: true, reason: `Everybody of the tenant may see the collection “${name}” (${collectionId}).` };
  if (readsAll(role))
    return { isVisible: true, reason: `The role ${role} sees every collection, also “${name}” (${collectionId}).` };
  const row = only(await ctx.db.execute<{ names: string[] }>(sql`select app.reader_names(${role}, ${actor}) as names`));
  const named = readers.find((reader) => row.names.includes(reader));
  const list = `The access list of the collection “${name}” (${collectionId})`;
  if (named === undefined)
    return { isVisible: false, reason: `${list} names neither the caller nor its role nor one of its groups.` };
  return { isVisible: true, reason: `${list} names ${await nameOf(ctx, named)}.` };
};

const nameOf = async (ctx: Ctx, reader: string): Promise<string> => {
  const { roles, groupIds } = parseReaders([reader]);
  const [groupId] = groupIds;
  if (!groupId) return roles.length > 0 ? `the role ${reader}` : reader;
  const [group] = await ctx.db
    .select()
    .from(groupTable)
    .where(ownedBy(ctx, groupTable, groupId));
  return `the group “${group?.name}” (${groupId})`;
};
