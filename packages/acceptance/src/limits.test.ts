import { expect, test } from "vitest";
import { system } from "./system.ts";

const limitsOf = (id: string, body: object) => system.operator("PATCH", `/tenants/${id}/limits`, body);
/** As the API responds: `callerOf` would wait and repeat. */
const get = (path: string, key: string) =>
  fetch(`${system.apiUrl}/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
const rateOf = ({ headers }: Response) =>
  ["limit", "remaining", "reset"].map((name) => Number(headers.get(`ratelimit-${name}`)));

test("every response to a credential says what is left, and beyond it requests get 429 with Retry-After", async () => {
  const tenant = await system.newTenant();
  const [limit, remaining, reset] = rateOf(await get("/tenant", tenant.key));
  expect([limit, reset]).toEqual([200, 1]);
  expect(remaining).toBeGreaterThan(190);
  await limitsOf(tenant.id, { requestsPerSecond: 1, requestBurst: 5, callerRequestsPerSecond: 1 });
  const responses = await Promise.all(Array.from({ length: 20 }, () => get("/tenant", tenant.key)));
  const refused = responses.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(10);
  expect(rateOf(refused[0]!).slice(0, 2)).toEqual([5, 0]);
  expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  expect(await refused[0]!.json()).toMatchObject({
    code: "rate-limited",
    status: 429,
    type: "/api/docs/problems/rate-limited",
  });
  // What does not exist and what is refused counts too; what has no credential does not.
  expect(rateOf(await get("/nothing", tenant.key))[0]).toBe(5);
  expect((await fetch(`${system.apiUrl}/health`)).headers.has("ratelimit-limit")).toBe(false);
  // Another tenant notices nothing.
  const other = await system.newTenant();
  expect((await get("/tenant", other.key)).status).toBe(200);
  // Null is the plan's number again.
  await limitsOf(tenant.id, { requestsPerSecond: null, requestBurst: null, callerRequestsPerSecond: null });
  // A credential that was refused is refused again until its next token, without another look at its limits.
  await expect.poll(async () => rateOf(await get("/tenant", tenant.key))[0], { timeout: 10_000 }).toBe(200);
});

test("keys of one tenant have buckets of their own, within the tenant's", async () => {
  const tenant = await system.newTenant();
  const { secret } = (await tenant.call("POST", "/api-keys", { name: "second", role: "readonly" })).body;
  await limitsOf(tenant.id, { requestsPerSecond: 10, requestBurst: 100, callerRequestsPerSecond: 1 });
  const responses = await Promise.all(Array.from({ length: 30 }, () => get("/tenant", secret)));
  expect(responses.some(({ status }) => status === 429)).toBe(true);
  expect(rateOf(responses.find(({ status }) => status === 429)!)[0]).toBe(10);
  expect((await get("/tenant", tenant.key)).status).toBe(200);
});

test("a key that was revoked does not count towards the limit of keys", async () => {
  const tenant = await system.newTenant();
  await limitsOf(tenant.id, { apiKeys: 2 });
  const make = () => tenant.call("POST", "/api-keys", { name: "second", role: "readonly" });
  const { apiKey } = (await make()).body;
  expect((await make()).body).toMatchObject({ code: "limit-reached", limited: "apiKeys" });
  await tenant.call("DELETE", `/api-keys/${apiKey.id}`);
  expect((await make()).status).toBe(201);
});

test("a tenant reads the limits of its plan, with the operator's exceptions", async () => {
  const tenant = await system.newTenant({ plan: "free" });
  expect((await tenant.call("GET", "/tenant/limits")).body).toMatchObject({ requestsPerSecond: 10, webhooks: 5 });
  await limitsOf(tenant.id, { webhooks: 7 });
  expect((await tenant.call("GET", "/tenant/limits")).body).toMatchObject({ requestsPerSecond: 10, webhooks: 7 });
  const other = await system.newTenant({ plan: "free" });
  await limitsOf(other.id, { webhooks: 8 });
  await limitsOf(tenant.id, { webhooks: null });
  expect((await other.call("GET", "/tenant/limits")).body).toMatchObject({ webhooks: 8 });
  const inside = { "x-resolve-tenant": tenant.id, "x-resolve-reason": "another contract" };
  await system.operator("PATCH", "/tenant", { plan: "enterprise" }, inside);
  expect((await tenant.call("GET", "/tenant/limits")).body).toMatchObject({ requestsPerSecond: 500, webhooks: 1_000 });
  for (const body of [{ requestsPerSecond: 0 }, { requestsPerSecond: 20_000 }, { webhooks: 1.5 }, { wings: 2 }])
    expect((await limitsOf(tenant.id, body)).status).toBe(400);
});
