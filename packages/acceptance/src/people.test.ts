import { describe, expect, test } from "vitest";
import type { Call } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** Invitations and members as an administrator's key sees them. */

const email = () => `p${crypto.randomUUID()}@people.example`;
const invite = async (call: Call, more: object = {}) => {
  const { status, body } = await call("POST", "/invitations", { email: email(), role: "user", ...more });
  expect([status, body.errors ?? body.code], JSON.stringify(body)).toEqual([201, undefined]);
  return body.invitation;
};
const withKey = async (call: Call, key: object): Promise<Call> =>
  system.caller((await call("POST", "/api-keys", { name: "test", ...key })).body.secret);
const eventsOf = async (call: Call, type: string) =>
  (await call("GET", `/events?limit=100&types=${type}`)).body.data.map(
    ({ subject, data }: { subject: { id: string }; data: object }) => [subject.id, data],
  );

describe("an invitation", () => {
  test("is created with its event, is valid for seven days, and shows no token", async () => {
    const { call } = await system.newTenant();
    const address = email();
    const made = await call("POST", "/invitations", { email: address.toUpperCase(), role: "user", name: " Grace " });
    const { invitation } = made.body;
    expect([made.status, invitation.email, invitation.name, invitation.role]).toEqual([201, address, "Grace", "user"]);
    expect([invitation.status, invitation.userId, invitation.acceptedAt]).toEqual(["pending", null, null]);
    const days = (Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt)) / 86_400_000;
    expect(days).toBeCloseTo(7, 2);
    expect(JSON.stringify(made.body)).not.toMatch(/token|rsi_/);
    const read = await call("GET", `/invitations/${invitation.id}`);
    expect([read.status, read.body.email, read.headers.get("etag")]).toEqual([200, address, expect.any(String)]);
    expect(await eventsOf(call, "member.invited")).toContainEqual([invitation.id, { role: "user" }]);
  });

  test("of the administrator is made by the onboarding", async () => {
    const { call } = await system.newTenant();
    const [first] = (await call("GET", "/invitations")).body.data;
    expect(first).toMatchObject({ email: "ada@acme.example", role: "tenant_admin", status: "pending" });
  });

  test("says the same of an address that another tenant has invited", async () => {
    const [mine, other] = [await system.newTenant(), await system.newTenant()];
    const address = email();
    await invite(other.call, { email: address });
    const shown = await invite(mine.call, { email: address });
    const unheard = await invite(mine.call);
    expect(Object.keys(shown)).toEqual(Object.keys(unheard));
    // An id contains the time of its creation: that of a user would be older than the invitation.
    expect([shown.userId, unheard.userId]).toEqual([null, null]);
  });

  test("is made once for an address, whatever the case of its letters", async () => {
    const { call } = await system.newTenant();
    const first = await invite(call, { email: "Grace@people.example" });
    const { status, body } = await call("POST", "/invitations", { email: "grace@PEOPLE.example", role: "readonly" });
    expect([status, body.code, body.invitationId]).toEqual([409, "invitation-exists", first.id]);
  });

  test("is made once by ten requests at the same time", async () => {
    const { call } = await system.newTenant();
    const address = email();
    const made = await Promise.all(
      Array.from({ length: 10 }, () => call("POST", "/invitations", { email: address, role: "user" })),
    );
    expect(made.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
  });

  test("that was withdrawn stays withdrawn, and the address can be invited again", async () => {
    const { call } = await system.newTenant();
    const address = email();
    const { id } = await invite(call, { email: address });
    for (const _ of [1, 2]) expect((await call("DELETE", `/invitations/${id}`)).status).toBe(204);
    expect((await call("GET", `/invitations/${id}`)).body.status).toBe("withdrawn");
    const resent = await call("POST", `/invitations/${id}/resend`);
    expect([resent.status, resent.body.code, resent.body.state]).toEqual([409, "invitation-conflict", "withdrawn"]);
    expect((await invite(call, { email: address })).id).not.toBe(id);
  });

  test("can be sent ten times", async () => {
    const { call } = await system.newTenant();
    const { id, expiresAt } = await invite(call);
    for (let round = 2; round <= 10; round += 1)
      expect((await call("POST", `/invitations/${id}/resend`)).status).toBe(200);
    const { body } = await call("GET", `/invitations/${id}`);
    expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.parse(expiresAt));
    const refused = await call("POST", `/invitations/${id}/resend`);
    expect([refused.status, refused.body.code, refused.body.limit]).toEqual([409, "limit-reached", 10]);
  });

  test("never gives a role with permissions that the caller lacks", async () => {
    const { id, call } = await system.newTenant();
    const bound = await withKey(call, { role: "tenant_admin", scopes: ["invitation:write", "search:query"] });
    for (const role of ["tenant_admin", "user", "readonly"]) {
      const { status, body } = await bound("POST", "/invitations", { email: email(), role });
      expect([status, body.code], role).toEqual([403, "forbidden"]);
      expect(body.permissions.length).toBeGreaterThan(0);
    }
    const operator = await call("POST", "/invitations", { email: email(), role: "admin" });
    expect([operator.status, operator.body.code]).toEqual([403, "forbidden"]);
    const inside = { "x-resolve-tenant": id, "x-resolve-reason": "testing the roles of invitations" };
    const entered = await system.operator("POST", "/invitations", { email: email(), role: "admin" }, inside);
    expect([entered.status, entered.body.errors?.[0].path]).toEqual([400, "/role"]);
  });

  test("that is sent again does not give a role that the sender lacks", async () => {
    const { call } = await system.newTenant();
    const { id } = await invite(call, { role: "tenant_admin" });
    const bound = await withKey(call, { role: "tenant_admin", scopes: ["invitation:write"] });
    expect((await bound("POST", `/invitations/${id}/resend`)).body.code).toBe("forbidden");
  });

  test("is refused beyond the tenant's limit, which withdrawing does not free at once", async () => {
    const { id, call } = await system.newTenant();
    await system.operator("PATCH", `/tenants/${id}/limits`, { invitations: 2 });
    const second = await invite(call);
    for (const _ of [1, 2]) {
      const { status, body } = await call("POST", "/invitations", { email: email(), role: "user" });
      expect([status, body.code, body.limited]).toEqual([409, "limit-reached", "invitations"]);
      await call("DELETE", `/invitations/${second.id}`);
    }
  });

  test("is listed by its state, page by page", async () => {
    const { call } = await system.newTenant();
    const made = [await invite(call), await invite(call), await invite(call)].map(({ id }) => id);
    await call("DELETE", `/invitations/${made[0]}`);
    const ids = async (query: string) => {
      const { body } = await call("GET", `/invitations?${query}`);
      return [body.data.map(({ id }: { id: string }) => id), body.nextCursor];
    };
    const [page, cursor] = await ids("status=pending&limit=1");
    expect(page).toEqual([made[2]]);
    expect((await ids(`status=pending&limit=1&cursor=${cursor}`))[0]).toEqual([made[1]]);
    expect(await ids("status=withdrawn")).toEqual([[made[0]], null]);
    expect(await ids("status=expired")).toEqual([[], null]);
    expect((await call("GET", "/invitations?status=lost")).body.code).toBe("invalid-request");
  });

  test.each([
    [{ email: "nobody", role: "user" }, "/email"],
    [{ email: `${"a".repeat(250)}@b.example`, role: "user" }, "/email"],
    [{ email: "a@b.example", role: "constructor" }, "/role"],
    [{ email: "a@b.example", role: "user", name: " " }, "/name"],
    [{ email: "a@b.example", role: "user", token: "x" }, "/token"],
    [{ role: "user" }, "/email"],
  ])("is not made of %j", async (wrong, path) => {
    const { call } = await system.newTenant();
    const { status, body } = await call("POST", "/invitations", wrong);
    expect([status, body.errors?.[0].path]).toEqual([400, path]);
  });

  test("that is repeated with its Idempotency-Key is one invitation", async () => {
    const { call } = await system.newTenant();
    const headers = { "idempotency-key": crypto.randomUUID() };
    const wanted = { email: email(), role: "user" };
    const [first, again] = [
      await call("POST", "/invitations", wanted, headers),
      await call("POST", "/invitations", wanted, headers),
    ];
    expect([again.status, again.body]).toEqual([201, first.body]);
  });
});

test("keys of the roles user and readonly neither invite nor see other members", async () => {
  const { call } = await system.newTenant();
  for (const role of ["user", "readonly"]) {
    const lesser = await withKey(call, { role });
    for (const path of ["/invitations", `/invitations/${unknownId("inv")}`])
      expect((await lesser("GET", path)).body.code, `${role} ${path}`).toBe("forbidden");
    expect((await lesser("GET", "/users")).body.data).toEqual([]);
    expect((await lesser("POST", "/invitations", { email: email(), role })).body.code).toBe("forbidden");
  }
});
