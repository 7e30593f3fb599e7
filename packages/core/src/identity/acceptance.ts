import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Actor, type Ctx, recordAudit, tenantCtx, withTx } from "../platform/context.ts";
import { literal, lookup } from "../platform/database/connections.ts";
import { lockRow, ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idSchema, toId, toUuid } from "../platform/id.ts";
import { type Page, type PageOf, pageOf } from "../platform/page.ts";
import { forbidden, Problem } from "../platform/problems.ts";
import { userPool } from "../platform/services/user-pool.ts";
import { findPerson, forgetPeople, linkIdentity, type Person } from "./caller.ts";
import { invitationTable as table } from "./identity.sql.ts";
import { shapeInvitation } from "./invitation.ts";
import { hashOf } from "./invitation-token.ts";
import { MemberJoined } from "./member.events.ts";
import { addMember, getUser, roleNames, type User } from "./member.ts";
import type { Identity } from "./token.ts";

/** How an invited person accepts: with the token of the mail, or signed in with the invited address. */
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
    const { role, name } = shapeInvitation(row);
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
  const { status } = shapeInvitation(row);
  if (status === "withdrawn") throw new Problem("invitation-withdrawn");
  if (status === "expired") throw new Problem("invitation-expired");
  if (status === "accepted") throw new Problem("invitation-used");
};
