import { expect, test } from "vitest";
import { addDocument } from "./client.ts";
import { system } from "./system.ts";

const codeOf = ({ status, body }: { status: number; body: { code: string } }) => [status, body.code];
const newKey = async (call: (typeof system)["operator"], more: object = {}) => {
  const { body } = await call("POST", "/api-keys", { name: "erp", ...more });
  const secret: string = body.secret;
  return { id: body.apiKey.id as string, secret, call: system.caller(secret) };
};

test("after a rotation both secrets are valid until the overlap ends, and never a third", async () => {
  const { call } = await system.newTenant();
  const key = await newKey(call);
  const first = await call("POST", `/api-keys/${key.id}/rotate`, { overlapSeconds: 3600 });
  expect(first.status).toBe(200);
  expect(first.body.apiKey.id).toBe(key.id);
  const second = system.caller(first.body.secret);
  expect([(await key.call("GET", "/tenant")).status, (await second("GET", "/tenant")).status]).toEqual([200, 200]);
  // Of the secrets before, only the last one overlaps.
  const third = await call("POST", `/api-keys/${key.id}/rotate`, { overlapSeconds: 3600 });
  expect((await key.call("GET", "/tenant")).status).toBe(401);
  expect((await second("GET", "/tenant")).status).toBe(200);
  // A secret that has leaked ends at once.
  const fourth = await call("POST", `/api-keys/${key.id}/rotate`, { overlapSeconds: 0 });
  expect((await system.caller(third.body.secret)("GET", "/tenant")).status).toBe(401);
  expect((await system.caller(fourth.body.secret)("GET", "/tenant")).status).toBe(200);
  // By default for a day.
  const { body } = await call("POST", `/api-keys/${key.id}/rotate`);
  const hours = (Date.parse(body.apiKey.previousUntil) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(23.9);
  expect(hours).toBeLessThan(24.1);
  for (const overlapSeconds of [-1, 0.5, 1e9, "1"])
    expect(codeOf(await call("POST", `/api-keys/${key.id}/rotate`, { overlapSeconds }))[0]).toBe(400);
  await call("DELETE", `/api-keys/${key.id}`);
  expect((await system.caller(body.secret)("GET", "/tenant")).status).toBe(401);
  expect(codeOf(await call("POST", `/api-keys/${key.id}/rotate`, {}))).toEqual([409, "apikey-conflict"]);
});

test("nobody rotates a key that may do more, since its secret is in the response", async () => {
  const { call } = await system.newTenant();
  const strong = await newKey(call, { role: "tenant_admin" });
  const weak = await newKey(call, { role: "tenant_admin", scopes: ["apikey:read", "apikey:write", "tenant:read"] });
  expect(codeOf(await weak.call("POST", `/api-keys/${strong.id}/rotate`, {}))).toEqual([403, "forbidden"]);
  expect((await weak.call("POST", `/api-keys/${weak.id}/rotate`, {})).status).toBe(200);
});

test("a key shows the day of its last use", async () => {
  const { call } = await system.newTenant();
  const key = await newKey(call);
  const lastUsedOf = async () =>
    (await call("GET", "/api-keys")).body.data.find(({ id }: { id: string }) => id === key.id).lastUsedAt;
  expect(await lastUsedOf()).toBeNull();
  await key.call("GET", "/tenant");
  expect(await lastUsedOf()).toBe(`${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`);
});

test("a key's permissions can be taken away, not added", async () => {
  const { call } = await system.newTenant();
  const key = await newKey(call);
  const patch = (body: object) => call("PATCH", `/api-keys/${key.id}`, body);
  expect((await patch({ name: "erp 2" })).body.name).toBe("erp 2");
  expect((await patch({ scopes: ["search:query", "tenant:read"] })).body.scopes).toEqual([
    "search:query",
    "tenant:read",
  ]);
  expect(codeOf(await key.call("GET", "/documents"))).toEqual([403, "forbidden"]);
  expect(codeOf(await patch({ scopes: ["search:query", "document:read"] }))).toEqual([400, "invalid-request"]);
  expect(codeOf(await patch({ role: "tenant_admin" }))).toEqual([400, "invalid-request"]);
});

test.runIf(system.isLocal)(
  "a key that is limited to networks is refused elsewhere, whatever X-Forwarded-For says",
  async () => {
    const { call } = await system.newTenant();
    const here = await newKey(call, { addresses: ["127.0.0.0/8", "::1"] });
    const elsewhere = await newKey(call, { role: "tenant_admin", addresses: ["203.0.113.0/24"] });
    expect((await here.call("GET", "/tenant")).status).toBe(200);
    expect(codeOf(await elsewhere.call("GET", "/tenant"))).toEqual([403, "address-not-allowed"]);
    const spoofed = { "x-forwarded-for": "203.0.113.7", "x-real-ip": "203.0.113.7", forwarded: "for=203.0.113.7" };
    expect(codeOf(await elsewhere.call("GET", "/tenant", undefined, spoofed))).toEqual([403, "address-not-allowed"]);
    expect((await call("PATCH", `/api-keys/${elsewhere.id}`, { addresses: null })).body.addresses).toBeNull();
    expect((await elsewhere.call("GET", "/tenant")).status).toBe(200);
    for (const address of ["127.0.0.1/33", "localhost", "10.0.0.0/-1", "", "1.2.3", "::/129"])
      expect((await call("POST", "/api-keys", { name: "x", addresses: [address] })).status, address).toBe(400);
    // A limited key makes limited keys.
    const admin = await newKey(call, { role: "tenant_admin", addresses: ["127.0.0.1"] });
    expect((await admin.call("POST", "/api-keys", { name: "same" })).body.apiKey.addresses).toEqual(["127.0.0.1"]);
    expect(codeOf(await admin.call("POST", "/api-keys", { name: "wider", addresses: ["0.0.0.0/0"] }))[0]).toBe(403);
    expect(codeOf(await admin.call("PATCH", `/api-keys/${admin.id}`, { addresses: null }))[0]).toBe(403);
  },
);

test("a key that is limited to collections sees and writes these only", async () => {
  const { call } = await system.newTenant();
  const collectionOf = async (name: string) =>
    (await call("POST", "/collections", { name })).body.collection.id as string;
  const [mine, other] = [await collectionOf("mine"), await collectionOf("other")];
  const add = (name: string, more: object) => addDocument(call, { name, text: `The lens ${name} is round.`, ...more });
  const inside = await add("inside.txt", { collectionId: mine });
  const outside = [await add("other.txt", { collectionId: other }), await add("free.txt", {})];
  for (const role of ["user", "tenant_admin"]) {
    const key = await newKey(call, { role, collections: [mine] });
    const names = async (path: string) =>
      (await key.call("GET", path)).body.data.map(({ name }: { name: string }) => name);
    expect(await names("/documents")).toEqual(["inside.txt"]);
    expect(await names("/collections")).toEqual(["mine"]);
    for (const mode of ["hybrid", "keyword", "vector"]) {
      const found = (await key.call("POST", "/search", { query: "round lens", mode })).body.data;
      expect(
        found.map(({ document }: { document: { id: string } }) => document.id),
        mode,
      ).toEqual([inside]);
    }
    for (const id of outside) expect(codeOf(await key.call("GET", `/documents/${id}`))).toEqual([404, "not-found"]);
    const events = (await key.call("GET", "/events?limit=100")).body.data;
    expect(JSON.stringify(events)).not.toContain(outside[0]);
    expect(
      (await key.call("POST", "/documents", { name: `${role}.txt`, text: "round", collectionId: mine })).status,
    ).toBe(201);
    expect((await key.call("POST", "/documents", { name: "x.txt", text: "round", collectionId: other })).status).toBe(
      404,
    );
    expect(codeOf(await key.call("POST", "/documents", { name: "x.txt", text: "round" }))).toEqual([403, "forbidden"]);
    const made = (await key.call("GET", "/documents")).body.data[0].id;
    await call("DELETE", `/documents/${made}`);
  }
  const admin = await newKey(call, { role: "tenant_admin", collections: [mine] });
  expect(
    codeOf(await admin.call("POST", "/api-keys", { name: "all", role: "user", collections: [mine, other] }))[0],
  ).toBe(403);
  expect(
    (await admin.call("POST", "/api-keys", { name: "some", role: "tenant_admin" })).body.apiKey.collections,
  ).toEqual([mine]);
  expect(codeOf(await admin.call("POST", "/webhooks", { url: "https://example.com/hook" }))[0]).toBe(403);
  expect((await call("POST", "/api-keys", { name: "x", collections: [] })).status).toBe(400);
});
