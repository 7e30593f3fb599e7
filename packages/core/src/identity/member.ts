import { and, eq, ne, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { ofTenant, only } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { keysOf } from "../platform/keys.ts";
import { displayName } from "../platform/name.ts";
import { type Page, type PageOf, pageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { assertFromAnywhere } from "./api-key.ts";
import { forgetPeople } from "./caller.ts";
import { assertMayGrant } from "./grant.ts";
import { membershipTable as table, userTable } from "./identity.sql.ts";
import { MemberRemoved, MemberResumed, MemberRoleChanged, MemberSuspended } from "./member.events.ts";
import { forgetReader, readerOf } from "./readers.ts";
import { revokeKeysOf } from "./revoke.ts";
import { exceeding, expandRole, isAdministrator, type Role, roleGrants } from "./roles.ts";
import { withdrawInvitationsOf } from "./withdraw.ts";

export const roleNames = keysOf(roleGrants);
export const memberStatuses = ["active", "suspended", "removed"] as const;

/** A member of the tenant. Nothing of the person outside this tenant is in it. */
export const User = z.object({
  id: idSchema("user"),
  email: z.string(),
  name: z.string().nullable(),
  role: z.enum(roleNames),
  status: z.enum(memberStatuses),
  joinedAt: z.date().meta({ format: "date-time" }),
  updatedAt: z.date().meta({ format: "date-time" }),
});
export type User = z.output<typeof User>;

export const memberName = displayName(200);
export const UserChanges = z.strictObject({
  role: z.enum(roleNames).optional(),
  status: z.enum(["active", "suspended"]).optional(),
  name: memberName.nullable().optional(),
});

type Filter = { role?: Role | undefined; status?: User["status"] | undefined };

/** Members, those with the newest user first; removed ones only when `status` asks for them. `only` limits the list to one user. */
export const listUsers = (
  ctx: Ctx,
  page: Page<"user">,
  { role, status }: Filter,
  onlyUser?: Id<"user"> | null,
): Promise<PageOf<User>> =>
  withTx(ctx, async (ctx) => {
    if (onlyUser === null) return pageOf<User>([], page.limit);
    const rows = await members(
      ctx,
      onlyUser && eq(table.userId, onlyUser),
      role && eq(table.role, role),
      status ? eq(table.status, status) : ne(table.status, "removed"),
      page.cursor && sql`${table.userId} < ${sql.param(page.cursor, table.userId)}`,
    )
      .orderBy(sql`${table.userId} desc`)
      .limit(page.limit + 1);
    return pageOf(rows.map(shape), page.limit);
  });

/** @throws Problem `not-found` */
export const getUser = (ctx: Ctx, id: Id<"user">): Promise<User> =>
  withTx(ctx, async (ctx) => {
    const [row] = await members(ctx, eq(table.userId, id));
    if (!row) throw new Problem("not-found");
    return shape(row);
  });

/**
 * Changes role, status and name of a member. `check` sees the member locked. A member who loses rights also loses the invitations
 * that it has sent: they might give others a role that it no longer may give.
 *
 * @throws Problem `not-found`, `user-conflict` for a removed member, `forbidden` when the former or the new role exceeds the
 * caller's permissions, `last-administrator`
 */
export const updateUser = (
  ctx: Ctx,
  id: Id<"user">,
  changes: z.output<typeof UserChanges>,
  check: (current: User) => void,
): Promise<User> =>
  withTx(ctx, async (ctx) => {
    const current = await lockMember(ctx, id);
    check(current);
    if (current.status === "removed")
      throw new Problem("user-conflict", "The person was removed from the tenant and can be invited again.", {
        state: current.status,
        allowed: [],
      });
    const { name = current.name, role = current.role, status = current.status } = changes;
    if (role === current.role && status === current.status && name === current.name) return current;
    if (role !== current.role || status !== current.status) {
      assertMayGrant(ctx, current.role);
      assertMayGrant(ctx, role);
      await assertFromAnywhere(ctx);
    }
    const next = { ...current, role, status, name };
    await assertAdministratorLeft(ctx, current, next);
    await write(ctx, id, { role, status, name });
    recordAudit(ctx, { action: "member.update", subject: id, detail: changes });
    if (role !== current.role) publish(ctx, MemberRoleChanged, id, { role, formerRole: current.role });
    if (status !== current.status) publish(ctx, status === "active" ? MemberResumed : MemberSuspended, id, {});
    forgetPeople();
    if (role !== current.role || status === "suspended") {
      await withdrawInvitationsOf(ctx, `user:${id}`);
      // Keys are of no use to a suspended member, and give a demoted one nothing that the new role lacks.
      const held = status === "suspended" ? new Map() : expandRole(role);
      await revokeKeysOf(ctx, `user:${id}`, (key) => exceeding(expandRole(key.role, key.scopes), held).length === 0);
    }
    return getUser(ctx, id);
  });

/**
 * Removes a member; a repetition changes nothing. The person's documents stay and keep their owner, memberships of other tenants
 * stay as they are, and the membership row stays with the status `removed`. Groups and access lists no longer name the person. API keys that the person created, or that such a
 * key created, are revoked: the person has seen their secrets. `keepApiKeys` leaves them.
 *
 * @throws Problem `not-found`, `forbidden`, `last-administrator`
 */
export const removeUser = (
  ctx: Ctx,
  id: Id<"user">,
  { keepApiKeys }: { keepApiKeys: boolean },
  check: (current: User) => void,
): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const current = await lockMember(ctx, id);
    check(current);
    if (current.status === "removed") return;
    // Everybody may leave.
    if (!(ctx.actor.type === "user" && ctx.actor.id === id)) assertMayGrant(ctx, current.role);
    await assertAdministratorLeft(ctx, current, { ...current, status: "removed" });
    await write(ctx, id, { status: "removed" });
    forgetPeople();
    const revoked = keepApiKeys ? [] : await revokeKeysOf(ctx, `user:${id}`);
    // A later invitation must not bring back what the person saw.
    const collections = await forgetReader(ctx, readerOf(id));
    await withdrawInvitationsOf(ctx, `user:${id}`);
    const apiKeysRevoked = revoked.length;
    const detail = { role: current.role, apiKeysRevoked, collections };
    recordAudit(ctx, { action: "member.remove", subject: id, detail });
    publish(ctx, MemberRemoved, id, { apiKeysRevoked });
  });

/** Makes a user a member, also again after a removal. Joins the caller's transaction. Returns false when it is one already. */
export async function addMember(
  ctx: Ctx,
  userId: Id<"user">,
  { role, name }: { role: Role; name: string | null },
): Promise<boolean> {
  const values = { tenantId: ctx.tenantId, userId, role, name };
  const again = { role, name, status: "active", joinedAt: now(), updatedAt: now() };
  const added = await ctx.db
    .insert(table)
    .values(values)
    .onConflictDoUpdate({ target: [table.tenantId, table.userId], set: again, setWhere: eq(table.status, "removed") })
    .returning({ userId: table.userId });
  return added.length > 0;
}

/** The member with this address, unless it was removed. Joins the caller's transaction. */
export async function findMember(ctx: Ctx, email: string): Promise<User | undefined> {
  const [row] = await members(ctx, eq(userTable.email, email), ne(table.status, "removed"));
  return row && shape(row);
}

const members = (ctx: Ctx, ...conditions: (SQL | undefined | "")[]) =>
  ctx.db
    .select({
      id: table.userId,
      email: userTable.email,
      name: table.name,
      role: table.role,
      status: table.status,
      joinedAt: table.joinedAt,
      updatedAt: table.updatedAt,
    })
    .from(table)
    .innerJoin(userTable, eq(userTable.id, table.userId))
    .where(and(ofTenant(ctx, table), ...conditions.map((condition) => condition || undefined)));

/**
 * One change of members at a time in a tenant: two administrators who remove each other at once must not both succeed.
 *
 * @throws Problem `not-found`
 */
const lockMember = async (ctx: Ctx, id: Id<"user">): Promise<User> => {
  await lockTenant(ctx, "members");
  return getUser(ctx, id);
};

const write = (ctx: Ctx, id: Id<"user">, changes: Partial<Pick<User, "role" | "status" | "name">>) =>
  ctx.db
    .update(table)
    .set({ ...changes, updatedAt: now() })
    .where(and(ofTenant(ctx, table), eq(table.userId, id)));

/** @throws Problem `last-administrator` */
const assertAdministratorLeft = async (ctx: Ctx, current: User, next: User): Promise<void> => {
  if (!isActiveAdministrator(current) || isActiveAdministrator(next)) return;
  const others = only(
    await ctx.db.execute<{
      count: string;
    }>(sql`select count(*) from ${table} where tenant_id = ${sql.param(ctx.tenantId, table.tenantId)}
      and user_id <> ${sql.param(current.id, table.userId)} and role = ${current.role} and status = 'active'`),
  );
  if (Number(others.count) === 0) throw new Problem("last-administrator");
};

const isActiveAdministrator = ({ role, status }: User) => isAdministrator(role) && status === "active";

const shape = (row: Record<keyof User, unknown>): User => User.parse(row);
