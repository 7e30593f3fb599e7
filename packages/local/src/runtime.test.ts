import { execFile } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scannedPdf } from "../../core/src/testing/textract.ts";
import { type Runtime, startRuntime } from "./runtime.ts";
import { type TestDatabase, testDatabase } from "./testing.ts";

/** The whole system through its public door: HTTP in, HTTP, events and webhooks out. */
let runtime: Runtime;
let dataDir: string;
let database: TestDatabase | undefined;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "resolve-"));
  // On the real servers where the environment names them, else on the embedded ones.
  const isReal = process.env["TEST_DATABASE_URL"] !== undefined;
  if (isReal) database = await testDatabase();
  runtime = await startRuntime({
    port: 0,
    dataDir,
    databaseUrl: database?.url(),
    databasePoolUrl: database?.url("api_a"),
    redisUrl: process.env["TEST_REDIS_URL"],
  });
});
afterAll(async () => {
  await runtime?.close();
  await database?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: whatever the API answers is looked at field by field.
type Answer = { status: number; headers: Headers; body: any };

const call = async (
  method: string,
  path: string,
  options: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const response = await fetch(`${runtime.apiUrl}${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(options.key ? { authorization: `Bearer ${options.key}` } : {}),
      ...(options.body === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    },
    body:
      options.body === undefined
        ? null
        : typeof options.body === "string"
          ? options.body
          : JSON.stringify(options.body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text.startsWith("{") ? JSON.parse(text) : text };
};

const admin = () => runtime.adminApiKey;

/** A tenant of its own for each test. */
const newTenant = async (extra: Record<string, unknown> = {}) => {
  const { status, body } = await call("POST", "/v1/tenants", {
    key: admin(),
    body: { name: "Acme", admin: { email: "ada@acme.example" }, ...extra },
  });
  expect(status).toBe(201);
  return {
    id: body.tenant.id as string,
    key: body.apiKey.secret as string,
    runId: body.onboarding.id as string,
    webhook: body.webhook as { id: string; secret: string } | undefined,
  };
};

const upload = async (key: string, bytes: Buffer, name: string, contentType: string) => {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const { status, body } = await call("POST", "/v1/documents", {
    key,
    body: { name, contentType, sizeBytes: bytes.length, sha256 },
  });
  expect(status).toBe(201);
  return { id: body.document.id as string, upload: body.upload as { url: string; headers: Record<string, string> } };
};

const put = (target: { url: string; headers: Record<string, string> }, bytes: Buffer) =>
  fetch(target.url, { method: "PUT", headers: target.headers, body: new Uint8Array(bytes) });

const settled = async (key: string, id: string) =>
  (await call("GET", `/v1/documents/${id}?waitSeconds=20`, { key })).body;

const html = (text: string) => Buffer.from(`<!doctype html><html><body><h1>Handbook</h1><p>${text}</p></body></html>`);

test("a document goes from presigned upload to a cited hit, and nobody else sees it", async () => {
  const [mine, other] = [await newTenant(), await newTenant()];
  const bytes = html("The notice period for employees is three months to the end of a quarter.");
  const { id, upload: target } = await upload(mine.key, bytes, "handbook.html", "text/html");
  expect((await put(target, bytes)).status).toBe(200);
  const document = await settled(mine.key, id);
  expect(document).toMatchObject({ status: "ready", chunks: 1, contentType: "text/html", failure: null });
  expect(Object.keys(document.stageTimings).sort()).toEqual(["chunking", "embedding", "extracting", "indexing"]);

  const query = { query: "How long is the notice period?" };
  const { body } = await call("POST", "/v1/search", { key: mine.key, body: query });
  expect(body.data[0].document.id).toBe(id);
  const { charStart, charEnd, text } = body.data[0].chunk;
  const source = (await call("GET", `/v1/documents/${id}/text`, { key: mine.key })).body.text as string;
  expect(source.slice(charStart, charEnd)).toBe(text);
  expect(text).toContain("three months");

  expect((await call("POST", "/v1/search", { key: other.key, body: query })).body.data).toEqual([]);
  const foreign = await call("GET", `/v1/documents/${id}`, { key: other.key });
  const unknown = await call("GET", "/v1/documents/doc_01j9x000000000000000000000", { key: other.key });
  expect(foreign.status).toBe(404);
  const comparable = ({ requestId: _, instance: __, ...rest }: Record<string, unknown>) => rest;
  expect(comparable(foreign.body)).toEqual(comparable(unknown.body));
});

test("an upload that is tampered with, too long or too late is refused and stores nothing", async () => {
  const { key } = await newTenant();
  const bytes = html("original");
  const { id, upload: target } = await upload(key, bytes, "a.html", "text/html");
  expect((await put(target, Buffer.concat([bytes, Buffer.from("x")]))).status).toBe(403);
  expect((await put(target, html("origina1"))).status).toBe(400);
  expect((await put({ ...target, url: target.url.replace(/doc_\w/, "doc_z") }, bytes)).status).toBe(403);
  expect(
    (await put({ ...target, url: target.url.replace("X-Amz-Expires=900", "X-Amz-Expires=90000") }, bytes)).status,
  ).toBe(403);
  expect((await put({ ...target, headers: { ...target.headers, "x-amz-acl": "public-read" } }, bytes)).status).toBe(
    403,
  );
  expect((await call("POST", `/v1/documents/${id}/complete`, { key })).body.code).toBe("upload-missing");
  expect((await put(target, bytes)).status).toBe(200);
  expect((await settled(key, id)).status).toBe("ready");
});

test("onboarding runs to the first cited answer, with a signed webhook on the way", async () => {
  const received: { headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    received.push({ headers: request.headers, body });
    response.end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const tenant = await newTenant({
    webhook: { url },
    documents: [{ name: "faq.txt", text: "Returns are accepted within thirty days." }],
    seedQuestion: "When are returns accepted?",
  });
  let run = (await call("GET", `/v1/onboarding/${tenant.runId}?waitSeconds=20`, { key: tenant.key })).body;
  if (run.status === "running")
    run = (await call("GET", `/v1/onboarding/${tenant.runId}?waitSeconds=20`, { key: tenant.key })).body;
  expect(run.steps.filter((step: { status: string }) => step.status !== "completed")).toEqual([]);
  expect(run).toMatchObject({ status: "completed", withinTarget: true });
  const answer = run.steps.find((step: { name: string }) => step.name === "search.first_answer").result;
  expect(answer.quote).toContain("thirty days");
  // Verifiable from the first delivery on, since the response that created the tenant had the secret.
  expect(received.length).toBeGreaterThan(0);
  for (const { headers, body } of received) expect(verify(tenant.webhook!.secret, headers, body)).toBe(true);
  const [registered] = (await call("GET", "/v1/webhooks", { key: tenant.key })).body.data;
  expect(registered).toMatchObject({ id: tenant.webhook!.id, url });
  expect(JSON.stringify(registered)).not.toContain("whsec_");

  // Standard Webhooks: HMAC over id.timestamp.body with the endpoint's secret.
  const created = await call("POST", "/v1/webhooks", {
    key: tenant.key,
    body: { url, eventTypes: ["apikey.created"] },
  });
  await call("POST", "/v1/api-keys", { key: tenant.key, body: { name: "ci", role: "readonly" } });
  const wanted = () =>
    received.find(
      ({ body, headers }) => JSON.parse(body).type === "apikey.created" && verify(created.body.secret, headers, body),
    );
  await expect.poll(wanted, { timeout: 10_000 }).toBeDefined();
  const [delivery] = (await call("GET", `/v1/webhooks/${created.body.webhook.id}/deliveries`, { key: tenant.key })).body
    .data;
  await expect
    .poll(async () => (await call("GET", `/v1/deliveries/${delivery.id}`, { key: tenant.key })).body.status, {
      timeout: 10_000,
    })
    .toBe("delivered");
  server.close();

  const events = (await call("GET", "/v1/events?limit=100", { key: tenant.key })).body.data as { sequence: number }[];
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, at) => at + 1));
});

const verify = (secret: string, headers: Record<string, unknown>, body: string): boolean => {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const expected = createHmac("sha256", key)
    .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`)
    .digest("base64");
  return headers["webhook-signature"] === `v1,${expected}`;
};

test("files that cannot be read fail with a reason", async () => {
  const { key } = await newTenant();
  for (const [name, content, code] of [
    ["a.pdf", "%PDF-1.7 broken", "corrupt"],
    ["b.png", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "no-text"],
    ["c.txt", "   \n", "no-text"],
    ["scan.pdf", scannedPdf, "no-text"],
  ] as const) {
    const bytes = Buffer.from(content as string);
    const { id, upload: target } = await upload(key, bytes, name, "application/octet-stream");
    await put(target, bytes);
    const { status, failure } = await settled(key, id);
    expect(status).toBe("failed");
    expect(failure).toMatchObject({ code, retryable: false, hint: expect.any(String), message: expect.any(String) });
  }
});

test("bad requests say what is wrong and where", async () => {
  const { key } = await newTenant();
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
  expect((await call("GET", "/ready")).body).toEqual({ status: "ok", database: "ok", queue: "ok", cache: "ok" });
});

test("an idempotency key gives the first answer again, and belongs to one body", async () => {
  const headers = { "idempotency-key": "order-1" };
  const body = { name: "Twice", admin: { email: "a@b.example" } };
  const first = await call("POST", "/v1/tenants", { key: admin(), body, headers });
  const again = await call("POST", "/v1/tenants", { key: admin(), body, headers });
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(
    (await call("POST", "/v1/tenants", { key: admin(), body: { ...body, name: "Other" }, headers })).body.code,
  ).toBe("idempotency-key-reused");
  const named = { ...body, externalId: "crm-7" };
  const created = await call("POST", "/v1/tenants", { key: admin(), body: named });
  const same = await call("POST", "/v1/tenants", { key: admin(), body: named });
  expect([created.status, same.status]).toEqual([201, 200]);
  expect([same.body.apiKey, same.body.webhook]).toEqual([undefined, undefined]);
  expect((await call("POST", "/v1/tenants", { key: admin(), body: { ...named, name: "Else" } })).body.code).toBe(
    "tenant-exists",
  );
});

test("lists have their second page, keys can be revoked, an operator needs a reason", async () => {
  const { key, id } = await newTenant();
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

  const enter = (headers: Record<string, string>) => call("GET", "/v1/documents", { key: admin(), headers });
  expect((await enter({})).body.code).toBe("tenant-required");
  expect((await enter({ "x-resolve-tenant": id })).body.code).toBe("reason-required");
  expect((await enter({ "x-resolve-tenant": id, "x-resolve-reason": "support ticket 4711" })).body.data).toHaveLength(
    3,
  );
});

test("a busy port and a locked data directory get one clear sentence and exit code 1", async () => {
  const main = new URL("./main.ts", import.meta.url).pathname;
  // Not execFileSync: it would stop this process from renewing its lock.
  const fails = (...args: string[]): Promise<string> =>
    promisify(execFile)(process.execPath, [main, "--no-demo", ...args], { timeout: 40_000 }).then(
      () => "started",
      ({ code, stderr }: { code: number; stderr: string }) => `${code}: ${stderr.trim()}`,
    );
  const other = mkdtempSync(join(tmpdir(), "resolve-"));
  const port = new URL(runtime.apiUrl).port;
  const locked = fails("--data", dataDir, "--port", "0");
  expect(await fails("--data", other, "--port", port)).toMatch(
    /^1: Port \d+ is in use; choose another one with --port\.$/,
  );
  // A file where the directory should be.
  const inside = join(main, "data");
  expect(await fails("--data", inside, "--port", "0")).toBe(
    `1: The data directory ${inside} cannot be written (ENOTDIR); choose another --data.`,
  );
  expect(await locked).toMatch(/^1: The data directory .+ is in use by another instance/);
  rmSync(other, { recursive: true, force: true });
}, 60_000);
