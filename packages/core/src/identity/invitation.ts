import { and, eq, gt, isNotNull, lte, or, type SQL, sql, sum } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { listPage, lockRow, ofTenant, only, ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idOrNullSchema, idSchema, newId } from "../platform/id.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { assertFromAnywhere } from "./api-key.ts";
import { assertMayGrant } from "./grant.ts";
import { invitationTable as table } from "./identity.sql.ts";
import { newRound, queueMail, sendFailures } from "./invitation-mail.ts";
import { hashOf, invitationToken } from "./invitation-token.ts";
import { assertBelowLimit } from "./limits.ts";
import { MemberInvited } from "./member.events.ts";
import { findMember, memberName, roleNames } from "./member.ts";

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
    return shapeInvitation(row);
  });

/** Newest first. */
export const listInvitations = (
  ctx: Ctx,
  page: Page<"invitation">,
  status?: Invitation["status"],
): Promise<PageOf<Invitation>> =>
  withTx(ctx, (ctx) => listPage(ctx, table, page, shapeInvitation, status && hasStatus(status)));

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
    const { role } = shapeInvitation(row);
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
    return shapeInvitation(renewed);
  });

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
  return shapeInvitation(row);
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
  const { status: state } = shapeInvitation(row);
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

export const shapeInvitation = (row: typeof table.$inferSelect): Invitation => {
  const isExpired = row.status === "pending" && row.expiresAt <= now();
  return Invitation.parse({ ...row, userId: row.acceptedBy, status: isExpired ? "expired" : row.status });
};
