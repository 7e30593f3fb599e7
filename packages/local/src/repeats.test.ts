import { issueApiKey, reserveTenant } from "@resolve/core/identity";
import { tenantCtx } from "@resolve/core/platform/context";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { newId } from "@resolve/core/platform/id";
import { app } from "@resolve/functions/api/index";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { databaseProxy } from "./doubles/proxies.ts";
import { databaseLinks, type TestDatabase, testDatabase } from "./testing.ts";

/** Requests with an `Idempotency-Key` that are cut off and repeated. The API runs in this process, its database behind a proxy. */
let database: TestDatabase;
let proxy: Awaited<ReturnType<typeof databaseProxy>>;
let admin: Sql;
let key: string;
beforeAll(async () => {
  database = await testDatabase();
  proxy = await databaseProxy();
  admin = postgres(database.url(), { max: 1, prepare: false, onnotice: () => {} });
  const links = JSON.parse(databaseLinks(database));
  links.AppDatabase = { url: await proxy.through(database.url("api_a")), maxConnections: 1 };
  // Nothing listens there: URLs are signed without a request.
  const documents = { name: "documents", region: "us-east-1", endpoint: "http://127.0.0.1:9" };
  links.Documents = { ...documents, accessKeyId: "a", secretAccessKey: "b" };
  process.env["SST_RESOURCES_JSON"] = JSON.stringify(links);
});
afterAll(async () => {
  await closeDatabases();
  await admin.end();
  await proxy.close();
  await database.close();
});

beforeEach(async () => {
  const actor = { type: "system", job: "test" } as const;
  const operator = tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "AppDatabase" });
  const { ctx } = await reserveTenant(operator, { name: "Test" }, {});
  key = (await issueApiKey(ctx, { name: "test", role: "tenant_admin" })).secret;
});

const send = async (method: string, path: string, body?: object, idempotencyKey = "") => {
  const response = await app.request(`/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body && { "content-type": "application/json" }),
      ...(idempotencyKey && { "idempotency-key": idempotencyKey }),
    },
    body: body ? JSON.stringify(body) : null,
  });
  const { status, headers } = response;
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: tests look at the response body field by field.
  return { status, headers, body: (text ? JSON.parse(text) : undefined) as any };
};
/** As if the process that ran the request had died before it stored its response, and the lock had lapsed since. */
const forgetResponses = () =>
  admin`update app.idempotency_keys set status = null, response = null, locked_until = now()`;
const list = async (path: string) => (await send("GET", path)).body.data as unknown[];

describe("M2: a write whose connection is lost during the commit", () => {
  test("gets 503, and its repetition gets the one resource that was made", async () => {
    const body = { name: "a.pdf", sizeBytes: 3, contentType: "application/pdf" };
    for (const [path, input] of [
      ["/documents", body],
      ["/collections", { name: "Deeds" }],
    ] as const) {
      const idempotencyKey = crypto.randomUUID();
      proxy.loseCommitAfter("app.record");
      const cut = await send("POST", path, input, idempotencyKey);
      expect([cut.status, cut.body.code], path).toEqual([503, "unavailable"]);
      const again = await send("POST", path, input, idempotencyKey);
      expect([again.status, again.headers.get("idempotency-replayed")], path).toEqual([201, "true"]);
      const made = await list(path);
      expect(made, path).toHaveLength(1);
      expect(made, path).toEqual([again.body.document ?? again.body.collection]);
    }
  });

  test("at whichever message the connection is cut, the repetition returns the result and nothing is made twice", async () => {
    let isCut = true;
    for (let messages = 1; isCut; messages += 1) {
      const input = { name: `Collection-${messages}` };
      await send("GET", "/tenant");
      proxy.crashAfter(messages);
      const first = await send("POST", "/collections", input, input.name);
      isCut = proxy.isDead;
      await proxy.heal();
      if (isCut && first.status !== 201) expect(first.status, input.name).toBe(503);
      await admin`update app.idempotency_keys set locked_until = now() where status is null`;
      const again = await send("POST", "/collections", input, input.name);
      expect([again.status, again.body.collection?.name], JSON.stringify(again.body)).toEqual([201, input.name]);
      expect(await list("/collections"), input.name).toHaveLength(messages);
    }
  });
});

describe("M2: a process that is killed after its commit", () => {
  const repeated = async (path: string, body?: object) => {
    const first = await send("POST", path, body, path);
    await forgetResponses();
    const again = await send("POST", path, body, path);
    return { first, again };
  };

  test("keeps its key locked for a while, and then the repetition gets the resource as it is", async () => {
    const body = { name: "Deeds" };
    const first = await send("POST", "/collections", body, "k");
    await admin`update app.idempotency_keys set status = null, response = null, locked_until = now() + interval '59.5 s'`;
    const early = await send("POST", "/collections", body, "k");
    expect([early.status, early.body.code, early.headers.get("retry-after")]).toEqual([
      409,
      "idempotency-in-progress",
      "1",
    ]);
    await forgetResponses();
    const path = `/collections/${first.body.collection.id}`;
    expect((await send("PATCH", path, { name: "Acts" })).status).toBe(200);
    const again = await send("POST", "/collections", body, "k");
    expect([again.status, again.body.collection.name]).toEqual([201, "Acts"]);
    expect(again.headers.get("etag")).toBe((await send("GET", path)).headers.get("etag"));
  });

  test("repeats documents, their versions and their moves", async () => {
    const upload = { name: "a.pdf", sizeBytes: 3, contentType: "application/pdf" };
    const made = await repeated("/documents", upload);
    expect(made.again.headers.get("idempotency-replayed")).toBe("true");
    expect(made.again.body).toMatchObject({ document: made.first.body.document, created: true });
    expect(made.again.body.upload.headers).toEqual(made.first.body.upload.headers);
    const path = `/documents/${made.first.body.document.id}`;
    const version = await repeated(`${path}/versions`, { ...upload, sizeBytes: 4 });
    expect(version.again.body.document).toMatchObject({ version: 2, sizeBytes: 4 });
    const cancelled = await repeated(`${path}/cancel`);
    expect([cancelled.first.status, cancelled.again.status]).toEqual([200, 200]);
    expect(cancelled.again.body).toEqual(cancelled.first.body);
    await send("DELETE", path);
    const restored = await repeated(`${path}/restore`);
    expect(restored.again.body).toEqual(restored.first.body);
    expect(await list("/documents")).toHaveLength(1);
  });

  test("repeats jobs", async () => {
    const made = await repeated("/jobs", { type: "reindex" });
    expect([made.again.status, made.again.body]).toEqual([202, made.first.body]);
    const paused = await repeated(`/jobs/${made.first.body.job.id}/pause`);
    expect([paused.again.status, paused.again.body]).toEqual([200, paused.first.body]);
  });

  test("says what was made when the response held a secret, or the resource is gone", async () => {
    const { first, again } = await repeated("/api-keys", { name: "ci" });
    expect([again.status, again.body.code]).toEqual([409, "idempotency-result-lost"]);
    expect(again.body).toMatchObject({ action: "apikey.create", subject: first.body.apiKey.id });
    expect(again.body.detail).toContain(first.body.apiKey.id);
    expect(await list("/api-keys")).toHaveLength(2);

    const collection = await send("POST", "/collections", { name: "Gone" }, "gone");
    await send("DELETE", `/collections/${collection.body.collection.id}`);
    await forgetResponses();
    const gone = await send("POST", "/collections", { name: "Gone" }, "gone");
    expect([gone.status, gone.body.subject]).toEqual([409, collection.body.collection.id]);
  });

  test("runs a bulk call again, since each document has its own result", async () => {
    const { document } = (await send("POST", "/documents", { name: "a", sizeBytes: 3 })).body;
    const { first, again } = await repeated("/documents/bulk", { action: "delete", documentIds: [document.id] });
    expect(again.headers.get("idempotency-replayed")).toBe(null);
    expect(again.body.data[0]).toMatchObject({ documentId: document.id, status: "deleting" });
    expect(first.body).toEqual(again.body);
  });
});

test("an encoded path is the same request, and a key that is empty is refused", async () => {
  const first = await send("POST", "/collections", { name: "Deeds" }, "k");
  const again = await send("POST", "/c%6Fllections", { name: "Deeds" }, "k");
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(again.body).toEqual(first.body);
  const { handler } = await import("@resolve/functions/api/handler");
  const event = {
    version: "2.0",
    rawPath: "/api/v1/collections",
    rawQueryString: "",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": "" },
    requestContext: { domainName: "local", http: { method: "POST" } },
    body: JSON.stringify({ name: "Acts" }),
    isBase64Encoded: false,
  };
  // Only these fields of an event and a context are read.
  const refused = await handler(event as never, { getRemainingTimeInMillis: () => 8_000 } as never);
  expect([refused.statusCode, JSON.parse(refused.body).errors[0].path]).toEqual([400, "header:/idempotency-key"]);
});
