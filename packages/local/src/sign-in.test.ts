import { fork } from "node:child_process";
import { once } from "node:events";
import type { Id } from "@resolve/core/platform/id";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { callerOf } from "../../acceptance/src/client.ts";
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

test("an administrator needs a second factor, and others and keys do not", async () => {
  const without = { hasSecondFactor: false };
  const admin = await system.newPerson({ [tenant.id]: "tenant_admin" }, undefined, without);
  const { status, body } = await admin.call("GET", "/tenant");
  expect([status, body.code, body.hint]).toEqual([403, "mfa-required", expect.stringContaining("authenticator")]);
  // What needs no tenant works, so that the person can see what is missing.
  expect((await admin.call("GET", "/users/me")).status).toBe(200);
  const reader = await system.newPerson({ [tenant.id]: "readonly" }, undefined, without);
  const protectedAdmin = await system.newPerson({ [tenant.id]: "tenant_admin" });
  for (const { call } of [reader, protectedAdmin, tenant]) expect((await call("GET", "/tenant")).status).toBe(200);
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

test("what one process changes takes effect in another one within 30 s", async () => {
  const env = { ...process.env, SST_RESOURCES_JSON: JSON.stringify(system.runtime.resources) };
  const child = fork(new URL("./testing-api.ts", import.meta.url), { env });
  try {
    const [apiUrl] = await once(child, "message");
    const people = {
      demoted: await system.newPerson({ [tenant.id]: "tenant_admin" }),
      removed: await system.newPerson({ [tenant.id]: "tenant_admin" }),
      signedOut: await system.newPerson({ [tenant.id]: "tenant_admin" }),
    };
    const { secret, apiKey } = (await tenant.call("POST", "/api-keys", { name: "leaked", role: "tenant_admin" })).body;
    const credentials = { key: secret as string } as Record<keyof typeof people | "key", string>;
    for (const [name, person] of Object.entries(people))
      credentials[name as keyof typeof people] = await person.token();
    const statuses = async () => {
      const entries = Object.entries(credentials).map(async ([name, credential]) => {
        const { status } = await callerOf(apiUrl, credential)("GET", "/api-keys");
        return [name, status];
      });
      return Object.fromEntries(await Promise.all(entries));
    };
    expect(await statuses()).toEqual({ key: 200, demoted: 200, removed: 200, signedOut: 200 });

    const changedAt = performance.now();
    await system.admin`update app.memberships set role = 'readonly' where user_id = ${people.demoted.uuid}`;
    await system.admin`update app.memberships set status = 'removed' where user_id = ${people.removed.uuid}`;
    expect((await people.signedOut.call("POST", "/users/me/sign-out")).status).toBe(204);
    expect((await tenant.call("DELETE", `/api-keys/${apiKey.id}`)).status).toBe(204);
    // In the process that did it at once.
    expect((await people.signedOut.call("GET", "/tenant")).status).toBe(401);
    await vi.waitFor(
      async () => expect(await statuses()).toEqual({ key: 401, demoted: 403, removed: 403, signedOut: 401 }),
      { timeout: 45_000, interval: 500 },
    );
    expect(performance.now() - changedAt).toBeLessThan(30_000);
  } finally {
    child.disconnect();
  }
});

describe("one's own account", () => {
  test("a member changes its name in one tenant, and the audit log has it", async () => {
    const ada = await system.newPerson({ [tenant.id]: "user", [other.id]: "user" });
    expect((await ada.call("PATCH", "/users/me", { name: "Ada" })).body.code).toBe("tenant-required");
    const renamed = await ada.call("PATCH", "/users/me", { name: " Ada L. " }, inside(tenant.id));
    expect(renamed.status, JSON.stringify(renamed.body)).toBe(200);
    const names = (memberships: { tenantId: string; name: string }[]) => memberships.map(({ name }) => name);
    expect(names(renamed.body.memberships)).toEqual(["Ada L.", null]);
    expect(names((await ada.call("GET", "/users/me")).body.memberships)).toEqual(["Ada L.", null]);
    const [entry] = await system.admin`
      select actor, detail from app.audit_log where tenant_id = ${tenant.uuid} and action = 'member.update'`;
    expect(entry).toEqual({ actor: `user:${ada.id}`, detail: { name: "Ada L." } });
    for (const change of [{ name: "" }, { name: "a".repeat(201) }, { role: "admin" }, {}])
      expect((await ada.call("PATCH", "/users/me", change, inside(tenant.id))).status).toBe(400);
  });

  test("a read-only member may not change it, and an API key has none", async () => {
    const reader = await system.newPerson({ [tenant.id]: "readonly" });
    expect((await reader.call("PATCH", "/users/me", { name: "R" })).body).toMatchObject({ permission: "user:write" });
    for (const [method, path] of [
      ["PATCH", "/users/me"],
      ["POST", "/users/me/sign-out"],
    ] as const)
      expect((await tenant.call(method, path, method === "PATCH" ? { name: "K" } : undefined)).status).toBe(403);
  });

  test("a sign-out ends the sessions before it, and a new sign-in works", async () => {
    const ada = await system.newPerson({ [tenant.id]: "user", [other.id]: "user" });
    expect((await ada.call("POST", "/users/me/sign-out")).status).toBe(204);
    expect((await ada.call("GET", "/users/me")).status).toBe(401);
    // A refreshed token keeps the time of its sign-in.
    const seconds = Math.floor(Date.now() / 1000);
    const refreshed = await ada.token({ iat: seconds + 5, auth_time: seconds - 5 });
    expect((await system.caller(refreshed)("GET", "/users/me")).status).toBe(401);
    const again = await ada.token({ auth_time: seconds + 5 });
    expect((await system.caller(again)("GET", "/users/me")).status).toBe(200);
  });
});
