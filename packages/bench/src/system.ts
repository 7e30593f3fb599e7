import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Runtime, startRuntime } from "@resolve/local/runtime";
import { type TestDatabase, testDatabase } from "@resolve/local/testing";
import { createClient, type Resolve, unwrap } from "@resolve/sdk";
import postgres, { type Sql } from "postgres";

export type System = {
  runtime: Runtime;
  database: TestDatabase;
  /** The superuser, past all policies. */
  admin: Sql;
  newTenant: () => Promise<Resolve>;
};

/** The whole system on loopback: on the servers that TEST_DATABASE_URL, TEST_POOL_URL and TEST_REDIS_URL name, else embedded. */
export async function withSystem<T>(work: (system: System) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-bench-"));
  const database = await testDatabase();
  const admin = postgres(database.url(), { max: 1, prepare: false, onnotice: () => {} });
  const runtime = await startRuntime({
    port: 0,
    dataDir,
    databaseUrl: database.url(),
    databasePoolUrl: database.url("api_a"),
    redisUrl: process.env["TEST_REDIS_URL"],
  });
  const operator = createClient({ apiUrl: runtime.apiUrl, apiKey: runtime.adminApiKey });
  const newTenant = async () => {
    const body = { name: "Bench", admin: { email: "bench@acme.example" } };
    const { apiKey } = await unwrap(operator.POST("/api/v1/tenants", { body }));
    return createClient({ apiUrl: runtime.apiUrl, apiKey: apiKey!.secret });
  };
  try {
    return await work({ runtime, database, admin, newTenant });
  } finally {
    await runtime.close();
    await admin.end();
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
