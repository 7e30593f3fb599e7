import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { handler } from "./handler.ts";
import { app } from "./index.ts";

afterEach(() => vi.unstubAllEnvs());

const mebibyte = 1024 ** 2;
const post = async (path: string, bytes: number) =>
  (
    await app.request(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify("x".repeat(bytes - 2)),
    })
  ).status;

test("routes that take a document's text accept 6 MiB, the others 1 MiB", async () => {
  for (const path of ["/api/v1/tenants", "/api/v1/documents", "/api/v1/documents/doc_1/versions"]) {
    // Without a key: the size is checked first, so 401 means that the size was accepted.
    expect([path, await post(path, 6 * mebibyte)]).toEqual([path, 401]);
    expect([path, await post(path, 6 * mebibyte + 1)]).toEqual([path, 413]);
  }
  for (const path of ["/api/v1/search", "/api/v1/documents/bulk", "/api/v1/webhooks", "/api/v1/nothing"]) {
    expect([path, await post(path, mebibyte + 1)]).toEqual([path, 413]);
  }
});

const body = "rsk_test_01j9x00000e008000000000000_".padEnd(100, "0");
/** Of the right form, so that the database is asked for it. */
const wellFormedKey = `${body}_${createHash("sha256").update(body).digest("hex").slice(0, 8)}`;

/** Invokes the function as API Gateway does. */
const invoke = async (
  method: string,
  rawPath: string,
  { headers = {}, body, remainingMs = 8_000 }: { headers?: object; body?: string; remainingMs?: number } = {},
) => {
  const requestContext = { domainName: "local", http: { method, path: rawPath } };
  const event = { version: "2.0", rawPath, rawQueryString: "", headers, requestContext, isBase64Encoded: false };
  const context = { getRemainingTimeInMillis: () => remainingMs };
  // Only these fields of an event and a context are read.
  const response = await handler({ ...event, ...(body && { body }) } as never, context as never);
  return response as unknown as { statusCode: number; headers: Record<string, string>; body: string };
};

test("a request that takes too long gets a problem shortly before the function's timeout", async () => {
  const sockets: Socket[] = [];
  // A database that accepts connections and never says anything.
  const silent = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const url = `postgres://u@127.0.0.1:${(silent.address() as AddressInfo).port}/d`;
  const links = { App: { name: "resolve", stage: "test" }, AppDatabase: { url }, ApiKeyPepper: { value: "pepper" } };
  vi.stubEnv("SST_RESOURCES_JSON", JSON.stringify(links));
  const headers = { authorization: `Bearer ${wellFormedKey}`, "x-request-id": "req-1" };
  const { statusCode, headers: given, body } = await invoke("GET", "/api/v1/documents", { headers, remainingMs: 700 });
  expect([statusCode, given["retry-after"]]).toEqual([503, "1"]);
  expect(JSON.parse(body)).toMatchObject({
    code: "unavailable",
    detail: "The request took too long.",
    requestId: "req-1",
  });
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test("a GET with a body is a request like any other to API Gateway, and does not end the function", async () => {
  const headers = { "content-length": "2", "content-type": "application/json" };
  const { statusCode, body } = await invoke("GET", "/api/health", { headers, body: "{}" });
  expect([statusCode, JSON.parse(body).errors]).toEqual([400, [{ path: "/", message: "is not taken by this route" }]]);
  // A chunked body has no length in the headers.
  const chunked = await invoke("GET", "/api/health", { headers: { "content-type": "application/json" }, body: "{}" });
  expect([chunked.statusCode, JSON.parse(chunked.body).errors]).toEqual([statusCode, JSON.parse(body).errors]);
  expect((await invoke("GET", "/api/health")).statusCode).toBe(200);
});
