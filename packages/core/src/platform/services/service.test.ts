import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSecrets } from "../../../../local/src/doubles/secrets.ts";
import { postTo } from "./service.ts";

/** Calls of services that need a key. */
let store: Awaited<ReturnType<typeof startSecrets>>;
let accepted = "first";
const asked: string[] = [];
const server = createServer((request, response) => {
  const key = String(request.headers.authorization).replace("Bearer ", "");
  asked.push(key);
  response.writeHead(key === accepted ? 200 : 401).end();
});
let baseUrl: string;
beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_REGION: "us-east-1" });
  store = await startSecrets(["Embedding"]);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await store.close();
});

test("a service's key is read once, and again when the service refuses it", async () => {
  store.put("Embedding", "first");
  const post = postTo({ baseUrl, ...store.link("Embedding") });
  const status = async () => (await post("/", {}, AbortSignal.timeout(5_000))).status;
  expect([await status(), await status()]).toEqual([200, 200]);
  expect(store.requests()).toBe(1);

  accepted = "second";
  store.put("Embedding", "second");
  expect([await status(), await status()]).toEqual([200, 200]);
  expect(asked).toEqual(["first", "first", "first", "second", "second"]);

  accepted = "third";
  expect(await status()).toBe(401);
});

test("a key that the link contains is sent unchanged", async () => {
  accepted = "own";
  expect((await postTo({ baseUrl, apiKey: "own" })("/", {}, AbortSignal.timeout(5_000))).status).toBe(200);
});
