import { poolOn } from "@resolve/core/platform/database/credentials";
import { logger } from "@resolve/core/platform/telemetry";
import fc from "fast-check";
import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { addDocument, type Call } from "../../acceptance/src/client.ts";
import { startSystem, type TestSystem } from "./testing-system.ts";

/** Searches on a streaming replica of the real server, whose replay the tests pause. */
const primaryUrl = process.env["TEST_DATABASE_URL"];

type Replica = { url: string; kill(): void; stop(): void };
let replica: Replica;
let system: TestSystem;
/** The superuser on the replica. */
let standby: Sql;
let withReplica: string;
let without: string;

/** The lines of requests. */
const written: string[] = [];
const lineOf = (requestId: string) =>
  written.flatMap((text) => (text.includes(requestId) ? [JSON.parse(text)] : [])).at(-1);

const search = async (call: Call, query = "lens", more = {}) => {
  const id = crypto.randomUUID();
  const { status, body } = await call("POST", "/search", { query, mode: "keyword", ...more }, { "x-request-id": id });
  expect(status, JSON.stringify(body)).toBe(200);
  const { replica, dbCalls } = lineOf(id);
  const names: string[] = body.data.map(({ document }: { document: { name: string } }) => document.name).sort();
  return { names, replica, dbCalls };
};
const add = (call: Call, name: string) => addDocument(call, { name, text: `The lens of ${name}.` });
const change = async (call: Call, method: string, path: string, body?: object) => {
  const { status, body: response } = await call(method, path, body);
  expect(status, JSON.stringify(response)).toBeLessThan(300);
  return response;
};
const pause = () => standby`select pg_wal_replay_pause()`;
const resume = () => standby`select pg_wal_replay_resume()`;
const readsReplica = (call: Call) =>
  expect.poll(async () => (await search(call)).replica, { timeout: 30_000, interval: 200 }).toBe("read");

describe.runIf(primaryUrl)("a read replica", () => {
  beforeAll(async () => {
    const { startReplica } = await import(new URL("../../../scripts/services/up.mjs", import.meta.url).href);
    replica = await startReplica(primaryUrl);
    system = await startSystem();
    const own = Object.assign(new URL(system.database.url()), { port: new URL(replica.url).port });
    standby = poolOn(replica.url, { max: 1 });
    const url = Object.assign(own, { username: "api_a" }).href;
    without = process.env["SST_RESOURCES_JSON"]!;
    withReplica = JSON.stringify({ ...JSON.parse(without), ReplicaDatabase: { url, maxConnections: 4 } });
    process.env["SST_RESOURCES_JSON"] = withReplica;
    logger.setLogLevel("INFO");
    vi.spyOn(process.stdout, "write").mockImplementation((line) => {
      written.push(String(line));
      return true;
    });
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    logger.setLogLevel("SILENT");
    await system?.close();
    await standby?.end();
    replica?.stop();
  });

  test("D-18 searches and answers read from it, under the caller's row-level security, and other stages pay nothing", async () => {
    const { call, ...tenant } = await system.newTenant();
    await add(call, "a");
    await readsReplica(call);
    const name = new URL(system.database.url()).pathname.slice(1);
    const [session] = await standby`select usename from pg_stat_activity where datname = ${name} and usename = 'api_a'`;
    expect(session).toBeDefined();
    for (const mode of ["hybrid", "vector"])
      expect(await search(call, "lens", { mode })).toMatchObject({ names: ["a"], replica: "read" });
    expect(await search(call, '"lens of"', { filter: { none: 1 } })).toMatchObject({ names: [], replica: "read" });
    const id = crypto.randomUUID();
    const answered = await call("POST", "/answers", { question: "Whose lens?" }, { "x-request-id": id });
    expect([answered.status, lineOf(id).replica]).toEqual([200, "read"]);
    const other = await system.newTenant();
    expect(await search(other.call)).toMatchObject({ names: [] });
    await add(other.call, "b");
    await readsReplica(other.call);
    expect((await search(other.call)).names).toEqual(["b"]);
    expect((await search(call)).names, tenant.id).toEqual(["a"]);

    // The index is searched on the replica, too.
    const { job } = await change(call, "POST", "/jobs", { type: "index" });
    await expect
      .poll(async () => (await change(call, "GET", `/jobs/${job.id}`)).status, { timeout: 60_000 })
      .toBe("completed");
    await readsReplica(call);
    const request = { "x-request-id": crypto.randomUUID() };
    const { body } = await call("POST", "/search", { query: "lens", mode: "vector", explain: true }, request);
    expect([body.plan.vectors, lineOf(request["x-request-id"]).replica]).toEqual(["hnsw-then-exact", "read"]);

    const { dbCalls } = await search(call);
    process.env["SST_RESOURCES_JSON"] = without;
    const plain = await search(call);
    process.env["SST_RESOURCES_JSON"] = withReplica;
    expect([plain.replica, plain.dbCalls]).toEqual([undefined, dbCalls - 2]);
  }, 120_000);

  test("F-51 while it lags, a tenant that has written reads from the primary, and another one from the replica", async () => {
    const [tenant, other] = [await system.newTenant(), await system.newTenant()];
    const { call } = tenant;
    const a = await add(call, "a");
    const person = await system.newPerson({ [tenant.id]: "user" });
    const key = await change(call, "POST", "/api-keys", { name: "reader", role: "readonly" });
    const reader = system.caller(key.secret ?? key.apiKey.secret);
    const hidden = { name: "hidden", access: { roles: ["user"] } };
    const { id: collection } = (await change(call, "POST", "/collections", hidden)).collection;
    await change(call, "PATCH", `/documents/${a}`, { collectionId: collection });
    await add(other.call, "b");
    for (const one of [call, other.call]) await readsReplica(one);
    expect(await search(person.call)).toMatchObject({ names: ["a"], replica: "read" });

    await pause();
    try {
      await add(call, "written");
      expect(await search(call)).toEqual({ names: ["a", "written"], replica: "behind", dbCalls: expect.any(Number) });
      expect(await search(person.call)).toMatchObject({ names: ["a", "written"], replica: "behind" });
      expect(await search(other.call)).toMatchObject({ names: ["b"], replica: "read" });
      // Withdrawn by somebody else than the reader.
      await change(call, "PATCH", `/collections/${collection}`, { access: { roles: ["tenant_admin"] } });
      expect((await search(person.call)).names).toEqual(["written"]);
      await change(call, "DELETE", `/documents/${a}`);
      expect((await search(call)).names).toEqual(["written"]);
      await change(call, "PATCH", "/tenant", { answering: { supportMin: 0.9 } });
      expect((await call("POST", "/answers", { question: "Whose lens?" })).body.supportMin).toBe(0.9);
      expect((await search(reader)).names).toEqual(["written"]);
      await change(call, "DELETE", `/api-keys/${key.apiKey.id}`);
      expect((await reader("POST", "/search", { query: "lens" })).status).toBe(401);
      const reason = { reason: "non-payment of invoices" };
      await change(system.operator, "POST", `/tenants/${other.id}/suspend`, reason);
      expect((await other.call("POST", "/search", { query: "lens" })).status).toBe(403);
    } finally {
      await resume();
    }
    await readsReplica(call);
    expect(await search(person.call)).toMatchObject({ names: ["written"], replica: "read" });
  }, 120_000);

  test("F-51 no search is older than a committed write, however the replica lags", async () => {
    const tenants = [await system.newTenant(), await system.newTenant()];
    const documents = await Promise.all(tenants.map(({ call }) => add(call, "lens 0000")));
    const committed = [0, 0];
    const writing = [Promise.resolve(), Promise.resolve()];
    let written = 0;
    const seen: Record<string, number> = {};
    const operation = fc.record({
      kind: fc.constantFrom("read", "read", "read", "write", "pause", "resume"),
      by: fc.nat(1),
    });
    const run = async ({ kind, by }: { kind: string; by: number }) => {
      if (kind === "pause") return void (await pause());
      if (kind === "resume") return void (await resume());
      const { call } = tenants[by]!;
      if (kind === "write") {
        // One after the other: of two at once, the smaller number could be the last.
        const write = writing[by]!.then(async () => {
          const value = ++written;
          await change(call, "PATCH", `/documents/${documents[by]}`, {
            name: `lens ${String(value).padStart(4, "0")}`,
          });
          committed[by] = value;
        });
        writing[by] = write.catch(() => {});
        await write;
      }
      const expected = committed[by]!;
      const { names, replica } = await search(call);
      seen[replica] = (seen[replica] ?? 0) + 1;
      expect(Number(names[0]!.split(" ")[1])).toBeGreaterThanOrEqual(expected);
    };
    const history = fc.array(fc.array(operation, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 15 });
    await fc
      .assert(
        fc.asyncProperty(history, async (batches) => {
          await resume();
          for (const batch of batches) await Promise.all(batch.map(run));
        }),
        { numRuns: 10 },
      )
      .finally(resume);
    // Otherwise the property would say nothing.
    expect([seen["read"], seen["behind"]]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(seen["failed"]).toBeUndefined();
  }, 120_000);

  test("a session that no longer responds costs one search a second and a half, and no search its result", async () => {
    const { call } = await system.newTenant();
    await add(call, "a");
    await readsReplica(call);
    const name = new URL(system.database.url()).pathname.slice(1);
    const sessions = await standby`select pid from pg_stat_activity where datname = ${name} and usename = 'api_a'`;
    for (const { pid } of sessions) process.kill(pid, "SIGSTOP");
    try {
      expect(await search(call)).toMatchObject({ names: ["a"], replica: "failed" });
      expect(await search(call)).toMatchObject({ names: ["a"], replica: "read" });
    } finally {
      for (const { pid } of sessions) process.kill(pid, "SIGCONT");
    }
    // The closed connection whose other end did not respond.
    const { leftWork } = system.runtime;
    expect(leftWork.splice(0).every(({ address }) => address.endsWith(`:${new URL(replica.url).port}`))).toBe(true);
  }, 120_000);

  test("killed under load, it fails no request", async () => {
    const { call } = await system.newTenant();
    await add(call, "a");
    await readsReplica(call);
    const kinds: string[] = [];
    let isOver = false;
    const user = async () => {
      while (!isOver) kinds.push((await search(call)).replica);
    };
    const users = Promise.all(Array.from({ length: 4 }, user));
    await vi.waitFor(() => expect(kinds.length).toBeGreaterThan(20), { timeout: 30_000 });
    expect(new Set(kinds)).toEqual(new Set(["read"]));
    replica.kill();
    const before = kinds.length;
    await vi.waitFor(() => expect(kinds.length).toBeGreaterThan(before + 40), { timeout: 60_000 });
    isOver = true;
    await users;
    expect(kinds.at(-1)).toBe("failed");
    expect((await search(call)).names).toEqual(["a"]);
  }, 120_000);
});
