import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { type AuditEntry, type AuditHead, auditHash, verifyAudit } from "@resolve/sdk";
import { getTableColumns, getTableName, is, SQL } from "drizzle-orm";
import { type PgColumn, PgDialect, PgTable } from "drizzle-orm/pg-core";
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

const undo = new Error("the transaction is undone on purpose");

/** Runs `work` as the superuser in a transaction that is rolled back, and returns its result. */
const rolledBack = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
  let result: { value: T } | undefined;
  const end = admin.begin(async (sql) => {
    // A transaction has the query methods of `Sql`; the tests use no other members.
    result = { value: await work(sql as unknown as Sql) };
    throw undo;
  });
  await end.catch((error) => {
    if (error !== undo) throw error;
  });
  return result!.value;
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

test("primary keys begin with the tenant and foreign keys contain it", async () => {
  const keys = await admin`
    select c.relname as name, (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = k.conkey[1]) as first
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype = 'p' and c.relnamespace = 'app'::regnamespace and not c.relispartition
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`;
  // Only the relay reads the outbox, across tenants.
  expect(keys.filter((key) => key["first"] !== "tenant_id").map((key) => key["name"])).toEqual(["outbox"]);
  const foreign = await admin`
    select k.conname as name from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
    where k.contype = 'f' and c.relnamespace = 'app'::regnamespace and k.conparentid = 0
      and exists (select from pg_attribute a where a.attrelid = f.oid and a.attname = 'tenant_id')
      and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnum = any(k.conkey))`;
  expect(foreign.map((key) => key["name"])).toEqual([]);
});

test("partitions have no grants, and only the five look-ups and app.enter are open to the logins", async () => {
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
    "invitations_of",
    "memberships_of",
    "tenant",
  ]);
  const everybody = await admin`
    select routine_name as name from information_schema.role_routine_grants where routine_schema = 'app' and grantee = 'PUBLIC'`;
  expect(everybody.map((row) => row["name"])).toEqual([]);
});

test("a login without app.enter may read nothing and cannot take another role", async () => {
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
      await sql`select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
        current_setting('max_parallel_workers_per_gather') as parallel`;
    await sql.end();
    return row;
  };
  expect(await settings("api_a")).toEqual({ statement: "3s", lock: "1s", parallel: "0" });
  expect(await settings("worker_b")).toEqual({ statement: "30s", lock: "1s", parallel: "0" });
});

test("a transaction begins its work once, also when it takes the role of its login again", async () => {
  const { tenantUuid } = await newTenant();
  const enter = `select app.enter('${tenantUuid}', '', '', 'user')`;
  const again: [user: string, statement: string][] = [
    ["api_a", enter],
    ["worker_a", enter],
    ["api_a", `select app.enter(gen_random_uuid(), '', '', 'user')`],
    ["api_a", "select app.enter_platform('', '')"],
  ];
  for (const [user, statement] of again) {
    const sql = postgres(database.url(user), { max: 1, prepare: false, onnotice: () => {} });
    const twice = sql.begin((sql) => sql.unsafe(`${enter}; reset role; ${statement}`));
    await expect(twice, statement).rejects.toThrow("this transaction already works for a tenant");
    await sql.end();
  }
});

test("a tenant cannot read or write data of another one, even without the conditions of the code's queries", async () => {
  const { probeIsolation } = await import("@resolve/core/onboarding");
  const [mine, other] = [await newTenant(), await newTenant()];
  for (const ctx of [mine, other]) {
    const { checks, leaks } = await probeIsolation(ctx);
    expect(leaks).toEqual([]);
    expect(checks).toBeGreaterThan(20);
  }
});

test("events are numbered without a gap and the audit chain is valid after rolled back transactions", async () => {
  const { recordAudit, withTx } = await import("@resolve/core/platform/context");
  const { publish } = await import("@resolve/core/platform/events");
  const { TenantActivated } = await import("@resolve/core/identity");
  const ctx = await newTenant();
  const write = (fails: boolean) =>
    withTx(ctx, async (ctx) => {
      recordAudit(ctx, { action: "tenant.update", subject: ctx.tenantId });
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
  // Only app.record adds entries, with the rights of its owner.
  const writers = await admin`select grantee, privilege_type from information_schema.role_table_grants
    where table_schema = 'app' and table_name = 'audit_log' and privilege_type <> 'SELECT' and grantee <> 'resolve_owner'`;
  expect([...writers]).toEqual([]);
});

test("the SDK finds an audit entry that was changed, removed or written anew, whatever its detail has", async () => {
  const { recordAudit, withTx } = await import("@resolve/core/platform/context");
  const { listAudit } = await import("@resolve/core/audit");
  const ctx = await newTenant();
  const details = [
    { b: 1, aa: null, a: 'é\u2028\n\t"\\/\u0001', ß: [], z1: {}, "": true },
    {
      numbers: [0, -1.5, 0.1, 1e21, 1.5e-7, -2.5e25, Number.MAX_VALUE, Number.MIN_VALUE],
      list: [[{ x: ["2"] }], "😀"],
    },
    {},
  ];
  for (const detail of details)
    await withTx(ctx, async (ctx) => recordAudit(ctx, { action: "tenant.update", subject: ctx.tenantId, detail }));
  const { data } = await listAudit(ctx, { limit: 100 });
  // As the API sends it.
  const trail = JSON.parse(JSON.stringify(data)) as AuditEntry[];
  const verify = (entries: AuditEntry[], noted?: AuditHead) =>
    verifyAudit(
      (async function* () {
        yield* entries;
      })(),
      noted,
    );
  const report = await verify(trail);
  expect(report).toMatchObject({ entries: trail.length, first: { sequence: 1 }, faults: [] });
  const last = report.last!;
  expect((await verify(trail.toReversed(), last)).faults).toEqual([]);

  const [one, two] = [trail[1]!, last.sequence - 1];
  const changed = { ...one, actor: "user:usr_mallory" };
  expect((await verify(trail.with(1, changed))).faults).toEqual([`entry ${two} (${one.id}) was changed`]);
  const forged = { ...changed, hash: await auditHash(changed) };
  expect((await verify(trail.with(1, forged))).faults).toEqual([
    `entry ${two} is not the one that entry ${last.sequence} follows`,
  ]);
  expect((await verify(trail.toSpliced(1, 1))).faults).toEqual([
    `entry ${two} is missing`,
    `no entry follows entry ${two - 1}`,
  ]);
  // Whoever writes the whole end of the log anew cannot change what somebody has noted.
  const shorter = trail.slice(1);
  expect((await verify(shorter)).faults).toEqual([]);
  expect((await verify(shorter, last)).faults).toEqual([
    `the log has no entry ${last.sequence} with the hash ${last.hash}`,
  ]);
});

test("the maintenance creates the partitions of the next months, also after the end of a year, and a second run creates nothing", async () => {
  await rolledBack(async (sql) => {
    const [{ year }] = (await sql`select extract(year from now())::int + 1 as year`) as unknown as [{ year: number }];
    await sql`select set_config('app.clock_offset', (make_timestamptz(${year}, 12, 15, 0, 0, 0) - now())::text, true)`;
    const made = await sql`select app.ensure_partitions(3) as count`;
    expect(made[0]!["count"]).toBeGreaterThan(0);
    const again = await sql`select app.ensure_partitions(3) as count`;
    expect(again[0]!["count"]).toBe(0);
    const months =
      await sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'app.documents'::regclass`;
    const wanted = [`${year}_11`, `${year}_12`, `${year + 1}_01`, `${year + 1}_02`, `${year + 1}_03`];
    expect(months.map(({ name }) => name)).toEqual(
      expect.arrayContaining(wanted.map((month) => `app.documents_${month}`)),
    );
    const ahead = await sql`select parent, months from app.partitions_ahead()`;
    expect(ahead.map(({ parent }) => parent).sort()).toEqual([
      "audit_log",
      "document_versions",
      "documents",
      "events",
      "webhook_attempts",
      "webhook_deliveries",
    ]);
    // A row that a default partition had taken would stop the creation of its month.
    const defaults = await sql`select inhrelid::regclass::text from pg_inherits join pg_class c on c.oid = inhrelid
      where pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT'`;
    expect([...defaults]).toEqual([]);
    expect(new Set(ahead.map((row) => row["months"]))).toEqual(new Set([3]));
  });
  const { maintainPartitions } = await import("@resolve/core/platform/database/partitions");
  // The database may be a copy that was made in another month.
  await maintainPartitions();
  expect(await maintainPartitions()).toEqual({ made: 0 });
});

/** Creates the partitions of a past month and returns it. */
const pastMonth = async (sql: Sql, monthsAgo: number): Promise<string> => {
  await sql`select set_config('app.clock_offset', ${`-${monthsAgo} months`}, false)`;
  await sql`select app.ensure_partitions(0)`;
  const [row] = await sql`select to_char(app.now() at time zone 'UTC', 'YYYY-MM') as month`;
  return row!["month"];
};
const present = (sql: Sql) => sql`select set_config('app.clock_offset', '', false)`;

test("a month of events is dropped with an audit entry after its retention, and kept while anything needs its events", async () => {
  const { tenantUuid } = await newTenant();
  await rolledBack(async (sql) => {
    const month = await pastMonth(sql, 15);
    const [event] =
      await sql`insert into app.events (tenant_id, id, sequence, type, version, actor, subject_type, subject_id, data)
      values (${tenantUuid}, app.uuid7(), 1000, 'document.ready', 1, 'test', 'document', 'one', '{}') returning id`;
    await present(sql);
    await sql`insert into app.tenants (id, slug, name, data_key, is_platform)
      select app.uuid7(), 'platform', 'Platform', '', true where not exists (select from app.tenants where is_platform)`;
    await sql`select set_config('app.actor', 'system:test', true)`;
    const retired = async () =>
      (await sql`select app.retire_month('events', to_date(${month}, 'YYYY-MM')) as reason`)[0]!["reason"];

    await sql`insert into app.webhooks (tenant_id, id, url, headers, secret) values (${tenantUuid}, app.uuid7(), 'http://one', '', '')`;
    expect(await retired()).toBe("the fan-out of its events is not checked");
    // An event of this month keeps no month before it.
    await sql`insert into app.events (tenant_id, id, sequence, type, version, actor, subject_type, subject_id, data)
      values (${tenantUuid}, app.uuid7(), 1001, 'document.ready', 1, 'test', 'document', 'one', '{}')`;
    await sql`update app.webhooks set checked_sequence = 1000 where tenant_id = ${tenantUuid}`;
    await sql`insert into app.event_cursors (tenant_id, name, sequence) values (${tenantUuid}, 'two', 1000)`;
    await sql`insert into app.webhook_deliveries (tenant_id, id, event_id, webhook_id, event_type, sequence, status)
      select tenant_id, app.uuid7(), ${event!["id"]}, id, 'document.ready', 1000, 'held' from app.webhooks where tenant_id = ${tenantUuid}`;
    expect(await retired()).toBe("deliveries of its events wait");
    await sql`update app.webhook_deliveries set status = 'delivered' where tenant_id = ${tenantUuid}`;
    await sql`insert into app.event_cursors (tenant_id, name, sequence) values (${tenantUuid}, 'one', 999)`;
    expect(await retired()).toBe("a cursor stands before its end");
    await sql`update app.event_cursors set updated_at = now() - interval '91 days' where tenant_id = ${tenantUuid}`;
    expect(await retired()).toBe(null);

    expect(await sql`select id from app.events where sequence = 1000 and tenant_id = ${tenantUuid}`).toEqual([]);
    const subject = `events_${month.replace("-", "_")}`;
    const entries =
      await sql`select a.actor, a.detail ? 'rows' as counted from app.audit_log a join app.tenants t on t.id = a.tenant_id
      where t.is_platform and action = 'partition.retire' and subject = ${subject}`;
    expect(entries).toMatchObject([{ counted: true }]);
    // A message that comes twice.
    expect(await retired()).toBe(null);
  });
  const refused = (parent: string, monthsAgo: number) =>
    rolledBack(
      (sql) =>
        sql`select app.retire_month(${parent}, (date_trunc('month', now()) - make_interval(months => ${monthsAgo}))::date)`,
    );
  await expect(refused("documents", 100)).rejects.toThrow("may not be retired");
  await expect(refused("events", 1)).rejects.toThrow("may not be retired");
});

test("a month whose table is busy is dropped by a later run, and nobody waits behind the drop for long", async () => {
  const { retireMonths } = await import("@resolve/core/platform/database/partitions");
  const retention = { events: 13, audit_log: 84 };
  await admin`insert into app.tenants (id, slug, name, data_key, is_platform)
    select app.uuid7(), 'platform', 'Platform', '', true where not exists (select from app.tenants where is_platform)`;
  const month = await pastMonth(admin, 86);
  await present(admin);
  const reader = postgres(database.url(), { max: 1, prepare: false, onnotice: () => {} });
  const name = `audit_log ${month}`;
  if (!database.isEmbedded) {
    // The embedded database has one connection to the engine, which a transaction holds.
    await reader.begin(async (sql) => {
      await sql`select count(*) from app.audit_log`;
      await sql`select count(*) from app.events`;
      const startedAt = performance.now();
      await expect(retireMonths(retention)).rejects.toThrow("is kept after its retention");
      expect(performance.now() - startedAt).toBeLessThan(20_000);
    });
  }
  const { retired, kept } = await retireMonths(retention);
  expect({ kept, isRetired: retired.includes(name) }).toEqual({ kept: [], isRetired: true });
  expect(await retireMonths(retention)).toEqual({ retired: [], kept: [] });
  await reader.end();
});

test("an index that is built for each partition and then attached is valid, and later partitions get it", async () => {
  await rolledBack(async (sql) => {
    await sql`set local role resolve_owner`;
    await sql`create index documents_name on only app.documents (tenant_id, name)`;
    const partitions =
      await sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'app.documents'::regclass`;
    for (const [n, { name }] of partitions.entries()) {
      await sql.unsafe(`create index documents_name_${n} on ${name} (tenant_id, name)`);
      await sql.unsafe(`alter index app.documents_name attach partition app.documents_name_${n}`);
    }
    const attached =
      () => sql`select i.indisvalid as valid, (select count(*)::int from pg_inherits where inhparent = i.indexrelid) as count
      from pg_index i where i.indexrelid = 'app.documents_name'::regclass`;
    expect([...(await attached())]).toEqual([{ valid: true, count: partitions.length }]);
    await sql`select app.ensure_partitions(4)`;
    expect([...(await attached())]).toEqual([{ valid: true, count: partitions.length + 1 }]);
  });
});

test("a document is read by id from one partition", async () => {
  const ctx = await newTenant();
  const { newUuid } = await import("@resolve/core/platform/id");
  const plan = await rolledBack(async (sql) => {
    await sql`select app.enter(${ctx.tenantUuid}, '', '', 'user')`;
    return sql.unsafe(
      `explain (costs off) select * from app.documents where tenant_id = '${ctx.tenantUuid}' and id = '${newUuid()}'`,
    );
  });
  const scanned = plan.flatMap((row) => /Scan .*on (documents_\d{4}_\d\d)/.exec(row["QUERY PLAN"])?.[1] ?? []);
  expect(scanned).toHaveLength(1);
});

test("M9: the sweep finds documents that nobody works on without reading those that are done", async () => {
  const ctx = await newTenant();
  const { stuckDocuments } = await import("../../core/src/documents/sweep.ts");
  const { sql: text, params } = new PgDialect().sqlToQuery(stuckDocuments(300, false));
  const plan = await rolledBack(async (sql) => {
    const tenant = sql`${ctx.tenantUuid}::uuid`;
    await sql`insert into app.documents (tenant_id, id, name, size_bytes, status, live_version)
      select ${tenant}, app.uuid7(), 'done', 1, 'ready', 1 from generate_series(1, 5000)`;
    await sql`insert into app.document_versions (tenant_id, document_id, version, id, object_key, size_bytes, stored_at)
      select tenant_id, id, 1, id, '', 1, now() from app.documents where tenant_id = ${tenant}`;
    await sql`analyze app.documents, app.document_versions`;
    // The parameters are numbers, text and booleans.
    const rows = await sql.unsafe(`explain (costs off) ${text}`, params as string[]);
    return rows.map((row) => row["QUERY PLAN"] as string).join("\n");
  });
  // The months without rows are read in sequence.
  expect(plan).toMatch(/Bitmap Heap Scan on document_versions_\d{4}_\d\d/);
  expect(plan).toMatch(/(Bitmap Heap Scan|Index Scan using documents_\S+) on documents_\d{4}_\d\d/);
});

test("keyword candidates come from the GIN index of one partition", async () => {
  const [ctx, other] = [await newTenant(), await newTenant()];
  const plan = await rolledBack(async (sql) => {
    for (const { tenantUuid } of [ctx, other]) await insertChunks(sql, tenantUuid);
    await sql`analyze app.chunks`;
    // A copy of the function, with its owner and settings, that explains the query instead of running it.
    const [{ source }] =
      (await sql`select pg_get_functiondef('app.keyword_candidates'::regproc) as source`) as unknown as [
        { source: string },
      ];
    await sql.unsafe(
      source
        .replace("app.keyword_candidates(", "app.explained_candidates(")
        .replace(/RETURNS TABLE\(.*\)/, "RETURNS TABLE(plan text)")
        .replace(" STABLE ", " VOLATILE ")
        .replace("return query execute 'select", "return query execute 'explain (costs off) select"),
    );
    await sql`alter function app.explained_candidates owner to resolve_search`;
    await sql`grant execute on function app.explained_candidates to resolve_app`;
    await sql`select app.enter(${ctx.tenantUuid}, '', '', 'user')`;
    expect(
      await sql`select * from app.keyword_candidates('{halden}', '{}', '{}', null, 10, null, null, null, null)`,
    ).toHaveLength(2);
    const rows =
      await sql`select plan from app.explained_candidates('{halden}', '{}', '{}', null, 10, null, null, null, null)`;
    return rows.map((row) => row["plan"] as string).join("\n");
  });
  const scanned = [...plan.matchAll(/ on (chunks_\d\d)\b/g)].map(([, partition]) => partition);
  expect(scanned, plan).toHaveLength(1);
  expect(plan).toContain(`Bitmap Index Scan on ${scanned[0]}_tenant_id_tsv_idx`);
  expect(plan).toMatch(/Index Cond: .*tenant_id = .* AND \(tsv @@ '''halden'''::tsquery\)/);
});

test("the sweep merges the words of new chunks into the keyword indexes, and then has nothing to do", async () => {
  const ctx = await newTenant();
  const merged = await rolledBack(async (sql) => {
    await insertChunks(sql, ctx.tenantUuid);
    await sql`select app.enter_system('sweep')`;
    const merge = async () => Number((await sql`select app.merge_terms(60000) as pages`)[0]!["pages"]);
    return [await merge(), await merge()];
  });
  expect(merged).toEqual([expect.any(Number), 0]);
  expect(merged[0]).toBeGreaterThan(0);
});

/** A document with 2,000 chunks, of which two contain the word "halden". */
const insertChunks = async (sql: Sql, tenant: string) => {
  const { newUuid } = await import("@resolve/core/platform/id");
  const document = newUuid();
  await sql`insert into app.documents (tenant_id, id, name, size_bytes, status, live_version, chunks, language)
    values (${tenant}, ${document}, 'Plan', 1, 'ready', 1, 2000, 'english')`;
  await sql`insert into app.document_versions (tenant_id, document_id, version, id, object_key, size_bytes)
    values (${tenant}, ${document}, 1, ${newUuid()}, 'key', 1)`;
  await sql`insert into app.corpora (tenant_id, language) values (${tenant}, 'english') on conflict do nothing`;
  await sql`insert into app.chunks
      (tenant_id, document_id, version, ordinal, id, text, tsv, terms, char_start, char_end, tokens, content_hash)
    select ${tenant}::uuid, ${document}::uuid, 1, n, app.uuid7(), text, to_tsvector('english', text), '{}/536870912', 0, 1, 1, ''
    from (select n, case when n % 1000 = 0 then 'Halden' else 'Optics' end || ' ' || n as text from generate_series(1, 2000) n) t`;
};

test("the drizzle tables have the columns, types, defaults and nullability of the live catalog", async () => {
  const core = new URL("../../core/src/", import.meta.url).pathname;
  const modules: Record<string, unknown>[] = await Promise.all(
    globSync("**/*.sql.ts", { cwd: core }).map((file) => import(`${core}${file}`)),
  );
  const tables = modules.flatMap((module) => Object.values(module)).filter((value) => is(value, PgTable));
  expect(tables.length).toBeGreaterThan(12);
  const columnsOf = (sql: Sql, table: string) => sql`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
      pg_get_expr(d.adbin, d.adrelid) as expression, a.attgenerated <> '' as generated
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${table}::text::regclass and a.attnum > 0 and not a.attisdropped order by a.attname`;
  await rolledBack(async (sql) => {
    for (const table of tables) {
      const name = getTableName(table);
      // PostgreSQL has one text for equal types and expressions, so both sides are read from its catalog.
      const columns = Object.values(getTableColumns(table)).map(definitionOf);
      await sql.unsafe(`create temporary table mirror_${name} (${columns.join(", ")})`);
      const [mirror, live] = [await columnsOf(sql, `mirror_${name}`), await columnsOf(sql, `app.${name}`)];
      expect([...mirror], name).toEqual([...live]);
    }
  });
});

/** A column of a drizzle table in the form of `create table`. */
const definitionOf = (column: PgColumn): string => {
  const { name, default: value, generated } = column;
  const parts = [`"${name}"`, column.getSQLType()];
  if (column.notNull || column.primary) parts.push("not null");
  if (generated) parts.push(`generated always as (${textOf(generated.as as SQL)}) stored`);
  else if (value !== undefined)
    parts.push(`default ${is(value, SQL) ? textOf(value) : literalOf(value, column.getSQLType())}`);
  return parts.join(" ");
};
const textOf = (expression: SQL): string => new PgDialect().sqlToQuery(expression).sql;
const literalOf = (value: unknown, type: string): string => {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return `'${value}'`;
  return `'${Array.isArray(value) && type !== "jsonb" ? `{${value.join(",")}}` : JSON.stringify(value)}'`;
};

test("a new function may be executed by its owner only, until it is granted", async () => {
  for (const owner of ["resolve_owner", "resolve_search"]) {
    const access = await rolledBack(async (sql) => {
      await sql`grant create on schema app to resolve_search`;
      await sql.unsafe(`set local role ${owner}`);
      await sql`create function app.fresh() returns int language sql return 1`;
      return sql`select has_function_privilege('public', 'app.fresh()', 'execute') as everybody`;
    });
    expect(access[0]!["everybody"], owner).toBe(false);
  }
});

test("every function of the schema is in the baseline, or in the one file that has its name", async () => {
  const migrations = new URL("../../core/migrations/", import.meta.url);
  const definedIn = (file: string) =>
    [
      ...readFileSync(new URL(file, migrations), "utf8").matchAll(
        /^create (?:or replace )?(?:function|procedure) app\.(\w+)/gm,
      ),
    ].map(([, name]) => name!);
  const names = definedIn("0001_baseline.sql");
  for (const file of globSync("functions/*.sql", { cwd: migrations.pathname })) {
    expect(definedIn(file), file).toEqual([basename(file, ".sql")]);
    names.push(basename(file, ".sql"));
  }
  // A temporary object of a caller never stands in for an object of the schema.
  const open = await admin`select proname as name from pg_proc p where pronamespace = 'app'::regnamespace and prosecdef
    and not exists (select from unnest(p.proconfig) c where c ~ '^search_path=.*pg_temp$')`;
  expect(open.map(({ name }) => name)).toEqual([]);
  const live = await admin`select proname as name from pg_proc where pronamespace = 'app'::regnamespace`;
  expect(live.map(({ name }) => name).sort()).toEqual(names.sort());
});
