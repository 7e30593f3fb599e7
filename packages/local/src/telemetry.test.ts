import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { embeddedMetrics, metricNamespace } from "@resolve/core/platform/metrics";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callerOf, settled } from "../../acceptance/src/client.ts";
import { replayDay } from "../../bench/src/day.ts";

/** The log lines of a whole system, at the most talkative level. */
const log: string[] = [];
const child = fork(new URL("./testing-server.ts", import.meta.url), {
  silent: true,
  execArgv: ["--import", new URL("./faster-imports.ts", import.meta.url).href],
  env: {
    ...process.env,
    POWERTOOLS_LOG_LEVEL: "DEBUG",
    TEST_LINKS: JSON.stringify({ SearchResults: { keptSeconds: 600 } }),
  },
});
for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk: Buffer) => log.push(chunk.toString()));
const lines = () => log.join("").split("\n").filter(Boolean);
/** The lines of requests and messages. */
const wide = () =>
  lines()
    .filter((line) => line.startsWith("{"))
    // biome-ignore lint/suspicious/noExplicitAny: tests look at a line field by field.
    .map((line): any => JSON.parse(line))
    .filter(({ message }) => message === "request" || message === "message");

const received: { headers: IncomingHttpHeaders; body: string }[] = [];
const receiver = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  received.push({ headers: request.headers, body });
  response.end("CANARY of the receiver");
});

let operator: ReturnType<typeof callerOf>;
let apiUrl: string;
let operatorKey: string;
let tenant: { id: string; key: string; secret: string };
beforeAll(async () => {
  receiver.listen(0, "127.0.0.1");
  const ended = once(child, "exit").then(([code]) =>
    Promise.reject(new Error(`it ended with ${code}: ${log.join("")}`)),
  );
  const [started] = await Promise.race([once(child, "message"), ended]);
  ended.catch(() => {});
  ({ apiUrl, operatorKey } = started);
  operator = callerOf(apiUrl, operatorKey);
  const { body } = await operator("POST", "/tenants", {
    name: "CANARY Ltd",
    admin: { email: "canary@acme.example" },
  });
  const secret: string = body.apiKey.secret;
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/canary`;
  const made = await callerOf(apiUrl, secret)("POST", "/webhooks", {
    url,
    eventTypes: ["document.ready"],
    headers: { "x-own": "CANARY" },
  });
  expect(made.status).toBe(201);
  tenant = { id: body.tenant.id, key: secret, secret: made.body.secret };
}, 180_000);
afterAll(async () => {
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
  receiver.close();
});

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const given = `00-${traceId}-00f067aa0ba902b7-01`;
const tracestate = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";

describe("a trace", () => {
  test("goes from the request through outbox, queues and handlers to the receiver of the webhook", async () => {
    const call = callerOf(apiUrl, tenant.key, { traceparent: given, tracestate });
    const { body } = await call("POST", "/documents", { name: "a.txt", text: "The CANARY sings." });
    expect((await settled(call, body.document.id)).status).toBe("ready");
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    const spans = () => wide().filter((line) => line.traceId === traceId);
    await expect.poll(() => spans().map(({ queue }) => queue), { timeout: 10_000 }).toContain("webhook-results");
    const queues = spans().map(({ queue, path }) => queue ?? path);
    for (const one of ["/api/v1/documents", "document-processing.fifo", "fan-out", "webhook-delivery"])
      expect(queues.map((name) => name.replace(/^local-/, ""))).toContain(one);

    // Each span begins in another one, and the first ones in the caller's.
    const ids = new Set(["00f067aa0ba902b7", ...spans().map(({ spanId }) => spanId)]);
    for (const span of spans()) expect(ids, JSON.stringify(span)).toContain(span.parentId);
    const sent = spans().find(({ queue }) => queue?.includes("webhook-delivery"));
    expect(received[0]!.headers["traceparent"]).toBe(`00-${traceId}-${sent.spanId}-01`);
    expect(received[0]!.headers["tracestate"]).toBe(tracestate);
    const event = JSON.parse(received[0]!.body);
    expect(event.traceparent).toContain(traceId);
    expect(event.tracestate).toBe(tracestate);
    expect(sent).toMatchObject({ tenantId: tenant.id, outcome: "ok", receives: 1, queueWaitMs: expect.any(Number) });
  }, 60_000);

  test("without a tracestate of its own, an event has none, whatever was sent before it", async () => {
    const call = callerOf(apiUrl, tenant.key);
    const [first, own] = [received.length, { traceparent: given.replaceAll("4", "5"), tracestate: "own=1" }];
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/file`;
    const fetched = await callerOf(apiUrl, tenant.key, own)("POST", "/documents", { name: "b.txt", url });
    expect((await settled(call, fetched.body.document.id)).status).toBe("ready");
    const { body } = await call("POST", "/documents", { name: "c.txt", text: "It sings again." });
    expect((await settled(call, body.document.id)).status).toBe("ready");
    const statesOf = (id: string) =>
      received
        .slice(first)
        .filter((one) => one.body.includes(id))
        .map(({ headers }) => headers["tracestate"]);
    await expect.poll(() => statesOf(fetched.body.document.id), { timeout: 20_000 }).toEqual(["own=1"]);
    await expect.poll(() => statesOf(body.document.id), { timeout: 20_000 }).toEqual([undefined]);
  }, 60_000);

  test("two requests without one have different traces, and an invalid one is not continued", async () => {
    const traces = async (traceparent?: string) => {
      const id = crypto.randomUUID();
      await fetch(`${apiUrl}/health`, { headers: { "x-request-id": id, ...(traceparent ? { traceparent } : {}) } });
      const line = () => wide().find(({ requestId }) => requestId === id);
      await expect.poll(line).toBeDefined();
      return line().traceId;
    };
    const [one, two] = [await traces(), await traces()];
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(two).not.toBe(one);
    expect(await traces(given)).toBe(traceId);
    expect(await traces(given.replace("00-", "01-").concat("-later"))).toBe(traceId);
    for (const invalid of [
      `${given}-x`,
      given.replace("00-", "ff-"),
      given.toUpperCase(),
      `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
      `00-${traceId}-${"0".repeat(16)}-01`,
    ])
      expect(await traces(invalid), invalid).not.toBe(traceId);
  });
});

test("the ledger of a small day agrees with the lines and with the cost model", async () => {
  const tenants = ["Larger Ltd", "Smaller Ltd"];
  const documents = Array.from({ length: 6 }, (_, n) => ({
    ...{ tenant: tenants[n % 3 === 0 ? 1 : 0]!, name: `${n}.md` },
    text: `The song of chapter ${n} has ${n + 2} verses. `.repeat(200 * (n + 1)),
  }));
  const queries = Array.from({ length: 24 }, (_, n) => ({
    ...{ tenant: tenants[n % 4 === 0 ? 1 : 0]!, query: `verses of chapter ${n % 7}` },
    ...{ mode: ["hybrid", "vector", "keyword"][n % 3]!, limit: 10 },
  }));
  const system = { apiUrl, operatorKey, lines: wide };
  const { all, tenants: each, amounts } = await replayDay(system, { documents, queries });
  expect(amounts["documents"]).toBe(documents.length);
  expect(amounts["request.count"]).toBe(all.requests);
  for (const { tenant, ledger, model } of [all, ...each]) {
    // On a busy machine the statements that record the messages take long, and the ledger has estimates of them only.
    expect(ledger / model, tenant).toBeGreaterThan(0.7);
    expect(ledger / model, tenant).toBeLessThan(1.1);
  }
  const ids = new Set(each.map(({ id }) => id));
  for (const kind of ["request", "message"])
    for (const [figure, field] of [["databaseMicros", "dbMs"] as const, ["cpuMicros", "cpuMs"] as const]) {
      const own = wide().filter(({ message, tenantId }) => message === kind && ids.has(tenantId));
      const recorded = amounts[`${kind}.${figure}`]! / own.reduce((sum, line) => sum + line[field] * 1000, 0);
      // What a message uses after its cost was recorded is in its line only, and the statement that records it is estimated.
      expect(recorded, `${kind} ${field}`).toBeGreaterThan(0.5);
      expect(recorded, `${kind} ${field}`).toBeLessThan(1.1);
    }
}, 150_000);

describe("log lines", () => {
  test("contain nothing that a caller wrote, no secret and no e-mail address", async () => {
    const call = callerOf(apiUrl, tenant.key, { "user-agent": "CANARY", "x-other": "CANARY" });
    const before = wide().length;
    const bodies: [string, string, unknown?, Record<string, string>?][] = [
      [
        "POST",
        "/documents",
        { name: "CANARY.txt", text: "CANARY", metadata: { word: "CANARY" } },
        { "idempotency-key": "CANARY", traceparent: given, tracestate: "canary=CANARY" },
      ],
      ["POST", "/documents", { name: "CANARY.pdf", url: "http://127.0.0.1:9/canary?key=CANARY" }],
      ["POST", "/documents", { name: 7, CANARY: "CANARY" }],
      ["POST", "/documents", '{"CANARY'],
      ["POST", "/search", { query: "CANARY", filter: { word: "CANARY" } }],
      ["POST", "/search", { query: "CANARY\u0000" }],
      ["POST", "/answers", { question: "Who is CANARY?" }],
      ["POST", "/collections", { name: "CANARY", description: "CANARY" }],
      ["POST", "/groups", { name: "CANARY" }],
      ["POST", "/invitations", { email: "canary@example.com", role: "user" }],
      ["POST", "/webhooks", { url: "http://10.0.0.1/CANARY" }],
      ["GET", "/documents?CANARY=CANARY"],
      ["GET", "/documents?name=CANARY"],
      ["GET", "/documents/CANARY"],
      ["GET", "/CANARY"],
      ["PATCH", "/documents/doc_CANARY", { name: "CANARY" }, { "if-match": '"CANARY"' }],
      ["DELETE", "/CANARY/CANARY"],
      ["GET", "/documents", undefined, { authorization: "Bearer CANARY" }],
      ["GET", "/documents", undefined, { authorization: "Bearer rsk_CANARY" }],
      ["GET", "/documents", undefined, { authorization: "Bearer eyJhbGciOiJub25lIn0.CANARY.CANARY" }],
      ["GET", "/documents", undefined, { "x-resolve-tenant": "CANARY", "x-resolve-reason": "CANARY" }],
      ["GET", "/documents", undefined, { "x-request-id": "CANARY with blanks", traceparent: "CANARY" }],
    ];
    const statuses: number[] = [];
    for (const [method, path, body, headers] of bodies) statuses.push((await call(method, path, body, headers)).status);
    expect(statuses.filter((status) => status < 300).length, String(statuses)).toBeGreaterThan(5);
    await operator("GET", "/documents", undefined, {
      "x-resolve-tenant": tenant.id,
      "x-resolve-reason": "CANARY reads",
    });
    await expect.poll(() => wide().length - before, { timeout: 10_000 }).toBeGreaterThan(bodies.length);
    const text = log.join("");
    for (const secret of [tenant.key, tenant.secret, "acme.example", "example.com"]) expect(text).not.toContain(secret);
    expect(lines().filter((line) => /canary/i.test(line))).toEqual([]);
  }, 60_000);

  test("M-1 M-3 are one JSON object of at most 1.5 kB for each request and message", () => {
    const text = lines().filter((line) => /"message":"(request|message)"/.test(line));
    expect(text.length).toBeGreaterThan(30);
    for (const line of text) expect(Buffer.byteLength(line), line).toBeLessThanOrEqual(1_500);
    for (const line of wide())
      expect(line).toMatchObject({
        service: "resolve-app",
        source: "nodejs",
        stage: "local",
        durationMs: expect.any(Number),
        traceId: expect.any(String),
        route: expect.any(String),
      });
    const created = wide().find(({ path, statusCode }) => path === "/api/v1/documents" && statusCode === 201);
    expect(created).toMatchObject({ method: "POST", route: "document-write", status: "2xx", tenantId: tenant.id });
    expect(created.dbCalls).toBeGreaterThan(0);
    expect(created.actor).toMatch(/^apiKey:key_/);
    const refused = wide().find(({ problem }) => problem === "invalid-json");
    expect(refused).toMatchObject({ statusCode: 400, status: "4xx" });
    expect(wide().filter(({ isCold }) => isCold).length).toBeGreaterThan(0);
  });

  test("M-4 M-7 M-8 are metrics of CloudWatch, with dimensions that have few values", () => {
    const seen = new Set<string>();
    for (const line of wide()) {
      for (const { Namespace, Dimensions, Metrics } of line._aws?.CloudWatchMetrics ?? []) {
        expect(Namespace).toBe(metricNamespace);
        for (const { Name, Unit } of Metrics) {
          const { dimensions } = embeddedMetrics[Name as keyof typeof embeddedMetrics];
          expect(Dimensions).toEqual([["stage", ...dimensions]]);
          if (Name.endsWith(".duration")) expect(Unit).toBe("Milliseconds");
          // CloudWatch ignores a metric without a value, and more than 100 values.
          const values: unknown[] = [line[Name]].flat();
          expect(values.length, Name).toBeLessThanOrEqual(100);
          for (const value of values) expect(value, Name).toEqual(expect.any(Number));
          for (const dimension of Dimensions[0]) expect(line[dimension], dimension).toEqual(expect.any(String));
          seen.add(Name);
        }
      }
    }
    expect([...seen].sort()).toEqual(Object.keys(embeddedMetrics).sort());
  });
});
