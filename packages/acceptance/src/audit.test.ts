import { type AuditEntry, everyItem, verifyAudit } from "@resolve/sdk";
import { describe, expect, test } from "vitest";
import type { Call } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** The audit log as those see it who review it. */

const trailOf = (call: Call, query = ""): AsyncGenerator<AuditEntry> =>
  everyItem(async (cursor) => {
    const { status, body } = await call("GET", `/audit?limit=3${query}${cursor ? `&cursor=${cursor}` : ""}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  });
const entriesOf = (call: Call, query?: string): Promise<AuditEntry[]> => Array.fromAsync(trailOf(call, query));
const newKey = async (call: Call, key: object = {}) =>
  (await call("POST", "/api-keys", { name: "intranet", ...key })).body;
/** The tenant's onboarding has ended, so that it writes no more entries. */
const newTenant = async () => {
  const tenant = await system.newTenant();
  await tenant.call("GET", `/onboarding/${tenant.runId}?waitSeconds=20`);
  return tenant;
};

describe("the audit log", () => {
  test("says who did what to which object, newest first, and its pages are one chain", async () => {
    const { id, call } = await newTenant();
    const owner = (await call("GET", "/api-keys")).body.data[0].id;
    const { apiKey } = await newKey(call);
    await call("DELETE", `/api-keys/${apiKey.id}`);
    const entries = await entriesOf(call);
    const [revoked, created] = entries.filter(({ subject }) => subject === apiKey.id);
    expect(revoked).toMatchObject({ tenantId: id, actor: `apiKey:${owner}`, action: "apikey.revoke", detail: {} });
    expect(created).toMatchObject({ action: "apikey.create", detail: { name: "intranet", role: "user" } });
    expect(entries.map((entry) => entry.id)).toEqual(
      entries
        .map((entry) => entry.id)
        .toSorted()
        .reverse(),
    );
    expect(entries.at(-1)).toMatchObject({ sequence: 1, action: "tenant.create", previousHash: "" });
    const report = await verifyAudit(trailOf(call));
    expect(report).toMatchObject({ entries: entries.length, first: { sequence: 1 }, faults: [] });
    expect(report.last?.sequence).toBe(entries.length);
  });

  test("has an entry for each change, of who made it and what it changed", async () => {
    const { call } = await newTenant();
    const { secret, apiKey: author } = await newKey(call, { role: "tenant_admin" });
    const made: string[][] = [];
    const change = async (action: string, method: string, path: string, body?: object) => {
      const response = await system.caller(secret)(method, path, body);
      expect([action, response.status]).toEqual([action, expect.toBeOneOf([200, 201, 202, 204])]);
      const [created] = Object.values<{ id?: string }>(response.body ?? {});
      const subject = method === "POST" && created?.id ? created.id : path.split("/")[2]!;
      made.push([action, subject]);
      return subject;
    };
    const group = await change("group.create", "POST", "/groups", { name: "Legal" });
    await change("group.update", "PATCH", `/groups/${group}`, { name: "Law" });
    await change("group.add_members", "POST", `/groups/${group}/members`, { apiKeyIds: [author.id] });
    await change("group.remove_member", "DELETE", `/groups/${group}/members/${author.id}`);
    await change("group.delete", "DELETE", `/groups/${group}`);
    const collection = await change("collection.create", "POST", "/collections", { name: "Contracts" });
    await change("collection.update", "PATCH", `/collections/${collection}`, { name: "Leases" });
    await change("collection.delete", "DELETE", `/collections/${collection}`);
    const document = await change("document.create", "POST", "/documents", { name: "a.txt", text: "A lease." });
    await change("document.update", "PATCH", `/documents/${document}`, { metadata: { team: "legal" } });
    await change("document.delete", "DELETE", `/documents/${document}`);
    const key = await change("apikey.create", "POST", "/api-keys", { name: "reader", role: "readonly" });
    await change("apikey.update", "PATCH", `/api-keys/${key}`, { name: "other" });
    await change("apikey.rotate", "POST", `/api-keys/${key}/rotate`);
    await change("apikey.revoke", "DELETE", `/api-keys/${key}`);
    const invitation = await change("member.invite", "POST", "/invitations", {
      email: "eve@acme.example",
      role: "user",
    });
    await change("invitation.resend", "POST", `/invitations/${invitation}/resend`);
    await change("invitation.withdraw", "DELETE", `/invitations/${invitation}`);
    const webhook = await change("webhook.create", "POST", "/webhooks", { url: `${system.apiUrl}/health` });
    await change("webhook.update", "PATCH", `/webhooks/${webhook}`, { maxPerSecond: 5 });
    await change("webhook.disable", "POST", `/webhooks/${webhook}/disable`);
    await change("webhook.enable", "POST", `/webhooks/${webhook}/enable`);
    await change("webhook.rotate_secret", "POST", `/webhooks/${webhook}/rotate-secret`);
    await change("webhook.delete", "DELETE", `/webhooks/${webhook}`);
    await change("event_cursor.set", "PUT", "/event-cursors/crm", { sequence: 1 });
    await change("event_cursor.delete", "DELETE", "/event-cursors/crm");
    await change("job.create", "POST", "/jobs", { type: "index" });
    const entries = await entriesOf(call, `&actor=apiKey:${author.id}`);
    expect(entries.toReversed().map(({ action, subject }) => [action, subject])).toEqual(made);
  }, 60_000);

  test("is filtered by actor, action, subject and time", async () => {
    const { call } = await newTenant();
    const { apiKey, secret } = await newKey(call, { role: "tenant_admin" });
    const { body } = await system.caller(secret)("POST", "/groups", { name: "Legal" });
    const [made] = await entriesOf(call, `&subject=${body.group.id}`);
    expect(made).toMatchObject({ actor: `apiKey:${apiKey.id}`, action: "group.create" });
    const idsOf = async (query: string) => (await entriesOf(call, query)).map(({ id }) => id);
    expect(await idsOf(`&actor=apiKey:${apiKey.id}`)).toEqual([made!.id]);
    expect(await idsOf("&actions=group.create,group.delete")).toEqual([made!.id]);
    expect(await idsOf("&actions=group.delete")).toEqual([]);
    expect(await idsOf(`&actor=apiKey:${apiKey.id}&actions=apikey.create`)).toEqual([]);
    const all = await idsOf("");
    const [before, after] = [
      await idsOf(`&to=${made!.createdAt}`),
      await idsOf(`&from=${encodeURIComponent(made!.createdAt)}`),
    ];
    expect([...after, ...before]).toEqual(all);
    expect([after.includes(made!.id), before.length > 0]).toEqual([true, true]);
    expect(await idsOf("&from=1900-01-01T00:00:00Z&to=9999-12-31T00:00:00Z")).toEqual(all);
    expect(await idsOf("&to=1900-01-01T00:00:00Z")).toEqual([]);
  });

  test("never has an entry of another tenant, whatever the filter and the cursor", async () => {
    const [mine, theirs] = [await newTenant(), await newTenant()];
    const { apiKey } = await newKey(theirs.call);
    const [entry] = await entriesOf(theirs.call, `&subject=${apiKey.id}`);
    expect(await entriesOf(mine.call, `&subject=${apiKey.id}`)).toEqual([]);
    expect(await entriesOf(mine.call, `&actor=${entry!.actor}`)).toEqual([]);
    const { body } = await mine.call("GET", `/audit?limit=100&cursor=${entry!.id}`);
    expect(new Set(body.data.map(({ tenantId }: AuditEntry) => tenantId))).toEqual(new Set([mine.id]));
  });

  test("is read by an operator: the platform's own, and that of a tenant with a reason, which is then in it", async () => {
    const { id } = await newTenant();
    const [made] = await entriesOf(system.operator, `&subject=${id}&actions=tenant.create`);
    expect(made).toBeUndefined();
    const own = (await system.operator("GET", "/audit?limit=1")).body.data;
    const reason = "the yearly review of access";
    const inside = { "x-resolve-tenant": id, "x-resolve-reason": reason };
    const { body } = await system.operator("GET", "/audit", undefined, inside);
    expect(body.data[0]).toMatchObject({
      tenantId: id,
      action: "platform.enter",
      detail: { reason, path: "/api/v1/audit" },
    });
    for (const { tenantId } of own) expect(tenantId).not.toBe(id);
  });

  test("is read with audit:read, which neither users nor keys of some collections have", async () => {
    const { call } = await newTenant();
    const { collection } = (await call("POST", "/collections", { name: "Contracts" })).body;
    const statusOf = async (key: object) =>
      (await system.caller((await newKey(call, key)).secret)("GET", "/audit")).status;
    expect(await statusOf({ role: "tenant_admin", scopes: ["audit:read"] })).toBe(200);
    expect(await statusOf({ role: "tenant_admin", scopes: ["event:read"] })).toBe(403);
    expect(await statusOf({ role: "tenant_admin", collections: [collection.id] })).toBe(403);
    expect(await statusOf({ role: "user" })).toBe(403);
  });

  test.each([
    ["actions=member.update,apikey.steal", "query:/actions"],
    ["actor=ada", "query:/actor"],
    ["from=yesterday", "query:/from"],
    ["from=2026-12-02T00:00:00Z&to=2026-12-01T00:00:00Z", "query:/to"],
    [`cursor=${unknownId("doc")}`, "query:/cursor"],
    ["action=member.update", "query:/action"],
  ])("refuses %s, which would match nothing or everything", async (query, path) => {
    const { status, body } = await system.operator("GET", `/audit?${query}`);
    expect([status, body.errors?.[0].path]).toEqual([400, path]);
  });
});
