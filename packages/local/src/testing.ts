import { randomUUID } from "node:crypto";
import { migrate } from "@resolve/core/platform/database/migrate";
import postgres from "postgres";
import { startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";

export type TestDatabase = {
  /** Connection string of a login; serving logins go through PgBouncer where there is one. */
  url(user?: string): string;
  isEmbedded: boolean;
  close(): Promise<void>;
};

const rolesLock = 7_461_001;

/**
 * A migrated database of its own: embedded, or on the real server that `TEST_DATABASE_URL` (superuser, direct) and
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
  // Roles belong to the server: of two files that start together one would find them half made.
  await admin`select pg_advisory_lock(${rolesLock}::bigint)`;
  await migrate({ url: on(direct) });
  await admin`select pg_advisory_unlock(${rolesLock}::bigint)`;
  return {
    // Migrations and builders go past the pool: their settings and locks are the session's.
    url: (user = "postgres") =>
      user === "postgres" || user.startsWith("builder") ? on(direct, user) : on(pool ?? direct, user),
    isEmbedded: false,
    close: async () => {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

/** The links of a process that has a database and nothing else. Set before core is imported. */
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
