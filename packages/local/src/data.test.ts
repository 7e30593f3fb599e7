import { globSync } from "node:fs";
import { getTableColumns, getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseLinks, type TestDatabase, testDatabase } from "./testing.ts";

let database: TestDatabase;
let admin: Sql;

beforeAll(async () => {
  database = await testDatabase();
  process.env["SST_RESOURCES_JSON"] = databaseLinks(database);
  admin = postgres(database.url(), { max: 1, prepare: false, onnotice: () => {} });
});
afterAll(async () => {
  const { closeDatabases } = await import("@resolve/core/platform/database/connections");
  await closeDatabases();
  await admin.end();
  await database.close();
});

/** A tenant with a partition, and a context in it. */
const newTenant = async () => {
  const { tenantCtx } = await import("@resolve/core/platform/context");
  const { newId } = await import("@resolve/core/platform/id");
  const { isolateTenant } = await import("@resolve/core/documents");
  const { reserveTenant } = await import("@resolve/core/identity");
  const operator = tenantCtx({
    tenantId: newId("tenant"),
    actor: { type: "system", job: "test" },
    role: "system",
    login: "AppDatabase",
  });
  const { ctx } = await reserveTenant(operator, { name: "Test" }, {});
  await isolateTenant(ctx);
  return ctx;
};

test("every table with a tenant is protected, on parents and partitions", async () => {
  const rows = await admin`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced, c.relispartition as part,
      array(select p.polname::text from pg_policy p where p.polrelid = c.oid order by 1) as policies,
      exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'keep_tenant') as keeps
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')`;
  expect(rows.length).toBeGreaterThan(80);
  for (const row of rows) {
    expect(row["forced"], `${row["name"]} forces row-level security`).toBe(true);
    expect(row["policies"], row["name"]).toEqual(expect.arrayContaining(["owner", "tenant"]));
    expect(row["keeps"], `${row["name"]} keeps its tenant`).toBe(true);
  }
});

test("primary keys begin with the tenant and foreign keys carry it", async () => {
  const keys = await admin`
    select c.relname as name, (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = k.conkey[1]) as first
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype = 'p' and c.relnamespace = 'app'::regnamespace and not c.relispartition
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`;
  // The outbox is claimed across tenants, by the relay alone.
  expect(keys.filter((key) => key["first"] !== "tenant_id").map((key) => key["name"])).toEqual(["outbox"]);
  const foreign = await admin`
    select k.conname as name from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
    where k.contype = 'f' and c.relnamespace = 'app'::regnamespace and k.conparentid = 0
      and exists (select from pg_attribute a where a.attrelid = f.oid and a.attname = 'tenant_id')
      and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnum = any(k.conkey))`;
  expect(foreign.map((key) => key["name"])).toEqual([]);
});

test("partitions have no grants, and only the four look-ups and app.enter are open to the logins", async () => {
  const granted = await admin`
    select distinct table_name from information_schema.role_table_grants g join pg_class c on c.relname = g.table_name
    where g.table_schema = 'app' and c.relispartition and g.grantee like 'resolve_%' and g.grantee <> 'resolve_owner'`;
  expect(granted.map((row) => row["table_name"])).toEqual([]);
  const open = await admin`
    select distinct routine_name as name from information_schema.role_routine_grants
    where routine_schema = 'app' and grantee in ('api_a', 'api_b', 'worker_a', 'worker_b', 'system_a', 'system_b') order by 1`;
  expect(open.map((row) => row["name"])).toEqual([
    "enter",
    "enter_platform",
    "enter_system",
    "find_api_key",
    "find_invitation",
    "memberships_of",
    "tenant",
  ]);
  const everybody = await admin`
    select routine_name as name from information_schema.role_routine_grants where routine_schema = 'app' and grantee = 'PUBLIC'`;
  expect(everybody.map((row) => row["name"])).toEqual([]);
});

test("a login outside app.enter may read nothing, and becomes nobody else", async () => {
  for (const user of ["api_a", "worker_a", "system_a"]) {
    const sql = postgres(database.url(user), { max: 1, prepare: false, onnotice: () => {} });
    for (const statement of [
      "select 1 from app.documents",
      "select 1 from app.outbox",
      "set role resolve_owner",
      "set role resolve_search",
      "create table app.x (i int)",
    ])
      await expect(sql.unsafe(statement), `${user}: ${statement}`).rejects.toMatchObject({ code: "42501" });
    await sql.end();
  }
  if (database.isEmbedded) return;
  const settings = async (user: string) => {
    const sql = postgres(database.url(user), { max: 1, prepare: false });
    const [row] =
      await sql`select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`;
    await sql.end();
    return row;
  };
  expect(await settings("api_a")).toEqual({ statement: "3s", lock: "1s" });
  expect(await settings("worker_b")).toEqual({ statement: "30s", lock: "1s" });
});

test("a tenant reads and writes nothing of another one, also past our own queries", async () => {
  const { probeIsolation } = await import("@resolve/core/onboarding");
  const [mine, other] = [await newTenant(), await newTenant()];
  for (const ctx of [mine, other]) {
    const { checks, leaks } = await probeIsolation(ctx);
    expect(leaks).toEqual([]);
    expect(checks).toBeGreaterThan(20);
  }
});

test("events are numbered without a gap and the audit chain holds, whatever is rolled back", async () => {
  const { recordAudit, withTx } = await import("@resolve/core/platform/context");
  const { publish } = await import("@resolve/core/platform/events");
  const { TenantActivated } = await import("@resolve/core/identity");
  const ctx = await newTenant();
  const write = (fails: boolean) =>
    withTx(ctx, async (ctx) => {
      recordAudit(ctx, { action: "test", subject: ctx.tenantId });
      publish(ctx, TenantActivated, ctx.tenantId, {});
      if (fails) throw new Error("on purpose");
    }).catch(() => {});
  await Promise.all(Array.from({ length: 30 }, (_, n) => write(n % 7 === 3)));
  const [{ gaps, chained }] = (await admin`
    select (select count(*) - max(sequence) from app.events where tenant_id = ${ctx.tenantUuid}) as gaps,
      (select bool_and(hash = app.audit_hash(previous_hash, tenant_id, id, sequence, actor, action, subject, detail, request)
        and previous_hash = before) from (select *, coalesce(lag(hash) over (order by sequence), '\\x') as before
        from app.audit_log where tenant_id = ${ctx.tenantUuid}) a) as chained`) as unknown as [
    { gaps: string; chained: boolean },
  ];
  expect({ gaps: Number(gaps), chained }).toEqual({ gaps: 0, chained: true });
});

test("months are made ahead, over the end of a year too, and again makes nothing", async () => {
  await admin
    .begin(async (sql) => {
      await sql`select set_config('app.clock_offset', '400 days', true)`;
      const [{ made }] = (await sql`select app.ensure_partitions(3) as made`) as unknown as [{ made: number }];
      expect(made).toBeGreaterThan(0);
      const [{ again }] = (await sql`select app.ensure_partitions(3) as again`) as unknown as [{ again: number }];
      expect(again).toBe(0);
      const ahead = await sql`select months from app.partitions_ahead()`;
      expect(Math.min(...ahead.map((row) => Number(row["months"])))).toBeGreaterThanOrEqual(3);
      await sql`rollback`.catch(() => {});
    })
    .catch(() => {});
  const { maintainPartitions } = await import("@resolve/core/platform/database/partitions");
  expect(await maintainPartitions()).toEqual({ made: 0 });
});

test("a document is read by id from one partition, and keyword candidates come from the index", async () => {
  const ctx = await newTenant();
  const { newUuid } = await import("@resolve/core/platform/id");
  const plan = await admin.begin(async (sql) => {
    await sql.unsafe(`select app.enter('${ctx.tenantUuid}', '', '')`).simple();
    return sql
      .unsafe(
        `explain (costs off) select * from app.documents where tenant_id = '${ctx.tenantUuid}' and id = '${newUuid()}'`,
      )
      .simple();
  });
  expect(plan.filter((row) => /Scan .*on documents/.test(row["QUERY PLAN"])).length).toBe(1);
  const none = await admin`select * from app.keyword_candidates('{anything}', '{}', 10, null, null, null)`;
  expect(none.length).toBe(0);
});

test("the drizzle schema says what the live catalog says", async () => {
  const core = new URL("../../core/src/", import.meta.url).pathname;
  const modules: Record<string, unknown>[] = await Promise.all(
    globSync("**/*.sql.ts", { cwd: core }).map((file) => import(`${core}${file}`)),
  );
  const tables = modules.flatMap((module) => Object.values(module)).filter((value) => is(value, PgTable));
  expect(tables.length).toBeGreaterThan(12);
  for (const table of tables) {
    const name = getTableName(table);
    const live = await admin`
      select column_name as name, is_nullable = 'NO' as required from information_schema.columns where table_schema = 'app' and table_name = ${name}`;
    const mirrored = Object.values(getTableColumns(table)).map((column) => ({
      name: column.name,
      required: column.notNull || column.primary,
    }));
    const order = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(mirrored.sort(order), name).toEqual(live.map(({ name, required }) => ({ name, required })).sort(order));
  }
});
