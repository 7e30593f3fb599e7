import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Id, toUuid } from "@resolve/core/platform/id";
import postgres from "postgres";
import { startRuntime } from "./runtime.ts";
import { testDatabase } from "./testing.ts";

// biome-ignore lint/suspicious/noExplicitAny: whatever the API answers is looked at field by field.
export type Answer = { status: number; headers: Headers; body: any };
/** One request with a credential to a path below `/v1`. */
export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
export type TestSystem = Awaited<ReturnType<typeof startSystem>>;

/**
 * Starts all of Resolve on loopback with a new database, to be tested through its API: on the servers that
 * TEST_DATABASE_URL, TEST_POOL_URL and TEST_REDIS_URL name, else embedded.
 */
export async function startSystem({ links }: Pick<Parameters<typeof startRuntime>[0], "links"> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-"));
  const database = await testDatabase();
  /** The superuser, for whom no policy applies. */
  const admin = postgres(database.url(), { max: 1, prepare: false, onnotice: () => {} });
  const runtime = await startRuntime({
    port: 0,
    dataDir,
    databaseUrl: database.url(),
    databasePoolUrl: database.url("api_a"),
    redisUrl: process.env["TEST_REDIS_URL"],
    links,
  });

  /** Returns a function that sends requests with a key; `more` headers are added to each. */
  const caller =
    (key: string, more: Record<string, string> = {}): Call =>
    async (method, path, body, headers = {}) => {
      const json = body === undefined ? {} : { "content-type": "application/json" };
      const response = await fetch(`${runtime.apiUrl}/v1${path}`, {
        method,
        redirect: "manual",
        headers: { authorization: `Bearer ${key}`, ...json, ...more, ...headers },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json");
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    };
  const operator = caller(runtime.adminApiKey);

  return {
    runtime,
    database,
    admin,
    caller,
    /** Creates a tenant: its id, its id in the database, and the key of its administrator. */
    async newTenant() {
      const { body } = await operator("POST", "/tenants", { name: "Acme", admin: { email: "ada@acme.example" } });
      const { tenant, apiKey } = body as { tenant: { id: Id<"tenant"> }; apiKey: { secret: string } };
      return { id: tenant.id, uuid: toUuid(tenant.id), key: apiKey.secret, call: caller(apiKey.secret) };
    },
    async close() {
      await runtime.close();
      await admin.end();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Adds a document and waits until it is ready. @throws Error with the responses */
export const addDocument = async (call: Call, document: object): Promise<string> => {
  const made = await call("POST", "/documents", document);
  const id: string = made.body.document?.id;
  const { body } = await call("GET", `/documents/${id}?waitSeconds=20`);
  if (body.status !== "ready") throw new Error(JSON.stringify([made.body, body]));
  return id;
};
