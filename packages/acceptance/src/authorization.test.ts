import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from "jose";
import { describe, expect, test } from "vitest";
import { type ApiResponse, addDocument, type Call } from "./client.ts";
import { system, unknownId } from "./system.ts";

/** What an API key may do, and that no request gives it more permissions. */

type NewKey = { role?: string; scopes?: string[]; expiresAt?: string };
/** A caller with a new key of the tenant. */
const withKey = async (call: Call, key: NewKey): Promise<Call> => {
  const { status, body } = await call("POST", "/api-keys", { name: "test", ...key });
  expect([status, body.errors], JSON.stringify(body)).toEqual([201, undefined]);
  return system.caller(body.secret);
};
const idempotent = () => ({ "idempotency-key": crypto.randomUUID() });

describe("a stored response reaches only the caller who got it", () => {
  test("a read-only key that repeats an administrator's request gets neither a secret nor an upload", async () => {
    const { call } = await system.newTenant();
    const readonly = await withKey(call, { role: "readonly" });
    for (const [path, body] of [
      ["/api-keys", { name: "ci", role: "tenant_admin" }],
      ["/webhooks", { url: `${system.apiUrl}/health` }],
      ["/documents", { name: "a.txt", sizeBytes: 3 }],
    ] as const) {
      const headers = idempotent();
      expect((await call("POST", path, body, headers)).status).toBe(201);
      const replayed = await readonly("POST", path, body, headers);
      expect([replayed.status, replayed.body.code], path).toEqual([403, "forbidden"]);
      expect(JSON.stringify(replayed.body)).not.toMatch(/rsk_|whsec_|X-Amz-Signature/);
    }
  });

  test("two administrators with one key each get their own response", async () => {
    const { call } = await system.newTenant();
    const other = await withKey(call, { role: "tenant_admin" });
    const headers = idempotent();
    const body = { name: "ci" };
    const first = await call("POST", "/api-keys", body, headers);
    const second = await other("POST", "/api-keys", body, headers);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.secret).not.toBe(first.body.secret);
    const again = await call("POST", "/api-keys", body, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
  });

  test("a caller without access to a collection does not get its document by repeating the request", async () => {
    const { call } = await system.newTenant();
    const insider = await withKey(call, { role: "user" });
    const outsider = await withKey(call, { role: "user" });
    const keys = (await call("GET", "/api-keys")).body.data;
    const apiKeyIds = [keys[1].id];
    const closed = (await call("POST", "/collections", { name: "Board", access: { apiKeyIds } })).body.collection;
    const headers = idempotent();
    const body = { name: "minutes.txt", text: "The merger is in May.", collectionId: closed.id };
    expect((await insider("POST", "/documents", body, headers)).status).toBe(201);
    expect((await outsider("POST", "/documents", body, headers)).status).toBe(404);
    // The refusal is not replayed to a caller with access.
    expect((await insider("POST", "/documents", body, headers)).status).toBe(201);
  });

  test("a read-only operator does not get the key of another tenant's administrator", async () => {
    const readonly = await withKey(system.operator, { role: "readonly" });
    const headers = idempotent();
    const body = { name: "Acme", admin: { email: "ada@acme.example" } };
    const made = await system.operator("POST", "/tenants", body, headers);
    expect(made.status).toBe(201);
    const replayed = await readonly("POST", "/tenants", body, headers);
    expect([replayed.status, replayed.body.code]).toEqual([403, "forbidden"]);
  });

  test("a replay has the headers of the first response", async () => {
    const { call } = await system.newTenant();
    const headers = idempotent();
    const [first, again] = [
      await call("POST", "/collections", { name: "Contracts" }, headers),
      await call("POST", "/collections", { name: "Contracts" }, headers),
    ];
    expect(first.headers.get("etag")).toMatch(/^"\w+"$/);
    expect(again.headers.get("etag")).toBe(first.headers.get("etag"));
  });
});

describe("a created key never has more permissions than its creator", () => {
  test("a scoped key creates no key with permissions it lacks", async () => {
    const { call } = await system.newTenant();
    const scoped = await withKey(call, { role: "tenant_admin", scopes: ["apikey:write", "search:query"] });
    for (const key of [
      { role: "tenant_admin" },
      { role: "user" },
      { role: "readonly" },
      { role: "tenant_admin", scopes: ["apikey:write", "apikey:read"] },
      { role: "user", scopes: ["document:read"] },
    ]) {
      const { status, body } = await scoped("POST", "/api-keys", { name: "child", ...key });
      expect([status, body.code], JSON.stringify(key)).toEqual([403, "forbidden"]);
      expect(body.permissions.length).toBeGreaterThan(0);
    }
    const child = await withKey(scoped, { role: "tenant_admin", scopes: ["search:query"] });
    expect((await child("POST", "/search", { query: "anything" })).status).toBe(200);
    expect((await child("GET", "/api-keys")).status).toBe(403);
  });

  test("a key that expires creates no key that expires later", async () => {
    const { call } = await system.newTenant();
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const expiring = await withKey(call, { role: "tenant_admin", expiresAt });
    const later = new Date(Date.now() + 120_000).toISOString();
    const refused = await expiring("POST", "/api-keys", { name: "child", expiresAt: later });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, "/expiresAt"]);
    expect(refused.body.errors[0].message).toContain(expiresAt);
    const inherited = await expiring("POST", "/api-keys", { name: "child" });
    expect([inherited.status, inherited.body.apiKey.expiresAt]).toEqual([201, expiresAt]);
  });

  test("an operator who enters a tenant creates a key there", async () => {
    const { id, call } = await system.newTenant();
    const inside = { "x-resolve-tenant": id, "x-resolve-reason": "testing the access rules" };
    expect((await system.operator("POST", "/api-keys", { name: "support", role: "tenant_admin" }, inside)).status).toBe(
      201,
    );
    expect((await call("GET", "/api-keys")).body.data).toHaveLength(2);
  });

  const refused: [key: object, path: string][] = [
    [{ role: "readonly", scopes: ["document:write"] }, "/scopes/0"],
    [{ role: "user", scopes: ["search:query", "apikey:write"] }, "/scopes/1"],
    [{ role: "tenant_admin", scopes: ["tenant:create"] }, "/scopes/0"],
    [{ role: "tenant_admin", scopes: ["export:read"] }, "/scopes/0"],
    [{ role: "tenant_admin", scopes: ["rocket:launch"] }, "/scopes/0"],
    [{ role: "admin" }, "/role"],
  ];
  test("scopes outside the role and unknown scopes are refused, and the error names the field", async () => {
    const { call } = await system.newTenant();
    for (const [key, path] of refused) {
      const { status, body } = await call("POST", "/api-keys", { name: "odd", ...key });
      expect([status, body.code, body.errors[0].path], JSON.stringify(key)).toEqual([400, "invalid-request", path]);
    }
  });

  test("an administrator's key without collection:write is restricted by access lists", async () => {
    const { call } = await system.newTenant();
    const closed = (await call("POST", "/collections", { name: "Board", access: { roles: ["tenant_admin"] } })).body
      .collection;
    await addDocument(call, { name: "minutes.txt", text: "The merger is in May.", collectionId: closed.id });
    const full = await withKey(call, { role: "tenant_admin" });
    const searcher = await withKey(call, { role: "tenant_admin", scopes: ["search:query", "collection:read"] });
    const found = async (who: Call) => (await who("POST", "/search", { query: "merger" })).body.data.length;
    expect([await found(full), await found(searcher)]).toEqual([1, 0]);
    expect((await searcher("GET", "/collections")).body.data).toEqual([]);
  });
});

test("a key that access lists restrict cannot bypass them, neither by another key nor by a webhook", async () => {
  const { call } = await system.newTenant();
  const closed = (await call("POST", "/collections", { name: "Users", access: { roles: ["user"] } })).body.collection;
  await addDocument(call, { name: "zebra.txt", text: "The zebra is striped.", collectionId: closed.id });
  const scopes = ["apikey:write", "webhook:write", "document:read", "search:query", "collection:read"];
  const bound = await withKey(call, { role: "tenant_admin", scopes });
  const child = { name: "child", role: "user", scopes: ["search:query", "document:read"] };
  const refused = await bound("POST", "/api-keys", child);
  expect([refused.status, refused.body.permission]).toEqual([403, "collection:write"]);
  const same = await withKey(bound, { role: "tenant_admin", scopes: ["search:query"] });
  expect((await same("POST", "/search", { query: "zebra" })).body.data).toEqual([]);
  const hook = await bound("POST", "/webhooks", { url: `${system.apiUrl}/health` });
  expect([hook.status, hook.body.permission]).toEqual([403, "collection:write"]);
});

test("only the operator changes a tenant's plan", async () => {
  const { id, call } = await system.newTenant();
  const refused = await call("PATCH", "/tenant", { plan: "enterprise" });
  expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
  expect((await call("PATCH", "/tenant", { name: "Acme Ltd" })).body).toMatchObject({ name: "Acme Ltd", plan: "team" });
  const inside = { "x-resolve-tenant": id, "x-resolve-reason": "the contract was extended" };
  expect((await system.operator("PATCH", "/tenant", { plan: "enterprise" }, inside)).body.plan).toBe("enterprise");
});

/** Sends a body as text, such as JSON that `JSON.stringify` would not write. */
const send = async (key: string, path: string, body: string): Promise<Pick<ApiResponse, "status" | "body">> => {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(`${system.apiUrl}/v1${path}`, { method: "POST", headers, body });
  return { status: response.status, body: await response.json() };
};

describe("no part of a request is ignored", () => {
  test("a filter with a condition that JSON parsing would drop is refused", async () => {
    const { key, call } = await system.newTenant();
    await addDocument(call, {
      name: "a.txt",
      text: "A lens is ground.",
      metadata: { team: "legal", constructor: "x" },
    });
    const question = { "/search": '"query": "lens"', "/answers": '"question": "What is ground?"' };
    for (const path of ["/search", "/answers"] as const)
      for (const filter of [
        '{"__proto__": "nobody"}',
        '{"\\u005f_proto__": {"team": "nobody"}}',
        '{"team": {"__proto__": {"$eq": "nobody"}}}',
        '{"$and": [{"__proto__": "nobody"}]}',
        '{"createdAt": {"$gte": "2026-01-01T00:00:00Z"}, "createdAt": {"$lt": "2026-01-01T00:00:00Z"}}',
        '{"team": "nobody", "t\\u0065am": "legal"}',
        '{"team": {}}',
        '{"$or": [{"team": "nobody"}, {}]}',
        '{"$not": {}}',
        '{"$and": []}',
      ]) {
        const { status, body } = await send(key, path, `{${question[path]}, "filter": ${filter}}`);
        expect([status, body.code], `${path} ${filter}`).toEqual([400, "invalid-request"]);
        expect(body.errors[0].path).toMatch(/^\//);
      }
    const found = async (filter: object) => (await call("POST", "/search", { query: "lens", filter })).body.data.length;
    expect([await found({ constructor: "x" }), await found({ constructor: "y" }), await found({})]).toEqual([1, 0, 1]);
    expect(await found({ toString: "x" })).toBe(0);
  });

  test("metadata keeps every key or is refused", async () => {
    const { key, call } = await system.newTenant();
    const proto = await send(
      key,
      "/documents",
      '{"name": "a.txt", "text": "x", "metadata": {"a": {"__proto__": "b"}}}',
    );
    expect([proto.status, proto.body.errors[0].path]).toEqual([400, "/metadata/a/__proto__"]);
    const twice = await send(key, "/documents", '{"name": "a.txt", "text": "x", "metadata": {"a": 1, "a": 2}}');
    expect([twice.status, twice.body.errors[0].message]).toEqual([400, 'has the name "a" twice in one object']);
    const deep = await send(
      key,
      "/documents",
      `{"name": "a.txt", "text": "x", "metadata": {"a": ${"[".repeat(4_500)}${"]".repeat(4_500)}}}`,
    );
    expect([deep.status, deep.body.code]).toEqual([400, "invalid-request"]);
    const kept = { constructor: "a", toString: 1, ключ: [{ 'quoted"name:': "\\", "": 2 }] };
    const made = await call("POST", "/documents", { name: "b.txt", text: 'He said: "a": 1, "a": 2', metadata: kept });
    expect([made.status, made.body.document?.metadata]).toEqual([201, kept]);
  });

  test("a number that JavaScript cannot represent is refused; decimals and exponents are stored", async () => {
    const { key, call } = await system.newTenant();
    for (const number of [
      "9007199254740993",
      "-12345678901234567890",
      "1e400",
      "1e-400",
      "-0.0000e-999999",
      "1E-999",
      "9007199254740993.0",
      "900719925474099.3e1",
      "90071992547409931e-1",
      `9007199254740993.${"0".repeat(500)}`,
    ]) {
      const { status, body } = await send(
        key,
        "/documents",
        `{"name": "a", "text": "x", "metadata": {"n": ${number}}}`,
      );
      if (number === "-0.0000e-999999") expect(status, number).toBe(201);
      else
        expect([status, body.errors?.[0].message], number).toEqual([400, expect.stringContaining(number.slice(0, 40))]);
    }
    const metadata = { a: 9007199254740991, b: -1.5, c: 1e21, d: 0, "12345678901234567890": "name", e: "1e400" };
    expect((await call("POST", "/documents", { name: "b", text: "x", metadata })).body.document.metadata).toEqual(
      metadata,
    );
  });

  test("a metadata key that contains dots can be filtered", async () => {
    const { call } = await system.newTenant();
    await addDocument(call, { name: "a.txt", text: "A lens is ground.", metadata: { "dc.title": "secret" } });
    await addDocument(call, { name: "b.txt", text: "A lens is ground.", metadata: { dc: { title: "open" } } });
    const found = async (filter: object) =>
      (await call("POST", "/search", { query: "lens", filter })).body.data.map(
        (hit: { document: { name: string } }) => hit.document.name,
      );
    expect(await found({ "dc.title": "secret" })).toEqual(["a.txt"]);
    expect(await found({ "dc.title": { $ne: "secret" } })).toEqual(["b.txt"]);
    expect(await found({ $not: { "dc.title": "open" } })).toEqual(["a.txt"]);
    const metadata = { x: { "c.d": 3 }, "p.q": { r: 4 }, s: { "t.u": { v: 5 } } };
    await addDocument(call, { name: "c.txt", text: "A lens is ground.", metadata });
    for (const filter of [{ "x.c.d": 3 }, { "p.q.r": 4 }, { "s.t.u.v": { $gt: 4 } }])
      expect(await found(filter)).toEqual(["c.txt"]);
  });

  test("values outside the database's limits are refused with their position", async () => {
    const { call } = await system.newTenant();
    const id = await addDocument(call, { name: "a.txt", text: "words" });
    for (const path of ["text?version=2147483648", "download?version=99999999999", "chunks?cursor=99999999999"]) {
      const { status, body } = await call("GET", `/documents/${id}/${path}`);
      expect([status, body.code], path).toEqual([400, "invalid-request"]);
    }
    for (const moment of ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"]) {
      const filter = { createdAt: { $gt: moment } };
      const { status, body } = await call("POST", "/search", { query: "words", filter });
      expect([status, body.errors?.[0].path], moment).toEqual([400, "/filter/createdAt/$gt"]);
      const key = await call("POST", "/api-keys", { name: "n", expiresAt: moment });
      expect([key.status, key.body.errors?.[0].path], moment).toEqual([400, "/expiresAt"]);
    }
    expect((await call("POST", "/search", { query: "words", recencyBias: 1e-320 })).status).toBe(200);
  });

  test("an unknown parameter of a list is refused, whatever its name", async () => {
    const { call } = await system.newTenant();
    for (const name of ["__proto__", "constructor", "colectionId", ""])
      for (const [method, path] of [
        ["GET", "/documents"],
        ["GET", "/tenant"],
        ["POST", "/search"],
      ] as const) {
        const { status } = await call(method, `${path}?${name}=x`, method === "POST" ? { query: "x" } : undefined);
        expect(status, `${path} ${name}`).toBe(400);
      }
  });
});

test("a path with another method responds 405 and names its methods", async () => {
  const { call } = await system.newTenant();
  for (const [method, path, allow] of [
    ["GET", "/search", "POST"],
    ["DELETE", `/onboarding/${unknownId("onb")}`, "GET, HEAD"],
    ["PUT", `/documents/${unknownId("doc")}`, "DELETE, GET, HEAD, PATCH"],
    ["POST", "/tenant", "GET, HEAD, PATCH"],
  ] as const) {
    const { status, headers, body } = await call(method, path, method === "GET" ? undefined : {});
    expect([status, headers.get("allow"), body?.code], path).toEqual([405, allow, "method-not-allowed"]);
  }
  expect((await call("GET", "/nothing/here")).status).toBe(404);
  expect((await call("PUT", "/documents/bulk", {})).headers.get("allow")).toBe("POST");
  for (const path of ["/docs/nope.css", "/openapiXjson", "/docs/problems/nope"])
    expect((await fetch(`${system.apiUrl}${path}`)).status, path).toBe(404);
});

test("event types and regions that do not exist are refused", async () => {
  const { call } = await system.newTenant();
  const url = `${system.apiUrl}/health`;
  for (const type of ["documnet.ready", "webhook.vanished"]) {
    const { status, body } = await call("POST", "/webhooks", { url, eventTypes: ["document.ready", type] });
    expect([status, body.errors?.[0].path], type).toEqual([400, "/eventTypes/1"]);
  }
  expect((await call("POST", "/webhooks", { url, eventTypes: ["document.ready"] })).status).toBe(201);
  const misspelt = await call("GET", "/events?types=tenant.created,%20documnet.ready");
  expect([misspelt.status, misspelt.body.errors[0].path]).toEqual([400, "query:/types"]);
  const both = (await call("GET", "/events?types=tenant.created,%20apikey.created")).body.data;
  expect(new Set(both.map((event: { type: string }) => event.type))).toEqual(
    new Set(["tenant.created", "apikey.created"]),
  );
  const tenant = { name: "Acme", admin: { email: "ada@acme.example" } };
  for (const region of ["xx-nowhere-9", "eu-west-1"]) {
    const { status, body } = await system.operator("POST", "/tenants", { ...tenant, region });
    expect([status, body.errors?.[0].path], region).toEqual([400, "/region"]);
  }
  expect((await system.operator("POST", "/tenants", { ...tenant, region: "us-east-1" })).status).toBe(201);
  const hooked = await system.operator("POST", "/tenants", {
    ...tenant,
    webhook: { url, eventTypes: ["document.redy"] },
  });
  expect([hooked.status, hooked.body.errors[0].path]).toEqual([400, "/webhook/eventTypes/0"]);
});

describe("a signed proof", () => {
  const files = { "prove.json": "0".repeat(64), "prove.md": "a".repeat(64) };
  const keySet = async (): Promise<JSONWebKeySet> => {
    const response = await fetch(`${system.apiUrl}/.well-known/jwks.json`);
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    return (await response.json()) as JSONWebKeySet;
  };

  test("names the operator, the time and the files, and is verified with the API's public keys", async () => {
    const operator = system.operator;
    const asked = Math.floor(Date.now() / 1000);
    const { status, body } = await operator("POST", "/platform/proofs", { files });
    expect(status).toBe(201);
    const keys = await keySet();
    expect(keys.keys).toEqual([
      { kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig", kid: expect.any(String), x: expect.any(String) },
    ]);
    const { payload, protectedHeader } = await compactVerify(body.jws, createLocalJWKSet(keys), {
      algorithms: ["EdDSA"],
    });
    expect(protectedHeader).toEqual({ alg: "EdDSA", typ: "resolve-proof", kid: keys.keys[0]?.kid });
    const said = JSON.parse(new TextDecoder().decode(payload));
    expect(said).toEqual({
      iss: "resolve/local",
      sub: expect.stringMatching(/^apiKey:key_/),
      iat: expect.any(Number),
      files,
    });
    expect(said.iat - asked).toBeLessThan(30);
  });

  test("is for operators only, and of hashes only", async () => {
    const { call } = await system.newTenant();
    expect((await call("POST", "/platform/proofs", { files })).body.code).toBe("forbidden");
    const operator = system.operator;
    for (const wrong of [{}, { "a/b": "0".repeat(64) }, { "prove.md": "text" }])
      expect((await operator("POST", "/platform/proofs", { files: wrong })).body.code).toBe("invalid-request");
  });
});

test("events about keys, members and webhooks reach only those who may read these", async () => {
  const { call: owner } = await system.newTenant();
  const { secret } = (await owner("POST", "/api-keys", { name: "reader", role: "user" })).body;
  await owner("POST", "/webhooks", { url: "http://127.0.0.1:9/", eventTypes: ["document.ready"] });
  await addDocument(owner, { name: "a.txt", text: "Words." });
  const typesSeen = async (call: Call) =>
    new Set((await call("GET", "/events?limit=100")).body.data.map(({ type }: { type: string }) => type.split(".")[0]));
  const seen = await typesSeen(system.caller(secret));
  expect(seen).toContain("document");
  for (const subject of ["apikey", "member", "job"]) expect(seen).not.toContain(subject);
  expect(await typesSeen(owner)).toContain("apikey");
}, 60_000);
