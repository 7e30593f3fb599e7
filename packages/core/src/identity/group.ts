import { and, count, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { pgError } from "../platform/database/pg-error.ts";
import { listPage, lockRow, ofTenant, only, ownedBy, type Row } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idSchema, newId } from "../platform/id.ts";
import { displayName } from "../platform/name.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { GroupCreated, GroupDeleted, GroupMembersAdded, GroupMembersRemoved, GroupUpdated } from "./group.events.ts";
import { groupMemberTable as memberTable, groupTable as table } from "./group.sql.ts";
import { assertBelowLimit } from "./limits.ts";
import { assertReaders, forgetReader, groupReader, MemberId, readerOf } from "./readers.ts";
import { isRestricted } from "./roles.ts";

/** A set of users and API keys, which access lists of collections name. */
export const Group = z.object({
  id: idSchema("group"),
  name: z.string(),
  createdAt: z.date().meta({ format: "date-time" }),
  updatedAt: z.date().meta({ format: "date-time" }),
});
export type Group = z.output<typeof Group>;

const name = displayName(200);
export const NewGroup = z.strictObject({ name });
export const GroupChanges = z.strictObject({ name: name.optional() });

export const GroupMember = z.object({
  /** The id of a user or of an API key. */
  id: MemberId,
  addedAt: z.date().meta({ format: "date-time" }),
});
export type GroupMember = z.output<typeof GroupMember>;

const changedAtOnce = 100;
export const GroupMembers = z.strictObject({
  userIds: z.array(idSchema("user")).max(changedAtOnce).default([]),
  apiKeyIds: z.array(idSchema("apiKey")).max(changedAtOnce).default([]),
});

/** Each statement that reads documents compares all groups of its caller with the access lists. */
const groupsPerMember = 100;
const membersPerGroup = 10_000;

/** @throws Problem `group-exists`, `limit-reached` */
export const createGroup = (ctx: Ctx, { name }: z.output<typeof NewGroup>): Promise<Group> =>
  withTx(ctx, async (ctx) => {
    const id = newId("group");
    await assertBelowLimit(ctx, "groups", table);
    const row = only(
      await ctx.db.insert(table).values({ tenantId: ctx.tenantId, id, name, updatedAt: now() }).returning(),
    );
    recordAudit(ctx, { action: "group.create", subject: id, detail: { name } });
    publish(ctx, GroupCreated, id, { name });
    return Group.parse(row);
  }).catch(explain);

/** @throws Problem `not-found` */
export const getGroup = (ctx: Ctx, id: Id<"group">): Promise<Group> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db
      .select()
      .from(table)
      .where(ownedBy(ctx, table, id));
    if (!row) throw new Problem("not-found");
    return Group.parse(row);
  });

/** Newest first. `memberId`: those that have this member. */
export const listGroups = (ctx: Ctx, page: Page<"group">, { memberId }: { memberId?: MemberId | undefined } = {}) =>
  withTx(ctx, (ctx): Promise<PageOf<Group>> => {
    const ofMember = memberId && inArray(table.id, groupIdsOf(ctx, memberId));
    return listPage(ctx, table, page, (row) => Group.parse(row), ofMember);
  });

/** `check` sees the group locked. @throws Problem `not-found`, `group-exists` */
export const updateGroup = (
  ctx: Ctx,
  id: Id<"group">,
  { name }: z.output<typeof GroupChanges>,
  check: (current: Group) => void,
): Promise<Group> =>
  withTx(ctx, async (ctx) => {
    check(Group.parse(await lockRow(ctx, table, id)));
    const row = await touch(ctx, id, { name });
    recordAudit(ctx, { action: "group.update", subject: id, detail: { name } });
    publish(ctx, GroupUpdated, id, { name: row.name });
    return Group.parse(row);
  }).catch(explain);

/**
 * Deletes a group, and takes it out of the access lists of collections. A list that named nobody else then allows only
 * administrators. `check` sees the group locked.
 *
 * @throws Problem `not-found`, `forbidden` for a caller that access lists restrict
 */
export const deleteGroup = (ctx: Ctx, id: Id<"group">, check: (current: Group) => void): Promise<void> =>
  withTx(ctx, async (ctx) => {
    assertUnrestricted(ctx);
    check(Group.parse(await lockRow(ctx, table, id)));
    await ctx.db.delete(table).where(ownedBy(ctx, table, id));
    // After the lock: a collection that names the group has locked it too, and has been committed.
    const collections = await forgetReader(ctx, groupReader(id));
    recordAudit(ctx, { action: "group.delete", subject: id, detail: { collections } });
    publish(ctx, GroupDeleted, id, {});
  });

/** In the order of the ids, users first. @throws Problem `not-found` */
export const listGroupMembers = (
  ctx: Ctx,
  id: Id<"group">,
  page: { limit: number; cursor?: MemberId | undefined },
): Promise<PageOf<GroupMember>> =>
  withTx(ctx, async (ctx) => {
    await getGroup(ctx, id);
    const before = page.cursor && lt(memberTable.member, readerOf(page.cursor));
    const rows = await ctx.db
      .select()
      .from(memberTable)
      .where(and(inGroup(ctx, id), before))
      .orderBy(desc(memberTable.member))
      .limit(page.limit + 1);
    const data = rows
      .slice(0, page.limit)
      .map(({ member, addedAt }) => GroupMember.parse({ id: memberOf(member), addedAt }));
    const hasMore = rows.length > page.limit;
    return { data, nextCursor: hasMore ? (data.at(-1)?.id ?? null) : null, hasMore };
  });

/**
 * Adds users and API keys; those that are members stay. The next request of a new member has the permissions of the group.
 *
 * @throws Problem `not-found`, `invalid-request` for ids of no user or key of the tenant, `limit-reached`, `forbidden` for a
 * caller that access lists restrict
 */
export const addGroupMembers = (ctx: Ctx, id: Id<"group">, members: z.output<typeof GroupMembers>): Promise<Group> =>
  withTx(ctx, async (ctx) => {
    assertUnrestricted(ctx);
    // The lock also keeps the two counts below correct for this group.
    const group = await lockRow(ctx, table, id);
    await assertReaders(ctx, members, "");
    const names = [...members.userIds, ...members.apiKeyIds].map(readerOf);
    if (names.length === 0) return Group.parse(group);
    const added = await ctx.db
      .insert(memberTable)
      .values(names.map((member) => ({ tenantId: ctx.tenantId, groupId: id, member, addedAt: now() })))
      .onConflictDoNothing()
      .returning({ member: memberTable.member });
    if (added.length === 0) return Group.parse(group);
    await assertMembersMax(ctx, id, names);
    const ids = added.map(({ member }) => memberOf(member));
    recordAudit(ctx, { action: "group.add_members", subject: id, detail: { members: ids } });
    publish(ctx, GroupMembersAdded, id, { members: ids });
    return Group.parse(await touch(ctx, id));
  });

/** Takes a member out; the next request of the member is without the group. @throws Problem `not-found` when it is no member, `forbidden` */
export const removeGroupMember = (ctx: Ctx, id: Id<"group">, memberId: MemberId): Promise<void> =>
  withTx(ctx, async (ctx) => {
    assertUnrestricted(ctx);
    await lockRow(ctx, table, id);
    const removed = await ctx.db
      .delete(memberTable)
      .where(and(inGroup(ctx, id), eq(memberTable.member, readerOf(memberId))))
      .returning({ member: memberTable.member });
    if (removed.length === 0) throw new Problem("not-found");
    await touch(ctx, id);
    recordAudit(ctx, { action: "group.remove_member", subject: id, detail: { members: [memberId] } });
    publish(ctx, GroupMembersRemoved, id, { members: [memberId] });
  });

/** A caller that access lists restrict must not put itself into a group that they name. @throws Problem `forbidden` */
const assertUnrestricted = (ctx: Ctx): void => {
  if (isRestricted(ctx.role))
    throw forbidden("collection:write", "Groups decide who sees collections, which this credential may not change.");
};

const assertMembersMax = async (ctx: Ctx, id: Id<"group">, names: readonly string[]): Promise<void> => {
  const { members } = only(await ctx.db.select({ members: count() }).from(memberTable).where(inGroup(ctx, id)));
  if (members > membersPerGroup)
    throw new Problem("limit-reached", `A group may have ${membersPerGroup} members.`, {
      limited: "groupMembers",
      limit: membersPerGroup,
    });
  const [most] = await ctx.db
    .select({ member: memberTable.member })
    .from(memberTable)
    .where(and(ofTenant(ctx, memberTable), inArray(memberTable.member, [...names])))
    .groupBy(memberTable.member)
    .having(sql`count(*) > ${groupsPerMember}`)
    .limit(1);
  if (most)
    throw new Problem("limit-reached", `${memberOf(most.member)} may be in ${groupsPerMember} groups.`, {
      limited: "groupsPerMember",
      limit: groupsPerMember,
    });
};

const inGroup = (ctx: Ctx, id: Id<"group">) => and(ofTenant(ctx, memberTable), eq(memberTable.groupId, id));

const groupIdsOf = (ctx: Ctx, memberId: MemberId) =>
  ctx.db
    .select({ id: memberTable.groupId })
    .from(memberTable)
    .where(and(ofTenant(ctx, memberTable), eq(memberTable.member, readerOf(memberId))));

/** The id in the name of a member; the names that were stored are names of users and keys. */
const memberOf = (member: string): MemberId => member.slice(member.indexOf(":") + 1) as MemberId;

const touch = async (
  ctx: Ctx,
  id: Id<"group">,
  changes: { name?: string | undefined } = {},
): Promise<Row<typeof table>> =>
  only(
    await ctx.db
      .update(table)
      .set({ ...changes, updatedAt: now() })
      .where(ownedBy(ctx, table, id))
      .returning(),
  );

const explain = (error: unknown): never => {
  if (pgError(error).constraint !== "groups_name") throw error;
  throw new Problem("group-exists", undefined, {}, { cause: error });
};
