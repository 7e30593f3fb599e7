import { expect, test } from "vitest";
import { addDocument, callerOf } from "./client.ts";
import { system } from "./system.ts";

/** Checks of a deployment that take at most three minutes. scripts/deploy.sh runs this suite after each deployment. */
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${system.apiUrl}${path}`, { headers, redirect: "manual", signal: AbortSignal.timeout(15_000) });

test("the API process responds", async () => {
  expect((await get("/health")).status).toBe(200);
});

test("database, queue and cache are ready", async () => {
  const response = await get("/ready");
  expect([response.status, await response.json()]).toEqual([
    200,
    { status: "ok", database: "ok", queue: "ok", cache: "ok" },
  ]);
});

test("the API describes itself as OpenAPI 3.1", async () => {
  expect(await (await get("/openapi.json")).json()).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
});

test.each([
  ["without an API key", ""],
  ["with an API key that does not exist", "rsk_live_none"],
])("a request %s is refused", async (_, key) => {
  const { status, headers, body } = await callerOf(system.apiUrl, key)("GET", "/documents");
  expect([status, body.code]).toEqual([401, "unauthenticated"]);
  expect(headers.get("content-type")).toContain("problem+json");
});

/** One tenant for all runs, found by its externalId, so that each deployment does not add another tenant. */
const smokeTenant = async () => {
  const tenant = { name: "Smoke test", externalId: "resolve-smoke", admin: { email: "smoke@resolve.example" } };
  const { status, body } = await system.operator("POST", "/tenants", tenant);
  expect([200, 201], JSON.stringify(body)).toContain(status);
  const inside = { "x-resolve-tenant": body.tenant.id, "x-resolve-reason": "smoke test after a deployment" };
  return system.caller(system.operatorKey, inside);
};

test.skipIf(!system.operatorKey)(
  "with RESOLVE_OPERATOR_KEY: an uploaded document is found, cited, downloaded and deleted",
  { timeout: 120_000 },
  async () => {
    const call = await smokeTenant();
    const sentence = `The smoke test of run ${crypto.randomUUID().slice(0, 8)} needs three minutes at most.`;
    const bytes = Buffer.from(sentence);
    const made = await call("POST", "/documents", { name: "smoke.txt", sizeBytes: bytes.length });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const { document, upload } = made.body;
    expect((await fetch(upload.url, { method: "PUT", headers: upload.headers, body: bytes })).status).toBe(200);
    const status = async () => (await call("GET", `/documents/${document.id}?waitSeconds=20`)).body.status;
    await expect.poll(status, { timeout: 90_000 }).toBe("ready");

    const { data } = (await call("POST", "/search", { query: sentence })).body;
    expect(data[0]).toMatchObject({ document: { id: document.id }, chunk: { text: sentence } });
    const { citations } = (await call("POST", "/answers", { question: sentence })).body;
    expect(citations.map((one: { documentId: string }) => one.documentId)).toContain(document.id);
    const { headers } = await call("GET", `/documents/${document.id}/download`);
    expect(await (await fetch(headers.get("location")!)).text()).toBe(sentence);
    expect((await call("DELETE", `/documents/${document.id}`)).status).toBe(202);
    expect((await call("POST", "/search", { query: sentence })).body.data).toEqual([]);
  },
);

test.skipIf(!system.operatorKey)(
  "with RESOLVE_OPERATOR_KEY: a tenant's key reads nothing of another tenant",
  async () => {
    const call = await smokeTenant();
    const key = (await call("POST", "/api-keys", { name: "smoke test", role: "user" })).body;
    const documentId = await addDocument(call, {
      name: "mine.txt",
      text: "Only for the operator.",
      externalId: "mine",
    });
    try {
      const tenantKey = callerOf(system.apiUrl, key.secret);
      const elsewhere = { "x-resolve-tenant": "ten_01k9x000000000000000000000", "x-resolve-reason": "smoke test" };
      expect((await tenantKey("GET", `/documents/${documentId}`)).status).toBe(200);
      expect((await tenantKey("GET", "/tenants")).status).toBe(403);
      expect((await tenantKey("GET", "/documents", undefined, elsewhere)).status).toBe(404);
    } finally {
      await call("DELETE", `/api-keys/${key.apiKey.id}`);
    }
  },
);
