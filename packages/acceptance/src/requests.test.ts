import { expect, test } from "vitest";
import { addDocument } from "./client.ts";
import { system } from "./system.ts";

/** Rules of every request: validation, idempotency, pages, and the operator's access. */
/** A request below the address of the API, with options; a string body is sent as it is. */
const call = (
  method: string,
  path: string,
  { key = "", body, headers }: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
) => system.caller(key)(method, path.replace("/v1", ""), body, headers);

test("an invalid request gets an error that names the fault and the field", async () => {
  const { key } = await system.newTenant();
  const post = (body: unknown, headers = {}) => call("POST", "/v1/documents", { key, body, headers });
  expect(await post("{nope")).toMatchObject({ status: 400, body: { code: "invalid-json" } });
  expect(await post({ name: "x", text: "y", colour: "red" })).toMatchObject({
    status: 400,
    body: { code: "invalid-request" },
  });
  expect(await call("POST", "/v1/search", { key, body: { query: "x", limit: "many", colour: 1 } })).toMatchObject({
    status: 400,
    body: {
      errors: expect.arrayContaining([
        { path: "/limit", message: expect.any(String) },
        { path: "/colour", message: "is not a known field" },
      ]),
    },
  });
  expect(await call("POST", "/v1/search", { key, body: { query: "x".repeat(1_100_000) } })).toMatchObject({
    status: 413,
    body: { code: "request-too-large" },
  });
  expect(
    await call("POST", "/v1/search", { key, body: "query", headers: { "content-type": "text/plain" } }),
  ).toMatchObject({ status: 415 });
  expect(await call("GET", "/v1/documents")).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  expect(
    await call("GET", "/v1/documents", { key: `${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}` }),
  ).toMatchObject({ status: 401 });
  expect(await call("GET", "/v1/tenants", { key })).toMatchObject({
    status: 403,
    body: { error: "Insufficient permissions" },
  });
  expect(await call("GET", "/v1/nothing", { key })).toMatchObject({ status: 404, body: { code: "not-found" } });
  expect(await call("POST", "/v1/webhooks", { key, body: { url: "http://10.0.0.1/x" } })).toMatchObject({
    status: 422,
    body: { code: "url-not-allowed" },
  });
  expect(await post({ name: "big.bin", sizeBytes: 3 * 1024 ** 3 })).toMatchObject({
    status: 413,
    body: { code: "document-too-large" },
  });
});

test("an idempotency key returns the first response again, and is refused with another body", async () => {
  const headers = { "idempotency-key": crypto.randomUUID() };
  const body = { name: "Twice", admin: { email: "a@b.example" } };
  const first = await call("POST", "/v1/tenants", { key: system.operatorKey, body, headers });
  const again = await call("POST", "/v1/tenants", { key: system.operatorKey, body, headers });
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(
    (await call("POST", "/v1/tenants", { key: system.operatorKey, body: { ...body, name: "Other" }, headers })).body
      .code,
  ).toBe("idempotency-key-reused");
  const named = { ...body, externalId: `crm-${crypto.randomUUID()}` };
  const created = await call("POST", "/v1/tenants", { key: system.operatorKey, body: named });
  const same = await call("POST", "/v1/tenants", { key: system.operatorKey, body: named });
  expect([created.status, same.status]).toEqual([201, 200]);
  expect([same.body.apiKey, same.body.webhook]).toEqual([undefined, undefined]);
  expect(
    (await call("POST", "/v1/tenants", { key: system.operatorKey, body: { ...named, name: "Else" } })).body.code,
  ).toBe("tenant-exists");
});

test("lists have a second page, API keys can be revoked, and an operator must give a reason to enter a tenant", async () => {
  const { key, id } = await system.newTenant();
  for (const n of [1, 2, 3]) await call("POST", "/v1/documents", { key, body: { name: `d${n}`, text: `text ${n}` } });
  const first = (await call("GET", "/v1/documents?limit=2", { key })).body;
  const second = (await call("GET", `/v1/documents?limit=2&cursor=${first.nextCursor}`, { key })).body;
  expect([...first.data, ...second.data].map((document: { name: string }) => document.name)).toEqual([
    "d3",
    "d2",
    "d1",
  ]);
  expect(second).toMatchObject({ hasMore: false, nextCursor: null });

  const made = (await call("POST", "/v1/api-keys", { key, body: { name: "r", role: "readonly" } })).body;
  expect((await call("POST", "/v1/documents", { key: made.secret, body: { name: "x", text: "y" } })).status).toBe(403);
  expect((await call("DELETE", `/v1/api-keys/${made.apiKey.id}`, { key })).status).toBe(204);
  expect((await call("GET", "/v1/documents", { key: made.secret })).status).toBe(401);

  const enter = (headers: Record<string, string>) => call("GET", "/v1/documents", { key: system.operatorKey, headers });
  expect((await enter({})).body.code).toBe("tenant-required");
  expect((await enter({ "x-resolve-tenant": id })).body.code).toBe("reason-required");
  expect((await enter({ "x-resolve-tenant": id, "x-resolve-reason": "support ticket 4711" })).body.data).toHaveLength(
    3,
  );
});

test("a number of a query is digits only", async () => {
  const { key } = await system.newTenant();
  for (const limit of ["0x10", "1e1", "5.0", "+5", "%205", "", "Infinity"]) {
    const { status, body } = await call("GET", `/v1/documents?limit=${limit}`, { key });
    expect([limit, status, body.errors?.[0].path]).toEqual([limit, 400, "query:/limit"]);
  }
  expect((await call("GET", "/v1/documents?limit=5", { key })).status).toBe(200);
});

test("T9, T16: moments out of range, versions and cursors beyond 32 bits, and event types that do not exist are refused", async () => {
  const { key } = await system.newTenant();
  const get = async (path: string) => {
    const { status, body } = await call("GET", path, { key });
    return [status, body.errors?.[0].path];
  };
  const document = "/v1/documents/doc_01k9x00000e008000000000000";
  for (const [path, place] of [
    [`${document}/text?version=3000000000`, "query:/version"],
    [`${document}/download?version=2147483648`, "query:/version"],
    [`${document}/chunks?cursor=99999999999`, "query:/cursor"],
    [`${document}/chunks?limit=3000000000`, "query:/limit"],
    [`${document}?waitSeconds=3000000000`, "query:/waitSeconds"],
    ["/v1/events?after=9007199254740993", "query:/after"],
    ["/v1/events?after=1000000", "query:/after"],
    ["/v1/events?cursor=1e300", "query:/cursor"],
    ["/v1/documents?limit=3000000000", "query:/limit"],
    ["/v1/events?types=document.ready,%20documnet.ready", "query:/types"],
    ["/v1/tenant/usage?month=0000-01", "query:/month"],
    ["/v1/tenant/usage?month=9999-12", "query:/month"],
    ["/v1/tenant/usage?day=9999-12-31", "query:/day"],
    ["/v1/tenant/usage?month=2026-11&day=2026-12-01", "query:/day"],
  ] as const)
    expect(await get(path), path).toEqual([400, place]);
  expect(await get("/v1/events?types=document.ready,%20tenant.created&after=0")).toEqual([200, undefined]);
  for (const moment of ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
    for (const [path, words] of [
      ["/v1/search", { query: "x" }],
      ["/v1/answers", { question: "x" }],
    ] as const) {
      const body = { ...words, filter: { createdAt: { $lt: moment } } };
      const response = await call("POST", path, { key, body });
      expect([response.status, response.body.errors?.[0].path], moment).toEqual([400, "/filter/createdAt/$lt"]);
    }
});

test("T20: a name is the same however its accents are encoded", async () => {
  const composed = "Café".normalize("NFC");
  const decomposed = "Café".normalize("NFD");
  const { call } = await system.newTenant({ name: decomposed });
  expect((await call("GET", "/tenant")).body.name).toBe(composed);
  expect((await call("PATCH", "/tenant", { name: `${decomposed} 2` })).body.name).toBe(`${composed} 2`);
  expect((await call("POST", "/collections", { name: decomposed })).body.collection.name).toBe(composed);
  expect((await call("POST", "/collections", { name: composed })).body.code).toBe("collection-exists");
  const externalId = decomposed;
  const id = await addDocument(call, { name: decomposed, externalId, text: "A lens is ground." });
  expect((await call("GET", `/documents/${id}`)).body).toMatchObject({ name: composed, externalId });
  for (const name of [composed, decomposed]) {
    const found = await call("POST", "/search", { query: "lens", filter: { name } });
    expect(found.body.data, name).toHaveLength(1);
  }
});

test("a name has no characters that nobody sees, but for those that scripts and emojis need", async () => {
  const { call, id } = await system.newTenant();
  const refused = [
    "ada\u202enimda",
    "\u2066Ada\u2069",
    "A\u200bda",
    "A\u200dda",
    "Ada\ufe0f",
    "Ada\u00ad.",
    "\u3164",
    "A\nda",
  ];
  const accepted = [
    "علی\u200cرضا",
    "क्\u200dष",
    "👩🏽\u200d💻 ❤\ufe0f",
    "葛\u{e0100}城",
    "Zoë",
    "🏴\u{e0067}\u{e0062}\u{e007f}",
  ];
  const message = "must not have control characters or invisible characters";
  for (const name of refused) {
    const { status, body } = await call("PATCH", "/tenant", { name });
    expect([status, body.errors], JSON.stringify(name)).toEqual([400, [{ path: "/name", message }]]);
  }
  for (const name of accepted) expect((await call("PATCH", "/tenant", { name })).body.name).toBe(name);

  const [name, email] = ["ada\u202enimda", "ada@names.example"];
  for (const [by, method, path, body, field] of [
    [call, "POST", "/api-keys", { name, role: "readonly" }, "/name"],
    [call, "POST", "/collections", { name }, "/name"],
    [call, "POST", "/groups", { name }, "/name"],
    [call, "POST", "/invitations", { email, role: "user", name }, "/name"],
    [system.operator, "PATCH", `/tenants/${id}`, { name }, "/name"],
    [system.operator, "POST", "/tenants", { name, admin: { email } }, "/name"],
    [system.operator, "POST", "/tenants", { name: "Names", admin: { email, name } }, "/admin/name"],
  ] as const)
    expect((await by(method, path, body)).body.errors, path).toEqual([{ path: field, message }]);
});

test("T21: If-Match takes a list of tags, compares strongly, and is honoured when something is deleted", async () => {
  const { call } = await system.newTenant();
  const document = (await call("POST", "/documents", { name: "a.pdf", sizeBytes: 3 })).body.document;
  const collection = (await call("POST", "/collections", { name: "Deeds" })).body.collection;
  const webhook = (await call("POST", "/webhooks", { url: `${system.apiUrl}/health` })).body.webhook;
  for (const path of [
    `/documents/${document.id}`,
    `/collections/${collection.id}`,
    `/webhooks/${webhook.id}`,
  ] as const) {
    const etag = (await call("GET", path)).headers.get("etag")!;
    const sent = async (method: string, match: string) => {
      const body = method === "PATCH" ? {} : undefined;
      return (await call(method, path, body, { "if-match": match })).status;
    };
    for (const match of ['"other"', `W/${etag}`, `"a", W/${etag}`, "", etag.slice(1, -1)])
      for (const method of ["PATCH", "DELETE"])
        expect(await sent(method, match), `${method} ${path} ${match}`).toBe(412);
    expect(await sent("PATCH", "*"), path).toBe(200);
    const current = (await call("GET", path)).headers.get("etag")!;
    expect(await sent("DELETE", `"a, b", ${current}`), path).toBeLessThan(300);
  }
});

test("a body is refused by routes that take none", async () => {
  const { call } = await system.newTenant();
  const { id } = (await call("POST", "/documents", { name: "a.pdf", sizeBytes: 3 })).body.document;
  for (const [method, path] of [
    ["POST", `/documents/${id}/cancel`],
    ["DELETE", `/documents/${id}`],
  ] as const) {
    const { status, body } = await call(method, path, { reason: "a mistake" });
    expect([status, body.errors], path).toEqual([400, [{ path: "/", message: "is not taken by this route" }]]);
  }
  expect((await call("DELETE", `/documents/${id}`)).status).toBe(202);
});
