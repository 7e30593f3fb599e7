import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseProxy } from "../../../../local/src/doubles/proxies.ts";
import { startSecrets } from "../../../../local/src/doubles/secrets.ts";
import { databaseLinks, type TestDatabase, testDatabase } from "../../../../local/src/testing.ts";
import { systemCtx, tenantCtx, withTx } from "../context.ts";
import { newId, toUuid } from "../id.ts";
import { Problem } from "../problems.ts";
import { withReadTx } from "../replica.ts";
import { observed } from "../wide-event.ts";
import { closeDatabases } from "./connections.ts";
import { openConnection, poolOn } from "./credentials.ts";

/** Transactions whose connection is lost while they run. */
let database: TestDatabase;
let proxy: Awaited<ReturnType<typeof databaseProxy>>;
let replica: Awaited<ReturnType<typeof databaseProxy>>;
beforeAll(async () => {
  database = await testDatabase();
  proxy = await databaseProxy();
  const links = JSON.parse(databaseLinks(database));
  // One connection, as in a Lambda, so that the next transaction reopens the same one.
  links.AppDatabase = { url: await proxy.through(database.url("api_a")), maxConnections: 1 };
  // The same database by another login, which says who has answered.
  replica = await databaseProxy();
  links.ReplicaDatabase = { url: await replica.through(database.url("api_b")), maxConnections: 1 };
  process.env["SST_RESOURCES_JSON"] = JSON.stringify(links);
});
afterAll(async () => {
  await closeDatabases();
  await proxy.close();
  await replica.close();
  await database.close();
});

const newCtx = () =>
  tenantCtx({
    tenantId: newId("tenant"),
    actor: { type: "system", job: "test" },
    role: "system",
    login: "AppDatabase",
  });
const whoAmI = sql<{ tenant: string }>`select current_setting('app.tenant', true) as tenant`;

test("a transaction that lost its connection never continues in the next transaction", async () => {
  const [first, second] = [newCtx(), newCtx()];
  const seen: unknown[] = [];
  let following: Promise<unknown> = Promise.resolve();
  const lost = withTx(first, async (ctx) => {
    await ctx.db.execute(whoAmI);
    // Waits for the only connection, which is lost and reopened for this transaction.
    following = withTx(second, async (other) => {
      for (let n = 0; n < 5; n++) {
        const [row] = await other.db.execute<{ tenant: string }>(whoAmI);
        seen.push(row!.tenant);
        await new Promise((done) => setTimeout(done, 20));
      }
    });
    proxy.dropConnections();
    const outcomes = [];
    for (let n = 0; n < 5; n++) {
      await new Promise((done) => setTimeout(done, 20));
      outcomes.push(
        await ctx.db.execute(whoAmI).then(
          () => "done",
          () => "refused",
        ),
      );
    }
    expect(outcomes).toEqual(Array(5).fill("refused"));
  });
  await expect(lost).rejects.toThrow();
  await following;
  expect(new Set(seen)).toEqual(new Set([second.tenantUuid]));
});

test("the next transaction after a lost connection works", async () => {
  const ctx = newCtx();
  const broken = withTx(ctx, async () => proxy.dropConnections());
  await broken.catch(() => {});
  for (let n = 0; n < 3; n++)
    expect((await withTx(ctx, (ctx) => ctx.db.execute<{ tenant: string }>(whoAmI)))[0]!.tenant).toBe(ctx.tenantUuid);
});

test("a statement whose text a connection has sent before takes one round trip, and its parameters keep their types", async () => {
  const sql = poolOn(await proxy.through(database.url()), { max: 1 });
  const ask = async (text: string, parameter: string) => {
    const before = proxy.sent();
    const [row] = await sql.unsafe(text, [parameter]);
    return { row, sent: proxy.sent() - before };
  };
  await sql`select 1`;
  for (const expected of [2, 1, 1]) {
    const id = newId("document");
    expect(await ask("select $1::uuid as id", id)).toEqual({ row: { id: toUuid(id) }, sent: expected });
  }
  // After a migration the parameter has another type, which is asked for again when the statement fails.
  await sql.unsafe("create temp table kept (value int)");
  const insert = "insert into kept values ($1) returning value";
  expect((await ask(insert, "5")).row).toEqual({ value: 5 });
  await sql.unsafe("alter table kept alter value type uuid using null");
  const id = newId("document");
  await expect(ask(insert, id)).rejects.toMatchObject({ name: "PostgresError" });
  expect((await ask(insert, id)).row).toEqual({ value: toUuid(id) });
  await sql.end();
});

test("a password is not read again when there is no server", async () => {
  const secrets = await startSecrets(["AppDatabase"]);
  secrets.put("AppDatabase", JSON.stringify({ username: "api_a", password: "any" }));
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local", AWS_REGION: "us-east-1" });
  const link = { url: "postgres://127.0.0.1:1/postgres", maxConnections: 1, ...secrets.link("AppDatabase") };
  await expect(openConnection(link)).rejects.toThrow("ECONNREFUSED");
  expect(secrets.requests()).toBe(1);
  await secrets.close();
});

test("a request that was answered while it waited for a connection begins no transaction", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const holding = withTx(newCtx(), () => released);
  let hasBegun = false;
  const waiting = observed(
    "request",
    {},
    async (event) => {
      const work = withTx(newCtx(), async () => {
        hasBegun = true;
      });
      event.isAbandoned = true;
      release();
      await work;
    },
    () => ({}),
  );
  await expect(waiting).rejects.toMatchObject({ name: "Abandoned" });
  await holding;
  expect(hasBegun).toBe(false);
  await withTx(newCtx(), (ctx) => ctx.db.execute(whoAmI));
});

test("F-51 a transaction that only reads is the replica's while that one has the tenant's version, and the primary's otherwise", async () => {
  const ctx = newCtx();
  const login = (from = ctx) =>
    withReadTx(from, "search", async (ctx) => {
      const [row] = await ctx.db.execute<{ login: string }>(sql`select session_user as login`);
      return row!.login;
    });
  expect(await login()).toBe("api_a");
  const admin = poolOn(database.url(), { max: 1 });
  await admin`insert into app.tenants (id, slug, name, plan, status, data_key) values (${ctx.tenantUuid}, 'a', 'A', 'team', 'active', '')`;
  await admin`insert into app.versions values (${ctx.tenantUuid}, 'search', gen_random_uuid())`;
  await admin.end();
  expect(await login()).toBe("api_b");
  const refused = new Problem("not-found");
  await expect(withReadTx(ctx, "search", async () => Promise.reject(refused))).rejects.toBe(refused);
  // A consumer reads what it is about to change.
  expect(await login(systemCtx({ tenantId: ctx.tenantId, job: "test" }))).toBe("worker_a");
  expect(await withTx(ctx, (ctx) => login(ctx))).toBe("api_a");

  replica.dropConnections();
  expect(["api_a", "api_b"]).toContain(await login());
  expect(await login()).toBe("api_b");
  replica.crash();
  for (let n = 0; n < 7; n++) expect(await login()).toBe("api_a");
});
