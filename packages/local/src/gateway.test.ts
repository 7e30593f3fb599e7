import { openApiDocument } from "@resolve/functions/api/index";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startGateway } from "./gateway.ts";
import { invoke } from "./lambda.ts";

/** The gateway in front of the real API, without a database. */
const newest = "n".repeat(48);
const last = "l".repeat(48);
let gateway: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  gateway = await startGateway({ port: 0, invoke });
});
afterAll(() => gateway.close());

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`http://127.0.0.1:${gateway.port}${path}`, { headers, method });

test("the console page is served with all of its files", async () => {
  const page = await get("/");
  expect(page.headers.get("content-type")).toContain("text/html");
  const html = await page.text();
  const files = [...html.matchAll(/"(\/static\/[^"]+)"/g)].map((match) => match[1]!);
  expect(new Set(files).size).toBe(3);
  for (const file of files) expect((await get(file)).status, file).toBe(200);
  const parts = [...html.matchAll(/data-part="(\w+)"/g)].map((match) => match[1]!);
  const ready = openApiDocument().paths?.["/api/ready"]?.get?.responses?.["200"];
  expect(parts.sort()).toEqual(
    Object.keys(
      (ready as { content: Record<string, { schema: { properties: object } }> }).content["application/json"]!.schema
        .properties,
    )
      .filter((name) => name !== "status" && name !== "reasons")
      .sort(),
  );
});

test("only files of the console are served", async () => {
  for (const path of ["/static/../package.json", "/static/%2e%2e/index.html", "/static/none.js", "/index.ts"])
    expect((await get(path)).status, path).toBe(404);
  expect((await get("/", {}, "POST")).status).toBe(404);
});

test("E-2 a request that did not pass CloudFront is refused on every route but the health check", async () => {
  expect((await get("/api/openapi.json")).status).toBe(200);
  vi.stubEnv("SST_RESOURCES_JSON", JSON.stringify({ OriginVerify: { accepted: [newest, last] } }));
  for (const value of [newest, last])
    expect((await get("/api/openapi.json", { "x-origin-verify": value })).status).toBe(200);
  for (const headers of [
    {},
    { "x-origin-verify": "" },
    { "x-origin-verify": `${newest}x` },
    { "x-origin-verify": newest.slice(1) },
  ]) {
    const refused = await get("/api/openapi.json", headers as Record<string, string>);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "edge-required" });
  }
  // An unknown route is refused as well, so that the response does not reveal which routes exist.
  expect((await get("/api/v1/none")).status).toBe(403);
  expect((await get("/api/health")).status).toBe(200);
  vi.unstubAllEnvs();
});

test("a request reaches its function in payload format 2.0, and the function's response comes back", async () => {
  const events: Record<string, unknown>[] = [];
  const recording = await startGateway({
    port: 0,
    invoke: async (name, event) => {
      events.push({ name, ...(event as object) });
      return {
        statusCode: 201,
        headers: { "x-a": "b" },
        cookies: ["c=d"],
        body: Buffer.from("ä").toString("base64"),
        isBase64Encoded: true,
      };
    },
  });
  const base = `http://127.0.0.1:${recording.port}`;
  const response = await fetch(`${base}/api/v1/x%20y?a=1&a=2&b=%C3%A4`, {
    method: "POST",
    body: new Uint8Array([0, 255]),
    headers: { "content-type": "application/pdf" },
  });
  expect([
    response.status,
    response.headers.get("x-a"),
    response.headers.get("set-cookie"),
    await response.text(),
  ]).toEqual([201, "b", "c=d", "ä"]);
  expect(events[0]).toMatchObject({
    name: "api",
    version: "2.0",
    routeKey: "ANY /api/{proxy+}",
    rawPath: "/api/v1/x%20y",
    rawQueryString: "a=1&a=2&b=%C3%A4",
    queryStringParameters: { a: "1,2", b: "ä" },
    body: "AP8=",
    isBase64Encoded: true,
    requestContext: { http: { method: "POST", path: "/api/v1/x%20y" } },
  });
  await fetch(`${base}/api/v1/documents/doc_1?waitSeconds=1`);
  expect(events[1]).toMatchObject({ name: "api-wait", routeKey: "GET /api/v1/documents/{documentId}" });
  expect(
    (await fetch(`${base}/api/v1/documents`, { method: "POST", body: new Uint8Array(10 * 1024 ** 2 + 1) })).status,
  ).toBe(413);
  await recording.close();
});

test("a request or a response beyond Lambda's quota of 6 MB is refused", async () => {
  let body = "";
  const returning = await startGateway({
    port: 0,
    invoke: (name, event) => invoke(name, event, async () => ({ statusCode: 200, body })),
  });
  const url = `http://127.0.0.1:${returning.port}/api/x`;
  const status = async () => (await fetch(url)).status;
  body = "x".repeat(6_291_000);
  expect(await status()).toBe(200);
  // Quotes are escaped in the function's response.
  body = '"'.repeat(3_200_000);
  expect(await status()).toBe(500);
  // The gateway accepts 10 MB, and the function 6 MB.
  expect((await fetch(url, { method: "POST", body: "x".repeat(6_300_000) })).status).toBe(413);
  await returning.close();
});
