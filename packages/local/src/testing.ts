import { randomUUID } from "node:crypto";
import { migrate } from "@resolve/core/platform/database/migrate";
import postgres from "postgres";
import { startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";

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
    const embedded = await startEmbeddedPostgres();
    await migrate({ url: embedded.url() });
    return { url: (user) => embedded.url(user), isEmbedded: true, close: embedded.close };
  }
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const admin = postgres(direct, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  const on = (base: string, user?: string) => {
    const url = new URL(base);
    url.pathname = `/${name}`;
    if (user) url.username = user;
    return url.href;
  };
  // Roles are shared by all databases of a server, so that two test files that start together must not create them at
  // the same time.
  await admin`select pg_advisory_lock(${rolesLock}::bigint)`;
  await migrate({ url: on(direct) });
  await admin`select pg_advisory_unlock(${rolesLock}::bigint)`;
  return {
    // Migrations and builders connect directly: they use session settings and locks.
    url: (user = "postgres") =>
      user === "postgres" || user.startsWith("builder") ? on(direct, user) : on(pool ?? direct, user),
    isEmbedded: false,
    close: async () => {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

/** The links of a process with only a database. Set them before core is imported. */
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
