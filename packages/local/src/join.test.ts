import { invitationToken, sendInvitation, sweepInvitations } from "@resolve/core/identity";
import { systemCtx } from "@resolve/core/platform/context";
import { type Id, newId, toUuid } from "@resolve/core/platform/id";
import { userPool } from "@resolve/core/platform/services/user-pool";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { accessToken } from "./doubles/cognito/issuer.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** From an invitation to a member, through the API and the mailbox alone; and what becomes of a mail that cannot be sent. */

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
}, 120_000);
afterAll(() => system?.close());
afterEach(() => vi.unstubAllEnvs());

const address = (local = crypto.randomUUID()) => `${local}@join.example`;
const mailsTo = async (email: string): Promise<{ subject: string; html: string }[]> => {
  const response = await fetch(`${system.runtime.consoleUrl}mailbox.json?to=${encodeURIComponent(email)}`);
  return ((await response.json()) as { data: { subject: string; html: string }[] }).data;
};
type Tenant = Awaited<ReturnType<TestSystem["newTenant"]>>;
const invite = async ({ call }: Tenant, email: string, more: object = {}) => {
  const { status, body } = await call("POST", "/invitations", { email, role: "user", ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.invitation.id as Id<"invitation">;
};
type State = { sentAt: string | null; sendFailure: string | null };
/** The invitation, once `isReached`. */
const settled = async ({ call }: Pick<Tenant, "call">, id: string, isReached: (state: State) => boolean) => {
  for (let tries = 0; tries < 200; tries++) {
    const { body } = await call("GET", `/invitations/${id}`);
    if (isReached(body)) return body;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the invitation ${id} was not sent`);
};
const isSent = ({ sentAt }: State) => sentAt !== null;
const tokenIn = (html: string) => /join (rsi_[\w-]+)/.exec(html)![1]!;
const actingAs = async (subject: string) => {
  const token = await accessToken(system.runtime.issuerSecret, subject);
  return { call: system.caller(token) };
};
/** Somebody with an account, signed in. */
const signedIn = async (email: string) => {
  const subject = await userPool().createUser({ email });
  return actingAs(subject);
};
const attempt = (tenant: Tenant, id: Id<"invitation">, number: number, round = 1) =>
  sendInvitation(systemCtx({ tenantId: tenant.id, job: "send-invitation" }), { id, round, attempt: number });
const stored = async (id: Id<"invitation">) => {
  const [row] =
    await system.admin`select sent_at, send_attempts, send_due_at from app.invitations where id = ${toUuid(id)}`;
  return row!;
};

describe("an invited person", () => {
  test("gets an account and a mail, sees the invitation, and joins by its id or by the token", async () => {
    const [halden, corvid] = [await system.newTenant(), await system.newTenant()];
    const email = address();
    const first = await invite(halden, email.toUpperCase(), { name: "Ada <b>" });
    expect(await settled(halden, first, isSent)).toMatchObject({ status: "pending", sendFailure: null });
    const mails = await mailsTo(email);
    expect(mails.map(({ subject }) => subject).toSorted()).toEqual([
      expect.stringMatching(/ invites you to Resolve$/),
      "Your account for Resolve",
    ]);
    const mail = mails.find(({ subject }) => subject.endsWith("invites you to Resolve"))!;
    expect(mail.html).toContain("Hello Ada &#60;b&#62;,");

    const second = await invite(corvid, email, { role: "readonly" });
    await settled(corvid, second, isSent);
    // No password was chosen yet, so the account gets another first one.
    expect((await mailsTo(email)).map(({ subject }) => subject.includes("invites you"))).toEqual(
      expect.arrayContaining([true, true, false, false]),
    );
    const person = await signedIn(email);
    const page = await person.call("GET", "/users/me/invitations?limit=1");
    expect(page.body).toMatchObject({ data: [{ id: second, tenantId: corvid.id, role: "readonly" }], hasMore: true });
    const rest = await person.call("GET", `/users/me/invitations?limit=1&cursor=${page.body.nextCursor}`);
    expect(rest.body).toMatchObject({ data: [{ id: first, tenantId: halden.id }], hasMore: false });

    const joined = await person.call("POST", "/invitations/accept", { token: tokenIn(mail.html) });
    expect([joined.status, joined.body.tenantId, joined.body.user.email]).toEqual([200, halden.id, email]);
    const other = await person.call("POST", "/invitations/accept", { invitationId: second });
    expect([other.status, other.body.tenantId, other.body.user.role]).toEqual([200, corvid.id, "readonly"]);
    expect((await person.call("POST", "/invitations/accept", { invitationId: second })).body).toEqual(other.body);
    expect((await person.call("GET", "/users/me/invitations")).body.data).toEqual([]);
    expect((await person.call("GET", "/users/me")).body.memberships).toHaveLength(2);
  });

  test("is a member by the tenant's first call: administrator and members are invited with it", async () => {
    const [admin, member] = [address(), address()];
    const { status, body } = await system.operator("POST", "/tenants", {
      name: "Halden Optics. http://win.example",
      admin: { email: admin },
      members: [{ email: member, role: "readonly" }],
    });
    expect(status, JSON.stringify(body)).toBe(201);
    const call = system.caller(body.apiKey.secret);
    const { data } = (await call("GET", "/invitations")).body;
    expect(data.map(({ email, role }: { email: string; role: string }) => [email, role]).toSorted()).toEqual(
      [
        [admin, "tenant_admin"],
        [member, "readonly"],
      ].toSorted(),
    );
    for (const { id } of data) await settled({ call }, id, isSent);
    const mail = (await mailsTo(member)).find(({ subject }) => subject.includes("invites you"))!;
    // No mail program makes a link of a name that somebody chose.
    expect(mail.subject).not.toContain("http://win.example");
    const person = await signedIn(member);
    const joined = await person.call("POST", "/invitations/accept", { token: tokenIn(mail.html) });
    expect([joined.status, joined.body.user.role]).toEqual([200, "readonly"]);
  });

  test("cannot be anybody else: a forwarded mail, a guessed id, and an account without a verified address", async () => {
    const tenant = await system.newTenant();
    const email = address();
    const id = await invite(tenant, email);
    const stranger = await signedIn(address());
    const accept = async (body: object) => {
      const { status, body: problem } = await stranger.call("POST", "/invitations/accept", body);
      return [status, problem.code];
    };
    expect(await accept({ token: await invitationToken(id, 1) })).toEqual([403, "invitation-for-another"]);
    expect(await accept({ invitationId: id })).toEqual([404, "invitation-invalid"]);
    expect(await accept({ invitationId: newId("invitation") })).toEqual([404, "invitation-invalid"]);
    expect(await accept({ token: "x", invitationId: id })).toEqual([400, "invalid-request"]);
    expect((await stranger.call("GET", "/users/me/invitations")).body.data).toEqual([]);
    const nobody = await actingAs(crypto.randomUUID());
    expect((await nobody.call("POST", "/invitations/accept", { token: await invitationToken(id, 1) })).body.code).toBe(
      "invitation-for-another",
    );
    // The owner of the address is not locked out by these attempts, but cannot join a suspended tenant.
    const owner = await signedIn(email);
    await system.operator("POST", `/tenants/${tenant.id}/suspend`, { reason: "A test" });
    for (const body of [{ token: await invitationToken(id, 1) }, { invitationId: id }])
      expect((await owner.call("POST", "/invitations/accept", body)).body.code).toBe("tenant-suspended");
    await system.operator("POST", `/tenants/${tenant.id}/resume`);
    expect((await owner.call("POST", "/invitations/accept", { invitationId: id })).status).toBe(200);
  });
});

describe("a mail", () => {
  test("is sent once, though its message comes twice, late, or for a former round", async () => {
    const tenant = await system.newTenant();
    const email = address();
    const id = await invite(tenant, email);
    await settled(tenant, id, isSent);
    const before = (await mailsTo(email)).length;
    for (const [number, round] of [
      [0, 1],
      [1, 1],
      [0, 2],
    ] as const)
      await attempt(tenant, id, number, round);
    expect(await mailsTo(email)).toHaveLength(before);

    await tenant.call("POST", `/invitations/${id}/resend`);
    await settled(tenant, id, isSent);
    // A temporary password and a token that replace the former ones.
    expect(await mailsTo(email)).toHaveLength(before + 2);
    await attempt(tenant, id, 0, 1);
    expect(await mailsTo(email)).toHaveLength(before + 2);
  });

  test("is sent by the sweep when its message was lost or its worker died", async () => {
    const tenant = await system.newTenant();
    const email = address();
    const id = await invite(tenant, email);
    await settled(tenant, id, isSent);
    const before = (await mailsTo(email)).length;
    // As if the worker had died after its claim.
    await system.admin`update app.invitations set sent_at = null, send_due_at = now() - interval '1 s' where id = ${toUuid(id)}`;
    await sweepInvitations();
    await settled(tenant, id, isSent);
    expect(await mailsTo(email)).toHaveLength(before + 1);
    expect(await stored(id)).toMatchObject({ send_attempts: 2, send_due_at: null });
  });

  test("that is sent again changes no other invitation of the tenant", async () => {
    const tenant = await system.newTenant();
    const [sent, lost] = [await invite(tenant, address()), await invite(tenant, address())];
    for (const id of [sent, lost]) await settled(tenant, id, isSent);
    const before = await stored(sent);
    await system.admin`update app.invitations set sent_at = null, send_attempts = 0, send_due_at = now() where id = ${toUuid(lost)}`;
    await attempt(tenant, lost, 0);
    expect(await stored(lost)).toMatchObject({ send_attempts: 1, send_due_at: null });
    expect(await stored(sent)).toEqual(before);
  });

  test.each([
    ["was withdrawn", "status = 'withdrawn'"],
    ["has expired", "expires_at = now() - interval '1 s'"],
  ])("is not sent for an invitation that %s", async (_, change) => {
    const tenant = await system.newTenant();
    const id = await invite(tenant, address());
    await settled(tenant, id, isSent);
    await system.admin.unsafe(
      `update app.invitations set sent_at = null, send_attempts = 0, send_due_at = now() - interval '1 s', ${change} where id = '${toUuid(id)}'`,
    );
    await sweepInvitations();
    await attempt(tenant, id, 0);
    expect(await stored(id)).toMatchObject({ sent_at: null, send_attempts: 0 });
  });
});

test("a stage without a mail domain says when it has mailed nothing", async () => {
  const { MailSender: _, ...links } = JSON.parse(process.env["SST_RESOURCES_JSON"]!);
  vi.stubEnv("SST_RESOURCES_JSON", JSON.stringify(links));
  const tenant = await system.newTenant();
  /** Sends again in this process, which has no mail service. */
  const sendWithout = async (email: string) => {
    const id = await invite(tenant, email);
    await settled(tenant, id, isSent);
    const before = (await mailsTo(email)).length;
    await system.admin`update app.invitations set sent_at = null, send_attempts = 0, send_due_at = now() where id = ${toUuid(id)}`;
    await attempt(tenant, id, 0);
    const { sentAt, sendFailure } = (await tenant.call("GET", `/invitations/${id}`)).body;
    return [sentAt === null, sendFailure, (await mailsTo(email)).length - before];
  };
  // Another first password is mailed, which tells the person as much.
  expect(await sendWithout(address())).toEqual([false, null, 1]);
  const { email } = await system.newPerson({});
  expect(await sendWithout(email)).toEqual([true, "mail-not-configured", 0]);
});
