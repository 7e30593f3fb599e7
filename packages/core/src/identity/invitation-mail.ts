import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, enqueue, recordAudit, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { ownedBy, withIds } from "../platform/database/rows.ts";
import { escapeHtml } from "../platform/html.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { optionalResource, resource } from "../platform/resources.ts";
import { type Mail, mailer } from "../platform/services/mail.ts";
import { userPool } from "../platform/services/user-pool.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { describeError, logger } from "../platform/telemetry.ts";
import { invitationTable as table, tenantTable } from "./identity.sql.ts";
import { invitationToken } from "./invitation-token.ts";

/** Why the mail of an invitation was not sent. `mail-unavailable` is tried again by itself. */
export const sendFailures = ["address-refused", "mail-unavailable", "mail-not-configured"] as const;
type SendFailure = (typeof sendFailures)[number];

/** Body of a message of `invitations`: one attempt to send the mail of one round. */
export const InvitationMessage = z.object({
  tenantId: idSchema("tenant"),
  invitationId: idSchema("invitation"),
  round: z.int(),
  attempt: z.int(),
  traceparent: z.string(),
});
type Attempt = { id: Id<"invitation">; round: number; attempt: number };

/** When the message is lost, the sweep sends another one after this time. */
const messageSeconds = 300;
const waitMinutesMax = 60;

const afterMessage = () => new Date(now().getTime() + messageSeconds * 1000);

/** What a new round is stored with; `queueMail` sends its message. */
export const newRound = () => ({
  sentAt: null,
  sendDueAt: afterMessage(),
  sendAttempts: 0,
  sendFailure: null,
});

/** Queues an attempt. Joins the caller's transaction. */
export const queueMail = (ctx: Ctx, { id, ...attempt }: Attempt): void =>
  enqueue(ctx, {
    topic: "invitations",
    body: { tenantId: ctx.tenantId, invitationId: id, ...attempt, traceparent: ctx.traceparent } satisfies z.output<
      typeof InvitationMessage
    >,
  });

/**
 * Creates the account of the invited person if there is none, for which Cognito mails a temporary password, and mails the
 * invitation where the stage can send mails. A message that comes twice or late does nothing, unless a worker died: then the mail may
 * come twice, with the same token.
 */
export async function sendInvitation(ctx: Ctx, attempt: Attempt): Promise<void> {
  const claimed = await withTx(ctx, (ctx) => claim(ctx, attempt));
  if (!claimed) return;
  const failure = await send(ctx, attempt, claimed);
  await withTx(ctx, async (ctx) => {
    const isOver = failure !== "mail-unavailable";
    const rows = await ctx.db
      .update(table)
      .set({
        sendFailure: failure ?? null,
        ...(isOver ? { sendDueAt: null } : {}),
        ...(failure ? {} : { sentAt: now() }),
        updatedAt: now(),
      })
      .where(and(isOf(ctx, attempt), eq(table.sendAttempts, attempt.attempt + 1)))
      .returning({ id: table.id });
    if (isOver && rows.length > 0)
      recordAudit(ctx, {
        action: failure ? "invitation.not_sent" : "invitation.sent",
        subject: attempt.id,
        detail: { round: attempt.round, ...(failure ? { failure } : {}) },
      });
  });
}

/** Sends messages again for mails that are due: their message was lost, their worker died, or the mail service refused. */
export async function sweepInvitations(): Promise<number> {
  type Row = { tenant_id: string; id: string; round: number; send_attempts: number };
  const due = await withSystemTx("sweep", (db) =>
    db.execute<Row>(sql`
      select i.tenant_id, i.id, i.round, i.send_attempts from app.invitations i join app.tenants t on t.id = i.tenant_id
      where i.send_due_at <= app.now() and i.status = 'pending' and i.expires_at > app.now() and t.status in ('onboarding', 'active')
        and ${isDue("invitations", sql`i.tenant_id`, sql`i.id`)}
      order by i.send_due_at limit 100`),
  );
  const rows = withIds(due, { tenant_id: "tenant", id: "invitation" });
  return forEachRow("invitations", rows, ({ tenant_id: tenantId, id, round, send_attempts: attempt }) =>
    withTx(systemCtx({ tenantId, job: "sweep" }), async (ctx) => {
      await ctx.db.update(table).set({ sendDueAt: afterMessage() }).where(isOf(ctx, { id, round }));
      queueMail(ctx, { id, round, attempt });
    }),
  );
}

/** Counts the attempt, so that no other message begins the same one, and makes the next one due in case this worker dies. */
const claim = async (ctx: Ctx, { attempt, ...invitation }: Attempt) => {
  const [tenant] = await ctx.db
    .select({ name: tenantTable.name })
    .from(tenantTable)
    .where(and(eq(tenantTable.id, ctx.tenantId), inArray(tenantTable.status, ["onboarding", "active"])));
  const waitMinutes = Math.min(2 ** (attempt + 1), waitMinutesMax);
  const [row] = await ctx.db
    .update(table)
    .set({ sendAttempts: attempt + 1, sendDueAt: sql`app.now() + make_interval(mins => ${waitMinutes})` })
    .where(
      and(
        isOf(ctx, invitation),
        eq(table.sendAttempts, attempt),
        eq(table.status, "pending"),
        sql`${table.expiresAt} > app.now() and ${table.sendDueAt} is not null and ${tenant !== undefined}`,
      ),
    )
    .returning({ email: table.email, role: table.role, name: table.name, expiresAt: table.expiresAt });
  return tenant && row && { ...row, tenantName: tenant.name };
};
type Claimed = NonNullable<Awaited<ReturnType<typeof claim>>>;

const isOf = (ctx: Ctx, { id, round }: Pick<Attempt, "id" | "round">) =>
  and(ownedBy(ctx, table, id), eq(table.round, round));

/** Outside a transaction, which would wait for Cognito and SES. */
const send = async (ctx: Ctx, attempt: Attempt, claimed: Claimed): Promise<SendFailure | undefined> => {
  const sendMail = mailer();
  const providers = optionalResource("IdentityProviders")?.providers ?? [];
  const hasOwnProvider = providers.some(({ tenantId }) => tenantId === ctx.tenantId);
  try {
    // People of a tenant's own provider have no account of ours.
    const isMailed = !hasOwnProvider && (await ensureAccount(attempt, claimed.email, sendMail !== undefined));
    if (!sendMail) return isMailed ? undefined : "mail-not-configured";
    await sendMail(mailOf(claimed, await invitationToken(attempt.id, attempt.round)));
    return undefined;
  } catch (error) {
    const failure = refusals.has(Object(error).name) ? "address-refused" : "mail-unavailable";
    logger.warn("an invitation was not sent", {
      invitationId: attempt.id,
      failure,
      error: describeError(error)["error"],
    });
    return failure;
  }
};

/** Errors of Cognito and SES that stay when the request is repeated. */
const refusals: ReadonlySet<string> = new Set(["InvalidParameterException", "BadRequestException", "MessageRejected"]);

/**
 * Whether Cognito has mailed a temporary password. A person who has an account and has never chosen a password gets another one: the
 * former mail may be lost or expired. A second attempt only repeats that when no other mail tells the person anything.
 */
const ensureAccount = async ({ attempt }: Attempt, email: string, hasMail: boolean): Promise<boolean> => {
  const pool = userPool();
  const isKnown = (await pool.verifiedEmailOf(email)) !== undefined;
  await pool.createUser({ email });
  if (!isKnown) return true;
  return (attempt === 0 || !hasMail) && pool.resendInvitation(email);
};

const mailOf = ({ email, role, name, tenantName, expiresAt }: Claimed, token: string): Mail => {
  const tenant = unlinked(tenantName);
  const consoleUrl = resource("MailSender").consoleUrl;
  const greeting = name === null ? "Hello," : `Hello ${unlinked(name)},`;
  const until = expiresAt.toISOString().slice(0, 10);
  const where = consoleUrl ? `--api-url ${consoleUrl.replace(/\/$/, "")}/api ` : "";
  const lines = [
    greeting,
    `${tenant} invites you to Resolve, with the role ${role}.`,
    "Sign in with your e-mail address. If your account is new, its temporary password is in another mail. Then join:",
    `resolve ${where}join ${token}`,
    `The invitation is valid until ${until}, and for your address only. If you did not expect it, ignore this mail.`,
  ];
  const html = lines.map((line) =>
    line.startsWith("resolve ") ? `<pre>${escapeHtml(line)}</pre>` : `<p>${escapeHtml(line)}</p>`,
  );
  return { to: email, subject: `${tenant} invites you to Resolve`, html: html.join("\n"), text: lines.join("\n\n") };
};

/** A name that others chose, in one line, and so that mail programs make no link of it. */
const unlinked = (text: string): string => text.replace(/\p{C}+/gu, " ").replace(/[.:/@]/g, "$&\u2060");
