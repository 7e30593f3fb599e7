import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { poolOn } from "@resolve/core/platform/database/credentials";
import { type Id, newId, toId, toUuid } from "@resolve/core/platform/id";
import type { JWTPayload } from "jose";
import { type Call, callerOf, create } from "../../acceptance/src/client.ts";
import { accessToken } from "./doubles/cognito/issuer.ts";
import { startRuntime } from "./runtime.ts";
import { testDatabase } from "./testing.ts";
import { newAccount } from "./testing-account.ts";

export type TestSystem = Awaited<ReturnType<typeof startSystem>>;

/**
 * A whole system on loopback with a database of its own: on the servers that TEST_DATABASE_URL, TEST_POOL_URL and
 * TEST_REDIS_URL name, else on embedded ones. For tests that need a service double behind a link, SQL, or another clock;
 * other tests share the system of packages/acceptance.
 */
export async function startSystem({ links }: Pick<Parameters<typeof startRuntime>[0], "links"> = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), "resolve-"));
  const database = await testDatabase();
  /** Logs in as the superuser, whom row-level security does not restrict. */
  const admin = poolOn(database.url(), { max: 1, connect_timeout: 30 });
  const runtime = await startRuntime({
    port: 0,
    dataDir,
    databaseUrl: database.url(),
    databasePoolUrl: database.url("api_a"),
    redisUrl: process.env["TEST_REDIS_URL"],
    links,
  });

  const caller = (key: string, more?: Record<string, string>): Call => callerOf(runtime.apiUrl, key, more);
  const operator = caller(runtime.adminApiKey);
  const [platform] = await admin<{ id: string }[]>`select id from app.tenants where is_platform`;
  const platformId = toId("tenant", platform!.id);

  return {
    runtime,
    database,
    admin,
    caller,
    operator,
    platformId,
    /** A new tenant: its id, also as the database stores it, and its administrator's key. */
    async newTenant() {
      const { body } = await create(operator, "/tenants", { name: "Acme", admin: { email: "ada@acme.example" } });
      const { tenant, apiKey } = body as { tenant: { id: Id<"tenant"> }; apiKey: { secret: string } };
      return { id: tenant.id, uuid: toUuid(tenant.id), key: apiKey.secret, call: caller(apiKey.secret) };
    },
    /** A person who has signed in, with these memberships: role by tenant. The account has a second factor by default. */
    async newPerson(
      memberships: Record<Id<"tenant">, string>,
      email = `${crypto.randomUUID()}@acme.example`,
      { hasSecondFactor = true } = {},
    ) {
      const id = newId("user");
      // The link of the runtime's own double.
      const link = runtime.resources["UserPool"] as Parameters<typeof newAccount>[0];
      const subject = await newAccount(link, email, hasSecondFactor);
      await admin`insert into app.users (id, subject, email) values (${toUuid(id)}, ${subject}, ${email})`;
      // An id is a key of the argument.
      for (const [tenantId, role] of Object.entries(memberships) as [Id<"tenant">, string][])
        await admin`insert into app.memberships (tenant_id, user_id, role) values (${toUuid(tenantId)}, ${toUuid(id)}, ${role})`;
      const token = (claims?: JWTPayload) => accessToken(runtime.issuerSecret, subject, claims);
      return { id, uuid: toUuid(id), subject, email, token, call: caller(await token()) };
    },
    async close() {
      await runtime.close();
      if (runtime.leftWork.length > 0) throw new Error(`left running: ${JSON.stringify(runtime.leftWork)}`);
      await admin.end();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
