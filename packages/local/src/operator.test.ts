import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toId, toUuid } from "@resolve/core/platform/id";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { callerOf } from "../../acceptance/src/client.ts";
import { buildProgram } from "../../cli/src/program.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** The operator and the administrators of a tenant at the command line, and a suspension in a second process. */
let system: TestSystem;
const folder = mkdtempSync(join(tmpdir(), "operator-"));
beforeAll(async () => {
  system = await startSystem();
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
  return system?.close();
});

/** Runs a command with a key, and returns what it prints, the codes it sets, and its error. */
const runAs = async (key: string, ...args: string[]) => {
  const lines: string[] = [];
  const codes: number[] = [];
  const env = { RESOLVE_API_URL: system.runtime.apiUrl, RESOLVE_API_KEY: key };
  const print = (line: string) => lines.push(line);
  const program = buildProgram({ print, exitWith: (code) => codes.push(code), env, cwd: "/" });
  const error: unknown = await program.parseAsync(args, { from: "user" }).then(
    () => undefined,
    (error) => error,
  );
  return { lines, codes, error };
};
/** Runs a command with a key, and returns what it prints. @throws Error of the command */
const resolveAs = async (key: string, ...args: string[]): Promise<string[]> => {
  const { lines, error } = await runAs(key, ...args);
  if (error !== undefined) throw error;
  return lines;
};

test("the operator lists, shows, changes, suspends and resumes tenants", async () => {
  const { id, key } = await system.newTenant();
  const operator = (...args: string[]) => resolveAs(system.runtime.adminApiKey, "tenants", ...args);
  expect((await operator("list")).join("\n")).toContain(id);
  const [changed] = await operator("update", id, "--name", "Halden Optics", "--plan", "free");
  expect(changed).toMatch(new RegExp(`^${id} +(active|onboarding) +free +Halden Optics$`));
  const suspended = await operator("suspend", id, "The invoice is not paid.");
  expect(suspended[0]).toContain("suspended");
  expect(suspended[1]).toMatch(/^ {4}suspended since 20\S+: The invoice is not paid\.$/);
  expect(await operator("list", "--status", "suspended")).toEqual(suspended);
  await expect(resolveAs(key, "documents")).rejects.toThrow("The invoice is not paid.");
  const shown = await operator("show", id);
  expect(shown.slice(0, 2)).toEqual(suspended);
  expect(shown).toContain("documents    none");
  expect(shown).toContain("people       0 active, 0 suspended, 1 invited");
  expect(shown.join("\n")).toMatch(/searches +0 of 10000/);
  const [json] = await operator("show", id).then(() =>
    resolveAs(system.runtime.adminApiKey, "--json", "tenants", "show", id),
  );
  expect(JSON.parse(json!).counts.apiKeys).toBe(1);
  expect((await operator("resume", id)).join()).not.toContain("suspended");
  expect(await operator("list", "--status", "suspended")).toEqual([]);
  expect(await resolveAs(key, "documents")).toEqual([]);
});

test("the tenant of the operators cannot be suspended", async () => {
  const [platform] = await system.admin<{ id: string }[]>`select id from app.tenants where is_platform`;
  const path = `/tenants/${toId("tenant", platform!.id)}/suspend`;
  const { status, body } = await system.operator("POST", path, { reason: "A test" });
  expect([status, body.code]).toEqual([404, "not-found"]);
});

test("the operator sees how many members, invitations, keys and endpoints of a tenant are in use", async () => {
  const { id, uuid, call } = await system.newTenant();
  const counts = async () => (await system.operator("GET", `/tenants/${id}`)).body.counts;
  const { invitations, apiKeys, members } = await counts();
  const person = await system.newPerson({ [id]: "user" });
  const invitation = (await call("POST", "/invitations", { email: "bob@acme.example", role: "user" })).body.invitation;
  const key = (await call("POST", "/api-keys", { name: "second", role: "readonly" })).body.apiKey;
  const url = `${system.runtime.apiUrl}/health`;
  const { webhook } = (await call("POST", "/webhooks", { url, eventTypes: ["document.ready"] })).body;
  const used = { members: members + 1, invitations: invitations + 1, apiKeys: apiKeys + 1, enabledWebhooks: 1 };
  expect(await counts()).toMatchObject({ ...used, suspendedMembers: 0, disabledWebhooks: 0 });

  await call("PATCH", `/users/${person.id}`, { status: "suspended" });
  await system.admin`update app.invitations set expires_at = now() where tenant_id = ${uuid} and id = ${toUuid(invitation.id)}`;
  await call("DELETE", `/api-keys/${key.id}`);
  for (const [sequence, status] of ["pending", "held", "delivered", "failed"].entries())
    await system.admin`insert into app.webhook_deliveries (tenant_id, id, event_id, webhook_id, event_type, sequence, status)
      values (${uuid}, app.uuid7(), app.uuid7(), ${toUuid(webhook.id)}, 'document.ready', ${sequence}, ${status})`;
  const { health } = (await system.operator("GET", `/tenants/${id}`)).body;
  expect(health.unfinishedDeliveries).toBe(2);
  await call("POST", `/webhooks/${webhook.id}/disable`);
  const left = { members, invitations, apiKeys, enabledWebhooks: 0, suspendedMembers: 1, disabledWebhooks: 1 };
  expect(await counts()).toMatchObject(left);
});

test("a question without an answer ends with exit code 3", async () => {
  const { key, call } = await system.newTenant();
  const ask = (...args: string[]) => runAs(key, "answer", ...args);
  expect((await ask("When are returns accepted?")).codes).toEqual([3]);
  const created = await call("POST", "/documents", { name: "note", text: "Returns are accepted within thirty days." });
  const read = async () => (await call("GET", `/documents/${created.body.document.id}`)).body.status;
  await expect.poll(read, { timeout: 60_000 }).toBe("ready");
  expect((await ask("When are returns accepted?")).codes).toEqual([]);
  const [file, empty] = [join(folder, "questions.txt"), join(folder, "empty.txt")];
  writeFileSync(file, "# with an answer\nWhen are returns accepted?\n\n# without\nWho is the landlord?\n");
  const { lines, codes } = await ask("--file", file);
  expect(codes).toEqual([]);
  expect(lines).toEqual([
    expect.stringMatching(/^[01]\.\d{3} {2}When are returns accepted\? {2}“Returns .*” \(note\)$/),
    "0.000  Who is the landlord?  no answer",
  ]);
  writeFileSync(empty, "# nothing yet\n");
  expect(String((await ask("--file", empty)).error)).toContain("has no question");
  expect(String((await ask("Who?", "--file", file)).error)).toContain("not both");
}, 90_000);

test("creating a tenant and retrying its onboarding wait for its end, and a failure is an error", async () => {
  const file = join(folder, "faq.txt");
  writeFileSync(file, "Returns are accepted within thirty days.");
  const seed = ["--seed-question", "When are returns accepted?", "--seed-answer", "forty days"];
  const onboard = ["onboard", "Halden Optics", "--email", "ida@halden.example", "--documents", file, ...seed];
  const { lines, error } = await runAs(system.runtime.adminApiKey, ...onboard);
  expect(lines.join("\n")).toMatch(/^tenant .*\napi key .*\nonboarding .*\nfailed /);
  expect(String(error)).toContain("The onboarding failed.");
  const key = /^api key +(\S+)$/.exec(lines[1]!)![1]!;
  await expect(resolveAs(key, "onboarding")).rejects.toThrow("The onboarding failed.");
  const [retried] = await resolveAs(key, "onboarding", "--retry", "--seed-answer", "thirty days");
  expect(retried).toMatch(/^completed /);
  const waiting = await resolveAs(
    system.runtime.adminApiKey,
    "onboard",
    "Brightwater",
    "--email",
    "ida@halden.example",
  );
  expect(waiting[3]).toMatch(/^waiting /);
}, 120_000);

test("an administrator invites, sends again and withdraws, and manages members", async () => {
  const tenant = await system.newTenant();
  const admin = (...args: string[]) => resolveAs(tenant.key, ...args);
  const [invited] = await admin("invitations", "invite", "Grace@people.example", "--role", "readonly");
  const id = invited!.split(" ")[0]!;
  expect(invited).toMatch(/^inv_\S+ +pending +readonly +grace@people\.example +until 20\d\d-\d\d-\d\d$/);
  expect((await admin("invitations", "resend", id))[0]).toContain("pending");
  expect(await admin("invitations", "list", "--status", "pending")).toHaveLength(2);
  expect(await admin("invitations", "withdraw", id)).toEqual([`${id} is withdrawn`]);
  expect((await admin("invitations", "list", "--status", "withdrawn"))[0]).toContain(id);

  const ada = await system.newPerson({ [tenant.id]: "tenant_admin" });
  const bob = await system.newPerson({ [tenant.id]: "user" });
  expect(await admin("users", "list")).toHaveLength(2);
  expect((await admin("users", "list", "--role", "user"))[0]).toContain(bob.email);
  expect((await admin("users", "role", bob.id, "readonly"))[0]).toContain("readonly");
  expect((await admin("users", "suspend", bob.id))[0]).toContain("suspended");
  expect((await admin("users", "list", "--status", "suspended"))[0]).toContain(bob.id);
  expect((await admin("users", "resume", bob.id))[0]).toContain("active");
  expect(await admin("users", "remove", bob.id)).toEqual([`${bob.id} is removed`]);
  expect((await admin("users", "show", bob.id))[0]).toContain("removed");
  await expect(admin("users", "remove", ada.id)).rejects.toThrow(/administrator/);
});

test("keys and people are refused in another process within 30 s, read the reason, and sign in and out meanwhile", async () => {
  const tenant = await system.newTenant();
  const env = { ...process.env, SST_RESOURCES_JSON: JSON.stringify(system.runtime.resources) };
  const child = fork(new URL("./testing-api.ts", import.meta.url), { env });
  try {
    const [apiUrl] = await once(child, "message");
    const ada = await system.newPerson({ [tenant.id]: "tenant_admin" });
    const calls = { key: callerOf(apiUrl, tenant.key), person: callerOf(apiUrl, await ada.token()) };
    const statuses = async () => [
      (await calls.key("GET", "/api-keys")).status,
      (await calls.person("GET", "/api-keys")).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    const changedAt = performance.now();
    await system.operator("POST", `/tenants/${tenant.id}/suspend`, { reason: "Unpaid" });
    await vi.waitFor(async () => expect(await statuses()).toEqual([403, 403]), { timeout: 45_000, interval: 500 });
    expect(performance.now() - changedAt).toBeLessThan(30_000);

    for (const call of Object.values(calls)) {
      expect((await call("GET", "/api-keys")).body).toMatchObject({ code: "tenant-suspended", reason: "Unpaid" });
      expect((await call("GET", "/tenant")).body.suspension.reason).toBe("Unpaid");
    }
    const { body } = await calls.person("GET", "/users/me");
    const tenantSuspension = { reason: "Unpaid", since: expect.any(String) };
    expect(body.memberships).toMatchObject([{ tenantId: tenant.id, tenantStatus: "suspended", tenantSuspension }]);
    expect((await calls.person("PATCH", "/users/me", { name: "Ada" })).body.code).toBe("tenant-suspended");
    // A member of another tenant too works there.
    const other = await system.newTenant();
    const both = await system.newPerson({ [tenant.id]: "user", [other.id]: "user" });
    const call = callerOf(apiUrl, await both.token());
    const inTenant = (id: string) => call("GET", "/documents", undefined, { "x-resolve-tenant": id });
    expect([(await inTenant(tenant.id)).status, (await inTenant(other.id)).status]).toEqual([403, 200]);

    await system.operator("POST", `/tenants/${tenant.id}/resume`);
    await vi.waitFor(async () => expect(await statuses()).toEqual([200, 200]), { timeout: 45_000, interval: 500 });
    await system.operator("POST", `/tenants/${tenant.id}/suspend`, { reason: "Unpaid" });
    expect((await calls.person("POST", "/users/me/sign-out")).status).toBe(204);
  } finally {
    child.disconnect();
  }
}, 120_000);

test("a suspended tenant is refused before its input is looked at, and within its own limit of requests", async () => {
  const { id, key } = await system.newTenant();
  await system.operator("PATCH", `/tenants/${id}/limits`, { requestsPerSecond: 1, requestBurst: 2 });
  await system.operator("POST", `/tenants/${id}/suspend`, { reason: "Unpaid" });
  const send = () =>
    fetch(`${system.runtime.apiUrl}/v1/documents?unknown=1`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: "{",
    });
  expect((await send()).status).toBe(403);
  const more = await Promise.all(Array.from({ length: 5 }, send));
  expect(more.map(({ status }) => status)).toContain(429);
});
