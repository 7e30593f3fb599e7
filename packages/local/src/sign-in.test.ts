import type { Id } from "@resolve/core/platform/id";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSystem, type TestSystem } from "./testing-system.ts";

let system: TestSystem;
/** Two tenants for all tests, since a tenant takes long to create. */
let tenant: Awaited<ReturnType<TestSystem["newTenant"]>>;
let other: typeof tenant;
beforeAll(async () => {
  system = await startSystem();
  tenant = await system.newTenant();
  other = await system.newTenant();
});
afterAll(() => system.close());

const unknownTenant = "ten_01k9x00000e0080000000000000" as Id<"tenant">;
const inside = (tenant: string, reason?: string) => ({
  "x-resolve-tenant": tenant,
  ...(reason && { "x-resolve-reason": reason }),
});

describe("the membership decides, not the token", () => {
  test("a person acts in the tenant of the only membership, with its role", async () => {
    const ada = await system.newPerson({ [tenant.id]: "user" });
    expect((await ada.call("GET", "/tenant")).body).toMatchObject({ id: tenant.id });
    const claiming = system.caller(await ada.token({ "custom:role": "admin", "cognito:groups": ["admin"] }));
    expect((await claiming("GET", "/api-keys")).body).toMatchObject({ status: 403, permission: "apikey:read" });
  });

  test("a document belongs to the person who created it", async () => {
    const ada = await system.newPerson({ [tenant.id]: "user" });
    const made = await ada.call("POST", "/documents", { name: "a.txt", text: "The notice period is three months." });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const [row] = await system.admin`select owner from app.documents where tenant_id = ${tenant.uuid}`;
    expect(row).toEqual({ owner: `user:${ada.id}` });
    const [entry] = await system.admin`
      select actor from app.audit_log where tenant_id = ${tenant.uuid} and action = 'document.create'`;
    expect(entry).toEqual({ actor: `user:${ada.id}` });
  });

  test("a token without a user, and a user without an active membership, may do nothing in a tenant", async () => {
    const nobody = await system.newPerson({});
    const removed = await system.newPerson({ [tenant.id]: "tenant_admin" });
    await system.admin`update app.memberships set status = 'removed' where user_id = ${removed.uuid}`;
    for (const person of [nobody, removed]) {
      expect((await person.call("GET", "/tenant")).body).toMatchObject({ status: 403, code: "forbidden" });
      expect((await person.call("GET", "/users/me")).body).toEqual({
        id: person.id,
        email: person.email,
        memberships: [],
      });
    }
  });
});

describe("X-Resolve-Tenant", () => {
  test("a member of two tenants names one, and sees both", async () => {
    const ada = await system.newPerson({ [tenant.id]: "user", [other.id]: "readonly" });
    expect((await ada.call("GET", "/tenant")).body).toMatchObject({ status: 400, code: "tenant-required" });
    for (const { id } of [tenant, other])
      expect((await ada.call("GET", "/tenant", undefined, inside(id))).body).toMatchObject({ id });
    const { body } = await ada.call("GET", "/users/me");
    expect(body.memberships).toEqual([
      expect.objectContaining({ tenantId: tenant.id, tenantName: "Acme", role: "user", status: "active" }),
      expect.objectContaining({ tenantId: other.id, role: "readonly" }),
    ]);
  });

  test("another tenant's id responds as a missing and a malformed one", async () => {
    const ada = await system.newPerson({ [tenant.id]: "tenant_admin" });
    const responses = await Promise.all(
      [other.id, unknownTenant, "x"].map((id) =>
        ada.call("GET", "/documents", undefined, inside(id, "support case 12")),
      ),
    );
    const comparable = responses.map(({ status, body: { requestId: _, ...body } }) => ({ status, body }));
    expect(comparable[0]).toMatchObject({ status: 404, body: { code: "not-found" } });
    expect(comparable[1]).toEqual(comparable[0]);
    expect(comparable[2]).toEqual(comparable[0]);
  });

  test("an operator enters a tenant with a reason, which the tenant's audit log has", async () => {
    const operator = await system.newPerson({ [system.platformId]: "admin" });
    expect((await operator.call("GET", "/tenants")).status).toBe(200);
    const refused = await operator.call("GET", "/documents", undefined, inside(tenant.id));
    expect(refused.body).toMatchObject({ status: 400, code: "reason-required" });
    const entered = await operator.call("GET", "/documents", undefined, inside(tenant.id, "support case 12"));
    expect(entered.status).toBe(200);
    const [entry] = await system.admin`
      select actor, detail from app.audit_log where tenant_id = ${tenant.uuid} and action = 'platform.enter'`;
    expect(entry).toMatchObject({ actor: `user:${operator.id}`, detail: { reason: "support case 12" } });
  });
});

test("an API key cannot use a route of people", async () => {
  const { status, body } = await tenant.call("GET", "/users/me");
  expect([status, body.code, body.detail]).toEqual([403, "forbidden", expect.stringContaining("access token")]);
});

test("an expired token, an ID token and one of another client get the same 401", async () => {
  const ada = await system.newPerson({ [tenant.id]: "user" });
  const claims = [{ exp: 1 }, { token_use: "id" }, { client_id: "another" }, { iss: "https://example.com" }];
  const responses = await Promise.all(claims.map(async (one) => system.caller(await ada.token(one))("GET", "/tenant")));
  const [first, ...others] = responses.map(({ status, body: { requestId: _, ...body } }) => ({ status, body }));
  expect(first).toMatchObject({ status: 401, body: { code: "unauthenticated", detail: "No valid credential" } });
  for (const other of others) expect(other).toEqual(first);
});
