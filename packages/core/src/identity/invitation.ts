import { and, eq, gt, isNotNull, lte, or, type SQL, sql, sum } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Actor, actorName, type Ctx, recordAudit, tenantCtx, withTx } from "../platform/context.ts";
import { literal, lookup } from "../platform/database/connections.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { listPage, lockRow, ofTenant, only, ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idOrNullSchema, idSchema, newId, toId, toUuid } from "../platform/id.ts";
import { type Page, type PageOf, pageOf } from "../platform/page.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { userPool } from "../platform/services/user-pool.ts";
import { assertFromAnywhere } from "./api-key.ts";
import { findPerson, forgetPeople, linkIdentity, type Person } from "./caller.ts";
import { assertMayGrant } from "./grant.ts";
import { invitationTable as table } from "./identity.sql.ts";
import { newRound, queueMail, sendFailures } from "./invitation-mail.ts";
import { hashOf, invitationToken } from "./invitation-token.ts";
import { assertBelowLimit } from "./limits.ts";
import { MemberInvited, MemberJoined } from "./member.events.ts";
import { addMember, findMember, getUser, memberName, roleNames, type User } from "./member.ts";
import type { Identity } from "./token.ts";

const validDays = 7;
/** A mail may be lost a few times; more mails to the same address are a nuisance: for one invitation, and for an address within a day. */
const roundsMax = 10;

export const Invitation = z.object({
  id: idSchema("invitation"),
  email: z.string(),
  name: z.string().nullable(),
  role: z.enum(roleNames),
  /** `expired` when nobody has accepted it in time; it can be sent again. */
  status: z.enum(["pending", "accepted", "withdrawn", "expired"]),
  expiresAt: z.date().meta({ format: "date-time" }),
  /** When the mail was handed over to the mail service; null until then. */
  sentAt: z.date().nullable().meta({ format: "date-time" }),
  sendFailure: z.enum(sendFailures).nullable().meta({
    description:
      "Why the mail was not sent. `mail-unavailable` is tried again by itself, the others after a resend only",
  }),
  acceptedAt: z.date().nullable().meta({ format: "date-time" }),
  /** The member that accepted it. */
  userId: idOrNullSchema("user"),
  createdAt: z.date().meta({ format: "date-time" }),
  updatedAt: z.date().meta({ format: "date-time" }),
});
export type Invitation = z.output<typeof Invitation>;

export const NewInvitation = z.strictObject({
  email: z.email().max(254).toLowerCase(),
  role: z.enum(roleNames),
  name: memberName.optional(),
});
export type NewInvitation = z.output<typeof NewInvitation>;

/**
 * Invites a person. Whether the address belongs to a member of another tenant changes neither the response nor its time.
 *
 * @throws Problem `forbidden`, `invitation-exists`, `member-exists`, `limit-reached`
 */
export const createInvitation = (ctx: Ctx, input: NewInvitation): Promise<Invitation> =>
  withTx(ctx, async (ctx) => {
    assertMayGrant(ctx, input.role);
    await assertFromAnywhere(ctx);
    // Locks the invitations of the tenant until the commit.
    await assertBelowLimit(
      ctx,
      "invitations",
      table,
      or(isPending(), gt(table.createdAt, sql`app.now() - interval '1 day'`)),
    );
    const member = await findMember(ctx, input.email);
    if (member)
      throw new Problem("member-exists", `The address belongs to a member whose status is ${member.status}.`, {
        userId: member.id,
        state: member.status,
      });
    const pending = await findPending(ctx, input.email);
    if (pending) throw new Problem("invitation-exists", undefined, { invitationId: pending.id });
    await assertFewMails(ctx, input.email);
    return insert(ctx, input);
  });

/** Invites a person to a new tenant, whose creator may give every role there. A repetition finds the invitation. */
export const inviteFirst = (ctx: Ctx, input: NewInvitation): Promise<Id<"invitation">> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db
      .select({ id: table.id })
      .from(table)
      .where(and(ofTenant(ctx, table), eq(table.email, input.email)));
    return row?.id ?? (await insert(ctx, input)).id;
  });

/** @throws Problem `not-found` */
export const getInvitation = (ctx: Ctx, id: Id<"invitation">): Promise<Invitation> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db
      .select()
      .from(table)
      .where(ownedBy(ctx, table, id));
    if (!row) throw new Problem("not-found");
    return shape(row);
  });

/** Newest first. */
export const listInvitations = (
  ctx: Ctx,
  page: Page<"invitation">,
  status?: Invitation["status"],
): Promise<PageOf<Invitation>> => withTx(ctx, (ctx) => listPage(ctx, table, page, shape, status && hasStatus(status)));

/** Withdraws an invitation; a repetition changes nothing. @throws Problem `not-found`, `invitation-conflict` */
export const withdrawInvitation = (ctx: Ctx, id: Id<"invitation">): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const row = await lockRow(ctx, table, id);
    if (row.status === "withdrawn") return;
    assertOpen(row);
    await ctx.db
      .update(table)
      .set({ status: "withdrawn", updatedAt: now() })
      .where(ownedBy(ctx, table, id));
    recordAudit(ctx, { action: "invitation.withdraw", subject: id });
  });

/**
 * Sends the invitation again with a new token and seven more days; the former token is void.
 *
 * @throws Problem `not-found`, `invitation-conflict`, `limit-reached`, and those of a new invitation
 */
export const resendInvitation = (ctx: Ctx, id: Id<"invitation">): Promise<Invitation> =>
  withTx(ctx, async (ctx) => {
    // As a new invitation does, since both may make one pending for the same address.
    await lockTenant(ctx, "limit:invitations");
    const row = await lockRow(ctx, table, id);
    const { role } = shape(row);
    assertMayGrant(ctx, role);
    await assertFromAnywhere(ctx);
    assertOpen(row);
    if (row.round >= roundsMax)
      throw tooManyMails(`The invitation was sent ${row.round} times. Withdraw it and invite again.`);
    await assertFewMails(ctx, row.email);
    const other = await findPending(ctx, row.email);
    if (other && other.id !== id) throw new Problem("invitation-exists", undefined, { invitationId: other.id });
    const round = row.round + 1;
    const changes = { status: "pending", round, ...(await tokenOf(ctx, id, round)), ...newRound(), updatedAt: now() };
    const renewed = only(
      await ctx.db
        .update(table)
        .set(changes)
        .where(ownedBy(ctx, table, id))
        .returning(),
    );
    recordAudit(ctx, { action: "invitation.resend", subject: id, detail: { round } });
    queueMail(ctx, { id, round, attempt: 0 });
    return shape(renewed);
  });

export const Acceptance = z.union([
  z.strictObject({ token: z.string().min(1).max(200) }),
  z.strictObject({ invitationId: idSchema("invitation") }),
]);

/** An open invitation, as the invited person sees it. */
export const MyInvitation = z.object({
  id: idSchema("invitation"),
  tenantId: idSchema("tenant"),
  tenantName: z.string(),
  role: z.enum(roleNames),
  expiresAt: z.date().meta({ format: "date-time" }),
});
export type MyInvitation = z.output<typeof MyInvitation>;

/** The open invitations of the person's verified address, in all tenants, newest first. @throws Problem `unavailable` */
export async function listMyInvitations(
  identity: Identity,
  { limit, cursor }: Page<"invitation">,
): Promise<PageOf<MyInvitation>> {
  const email = await verifiedEmailOf(identity, await findPerson(identity));
  const rows = await invitationsOf(identity, email, { before: cursor, limit: limit + 1 });
  return pageOf(
    rows.map((row) => MyInvitation.parse(row)),
    limit,
  );
}

/**
 * Makes the person of a verified token a member, by the token of the mail or by the invitation's id. Only the person whose address was
 * invited can accept, and once: a repetition is answered with the membership. The answer to anybody else says nothing about the
 * invitation. A token that was forwarded is of no use: an account of our pool must have the invited address. A tenant's own provider
 * does not prove addresses, so its people need the token.
 *
 * @throws Problem `invitation-invalid`, `invitation-for-another`, `invitation-withdrawn`, `invitation-expired`, `invitation-used`,
 * `tenant-suspended`, `forbidden` for a suspended member, `unavailable`
 */
export async function acceptInvitation(
  identity: Identity,
  acceptance: z.output<typeof Acceptance>,
  requestId: string,
): Promise<{ tenantId: Id<"tenant">; user: User }> {
  const person = await findPerson(identity);
  const email = await verifiedEmailOf(identity, person);
  const { id, tenantId } =
    "token" in acceptance
      ? await findByToken(acceptance.token)
      : await findByAddress(identity, email, acceptance.invitationId);
  if (identity.tenantId !== undefined && identity.tenantId !== tenantId) throw new Problem("invitation-for-another");
  const isProvedByToken = identity.tenantId !== undefined && !person;
  const as = (actor: Actor) => tenantCtx({ tenantId, actor, role: "system", login: "AppDatabase", requestId });
  const lock = async (ctx: Ctx) => {
    const row = await lockRow(ctx, table, id);
    if (email !== row.email && !isProvedByToken) throw new Problem("invitation-for-another");
    return row;
  };
  // The first transaction finds out who accepts, since the second one records it as the actor.
  const userId =
    person?.userId ??
    (await withTx(as({ type: "system", job: "accept-invitation" }), async (ctx) => {
      const row = await lock(ctx);
      // Simultaneous requests of the same person: another one may have accepted since the person was looked up.
      if (row.acceptedBy === null) assertAcceptable(row);
      const linked = await linkIdentity(ctx, identity, row.email);
      if (!linked) throw new Problem("invitation-for-another");
      return linked;
    }));
  const user = await withTx(as({ type: "user", id: userId }), async (ctx) => {
    const row = await lock(ctx);
    if (row.acceptedBy === userId) {
      const user = await getUser(ctx, userId);
      if (user.status === "removed") throw new Problem("invitation-used");
      assertNotSuspended(user);
      return user;
    }
    assertAcceptable(row);
    const { role, name } = shape(row);
    const isNew = await addMember(ctx, userId, { role, name });
    // An invitation of before the suspension does not end it, and stays open.
    if (!isNew) assertNotSuspended(await getUser(ctx, userId));
    const accepted = { status: "accepted", acceptedAt: now(), acceptedBy: userId, sendDueAt: null, updatedAt: now() };
    await ctx.db
      .update(table)
      .set(accepted)
      .where(ownedBy(ctx, table, id));
    recordAudit(ctx, { action: "member.join", subject: userId, detail: { invitationId: id, role } });
    if (isNew) publish(ctx, MemberJoined, userId, { role, invitationId: id });
    return getUser(ctx, userId);
  });
  forgetPeople();
  return { tenantId, user };
}

/** The address that the person has proved: when joining for the first time, or in our pool. @throws Problem `unavailable` */
const verifiedEmailOf = async (identity: Identity, person: Person | undefined): Promise<string | undefined> => {
  if (person) return person.email;
  if (identity.tenantId !== undefined) return undefined;
  return userPool()
    .verifiedEmailOf(identity.subject)
    .catch((cause) => {
      throw new Problem("unavailable", undefined, { retryAfterSeconds: 1 }, { cause });
    });
};

type Found = { id: Id<"invitation">; tenantId: Id<"tenant"> };

/** @throws Problem `invitation-invalid`, `tenant-suspended` */
const findByToken = async (token: string): Promise<Found> => {
  type Row = { id: string; tenant_id: string; tenant_status: string };
  const hash = literal(`\\x${hashOf(token).toString("hex")}`);
  const query = `select * from app.find_invitation(${hash}::bytea)`;
  const [row] = await lookup("AppDatabase", (sql) => sql.unsafe<Row[]>(query));
  if (!row || ["offboarding", "deleted"].includes(row.tenant_status)) throw new Problem("invitation-invalid");
  if (row.tenant_status === "suspended") throw new Problem("tenant-suspended");
  return { id: toId("invitation", row.id), tenantId: toId("tenant", row.tenant_id) };
};

/** @throws Problem `invitation-invalid`, `tenant-suspended` */
const findByAddress = async (identity: Identity, email: string | undefined, id: Id<"invitation">): Promise<Found> => {
  const [row] = await invitationsOf(identity, email, { only: id, limit: 1 });
  if (!row) throw new Problem("invitation-invalid");
  if (row.tenantStatus === "suspended") throw new Problem("tenant-suspended");
  return row;
};

/** Of the verified address, if there is one; of a person of a tenant's own provider only this tenant's. */
const invitationsOf = async (
  { tenantId }: Identity,
  email: string | undefined,
  { only, before, limit }: { only?: Id<"invitation">; before?: Id<"invitation"> | undefined; limit: number },
) => {
  type Row = {
    id: string;
    tenant_id: string;
    tenant_name: string;
    tenant_status: string;
    role: string;
    expires_at: string;
  };
  if (email === undefined) return [];
  const [provider, one, from] = [tenantId, only, before].map((id) => (id ? `${literal(toUuid(id))}::uuid` : "null"));
  const query = `select * from app.invitations_of(${literal(email)}, ${provider}, ${one}, ${from}, ${limit})`;
  const rows = await lookup("AppDatabase", (sql) => sql.unsafe<Row[]>(query));
  return rows.map((row) => ({
    id: toId("invitation", row.id),
    tenantId: toId("tenant", row.tenant_id),
    tenantName: row.tenant_name,
    tenantStatus: row.tenant_status,
    role: row.role,
    expiresAt: new Date(row.expires_at),
  }));
};

/** @throws Problem `forbidden` */
const assertNotSuspended = ({ status }: User): void => {
  if (status !== "suspended") return;
  throw forbidden(undefined, "Your membership is suspended. Ask an administrator of the tenant to resume it.");
};

/** @throws Problem `invitation-withdrawn`, `invitation-expired`, `invitation-used` */
const assertAcceptable = (row: typeof table.$inferSelect): void => {
  const { status } = shape(row);
  if (status === "withdrawn") throw new Problem("invitation-withdrawn");
  if (status === "expired") throw new Problem("invitation-expired");
  if (status === "accepted") throw new Problem("invitation-used");
};

/** An invitation does not outlive the key that sends it. */
const tokenOf = async (ctx: Ctx, id: Id<"invitation">, round: number) => {
  const until = now().getTime() + validDays * 86_400_000;
  return {
    tokenHash: hashOf(await invitationToken(id, round)),
    expiresAt: new Date(Math.min(until, ctx.expiresAt?.getTime() ?? until)),
  };
};

const insert = async (ctx: Ctx, { email, role, name }: NewInvitation): Promise<Invitation> => {
  const id = newId("invitation");
  // Frees the unique index, which cannot compare with the time.
  await ctx.db
    .update(table)
    .set({ status: "expired" })
    .where(and(ofTenant(ctx, table), eq(table.email, email), hasStatus("expired")));
  const values = { tenantId: ctx.tenantId, id, email, role, name: name ?? null, createdBy: actorName(ctx.actor) };
  const row = only(
    await ctx.db
      .insert(table)
      .values({ ...values, ...(await tokenOf(ctx, id, 1)), ...newRound() })
      .returning(),
  );
  recordAudit(ctx, { action: "member.invite", subject: id, detail: { role } });
  publish(ctx, MemberInvited, id, { role });
  queueMail(ctx, { id, round: 1, attempt: 0 });
  return shape(row);
};

const findPending = async (ctx: Ctx, email: string) => {
  const [row] = await ctx.db
    .select({ id: table.id })
    .from(table)
    .where(and(ofTenant(ctx, table), eq(table.email, email), isPending()));
  return row;
};

/** Also of withdrawn invitations, which would otherwise be a way around the limit. @throws Problem `limit-reached` */
const assertFewMails = async (ctx: Ctx, email: string): Promise<void> => {
  const dayAgo = sql`app.now() - interval '1 day'`;
  const isRecent = or(gt(table.createdAt, dayAgo), gt(table.sentAt, dayAgo), isNotNull(table.sendDueAt));
  const [row] = await ctx.db
    .select({ rounds: sum(table.round).mapWith(Number) })
    .from(table)
    .where(and(ofTenant(ctx, table), eq(table.email, email), isRecent));
  if ((row?.rounds ?? 0) < roundsMax) return;
  throw tooManyMails(`The address was invited ${roundsMax} times within a day. Invite it again tomorrow.`);
};

const tooManyMails = (detail: string) => new Problem("limit-reached", detail, { limited: "rounds", limit: roundsMax });

/** @throws Problem `invitation-conflict` */
const assertOpen = (row: typeof table.$inferSelect): void => {
  const { status: state } = shape(row);
  if (state === "pending" || state === "expired") return;
  throw new Problem("invitation-conflict", `The invitation is ${state}.`, { state, allowed: [] });
};

const isPending = () => and(eq(table.status, "pending"), gt(table.expiresAt, sql`app.now()`));

/** A pending invitation expires by the clock alone, so nothing has to run for it. */
const hasStatus = (status: Invitation["status"]): SQL | undefined => {
  if (status === "pending") return isPending();
  if (status !== "expired") return eq(table.status, status);
  return or(eq(table.status, "expired"), and(eq(table.status, "pending"), lte(table.expiresAt, sql`app.now()`)));
};

const shape = (row: typeof table.$inferSelect): Invitation => {
  const isExpired = row.status === "pending" && row.expiresAt <= now();
  return Invitation.parse({ ...row, userId: row.acceptedBy, status: isExpired ? "expired" : row.status });
};
