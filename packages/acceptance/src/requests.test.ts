import { expect, test } from "vitest";
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
