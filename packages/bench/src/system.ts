import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Runtime, startRuntime } from "@resolve/local/runtime";
import { createClient, type Resolve, unwrap } from "@resolve/sdk";

/** The whole system on loopback: on the servers that TEST_DATABASE_URL, TEST_POOL_URL and TEST_REDIS_URL name, else embedded. */
export async function withSystem<T>(
  work: (system: { runtime: Runtime; newTenant: () => Promise<Resolve> }) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-bench-"));
  const { testDatabase } = await import("@resolve/local/testing");
  const database = process.env["TEST_DATABASE_URL"] ? await testDatabase() : undefined;
  const runtime = await startRuntime({
    port: 0,
    dataDir,
    databaseUrl: database?.url(),
    databasePoolUrl: database?.url("api_a"),
    redisUrl: process.env["TEST_REDIS_URL"],
  });
  const operator = createClient({ apiUrl: runtime.apiUrl, apiKey: runtime.adminApiKey });
  const newTenant = async () => {
    const body = { name: "Bench", admin: { email: "bench@acme.example" } };
    const { apiKey } = await unwrap(operator.POST("/api/v1/tenants", { body }));
    return createClient({ apiUrl: runtime.apiUrl, apiKey: apiKey!.secret });
  };
  try {
    return await work({ runtime, newTenant });
  } finally {
    await runtime.close();
    await database?.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
