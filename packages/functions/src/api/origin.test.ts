import { Hono } from "hono";
import { afterEach, expect, test, vi } from "vitest";
import { onError } from "./app.ts";
import type { Env } from "./env.ts";
import { clientAddress, originVerify } from "./origin.ts";

afterEach(() => vi.unstubAllEnvs());

const secret = "s".repeat(32);
const app = new Hono<Env>().use(originVerify).get("*", (c) => c.text(clientAddress(c) ?? "unknown"));
app.onError(onError);

/** As API Gateway invokes the function for a connection of this peer. */
const ask = async (peer: string, headers: Record<string, string>, path = "/api/v1/tenant") => {
  const response = await app.request(path, { headers }, { event: { requestContext: { http: { sourceIp: peer } } } });
  return response.status === 200 ? response.text() : response.status;
};
const [edge, viewer, claimed] = ["130.176.1.1", "198.51.100.7", "203.0.113.9"];

test("the client's address is what CloudFront appended, and what the client writes before it changes nothing", async () => {
  vi.stubEnv(
    "SST_RESOURCES_JSON",
    JSON.stringify({ App: { name: "r", stage: "t" }, OriginVerify: { accepted: [secret] } }),
  );
  const verified = { "x-origin-verify": secret };
  const from = (chain: string) => ask(edge, { ...verified, "x-forwarded-for": chain });
  // API Gateway appends its peer, which is CloudFront's server.
  expect(await from(`${viewer}, ${edge}`)).toBe(viewer);
  expect(await from(`${claimed}, ${viewer}, ${edge}`)).toBe(viewer);
  expect(await from(`${claimed},${claimed} , ${viewer},${edge}`)).toBe(viewer);
  expect(await from(`2001:db8::7, ${edge}`)).toBe("2001:db8::7");
  expect(await from(`${claimed}, ${viewer}`)).toBe(viewer);
  expect(await from(edge)).toBe("unknown");
  // Without CloudFront's secret the request ends before anybody believes the header.
  expect(await ask(claimed, { "x-forwarded-for": `${viewer}, ${claimed}` })).toBe(403);
  expect(await ask(claimed, { "x-origin-verify": "guess", "x-forwarded-for": viewer })).toBe(403);
});

test("without CloudFront the header means nothing", async () => {
  vi.stubEnv("SST_RESOURCES_JSON", JSON.stringify({ App: { name: "r", stage: "t" } }));
  expect(await ask(viewer, { "x-forwarded-for": claimed, "x-origin-verify": secret })).toBe(viewer);
});
