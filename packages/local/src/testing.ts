import { createHash, randomUUID } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@resolve/core/platform/database/migrate";
import postgres from "postgres";
import { type EmbeddedPostgres, embeddedUrl, startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";

export type TestDatabase = {
  /** Connection string of a login. The functions' logins go through PgBouncer if there is one. */
  url(user?: string): string;
  isEmbedded: boolean;
  close(): Promise<void>;
};

const rolesLock = 7_461_001;

/**
 * Creates a migrated database: embedded, or on the real server that `TEST_DATABASE_URL` (superuser, direct) and
 * `TEST_POOL_URL` (PgBouncer in transaction mode) name.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { TEST_DATABASE_URL: direct, TEST_POOL_URL: pool } = process.env;
  if (!direct) {
    const embedded = await startMigrated();
    return { ...embedded, isEmbedded: true };
  }
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const admin = postgres(direct, { max: 1, onnotice: () => {} });
  const on = (base: string, user?: string, database = name) => {
    const url = new URL(base);
    url.pathname = `/${database}`;
    if (user) url.username = user;
    return url.href;
  };
  const template = `template_${templateHash()}`;
  // Roles and the template belong to the whole server: two files that run at the same time would both create them.
  await admin`select pg_advisory_lock(${rolesLock}::bigint)`;
  const [known] = await admin`select from pg_database where datname = ${template} and datistemplate`;
  if (!known) {
    await admin.unsafe(`drop database if exists ${template}`);
    await admin.unsafe(`create database ${template}`);
    await migrate({ url: on(direct, undefined, template) });
    await admin.unsafe(`alter database ${template} is_template true`);
  }
  await admin.unsafe(`create database ${name} template ${template} strategy file_copy`);
  // A copy has everything in the database, but not the rights on it.
  await admin.unsafe(`grant create on database ${name} to resolve_owner`);
  await admin`select pg_advisory_unlock(${rolesLock}::bigint)`;
  return {
    // Migrations and index builds bypass the pool, because they use session settings and session locks.
    url: (user = "postgres") =>
      user === "postgres" || user.startsWith("builder") ? on(direct, user) : on(pool ?? direct, user),
    isEmbedded: false,
    close: async () => {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

const root = join(import.meta.dirname, "../../..");

/** A hash of all that decides what a migrated, empty database contains: the same for every copy of the sources. */
const templateHash = (): string => {
  const hash = createHash("sha256");
  const migrations = "packages/core/migrations";
  const names = readdirSync(join(root, migrations), { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".sql")).map((name) => join(migrations, name));
  const sources = ["packages/core/src/platform/database/migrate.ts", "packages/local/package.json"];
  for (const name of [...files.sort(), ...sources]) hash.update(name).update(readFileSync(join(root, name)));
  return hash.digest("hex").slice(0, 16);
};

const cache = join(root, "node_modules/.cache/resolve");
/** A template has 67 MB. One that is this old belongs to another state of the migrations. */
const templateDays = 7;

/**
 * An embedded database with the schema, in a copy of a directory in node_modules/.cache that the first caller makes: 2 CPU
 * seconds, where initdb and the migrations take 15.
 */
const startMigrated = async () => {
  const template = join(cache, `database-${templateHash()}`);
  if (!existsSync(template)) await makeTemplate(template);
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-database-"));
  cpSync(template, dataDir, { recursive: true });
  const embedded = await startEmbedded(dataDir);
  const close = async () => {
    await embedded.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url: embedded.url, close };
};

/** In the process that testing-databases.ts has started for all test files, else in this one. */
const startEmbedded = async (dataDir: string): Promise<Pick<EmbeddedPostgres, "url" | "close">> => {
  const host = process.env["TEST_EMBEDDED_DATABASES"];
  if (!host) return startEmbeddedPostgres({ dataDir });
  const asked = async (method: "POST" | "DELETE"): Promise<string> => {
    const response = await fetch(host, { method, body: dataDir });
    if (!response.ok) throw new Error(await response.text());
    return response.text();
  };
  const port = Number(await asked("POST"));
  return { url: (user) => embeddedUrl(port, user), close: async () => void (await asked("DELETE")) };
};

const makeTemplate = async (template: string): Promise<void> => {
  mkdirSync(cache, { recursive: true });
  const isOld = (name: string) => Date.now() - statSync(join(cache, name)).mtimeMs > templateDays * 86_400_000;
  for (const name of readdirSync(cache).filter(isOld)) rmSync(join(cache, name), { recursive: true });
  // Renamed when it is complete, since another process may look for it at the same time.
  const unfinished = `${template}.${randomUUID()}`;
  mkdirSync(unfinished, { recursive: true });
  const embedded = await startEmbeddedPostgres({ dataDir: unfinished });
  await migrate({ url: embedded.url() });
  await embedded.close();
  try {
    renameSync(unfinished, template);
  } catch {
    // The other process was first.
    rmSync(unfinished, { recursive: true });
  }
};

/** SST_RESOURCES_JSON for a process that uses only the database. Set it before the first query. */
export const databaseLinks = (database: TestDatabase): string =>
  JSON.stringify({
    App: { name: "resolve", stage: "test" },
    AppDatabase: { url: database.url("api_a"), maxConnections: 4 },
    WorkerDatabase: { url: database.url("worker_a"), maxConnections: 4 },
    SystemDatabase: { url: database.url("system_a"), maxConnections: 2 },
    BuilderDatabase: { url: database.url("builder_a") },
    MasterDatabase: { url: database.url() },
    Kms: { masterKey: Buffer.alloc(32, 7).toString("base64") },
    ApiKeyPepper: { value: "a pepper of the tests" },
  });
