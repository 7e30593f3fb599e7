import { beforeAll, describe, expect, test } from "vitest";
import type { ApiResponse, Call } from "./client.ts";
import { system } from "./system.ts";

/** The event log: reading it in order, waiting for new events, and positions of consumers. */
const codeOf = ({ status, body }: ApiResponse) => [status, body.code];
const sequencesOf = ({ body }: ApiResponse): number[] =>
  body.data.map(({ sequence }: { sequence: number }) => sequence);

let call: Call;
beforeAll(async () => {
  ({ call } = await system.newTenant());
});
const last = async (): Promise<number> =>
  (await call("GET", "/events?limit=100&types=tenant.created")).body.lastSequence;
const createKey = () => call("POST", "/api-keys", { name: "reader", role: "readonly" });

describe("the event log", () => {
  test("is read page by page without a gap, also with a filter that leaves events out", async () => {
    const all = sequencesOf(await call("GET", "/events?limit=100"));
    expect(all).toEqual(all.map((_, at) => at + 1));
    const seen: number[] = [];
    for (let after = 0; ; ) {
      const page = await call("GET", `/events?limit=2&after=${after}`);
      seen.push(...sequencesOf(page));
      after = page.body.lastSequence;
      if (!page.body.hasMore) break;
    }
    expect(seen.slice(0, all.length)).toEqual(all);
    const filtered = await call("GET", "/events?types=document.purged");
    expect(filtered.body).toMatchObject({ data: [], nextCursor: null, hasMore: false });
    expect(filtered.body.lastSequence).toBeGreaterThanOrEqual(all.length);
  });

  test("responds to a waiting request when an event comes, and after the time when none comes", async () => {
    const after = await last();
    const startedAt = performance.now();
    expect((await call("GET", `/events?after=${after}&waitSeconds=1&types=document.purged`)).body.data).toEqual([]);
    expect(performance.now() - startedAt).toBeGreaterThan(700);
    const waiting = call("GET", `/events?after=${after}&waitSeconds=20&types=apikey.created`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await call("POST", "/collections", { name: "Not of this type" });
    await createKey();
    const { body } = await waiting;
    expect(body.data.map(({ type }: { type: string }) => type)).toEqual(["apikey.created"]);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  test("can be waited for by more callers than there are database connections", async () => {
    const after = await last();
    const waiting = Array.from({ length: 12 }, () => call("GET", `/events?after=${after}&waitSeconds=20`));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await createKey()).status).toBe(201);
    for (const response of await Promise.all(waiting)) expect(sequencesOf(response)[0]).toBe(after + 1);
  });

  test("refuses a wait, a name and a position that do not exist", async () => {
    expect(codeOf(await call("GET", "/events?waitSeconds=21"))).toEqual([400, "invalid-request"]);
    expect(codeOf(await call("GET", "/events?cursorName=missing"))).toEqual([404, "not-found"]);
    expect(codeOf(await call("GET", "/events?cursorName=..%2F"))).toEqual([400, "invalid-request"]);
    await call("PUT", "/event-cursors/both", { sequence: 0 });
    expect(codeOf(await call("GET", "/events?cursorName=both&after=1"))).toEqual([400, "invalid-request"]);
  });
});

describe("an event cursor", () => {
  test("moves forward only, is repeated safely, and shows how far its consumer is behind", async () => {
    const path = "/event-cursors/erp";
    expect(codeOf(await call("GET", path))).toEqual([404, "not-found"]);
    const end = await last();
    expect((await call("POST", `${path}/commit`, { sequence: 2 })).body).toMatchObject({ sequence: 2 });
    for (let times = 0; times < 2; times++) {
      const committed = await call("POST", `${path}/commit`, { sequence: 3, expected: 2 });
      expect(committed.body).toMatchObject({ name: "erp", sequence: 3 });
      expect(committed.body.behind).toBeGreaterThanOrEqual(end - 3);
    }
    const back = await call("POST", `${path}/commit`, { sequence: 1 });
    expect([...codeOf(back), back.body.sequence]).toEqual([409, "event-cursor-conflict", 3]);
    expect(codeOf(await call("POST", `${path}/commit`, { sequence: 4, expected: 2 }))[1]).toBe("event-cursor-conflict");
    expect(sequencesOf(await call("GET", "/events?cursorName=erp&limit=1"))).toEqual([4]);
    expect((await call("PUT", path, { sequence: 0 })).body).toMatchObject({ sequence: 0 });
    expect((await call("GET", "/event-cursors")).body.data.map(({ name }: { name: string }) => name)).toContain("erp");
    expect((await call("DELETE", path)).status).toBe(204);
    expect(codeOf(await call("DELETE", path))).toEqual([404, "not-found"]);
  });

  test("is refused beyond the log, under an invalid name, and past a hundred", async () => {
    expect(codeOf(await call("PUT", "/event-cursors/far", { sequence: 1_000_000 }))).toEqual([400, "invalid-request"]);
    expect(codeOf(await call("POST", "/event-cursors/far/commit", { sequence: -1 }))).toEqual([400, "invalid-request"]);
    expect(codeOf(await call("PUT", "/event-cursors/not%20a%20name", { sequence: 0 }))).toEqual([
      400,
      "invalid-request",
    ]);
    const { call: other } = await system.newTenant();
    const names = Array.from({ length: 100 }, (_, n) => `/event-cursors/c${n}`);
    const made: number[] = [];
    // Ten at a time: all take the same lock.
    for (let n = 0; n < names.length; n += 10)
      made.push(
        ...(await Promise.all(names.slice(n, n + 10).map((path) => other("PUT", path, { sequence: 0 })))).map(
          ({ status }) => status,
        ),
      );
    expect(new Set(made)).toEqual(new Set([200]));
    expect(codeOf(await other("PUT", "/event-cursors/c100", { sequence: 0 }))).toEqual([409, "limit-reached"]);
    expect(codeOf(await other("POST", "/event-cursors/c100/commit", { sequence: 0 }))).toEqual([409, "limit-reached"]);
    expect((await other("PUT", "/event-cursors/c99", { sequence: 1 })).status).toBe(200);
  });

  test("belongs to its tenant, and only administrators move it", async () => {
    const other = await system.newTenant();
    await call("PUT", "/event-cursors/mine", { sequence: 1 });
    expect(codeOf(await other.call("GET", "/event-cursors/mine"))).toEqual([404, "not-found"]);
    expect((await other.call("PUT", "/event-cursors/mine", { sequence: 0 })).status).toBe(200);
    expect((await call("GET", "/event-cursors/mine")).body.sequence).toBe(1);
    const { body } = await call("POST", "/api-keys", { name: "person", role: "user" });
    const user = system.caller(body.secret);
    expect(codeOf(await user("PUT", "/event-cursors/mine", { sequence: 0 }))).toEqual([403, "forbidden"]);
    expect((await user("GET", "/event-cursors/mine")).status).toBe(200);
  });
});
