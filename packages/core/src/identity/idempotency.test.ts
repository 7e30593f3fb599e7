import { randomBytes } from "node:crypto";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseLinks, type TestDatabase, testDatabase } from "../../../local/src/testing.ts";
import { tenantCtx } from "../platform/context.ts";
import { closeDatabases } from "../platform/database/connections.ts";
import { newId } from "../platform/id.ts";
import { dropIdempotencyKey, reserveTenant, takeIdempotencyKey } from "./index.ts";

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

test("a key whose request still runs is refused, and can be used again after the request was abandoned", async () => {
  const ctx = await newTenant();
  const request = { route: "POST /x", key: "k", fingerprint: randomBytes(32) };
  expect(await takeIdempotencyKey(ctx, request)).toBeUndefined();
  await expect(takeIdempotencyKey(ctx, request)).rejects.toMatchObject({ code: "idempotency-in-progress" });
  await admin`update app.idempotency_keys set locked_until = now() where tenant_id = ${ctx.tenantUuid}`;
  expect(await takeIdempotencyKey(ctx, request)).toBeUndefined();
  await dropIdempotencyKey(ctx, request);
  expect(await takeIdempotencyKey(ctx, { ...request, fingerprint: randomBytes(32) })).toBeUndefined();
});
