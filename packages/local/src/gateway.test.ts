import { openApiDocument } from "@resolve/functions/api/index";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startGateway } from "./gateway.ts";
import { invoke } from "./lambda.ts";

/** The gateway with the real API behind it, and nothing behind the API. */
const newest = "n".repeat(48);
const last = "l".repeat(48);
let gateway: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  gateway = await startGateway({ port: 0, invoke });
});
afterAll(() => gateway.close());

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`http://127.0.0.1:${gateway.port}${path}`, { headers, method });

test("the console is one page whose files are served beside it", async () => {
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
      .filter((name) => name !== "status")
      .sort(),
  );
});

test("nothing beside the console's files is served", async () => {
  for (const path of ["/static/../package.json", "/static/%2e%2e/index.html", "/static/none.js", "/index.ts"])
    expect((await get(path)).status, path).toBe(404);
  expect((await get("/", {}, "POST")).status).toBe(404);
});

test("E-2 where CloudFront stands in front, nobody walks around it", async () => {
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
  // Routes that do not exist are no way to find out what does.
  expect((await get("/api/v1/none")).status).toBe(403);
  expect((await get("/api/health")).status).toBe(200);
  vi.unstubAllEnvs();
});
