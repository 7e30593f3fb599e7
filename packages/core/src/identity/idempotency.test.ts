import { randomBytes } from "node:crypto";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseLinks, type TestDatabase, testDatabase } from "../../../local/src/testing.ts";
import { type AuditEntry, type Ctx, recordAudit, tenantCtx, withClaim, withTx } from "../platform/context.ts";
import { closeDatabases } from "../platform/database/connections.ts";
import { newId } from "../platform/id.ts";
import { releaseIdempotencyKey, reserveTenant, storeResponse, takeIdempotencyKey } from "./index.ts";

let database: TestDatabase;
let admin: Sql;
beforeAll(async () => {
  database = await testDatabase();
  admin = postgres(database.url(), { max: 1, prepare: false, onnotice: () => {} });
  process.env["SST_RESOURCES_JSON"] = databaseLinks(database);
});
afterAll(async () => {
  await closeDatabases();
  await admin.end();
  await database.close();
});

const newTenant = async () => {
  const actor = { type: "system", job: "test" } as const;
  const operator = tenantCtx({ tenantId: newId("tenant"), actor, role: "system", login: "AppDatabase" });
  const { ctx } = await reserveTenant(operator, { name: "Test" }, {});
  return ctx;
};

/** The key of a new request. */
const claimed = async (ctx: Ctx, request: Parameters<typeof takeIdempotencyKey>[1]) => {
  const taken = await takeIdempotencyKey(ctx, request);
  if (!("claim" in taken)) throw new Error("the key was used before");
  return taken.claim;
};
const newRequest = () => ({ route: "POST /x", key: "k", fingerprint: randomBytes(32) });
const lapse = (ctx: Ctx) =>
  admin`update app.idempotency_keys set locked_until = now() where tenant_id = ${ctx.tenantUuid}`;
const write = (ctx: Ctx, action: AuditEntry["action"]) =>
  withTx(ctx, async (ctx) => recordAudit(ctx, { action, subject: "thing_1" }));
const actions = async (ctx: Ctx) =>
  (await admin`select action from app.audit_log where tenant_id = ${ctx.tenantUuid} order by sequence`)
    .map((row) => row["action"])
    .filter((action) => action !== "tenant.create");

test("a key whose request still runs is refused, and can be used again after the request was abandoned", async () => {
  const ctx = await newTenant();
  const request = newRequest();
  await claimed(ctx, request);
  await expect(takeIdempotencyKey(ctx, request)).rejects.toMatchObject({ code: "idempotency-in-progress" });
  await lapse(ctx);
  await releaseIdempotencyKey(ctx, await claimed(ctx, request));
  await claimed(ctx, { ...request, fingerprint: randomBytes(32) });
});

test("T21: a request of milliseconds is waited for a second, and an older one as long as it has run", async () => {
  const ctx = await newTenant();
  const request = newRequest();
  await claimed(ctx, request);
  const wait = () => takeIdempotencyKey(ctx, request).catch((error) => error.extensions.retryAfterSeconds);
  expect(await wait()).toBe(1);
  for (const [secondsLeft, expected] of [
    [40, 20],
    [9, 9],
  ]) {
    await admin`update app.idempotency_keys set locked_until = now() + make_interval(secs => ${secondsLeft!})
      where tenant_id = ${ctx.tenantUuid}`;
    expect(Math.abs((await wait()) - expected!)).toBeLessThanOrEqual(1);
  }
});

test("M2: a request that committed is not run again, whatever became of its response", async () => {
  const ctx = await newTenant();
  const request = newRequest();
  const claim = await claimed(ctx, request);
  await write(withClaim(ctx, claim), "group.create");
  await write(withClaim(ctx, claim), "group.update");
  await expect(takeIdempotencyKey(ctx, request)).rejects.toMatchObject({ code: "idempotency-in-progress" });
  // The caller got 503: the next request learns at once what was done.
  await releaseIdempotencyKey(ctx, claim);
  expect(await takeIdempotencyKey(ctx, request)).toEqual({ done: { action: "group.create", subject: "thing_1" } });
  await expect(takeIdempotencyKey(ctx, { ...request, fingerprint: randomBytes(32) })).rejects.toMatchObject({
    code: "idempotency-key-reused",
  });
});

test("M2: a request that another one has taken over can neither commit nor store its response", async () => {
  const ctx = await newTenant();
  const request = newRequest();
  const late = await claimed(ctx, request);
  await lapse(ctx);
  const claim = await claimed(ctx, request);
  await expect(write(withClaim(ctx, late), "group.delete")).rejects.toMatchObject({ code: "40001" });
  await releaseIdempotencyKey(ctx, late);
  await storeResponse(ctx, late, { status: 201, headers: {}, body: "late" });
  await write(withClaim(ctx, claim), "group.create");
  const response = { status: 201, headers: {}, body: "once" };
  await storeResponse(ctx, claim, response);
  expect(await takeIdempotencyKey(ctx, request)).toEqual({
    response,
    done: { action: "group.create", subject: "thing_1" },
  });
  expect(await actions(ctx)).toEqual(["group.create"]);
});

test("M2: the end of a request waits for its commit that is still under way", async () => {
  const ctx = await newTenant();
  const request = newRequest();
  const claim = await claimed(ctx, request);
  let releasing: Promise<unknown> = Promise.resolve();
  await admin.begin(async (sql) => {
    // As `app.record` does just before a commit whose connection is lost.
    await sql`update app.idempotency_keys set committed_at = now(), action = 'a', subject = 's' where tenant_id = ${ctx.tenantUuid}`;
    releasing = releaseIdempotencyKey(ctx, claim);
    await new Promise((done) => setTimeout(done, 300));
  });
  await releasing;
  expect(await takeIdempotencyKey(ctx, request)).toEqual({ done: { action: "a", subject: "s" } });
});
