import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "vitest";
import { type ApiResponse, addDocument, type Call } from "./client.ts";
import { system } from "./system.ts";

/** Webhooks, and how many things a tenant may have. */
const url = "https://hooks.example.com/resolve";
const codeOf = ({ status, body }: ApiResponse) => [status, body.code];

describe("a webhook", () => {
  let call: Call;
  beforeAll(async () => {
    ({ call } = await system.newTenant());
  });
  const create = async (more: object = {}) => (await call("POST", "/webhooks", { url, ...more })).body;

  test("is changed only by a caller that saw its present state", async () => {
    const { webhook } = await create({ eventTypes: ["document.ready"] });
    const path = `/webhooks/${webhook.id}`;
    const { headers } = await call("GET", path);
    const ifMatch = { "if-match": headers.get("etag")! };
    const changed = await call("PATCH", path, { eventTypes: null, headers: { "x-team": "legal" } }, ifMatch);
    expect([changed.status, changed.body.eventTypes]).toEqual([200, null]);
    expect(JSON.stringify(changed.body)).not.toContain("legal");
    expect(codeOf(await call("PATCH", path, { url: `${url}/2` }, ifMatch))).toEqual([412, "precondition-failed"]);
    expect(codeOf(await call("DELETE", path, undefined, ifMatch))).toEqual([412, "precondition-failed"]);
    expect((await call("PATCH", path, { url: `${url}/2` })).body.url).toBe(`${url}/2`);
    expect(codeOf(await call("PATCH", path, { url: "http://10.0.0.1/" }))).toEqual([422, "url-not-allowed"]);
  });

  test("T5: is disabled and enabled, holds its deliveries meanwhile, and is tested only when it is enabled", async () => {
    const { webhook } = await create({ eventTypes: ["document.ready"] });
    const path = `/webhooks/${webhook.id}`;
    expect((await call("POST", `${path}/disable`)).body).toMatchObject({ status: "disabled" });
    expect(codeOf(await call("POST", `${path}/disable`))).toEqual([409, "webhook-conflict"]);
    expect(codeOf(await call("POST", `${path}/test`))).toEqual([409, "webhook-conflict"]);
    await addDocument(call, { name: "a.txt", text: "Words." });
    const statuses = async () =>
      (await call("GET", `${path}/deliveries`)).body.data.map((one: { status: string }) => one.status);
    await expect.poll(statuses, { timeout: 15_000 }).toEqual(["held"]);
    expect((await call("POST", `${path}/enable`)).body).toMatchObject({ status: "enabled", disabledReason: null });
    expect(await statuses()).toEqual(["pending"]);
  }, 60_000);

  test("gets a new secret, which is shown once", async () => {
    const { webhook, secret } = await create();
    const rotated = await call("POST", `/webhooks/${webhook.id}/rotate-secret`);
    expect(rotated.body.secret).toMatch(/^whsec_/);
    expect(rotated.body.secret).not.toBe(secret);
    expect((await call("GET", `/webhooks/${webhook.id}`)).body.secret).toBeUndefined();
  });

  test.each([
    ["T17: Expect", { Expect: "100-continue" }],
    ["T17: Upgrade", { upgrade: "h2c" }],
    ["T17: Keep-Alive", { "Keep-Alive": "timeout=5" }],
    ["the signature's header", { "Webhook-Signature": "v1,x" }],
    ["H3: 21 headers", Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, "a"]))],
    ["H3: more than 8 KB", Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`x-${n}`, "a".repeat(1_000)]))],
    ["a header twice", { "X-A": "1", "x-a": "2" }],
  ])("cannot have headers with %s", async (_, headers) => {
    const { status, body } = await call("POST", "/webhooks", { url, headers });
    expect([status, body.errors?.[0]?.path]).toEqual([400, "/headers"]);
  });
});

test.runIf(system.isLocal)(
  "a receiver that fails gets the same request again, also by each retry by hand, and what it answered is shown, whatever its bytes are",
  async () => {
    const requests: (Pick<IncomingMessage, "url" | "headers"> & { body: string })[] = [];
    // The excerpt ends in the middle of the last character, and a database stores no zero.
    const answer = Buffer.concat([Buffer.from([0xff, 0]), Buffer.from(`${"a".repeat(997)}😀`)]);
    const server = createServer(async (request, response) => {
      const { url, headers } = request;
      requests.push({ url, headers, body: await text(request) });
      return requests.length > 1 ? response.writeHead(204).end() : response.writeHead(503).end(answer);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { call } = await system.newTenant();
      const path = "/hook?team=legal&note=a%20b";
      const { port } = server.address() as AddressInfo;
      // Only the test event: nothing is purged here.
      const webhook = { url: `http://127.0.0.1:${port}${path}`, eventTypes: ["document.purged"] };
      const { body } = await call("POST", "/webhooks", webhook);
      const { deliveryId } = (await call("POST", `/webhooks/${body.webhook.id}/test`)).body;
      const arrived = (count: number) => expect.poll(() => requests.length, { timeout: 60_000 }).toBe(count);
      const delivery = async () => (await call("GET", `/deliveries/${deliveryId}`)).body;
      await arrived(2);
      for (const count of [3, 4]) {
        // The result of the last attempt is recorded.
        await expect.poll(async () => (await delivery()).attempts, { timeout: 60_000 }).toBe(count - 1);
        expect((await call("POST", `/deliveries/${deliveryId}/retry`)).status).toBe(200);
        await arrived(count);
      }
      const seen = requests.map(({ url, headers, body }) => [url, headers["webhook-id"], body]);
      expect(seen).toEqual(Array(4).fill([path, deliveryId, requests[0]!.body]));
      const { data } = (await call("GET", `/deliveries/${deliveryId}/attempts`)).body;
      expect(data[0]).toMatchObject({
        statusCode: 503,
        cause: "status",
        response: expect.stringMatching(/^\ufffda{997}/),
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
  120_000,
);

test.runIf(system.isLocal)(
  "an event bus receives events, and no second endpoint may name its role",
  async () => {
    const { id, call } = await system.newTenant();
    // The double of customers' accounts has roles of this form.
    const roleArn = `arn:aws:iam::111122223333:role/resolve-${id}`;
    const eventBridge = { eventBusArn: "arn:aws:events:eu-central-1:111122223333:event-bus/orders", roleArn };
    const { body } = await call("POST", "/webhooks", { eventBridge });
    expect(body.webhook).toMatchObject({
      url: eventBridge.eventBusArn,
      eventBridge: { ...eventBridge, externalId: id },
    });
    const tested = (await call("POST", `/webhooks/${body.webhook.id}/test`)).body;
    const delivery = async () => (await call("GET", `/deliveries/${tested.deliveryId}`)).body;
    await expect.poll(async () => (await delivery()).status, { timeout: 60_000 }).toBe("delivered");
    const theirs = await system.newTenant();
    for (const caller of [call, theirs.call])
      expect(codeOf(await caller("POST", "/webhooks", { eventBridge }))).toEqual([409, "role-in-use"]);
    expect(codeOf(await call("POST", "/webhooks", { url, eventBridge }))).toEqual([400, "invalid-request"]);
    expect(codeOf(await call("POST", "/webhooks", {}))).toEqual([400, "invalid-request"]);
  },
  60_000,
);

test("H7: a tenant has as many webhooks, keys, collections and jobs as the operator lets it", async () => {
  const { id, call } = await system.newTenant();
  const limits = (body: object) => system.operator("PATCH", `/tenants/${id}/limits`, body);
  expect((await system.operator("GET", `/tenants/${id}/limits`)).body).toMatchObject({
    webhooks: 100,
    apiKeys: 1_000,
    collections: 1_000,
    groups: 1_000,
    jobs: 10,
  });
  expect((await limits({ webhooks: 1, apiKeys: 1, collections: 0, jobs: 0 })).status).toBe(200);
  expect((await call("POST", "/webhooks", { url })).status).toBe(201);
  for (const [path, body] of [
    ["/webhooks", { url }],
    ["/api-keys", { name: "second", role: "user" }],
    ["/collections", { name: "first" }],
    ["/jobs", { type: "index" }],
  ] as const)
    expect(codeOf(await call("POST", path, body)), path).toEqual([409, "limit-reached"]);
  await limits({ webhooks: 10 });
  const made = await Promise.all(Array.from({ length: 20 }, () => call("POST", "/webhooks", { url })));
  expect(made.filter(({ status }) => status === 201)).toHaveLength(9);
  expect(codeOf(await call("GET", `/tenants/${id}/limits`))).toEqual([403, "forbidden"]);
  expect(codeOf(await limits({ webhooks: -1 }))).toEqual([400, "invalid-request"]);
}, 60_000);
