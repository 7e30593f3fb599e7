import { randomUUID } from "node:crypto";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram } from "../../cli/src/program.ts";
import { sqsCredentials } from "./doubles/sqs.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** The dead-letter queues, as an operator works with them through API and CLI. */
let system: TestSystem;
let sqs: SQSClient;
let links: { urls: Record<string, string>; endpoint: string };
beforeAll(async () => {
  system = await startSystem();
  // The link of the local runtime.
  links = system.runtime.resources["DeadLetters"] as typeof links;
  sqs = new SQSClient({ endpoint: links.endpoint, region: "us-east-1", credentials: sqsCredentials });
});
afterAll(async () => {
  sqs.destroy();
  await system.close();
});

/** Puts a message where SQS, EventBridge or Lambda puts it after the last failure. */
const bury = async (name: string, body: unknown, groupKey?: string): Promise<string> => {
  const QueueUrl = links.urls[name]!;
  const fifo = QueueUrl.endsWith(".fifo") ? { MessageDeduplicationId: randomUUID(), MessageGroupId: groupKey } : {};
  const MessageBody = typeof body === "string" ? body : JSON.stringify(body);
  return (await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...fifo }))).MessageId!;
};
const operator = (method: string, path: string, body?: unknown) => {
  const call = system.caller(system.runtime.adminApiKey);
  return call(method, `/platform/dead-letters${path}`, body);
};
const auditOf = async (tenantUuid: string, action: string) =>
  (await system.admin`select subject from app.audit_log where tenant_id = ${tenantUuid} and action = ${action}`).map(
    ({ subject }) => subject as string,
  );
const resolve = async (...args: string[]): Promise<string> => {
  const lines: string[] = [];
  const env = { RESOLVE_API_URL: system.runtime.apiUrl, RESOLVE_API_KEY: system.runtime.adminApiKey };
  const program = buildProgram({ print: (line) => lines.push(line), env, cwd: "/" }).exitOverride();
  await program.parseAsync(["dead-letters", ...args], { from: "user" });
  return lines.join("\n");
};

test("a dead letter of a queue is shown without its texts, and redriving it twice does its work once", async () => {
  const { id, uuid, call } = await system.newTenant();
  const created = await call("POST", "/documents", { name: "a.txt", text: "Words of a customer." });
  const documentId: string = created.body.document.id;
  const document = async () => (await call("GET", `/documents/${documentId}`)).body;
  await expect.poll(async () => (await document()).status, { timeout: 90_000 }).toBe("ready");
  const before = await document();
  const message = {
    tenantId: id,
    documentId,
    version: 1,
    note: "Words of a customer.",
    headers: { "x-id": documentId },
  };
  const letters = [await bury("document-processing", message, id), await bury("document-processing", message, id)];

  const { body } = await operator("GET", "/document-processing");
  expect(body.data.map((one: { id: string }) => one.id).sort()).toEqual([...letters].sort());
  expect(body.data[0]).toMatchObject({
    tenantId: id,
    body: { tenantId: id, documentId, version: 1, note: "[20 characters]", headers: { "x-id": "[30 characters]" } },
  });
  const redriven = await operator("POST", "/document-processing/redrive", { messages: letters });
  expect(redriven.body.done.sort()).toEqual([...letters].sort());
  expect((await operator("POST", "/document-processing/redrive", { messages: letters })).body.done).toEqual([]);
  expect(await auditOf(uuid, "deadletter.redrive")).toHaveLength(2);
  await expect
    .poll(async () => (await system.admin`select 1 from app.outbox where tenant_id = ${uuid}`).length, {
      timeout: 10_000,
    })
    .toBe(0);
  expect(await document()).toEqual(before);
}, 150_000);

test("an upload whose event no function could handle is stored when its dead letter is redriven", async () => {
  const { id, call } = await system.newTenant();
  const { body } = await call("POST", "/documents", { name: "a.txt", sizeBytes: 3, sha256: "0".repeat(64) });
  const documentId: string = body.document.id;
  const event = { source: "aws.s3", "detail-type": "Object Created" };
  const detail = { object: { key: `t/${id}/${documentId}/1`, size: 3 } };
  await bury("upload-stored", { requestContext: {}, requestPayload: { ...event, detail } });
  expect((await operator("POST", "/upload-stored/redrive", { messages: "all" })).body.done).toHaveLength(1);
  expect((await call("GET", `/documents/${documentId}`)).body.status).not.toBe("awaiting_upload");
}, 60_000);

test("an event that never reached fan-out is delivered when its dead letter is redriven", async () => {
  const { uuid, call } = await system.newTenant();
  // Nothing listens there: a delivery without success is enough.
  const { body } = await call("POST", "/webhooks", { url: "http://127.0.0.1:9/hook", eventTypes: ["document.purged"] });
  await call("POST", `/webhooks/${body.webhook.id}/test`);
  const deliveries = async () => (await call("GET", `/webhooks/${body.webhook.id}/deliveries`)).body.data.length;
  await expect.poll(deliveries, { timeout: 15_000 }).toBe(1);
  await system.admin`delete from app.webhook_deliveries where tenant_id = ${uuid}`;
  const events = (await call("GET", "/events")).body.data;
  const detail = events.find(({ type }: { type: string }) => type === "webhook.test");
  // As EventBridge leaves an event that it could not hand over; Lambda wraps those of a failed function.
  await bury("event-published", { source: "resolve.webhook", "detail-type": "webhook.test", detail });
  await bury("event-published", { requestPayload: { source: "resolve.webhook", detail } });
  expect((await operator("POST", "/event-published/redrive", { messages: "all" })).body.done).toHaveLength(2);
  await expect.poll(deliveries, { timeout: 15_000 }).toBe(1);
}, 60_000);

test("letters that no consumer could read are refused by a redrive, and purged only when it is confirmed", async () => {
  const unknown = "ten_01k9x00000e0080000000000zz";
  const letters = [
    await bury("url-fetch", "no JSON"),
    await bury("url-fetch", { tenantId: unknown }),
    await bury("url-fetch", "7"),
  ];
  const { body } = await operator("POST", "/url-fetch/redrive", { messages: "all" });
  expect([body.done, body.refused.length, body.hasMore]).toEqual([[], 3, false]);
  await expect(resolve("purge", "url-fetch", letters[0]!)).rejects.toThrow("--yes");
  await expect(resolve("purge", "url-fetch", "--yes")).rejects.toThrow("--all");
  expect(await resolve("list", "url-fetch")).toContain("no JSON object");
  expect(await resolve("purge", "url-fetch", "--all", "--yes")).toContain(`${letters[1]}  purged`);
  expect(await resolve("list")).toMatch(/^url-fetch +queue {2}0 messages$/m);
  const [home] = await system.admin`select count(*)::int as n from app.audit_log where action = 'deadletter.purge'`;
  expect(home!["n"]).toBe(3);
});

test("letters are listed page by page, oldest first, and two redrives at once send each of them once", async () => {
  const { id, uuid } = await system.newTenant();
  const made = new Set<string>();
  for (let n = 0; n < 25; n++) made.add(await bury("webhook-results", { tenantId: id, deliveryId: "gone", n }));
  const listed: { id: string; sentAt: string }[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body } = await operator("GET", `/webhook-results?limit=10${cursor && `&cursor=${cursor}`}`);
    listed.push(...body.data);
    cursor = body.nextCursor;
  }
  expect(new Set(listed.map((one) => one.id))).toEqual(made);
  expect(listed.map((one) => one.sentAt)).toEqual(listed.map((one) => one.sentAt).sort());
  const [first] = listed;
  expect(await resolve("inspect", "webhook-results", first!.id)).toContain('"deliveryId": "[4 characters]"');
  const both = await Promise.all([1, 2].map(() => operator("POST", "/webhook-results/redrive", { messages: "all" })));
  const done = both.flatMap(({ body }) => body.done as string[]);
  expect([done.length, new Set(done)]).toEqual([25, made]);
  expect((await auditOf(uuid, "deadletter.redrive")).sort()).toEqual([...made].sort());
}, 60_000);

test("only an operator sees dead letters, and a queue that does not exist is not found", async () => {
  const { call } = await system.newTenant();
  for (const [method, path] of [
    ["GET", ""],
    ["GET", "/url-fetch"],
    ["POST", "/url-fetch/redrive"],
    ["POST", "/url-fetch/purge"],
  ] as const)
    expect(
      (await call(method, `/platform/dead-letters${path}`, method === "POST" ? { messages: "all" } : undefined)).status,
    ).toBe(403);
  for (const name of ["no-such", "constructor"]) expect((await operator("GET", `/${name}`)).status).toBe(404);
  expect((await operator("POST", "/url-fetch/purge", {})).status).toBe(400);
});
