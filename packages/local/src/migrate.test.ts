import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { migrate, pgvectorProblem } from "@resolve/core/platform/database/migrate";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";
import { type TestDatabase, testDatabase } from "./testing.ts";

const root = new URL("../../../", import.meta.url).pathname;
const temporary = mkdtempSync(join(tmpdir(), "resolve-migrate-"));
/** A copy of the migrations, which each test changes in another way. */
const copy = join(temporary, "migrations");
let database: TestDatabase;
let admin: Sql;

beforeAll(async () => {
  database = await testDatabase();
  admin = postgres(database.url(), { max: 1, prepare: false, onnotice: () => {} });
});
beforeEach(() => {
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(root, "packages/core/migrations"), copy, { recursive: true });
});
afterAll(async () => {
  await admin.end();
  await database.close();
  rmSync(temporary, { recursive: true, force: true });
});

const migrateCopy = () => migrate({ url: database.url() }, pathToFileURL(`${copy}/`));
const edit = (file: string, change: (text: string) => string) =>
  writeFileSync(join(copy, file), change(readFileSync(join(copy, file), "utf8")));
const definitionOf = async (name: string): Promise<string> => {
  const [row] = await admin`select pg_get_functiondef(${`app.${name}`}::text::regproc) as text`;
  return row!["text"];
};

test("a new migration runs once, before the functions that need it", async () => {
  writeFileSync(
    join(copy, "0002_notes.sql"),
    "set local role resolve_owner;\ncreate table app.notes (tenant_id uuid not null, id uuid not null, primary key (tenant_id, id)) partition by range (id);\ncall app.protect('app.notes');\n",
  );
  const count = "create or replace function app.note_count() returns bigint language sql stable\n";
  writeFileSync(join(copy, "functions/note_count.sql"), `${count}begin atomic select count(*) from app.notes; end;\n`);
  expect(await migrateCopy()).toEqual({ applied: ["0002_notes.sql", "functions/note_count.sql"] });
  // Its partitions exist at once.
  const months = await admin`select from pg_inherits where inhparent = 'app.notes'::regclass`;
  expect(months.length).toBe(5);
  expect(await migrateCopy()).toEqual({ applied: [] });
  await admin`drop function app.note_count(); drop table app.notes`.simple();
  await admin`delete from resolve_migrations where name in ('0002_notes.sql', 'functions/note_count.sql')`;
});

test("only a function whose text has changed is replaced, and a rollback of the code restores the old one", async () => {
  edit("functions/candidates_max.sql", (text) => text.replace("5000", "6000"));
  expect(await migrateCopy()).toEqual({ applied: ["functions/candidates_max.sql"] });
  expect(await definitionOf("candidates_max")).toContain("6000");
  // keyword_candidates belongs to resolve_search, which has no permission to create functions.
  edit("functions/keyword_candidates.sql", (text) => text.replace("matches = 0", "matches < 1"));
  expect(await migrateCopy()).toEqual({ applied: ["functions/keyword_candidates.sql"] });
  const [owner] = await admin`select proowner::regrole::text as name from pg_proc where proname = 'keyword_candidates'`;
  expect(owner!["name"]).toBe("resolve_search");
  const [schema] = await admin`select has_schema_privilege('resolve_search', 'app', 'create') as may`;
  expect(schema!["may"]).toBe(false);

  const files = ["functions/candidates_max.sql", "functions/keyword_candidates.sql"];
  expect(await migrate({ url: database.url() })).toEqual({ applied: files });
  expect(await definitionOf("candidates_max")).toContain("5000");
});

test.each([
  [
    "has another parameter",
    (text: string) => text.replace("double precision)", "real)"),
    "app.candidates_max has two signatures",
  ],
  [
    "has another result",
    (text: string) => text.replace("returns double precision", "returns real"),
    "cannot change return type",
  ],
  [
    "reads a column that does not exist",
    () => "create or replace function app.broken() returns bigint language sql as 'select missing from app.tenants';\n",
    'column "missing" does not exist',
  ],
])("a function that %s is refused, and nothing is changed", async (_, change, message) => {
  const before = await definitionOf("candidates_max");
  edit("functions/candidates_max.sql", change);
  edit("functions/term_id.sql", (text) => text.replace("536870911", "536870910"));
  await expect(migrateCopy()).rejects.toThrow(message);
  expect(await definitionOf("candidates_max")).toBe(before);
  expect(await definitionOf("term_id")).toContain("536870911");
  expect(await migrate({ url: database.url() })).toEqual({ applied: [] });
});

test.each([
  ["0.8", true],
  ["0.8.0", true],
  ["0.10.1", true],
  ["1.0.0", true],
  ["0.7.4", false],
  ["0.7.10", false],
  [undefined, false],
])("pgvector %s is new enough: %s", (version, isEnough) => {
  expect(pgvectorProblem(version) === undefined).toBe(isEnough);
});

test("a database with a pgvector older than 0.8 is refused with the reason, and nothing is changed", async () => {
  const [installed] = await admin`select extversion as version from pg_extension where extname = 'vector'`;
  const setVersion = (version: string) =>
    admin`update pg_extension set extversion = ${version} where extname = 'vector'`;
  writeFileSync(join(copy, "0002_nothing.sql"), "select 1;\n");
  await setVersion("0.7.4");
  try {
    await expect(migrateCopy()).rejects.toThrow("The database's pgvector is 0.7.4, and 0.8 or newer is needed");
  } finally {
    await setVersion(installed!["version"]);
  }
  expect(await migrateCopy()).toEqual({ applied: ["0002_nothing.sql"] });
  await admin`delete from resolve_migrations where name = '0002_nothing.sql'`;
});

test("a database that was made by another text of the baseline is refused", async () => {
  edit("0001_baseline.sql", (text) => `${text}-- Edited.\n`);
  await expect(migrateCopy()).rejects.toMatchObject({
    name: "UnknownSchemaError",
    message: "The database begins with another 0001_baseline.sql, so it cannot be upgraded; nothing was changed.",
  });
});

test("a later migration that was edited after it was applied is refused", async () => {
  writeFileSync(join(copy, "0002_nothing.sql"), "select 1;\n");
  expect(await migrateCopy()).toEqual({ applied: ["0002_nothing.sql"] });
  edit("0002_nothing.sql", (text) => text.replace("1", "2"));
  await expect(migrateCopy()).rejects.toThrow("Migration 0002_nothing.sql has changed since it was applied");
  await admin`delete from resolve_migrations where name = '0002_nothing.sql'`;
});

/** The names of migrations before they were combined into the baseline. */
const oldNames = ["0001_roles_and_context.sql", "0002_tables.sql", "0003_isolation.sql"];
const insertOld = (sql: Sql) =>
  sql`insert into resolve_migrations (name, sha256) select unnest(${oldNames}::text[]), ''`;

test("a database from before the baseline is refused and stays unchanged", async () => {
  await admin`create table kept as select * from resolve_migrations`;
  await admin`delete from resolve_migrations`;
  await insertOld(admin);
  const tables = () => admin`select count(*) as count from pg_class where relnamespace = 'app'::regnamespace`;
  const before = await tables();
  await expect(migrate({ url: database.url() })).rejects.toMatchObject({
    name: "UnknownSchemaError",
    message:
      "The database begins with another migration, 0001_roles_and_context.sql, so it cannot be upgraded; nothing was changed.",
  });
  expect((await admin`select name from resolve_migrations order by 1`).map(({ name }) => name)).toEqual(oldNames);
  expect([...(await tables())]).toEqual([...before]);
  await admin`delete from resolve_migrations; insert into resolve_migrations select * from kept; drop table kept`.simple();
});

test("npm start refuses a data directory from before the baseline with one sentence, and deletes nothing", async () => {
  const dataDir = join(temporary, "data");
  mkdirSync(dataDir);
  const inDatabase = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    const embedded = await startEmbeddedPostgres({ dataDir: join(dataDir, "postgres") });
    const sql = postgres(embedded.url(), { max: 1, prepare: false, onnotice: () => {} });
    const result = await work(sql);
    await sql.end();
    await embedded.close();
    return result;
  };
  await inDatabase(async (sql) => {
    await sql`create table resolve_migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;
    await insertOld(sql);
  });
  const { DATABASE_URL: _, ...env } = process.env;
  const args = ["packages/local/src/main.ts", "--port", "0", "--data", dataDir, "--no-demo"];
  const run = promisify(execFile)(process.execPath, args, { cwd: root, env });
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: `The data directory ${dataDir} was made by a version from before the first release and cannot be upgraded; delete its content with --reset or choose another --data.\n`,
  });
  const names = await inDatabase((sql) => sql`select name from resolve_migrations order by 1`);
  expect(names.map(({ name }) => name)).toEqual(oldNames);
}, 180_000);
