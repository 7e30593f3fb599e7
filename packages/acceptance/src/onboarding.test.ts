import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { system, unknownId } from "./system.ts";

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
    received.push({ headers: request.headers, body: await text(request) });
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

/** The run of a new tenant, completed with the document that its first answer cites. */
const completed = async (more: object = {}) => {
  const documents = [{ name: "faq.txt", text: "Returns are accepted within thirty days." }];
  const tenant = await system.newTenant({ documents, ...more });
  const read = async () => (await tenant.call("GET", `/onboarding/${tenant.runId}?waitSeconds=20`)).body;
  await expect.poll(async () => (await read()).status, { timeout: 60_000 }).toBe("completed");
  const [document] = (await tenant.call("GET", "/documents")).body.data;
  return { ...tenant, document };
};
type Steps = { steps: { name: string; result: Record<string, unknown> }[] };
const resultOf = ({ steps }: Steps, name: string) => steps.find((step) => step.name === name)!.result;

test("the first answer is quoted to readers of its document only, and the document's ids are hidden from others", async () => {
  const [asked, made] = await Promise.all([completed({ seedQuestion: "When are returns accepted?" }), completed()]);
  for (const { call, document, runId } of [asked, made]) {
    const { id } = (await call("POST", "/collections", { name: "Board", access: { roles: ["readonly"] } })).body
      .collection;
    expect((await call("PATCH", `/documents/${document.id}`, { collectionId: id })).status).toBe(200);
    const { secret } = (await call("POST", "/api-keys", { name: "clerk", role: "user" })).body;
    const cited = { documentId: document.id, documentName: "faq.txt", quote: expect.stringContaining("thirty days") };
    const seedQuestion = runId === asked.runId ? { question: "When are returns accepted?" } : {};
    for (const path of ["/tenant/onboarding", `/onboarding/${runId}`]) {
      const own = (await call("GET", path)).body;
      expect(resultOf(own, "search.first_answer")).toMatchObject({ ...cited, ...seedQuestion });
      expect(resultOf(own, "search.first_answer")).toMatchObject({
        chunkId: expect.stringMatching(/^chk_/),
        page: null,
      });
      const { status, body } = await system.caller(secret)("GET", path);
      expect(status).toBe(200);
      expect(resultOf(body, "search.first_answer")).toEqual({
        isSeeded: runId === asked.runId,
        support: expect.any(Number),
        supportMin: 0.5,
        ...seedQuestion,
      });
      expect(resultOf(body, "documents.ready")).toEqual({ documentIds: [] });
      expect(JSON.stringify(body)).not.toMatch(/doc_|chk_|thirty/);
    }
  }
});

test("the operator reads a tenant's run without entering the tenant, and sees nothing of its documents", async () => {
  const { id, key, runId } = await completed({ seedQuestion: "When are returns accepted?" });
  const { status, body } = await system.operator("GET", `/tenants/${id}/onboarding`);
  expect([status, body.id, body.tenantId, body.status]).toEqual([200, runId, id, "completed"]);
  expect(resultOf(body, "search.first_answer")).toEqual({
    question: "When are returns accepted?",
    isSeeded: true,
    support: expect.any(Number),
    supportMin: 0.5,
  });
  expect(JSON.stringify(body)).not.toMatch(/doc_|chk_|thirty|faq/);
  const inside = { "x-resolve-tenant": id, "x-resolve-reason": "looks into a ticket" };
  const entered = await system.caller(system.operatorKey, inside)("GET", "/tenant/onboarding");
  expect(resultOf(entered.body, "search.first_answer")["quote"]).toContain("thirty days");
  for (const unknown of [unknownId("ten"), "nonsense"])
    expect((await system.operator("GET", `/tenants/${unknown}/onboarding`)).body.code).toBe("not-found");
  expect((await system.caller(key)("GET", `/tenants/${id}/onboarding`)).body.code).toBe("forbidden");
});

test("requests for the same tenant at once get it, also when they name its slug", async () => {
  const slug = `same-${crypto.randomUUID().slice(0, 8)}`;
  const body = { name: "Same", slug, externalId: `ext-${slug}`, admin: { email: "ada@same.example" } };
  const made = await Promise.all(Array.from({ length: 6 }, () => system.operator("POST", "/tenants", body)));
  expect(made.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
  expect(new Set(made.map((one) => one.body.tenant.id)).size).toBe(1);
});

test("no two people of a new tenant have the same address", async () => {
  const admin = { email: "ada@same.example" };
  const members = ["grace@same.example", "ADA@same.example", "Grace@Same.example"].map((email) => ({ email }));
  const { status, body } = await system.operator("POST", "/tenants", { name: "Same", admin, members });
  expect([status, body.errors]).toEqual([
    400,
    [
      { path: "/members/1/email", message: "is the address of the administrator" },
      { path: "/members/2/email", message: "is the address of /members/0" },
    ],
  ]);
});

test("a repeated externalId finds the tenant without its secrets, and a run that needs no retry refuses one", async () => {
  const request = { name: "Acme", admin: { email: "ada@acme.example" }, externalId: crypto.randomUUID() };
  const { id, key, runId } = await system.newTenant(request);
  const again = await system.operator("POST", "/tenants", request);
  expect([again.status, again.body.tenant.id, again.body.apiKey]).toEqual([200, id, undefined]);
  expect(resultOf(again.body.onboarding, "access.api_key")).toMatchObject({ isSecretShown: true });
  const inside = { "x-resolve-tenant": id, "x-resolve-reason": "looks into a ticket" };
  for (const call of [system.caller(key), system.caller(system.operatorKey, inside)]) {
    const { status, body } = await call("POST", `/onboarding/${runId}/retry`);
    expect([status, body.code]).toEqual([409, "onboarding-conflict"]);
  }
});

const verify = (secret: string, headers: Record<string, unknown>, body: string): boolean => {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const expected = createHmac("sha256", key)
    .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`)
    .digest("base64");
  return headers["webhook-signature"] === `v1,${expected}`;
};

const documents = [{ name: "faq.txt", text: "Returns are accepted within thirty days." }];
const question = "When are returns accepted?";

test("a run fails when its documents do not answer the seed question, or without the expected text, and shows the answer", async () => {
  const firstAnswer = async (more: object) => {
    const { key, runId } = await system.newTenant({ documents, ...more });
    return firstAnswerOf(await ended(key, runId));
  };
  const [right, unanswered, unexpected] = await Promise.all([
    firstAnswer({ seedQuestion: question, seedAnswer: "Thirty DAYS" }),
    firstAnswer({ seedQuestion: "What is X?", answering: { supportMin: 0.6 } }),
    firstAnswer({ seedQuestion: question, seedAnswer: "forty days" }),
  ]);
  const quote = documents[0]!.text;
  const cited = { question, isSeeded: true, supportMin: 0.5, documentName: "faq.txt", quote };
  expect(right).toMatchObject({ status: "completed", withinTarget: true, message: undefined, result: cited });
  const failed = { status: "failed", withinTarget: false };
  const unsupported = expect.stringContaining(
    "do not answer the seed question: the search found no sentence with a word of it",
  );
  expect(unanswered).toMatchObject({
    ...failed,
    message: unsupported,
    result: { question: "What is X?", supportMin: 0.6 },
  });
  const other = expect.stringContaining("does not contain the expected text");
  expect(unexpected).toMatchObject({ ...failed, message: other, result: { ...cited, expected: "forty days" } });
}, 60_000);

test("a failed run is retried with a corrected expected text, which needs a question", async () => {
  const refused = { path: "/seedAnswer", message: expect.stringContaining("seedQuestion") };
  const tenant = { name: "Acme", admin: { email: "ada@acme.example" }, documents, seedAnswer: "thirty days" };
  const { status, body } = await system.operator("POST", "/tenants", tenant);
  expect([status, body.errors]).toEqual([400, [refused]]);
  const { key, runId } = await system.newTenant({ documents, seedQuestion: question, seedAnswer: "forty days" });
  expect((await ended(key, runId)).status).toBe("failed");
  const retry = (body: unknown) => call("POST", `/v1/onboarding/${runId}/retry`, { key, body });
  expect((await retry({ seedAnswer: "" })).status).toBe(400);
  expect((await retry({ seedAnswer: "thirty days" })).status).toBe(200);
  const { result, ...run } = firstAnswerOf(await ended(key, runId));
  expect(run).toEqual({ status: "completed", withinTarget: true, message: undefined });
  expect(result).toMatchObject({ question, isSeeded: true });
}, 60_000);

test("a run goes on without its expected text when that is removed", async () => {
  const { key, runId } = await system.newTenant({ documents, seedQuestion: question, seedAnswer: "forty days" });
  expect((await ended(key, runId)).status).toBe("failed");
  const retried = await call("POST", `/v1/onboarding/${runId}/retry`, { key, body: { seedAnswer: null } });
  expect(retried.status).toBe(200);
  expect((await ended(key, runId)).status).toBe("completed");
}, 60_000);

// biome-ignore lint/suspicious/noExplicitAny: a response
const firstAnswerOf = (run: any) => {
  const { error, result } = run.steps.find(({ name }: { name: string }) => name === "search.first_answer");
  return { status: run.status, withinTarget: run.withinTarget, message: error?.message, result };
};

test("a run without documents waits for one that answers its seed question, and says why", async () => {
  const { key, runId } = await system.newTenant({ seedQuestion: "When are returns accepted?" });
  const add = (text: string) => call("POST", "/v1/documents", { key, body: { name: "note", text } });
  const read = async () => (await call("GET", `/v1/onboarding/${runId}`, { key })).body;
  const stepOf = (run: { steps: { name: string; result: unknown }[] }) =>
    run.steps.find(({ name }) => name === "search.first_answer");
  await add("Lunch is served from noon.");
  await expect
    .poll(async () => stepOf(await read()), { timeout: 20_000 })
    .toMatchObject({
      status: "waiting",
      result: {
        waitsBecause: expect.stringMatching(/found no sentence.*asks again after the next document/),
        isSeeded: true,
      },
    });
  // The step waits before its run does.
  await expect.poll(async () => (await read()).status, { timeout: 20_000 }).toBe("waiting");
  await add("Returns are accepted within thirty days.");
  await expect.poll(async () => (await read()).status, { timeout: 20_000 }).toBe("completed");
}, 60_000);

test("a run that waits for an answer asks again with a corrected question", async () => {
  const { key, runId } = await system.newTenant({ seedQuestion: "When are returns accepted?" });
  const read = async () => (await call("GET", `/v1/onboarding/${runId}`, { key })).body;
  await call("POST", "/v1/documents", { key, body: { name: "note", text: "Lunch is served from 12:30 in the hall." } });
  await expect
    .poll(async () => firstAnswerOf(await read()).result, { timeout: 20_000 })
    .toMatchObject({ waitsBecause: expect.any(String) });
  await expect.poll(async () => (await read()).status, { timeout: 20_000 }).toBe("waiting");
  const retry = (body: unknown) => call("POST", `/v1/onboarding/${runId}/retry`, { key, body });
  expect((await retry({})).status).toBe(409);
  expect((await retry({ seedQuestion: "When is lunch served?" })).status).toBe(200);
  await expect.poll(async () => (await read()).status, { timeout: 20_000 }).toBe("completed");
}, 60_000);

/** The run when it no longer runs. */
const ended = async (key: string, runId: string) => {
  for (let round = 0; ; round++) {
    const run = (await call("GET", `/v1/onboarding/${runId}?waitSeconds=20`, { key })).body;
    if (run.status !== "running" || round === 5) return run;
  }
};
