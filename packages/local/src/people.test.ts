import { invitationToken, standingsOf } from "@resolve/core/identity";
import { systemCtx, withTx } from "@resolve/core/platform/context";
import { type Id, newId, toUuid } from "@resolve/core/platform/id";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Call } from "../../acceptance/src/client.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** Members of a tenant: what needs rows, another clock, or two changes at once. */

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
}, 120_000);
afterAll(() => system?.close());

type Tenant = Awaited<ReturnType<TestSystem["newTenant"]>>;
/** A member, as if the person had accepted an invitation. */
const addMember = async ({ uuid }: Tenant, role = "user", status = "active") => {
  const id = newId("user");
  const email = `${id}@people.example`;
  await system.admin`insert into app.users (id, email) values (${toUuid(id)}, ${email})`;
  await system.admin`insert into app.memberships (tenant_id, user_id, role, status) values (${uuid}, ${toUuid(id)}, ${role}, ${status})`;
  return { id, email };
};
const eventsOf = async (call: Call, subject: string) =>
  (await call("GET", "/events?limit=100")).body.data
    .filter((event: { subject: { id: string } }) => event.subject.id === subject)
    .map(({ type, data }: { type: string; data: object }) => [type, data]);
const auditOf = async (subject: string) =>
  (await system.admin`select action from app.audit_log where subject = ${subject} order by sequence`).map(
    ({ action }) => action,
  );

describe("an invitation", () => {
  type Person = Awaited<ReturnType<TestSystem["newPerson"]>>;
  /** An invitation, and the token that its mail has. */
  const invite = async (tenant: Tenant, email: string, role = "user", name?: string) => {
    const { status, body } = await tenant.call("POST", "/invitations", { email, role, name });
    expect(status, JSON.stringify(body)).toBe(201);
    const id = body.invitation.id as Id<"invitation">;
    return { id, token: await invitationToken(id, 1) };
  };
  const accept = ({ call }: Pick<Person, "call">, token: string) => call("POST", "/invitations/accept", { token });
  /** An account that no user has yet, as after the first sign-in. */
  const newAccount = async (email: string) => {
    const person = await system.newPerson({}, email);
    await system.admin`delete from app.users where id = ${person.uuid}`;
    return person;
  };
  const address = () => `${crypto.randomUUID()}@people.example`;

  test("makes its person a member, once; a repetition returns the membership", async () => {
    const tenant = await system.newTenant();
    const person = await newAccount(address());
    const { id, token } = await invite(tenant, person.email, "readonly", "Grace Hopper");
    expect((await person.call("GET", "/tenant")).status).toBe(403);
    const first = await accept(person, token);
    expect([first.status, first.body.tenantId]).toEqual([200, tenant.id]);
    const { user } = first.body;
    expect(user).toMatchObject({ email: person.email, role: "readonly", status: "active", name: "Grace Hopper" });
    expect((await accept(person, token)).body).toEqual(first.body);
    expect((await person.call("GET", "/tenant")).body.id).toBe(tenant.id);
    const { body } = await tenant.call("GET", `/invitations/${id}`);
    expect([body.status, body.userId]).toEqual(["accepted", user.id]);
    expect(await eventsOf(tenant.call, user.id)).toEqual([["member.joined", { role: "readonly", invitationId: id }]]);
    expect(await auditOf(user.id)).toEqual(["member.join"]);
    for (const [method, path] of [
      ["DELETE", ""],
      ["POST", "/resend"],
    ] as const)
      expect((await tenant.call(method, `/invitations/${id}${path}`)).body.state).toBe("accepted");
  });

  test("that is accepted ten times at once makes one member, one event and one audit entry", async () => {
    const tenant = await system.newTenant();
    const person = await newAccount(address());
    const { token } = await invite(tenant, person.email);
    const results = await Promise.all(Array.from({ length: 10 }, () => accept(person, token)));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set([200]));
    const [{ body }] = results as [(typeof results)[0]];
    expect(await eventsOf(tenant.call, body.user.id)).toHaveLength(1);
    expect(await auditOf(body.user.id)).toHaveLength(1);
  });

  test("for another address is refused in every state with the same words", async () => {
    const tenant = await system.newTenant();
    const [invited, other] = [await newAccount(address()), await system.newPerson({}, address())];
    const open = await invite(tenant, address());
    const withdrawn = await invite(tenant, address());
    await tenant.call("DELETE", `/invitations/${withdrawn.id}`);
    const accepted = await invite(tenant, invited.email);
    await accept(invited, accepted.token);
    const answers = [];
    for (const { token } of [open, withdrawn, accepted]) {
      const { requestId: _, ...body } = (await accept(other, token)).body;
      answers.push(body);
    }
    expect(answers[0]).toMatchObject({ status: 403, code: "invitation-for-another" });
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    expect((await tenant.call("GET", "/users")).body.data).toHaveLength(1);
  });

  test("that was withdrawn, has expired, was sent again or never existed says so", async () => {
    const tenant = await system.newTenant();
    const person = await newAccount(address());
    const codeOf = async (token: string) => {
      const { status, body } = await accept(person, token);
      return [status, body.code];
    };
    const withdrawn = await invite(tenant, person.email);
    await tenant.call("DELETE", `/invitations/${withdrawn.id}`);
    expect(await codeOf(withdrawn.token)).toEqual([410, "invitation-withdrawn"]);
    const { id, token } = await invite(tenant, person.email);
    await system.admin`update app.invitations set expires_at = now() where id = ${toUuid(id)}`;
    expect(await codeOf(token)).toEqual([410, "invitation-expired"]);
    await tenant.call("POST", `/invitations/${id}/resend`);
    expect(await codeOf(token)).toEqual([404, "invitation-invalid"]);
    expect(await codeOf("rsi_unknown")).toEqual([404, "invitation-invalid"]);
    expect((await codeOf(await invitationToken(id, 2)))[0]).toBe(200);
  });

  test("is accepted with a person's token only, and never with one in the address", async () => {
    const tenant = await system.newTenant();
    const { token } = await invite(tenant, address());
    expect((await accept(tenant, token)).body.code).toBe("forbidden");
    const person = await newAccount(address());
    expect((await person.call("POST", `/invitations/accept?token=${token}`)).status).toBe(400);
    expect((await person.call("POST", "/invitations/accept", { token: "" })).body.code).toBe("invalid-request");
  });

  test("does not let a removed member in again, but a new one does", async () => {
    const tenant = await system.newTenant();
    const person = await newAccount(address());
    const first = await invite(tenant, person.email, "tenant_admin");
    const { user } = (await accept(person, first.token)).body;
    await addMember(tenant, "tenant_admin");
    expect((await tenant.call("DELETE", `/users/${user.id}`)).status).toBe(204);
    expect((await person.call("GET", "/tenant")).status).toBe(403);
    expect((await accept(person, first.token)).body.code).toBe("invitation-used");
    const again = await invite(tenant, person.email, "readonly");
    const { body } = await accept(person, again.token);
    expect(body.user).toMatchObject({ id: user.id, role: "readonly", status: "active" });
  });

  test("does not end the suspension of a member, by neither the former nor an older one", async () => {
    const tenant = await system.newTenant();
    const person = await newAccount(address());
    const older = await invite(tenant, person.email);
    await system.admin`update app.invitations set expires_at = now() where id = ${toUuid(older.id)}`;
    const former = await invite(tenant, person.email);
    const { user } = (await accept(person, former.token)).body;
    expect((await tenant.call("PATCH", `/users/${user.id}`, { status: "suspended" })).status).toBe(200);
    expect((await tenant.call("POST", `/invitations/${older.id}/resend`)).status).toBe(200);
    for (const token of [former.token, await invitationToken(older.id, 2)]) {
      const { status, body } = await accept(person, token);
      expect([status, body.detail]).toEqual([403, expect.stringMatching(/^Your membership is suspended/)]);
    }
    expect((await person.call("GET", "/tenant")).body.detail).toMatch(/^Your membership is suspended/);
    expect((await tenant.call("GET", `/users/${user.id}`)).body.status).toBe("suspended");
  });

  test("is sent to an address ten times within a day, also when it is withdrawn in between", async () => {
    const tenant = await system.newTenant();
    const email = address();
    const first = await invite(tenant, email);
    for (let times = 2; times <= 9; times++)
      expect((await tenant.call("POST", `/invitations/${first.id}/resend`)).status).toBe(200);
    await tenant.call("DELETE", `/invitations/${first.id}`);
    const tenth = await invite(tenant, email);
    const refused = await tenant.call("POST", `/invitations/${tenth.id}/resend`);
    await tenant.call("DELETE", `/invitations/${tenth.id}`);
    const again = await tenant.call("POST", "/invitations", { email, role: "user" });
    for (const { status, body } of [refused, again])
      expect([status, body.code, body.limited]).toEqual([409, "limit-reached", "rounds"]);
    await invite(tenant, address());
    await system.admin`update app.invitations set id = overlay(id::text placing left(app.uuid_floor(now() - interval '2 days')::text, 13) from 1)::uuid,
      sent_at = null, send_due_at = null where tenant_id = ${tenant.uuid}`;
    await invite(tenant, email);
  });

  test("of a second tenant gives a person both", async () => {
    const [tenant, other] = [await system.newTenant(), await system.newTenant()];
    const person = await newAccount(address());
    for (const one of [tenant, other]) await accept(person, (await invite(one, person.email)).token);
    const { memberships } = (await person.call("GET", "/users/me")).body;
    expect(memberships.map(({ tenantId }: { tenantId: string }) => tenantId).sort()).toEqual(
      [tenant.id, other.id].sort(),
    );
    // Leaving one changes nothing in the other.
    const { id } = (await tenant.call("GET", "/users")).body.data[0];
    await tenant.call("DELETE", `/users/${id}`);
    expect((await person.call("GET", "/tenant")).body.id).toBe(other.id);
  });

  test("is void when the administrator who sent it is removed, suspended or demoted", async () => {
    const tenant = await system.newTenant();
    await addMember(tenant, "tenant_admin");
    for (const change of [undefined, { status: "suspended" }, { role: "user" }]) {
      const admin = await system.newPerson({ [tenant.id]: "tenant_admin" });
      const friend = await newAccount(address());
      const { token } = await invite({ ...tenant, call: admin.call }, friend.email, "tenant_admin");
      await tenant.call(change ? "PATCH" : "DELETE", `/users/${admin.id}`, change);
      expect((await accept(friend, token)).body.code).toBe("invitation-withdrawn");
    }
  });
});

test("a member reads and names only itself, and changes neither its role nor its state", async () => {
  const tenant = await system.newTenant();
  const [person, other] = [await system.newPerson({ [tenant.id]: "user" }), await addMember(tenant)];
  expect((await person.call("GET", "/users")).body.data.map(({ id }: { id: string }) => id)).toEqual([person.id]);
  expect((await person.call("GET", `/users/${person.id}`)).status).toBe(200);
  expect((await person.call("PATCH", `/users/${person.id}`, { name: "Grace" })).body.name).toBe("Grace");
  for (const change of [{ role: "tenant_admin" }, { role: "readonly" }, { status: "active" }])
    expect((await person.call("PATCH", `/users/${person.id}`, change)).body.code).toBe("forbidden");
  for (const [method, body] of [
    ["GET", undefined],
    ["PATCH", { name: "Eve" }],
    ["DELETE", undefined],
  ] as const)
    expect((await person.call(method, `/users/${other.id}`, body)).body.code).toBe("forbidden");
  expect((await person.call("DELETE", `/users/${person.id}`)).status).toBe(204);
  expect((await person.call("GET", "/tenant")).status).toBe(403);
});

describe("a member", () => {
  test("is listed by role and state, page by page, without other tenants' members", async () => {
    const [tenant, other] = [await system.newTenant(), await system.newTenant()];
    const admin = await addMember(tenant, "tenant_admin");
    const user = await addMember(tenant);
    const gone = await addMember(tenant, "user", "removed");
    await addMember(other);
    const ids = async (query: string) =>
      (await tenant.call("GET", `/users?${query}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids("")).toEqual([user.id, admin.id]);
    expect(await ids("role=tenant_admin")).toEqual([admin.id]);
    expect(await ids("status=removed")).toEqual([gone.id]);
    expect(await ids("status=suspended")).toEqual([]);
    const first = (await tenant.call("GET", "/users?limit=1")).body;
    expect([first.data[0].id, first.hasMore]).toEqual([user.id, true]);
    expect(await ids(`limit=1&cursor=${first.nextCursor}`)).toEqual([admin.id]);
    expect((await other.call("GET", `/users/${user.id}`)).body.code).toBe("not-found");
  });

  test("gets another role, is suspended and resumed, each with its event and audit entry", async () => {
    const tenant = await system.newTenant();
    const { id } = await addMember(tenant);
    const read = await tenant.call("GET", `/users/${id}`);
    const etag = read.headers.get("etag")!;
    const raised = await tenant.call("PATCH", `/users/${id}`, { role: "readonly" }, { "if-match": etag });
    expect([raised.status, raised.body.role]).toEqual([200, "readonly"]);
    const stale = await tenant.call("PATCH", `/users/${id}`, { role: "user" }, { "if-match": etag });
    expect([stale.status, stale.body.code]).toEqual([412, "precondition-failed"]);
    for (const status of ["suspended", "suspended", "active"])
      expect((await tenant.call("PATCH", `/users/${id}`, { status })).body.status).toBe(status);
    expect(await eventsOf(tenant.call, id)).toEqual([
      ["member.role_changed", { role: "readonly", formerRole: "user" }],
      ["member.suspended", {}],
      ["member.resumed", {}],
    ]);
    expect(await auditOf(id)).toEqual(["member.update", "member.update", "member.update"]);
  });

  test("who is suspended has no rights in this tenant, whatever another one gives", async () => {
    const [tenant, other] = [await system.newTenant(), await system.newTenant()];
    const { id } = await system.newPerson({ [tenant.id]: "user", [other.id]: "tenant_admin" });
    const ctx = systemCtx({ tenantId: tenant.id, job: "test" });
    const actor = `user:${id}`;
    const standing = async () => (await withTx(ctx, (ctx) => standingsOf(ctx, [actor]))).get(actor)?.role;
    expect(await standing()).toBe("user");
    await tenant.call("PATCH", `/users/${id}`, { status: "suspended" });
    expect(await standing()).toBeUndefined();
  });

  test("that is removed keeps its documents, loses its keys and invitations, and no other tenant's", async () => {
    const [tenant, other] = [await system.newTenant(), await system.newTenant()];
    await addMember(tenant, "tenant_admin");
    const { id, email } = await addMember(tenant, "tenant_admin");
    await system.admin`insert into app.memberships (tenant_id, user_id, role) values (${other.uuid}, ${toUuid(id)}, 'user')`;
    const create = async () => (await tenant.call("POST", "/api-keys", { name: "theirs", role: "tenant_admin" })).body;
    const [theirs, mine] = [await create(), await create()];
    await system.admin`update app.api_keys set created_by = ${`user:${id}`} where id = ${toUuid(theirs.apiKey.id)}`;
    const child = (await system.caller(theirs.secret)("POST", "/api-keys", { name: "child" })).body;
    const wanted = { email: "eve@people.example", role: "tenant_admin" };
    const { invitation } = (await system.caller(theirs.secret)("POST", "/invitations", wanted)).body;
    const { document } = (await tenant.call("POST", "/documents", { name: "a.txt", text: "Words." })).body;
    await system.admin`update app.documents set owner = ${`user:${id}`} where id = ${toUuid(document.id)}`;

    for (const _ of [1, 2]) expect((await tenant.call("DELETE", `/users/${id}`)).status).toBe(204);

    expect((await tenant.call("GET", `/users/${id}`)).body).toMatchObject({ status: "removed", email });
    for (const { secret } of [theirs, child]) expect((await system.caller(secret)("GET", "/tenant")).status).toBe(401);
    expect((await system.caller(mine.secret)("GET", "/tenant")).status).toBe(200);
    expect((await tenant.call("GET", `/invitations/${invitation.id}`)).body.status).toBe("withdrawn");
    expect((await tenant.call("GET", `/documents/${document.id}`)).status).toBe(200);
    expect((await other.call("GET", `/users/${id}`)).body.status).toBe("active");
    expect(await eventsOf(tenant.call, id)).toEqual([["member.removed", { apiKeysRevoked: 2 }]]);
    const changed = await tenant.call("PATCH", `/users/${id}`, { status: "active" });
    expect([changed.status, changed.body.code, changed.body.state]).toEqual([409, "user-conflict", "removed"]);
  });

  test("leaves its keys behind where the administrator wants it", async () => {
    const tenant = await system.newTenant();
    const { id } = await addMember(tenant);
    const { apiKey, secret } = (await tenant.call("POST", "/api-keys", { name: "ci" })).body;
    await system.admin`update app.api_keys set created_by = ${`user:${id}`} where id = ${toUuid(apiKey.id)}`;
    expect((await tenant.call("DELETE", `/users/${id}?apiKeys=keep`)).status).toBe(204);
    expect((await system.caller(secret)("GET", "/tenant")).status).toBe(200);
  });

  test("is not invited again before it is removed", async () => {
    const tenant = await system.newTenant();
    for (const status of ["active", "suspended", "removed"]) {
      const { id, email } = await addMember(tenant, "user", status);
      const { status: code, body } = await tenant.call("POST", "/invitations", { email, role: "user" });
      if (status === "removed") expect(code).toBe(201);
      else expect([code, body.code, body.userId, body.state]).toEqual([409, "member-exists", id, status]);
    }
  });
});

describe("the last administrator", () => {
  test("can be neither removed, demoted nor suspended", async () => {
    const tenant = await system.newTenant();
    const { id } = await addMember(tenant, "tenant_admin");
    await addMember(tenant, "tenant_admin", "suspended");
    await addMember(tenant, "tenant_admin", "removed");
    await addMember(tenant, "user");
    for (const [method, body] of [
      ["DELETE", undefined],
      ["PATCH", { role: "user" }],
      ["PATCH", { status: "suspended" }],
    ] as const) {
      const refused = await tenant.call(method, `/users/${id}`, body);
      expect([refused.status, refused.body.code]).toEqual([409, "last-administrator"]);
    }
    expect((await tenant.call("PATCH", `/users/${id}`, { name: "Ada" })).status).toBe(200);
  });

  test("stays when two administrators are removed, demoted or suspended at once, however often it is tried", async () => {
    const tenant = await system.newTenant();
    const changes = [
      ["DELETE", undefined],
      ["PATCH", { role: "user" }],
      ["PATCH", { status: "suspended" }],
    ] as const;
    for (let round = 0; round < 9; round += 1) {
      await system.admin`update app.memberships set status = 'removed' where tenant_id = ${tenant.uuid}`;
      const [first, second] = [await addMember(tenant, "tenant_admin"), await addMember(tenant, "tenant_admin")];
      const [one, two] = [changes[round % 3]!, changes[Math.floor(round / 3)]!];
      const results = await Promise.all([
        tenant.call(one[0], `/users/${first.id}`, one[1]),
        tenant.call(two[0], `/users/${second.id}`, two[1]),
      ]);
      expect(results.filter(({ status }) => status < 300)).toHaveLength(1);
      expect(results.filter(({ body }) => body?.code === "last-administrator")).toHaveLength(1);
      const { data } = (await tenant.call("GET", "/users?role=tenant_admin&status=active")).body;
      expect(data).toHaveLength(1);
    }
  });
});

test("a key without the permissions of a member changes neither its role nor its membership", async () => {
  const tenant = await system.newTenant();
  await addMember(tenant, "tenant_admin");
  const { id } = await addMember(tenant, "tenant_admin");
  const scoped = { name: "people", role: "tenant_admin", scopes: ["user:read", "user:write"] };
  const bound = system.caller((await tenant.call("POST", "/api-keys", scoped)).body.secret);
  for (const [method, body] of [
    ["DELETE", undefined],
    ["PATCH", { role: "user" }],
    ["PATCH", { status: "suspended" }],
  ] as const)
    expect((await bound(method, `/users/${id}`, body)).body.code).toBe("forbidden");
  const user = await addMember(tenant, "readonly");
  expect((await bound("PATCH", `/users/${user.id}`, { role: "tenant_admin" })).body.code).toBe("forbidden");
});

test("an invitation expires by the clock alone, can be sent again, and its address invited again", async () => {
  const tenant = await system.newTenant();
  const invite = async (email: string) => (await tenant.call("POST", "/invitations", { email, role: "user" })).body;
  const [first, second] = [await invite("a@people.example"), await invite("b@people.example")];
  const { invitation: withdrawn } = await invite("c@people.example");
  await tenant.call("DELETE", `/invitations/${withdrawn.id}`);
  await system.admin`update app.invitations set expires_at = now() - interval '1 second' where tenant_id = ${tenant.uuid}`;
  const states = async () =>
    (await tenant.call("GET", "/invitations")).body.data.map(({ status }: { status: string }) => status);
  expect(await states()).toEqual(["withdrawn", "expired", "expired", "expired"]);
  expect((await tenant.call("GET", "/invitations?status=expired")).body.data).toHaveLength(3);
  const resent = await tenant.call("POST", `/invitations/${first.invitation.id}/resend`);
  expect([resent.status, resent.body.status]).toEqual([200, "pending"]);
  expect((await invite("b@people.example")).invitation.status).toBe("pending");
  const late = await tenant.call("POST", `/invitations/${second.invitation.id}/resend`);
  expect([late.status, late.body.code]).toEqual([409, "invitation-exists"]);
});

describe("keys and invitations of somebody whose role ends", () => {
  const newKey = async (call: Call, more: object) => {
    const { status, body } = await call("POST", "/api-keys", { name: "own", role: "tenant_admin", ...more });
    expect(status, JSON.stringify(body)).toBe(201);
    return { id: body.apiKey.id, call: system.caller(body.secret) };
  };
  /** An administrator with a key, which has made two others. */
  const administrator = async () => {
    const tenant = await system.newTenant();
    // Not the last one.
    await addMember(tenant, "tenant_admin");
    const person = await system.newPerson({ [tenant.id]: "tenant_admin" });
    const own = await newKey(person.call, {});
    return {
      tenant,
      person,
      own,
      keys: [own, await newKey(own.call, {}), await newKey(own.call, { role: "readonly" })],
    };
  };
  const statuses = (keys: { call: Call }[]) =>
    Promise.all(keys.map(async ({ call }) => (await call("GET", "/tenant")).status));

  test("are void with a suspension", async () => {
    const { tenant, person, keys } = await administrator();
    expect(await statuses(keys)).toEqual([200, 200, 200]);
    await tenant.call("PATCH", `/users/${person.id}`, { status: "suspended" });
    expect(await statuses(keys)).toEqual([401, 401, 401]);
  });

  test("are void with a lesser role, as far as they exceed it", async () => {
    const { tenant, person, keys } = await administrator();
    await tenant.call("PATCH", `/users/${person.id}`, { role: "user" });
    expect(await statuses(keys)).toEqual([401, 401, 200]);
  });

  test("invitations are void with their key and do not outlive it, and one that is limited to addresses gives nobody a role", async () => {
    const { tenant, own } = await administrator();
    const invited = { email: "grace@keys.example", role: "tenant_admin" };
    const { invitation } = (await own.call("POST", "/invitations", invited)).body;
    await tenant.call("DELETE", `/api-keys/${own.id}`);
    expect((await tenant.call("GET", `/invitations/${invitation.id}`)).body.status).toBe("withdrawn");

    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const short = await newKey(tenant.call, { expiresAt });
    expect((await short.call("POST", "/invitations", invited)).body.invitation.expiresAt).toBe(expiresAt);

    const here = await newKey(tenant.call, { addresses: ["127.0.0.1/32"] });
    expect((await here.call("POST", "/invitations", { ...invited, email: "x@keys.example" })).status).toBe(403);
    const { id } = await addMember(tenant);
    expect((await here.call("PATCH", `/users/${id}`, { role: "tenant_admin" })).body.code).toBe("forbidden");
  });
});

test("a change of one member fails no request of others, who are read at the same moment", async () => {
  const [tenant, other] = [await system.newTenant(), await system.newTenant()];
  const { id } = await addMember(tenant);
  const readers = await Promise.all(Array.from({ length: 3 }, () => system.newPerson({ [other.id]: "user" })));
  const found: number[] = [];
  let isOver = false;
  const reading = readers.map(async ({ call }) => {
    while (!isOver) found.push((await call("GET", "/tenant")).status);
  });
  for (let n = 0; n < 30; n++) await tenant.call("PATCH", `/users/${id}`, { role: n % 2 === 0 ? "readonly" : "user" });
  isOver = true;
  await Promise.all(reading);
  expect(found.length).toBeGreaterThan(30);
  expect(new Set(found)).toEqual(new Set([200]));
});
