import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { system } from "./system.ts";

/** Onboarding of a tenant, with the webhooks that report it. */
/** A request below the address of the API, with options; a string body is sent as it is. */
const call = (
  method: string,
  path: string,
  { key = "", body, headers }: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
) => system.caller(key)(method, path.replace("/v1", ""), body, headers);

// Only a system on this machine can send webhooks to a server of this process.
test.skipIf(!system.isLocal)("onboarding runs to the first cited answer, and its webhooks are signed", async () => {
  const received: { headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    received.push({ headers: request.headers, body });
    response.end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const tenant = await system.newTenant({
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
  // The response that created the tenant contained the secret, so every delivery can be verified.
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
