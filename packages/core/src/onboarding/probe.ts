import { sql } from "drizzle-orm";
import { type Ctx, withTx } from "../platform/context.ts";
import { pgError } from "../platform/database/pg-error.ts";
import { newUuid } from "../platform/id.ts";

/** Tables that a tenant may read. Each must show no row of another tenant. */
const tables = [
  "tenants",
  "memberships",
  "api_keys",
  "collections",
  "documents",
  "document_versions",
  "document_texts",
  "hidden_versions",
  "ocr_pages",
  "chunks",
  "embeddings",
  "embedders",
  "jobs",
  "events",
  "audit_log",
  "webhooks",
  "webhook_deliveries",
  "webhook_attempts",
  "idempotency_keys",
  "onboarding_runs",
  "onboarding_steps",
] as const;

/** SQLSTATE `insufficient_privilege`, also when a policy refuses a row. */
const refused = "42501";

/**
 * Tries, as the tenant, to read and write rows of other tenants. The database itself must refuse every attempt. Returns the
 * number of attempts and the ones that succeeded.
 */
export async function probeIsolation(ctx: Ctx): Promise<{ checks: number; leaks: string[] }> {
  const leaks: string[] = [];
  let checks = 0;
  await withTx(ctx, async (ctx) => {
    for (const table of tables) {
      const column = table === "tenants" ? "id" : "tenant_id";
      checks += 1;
      const rows = await ctx.db.execute(
        sql`select 1 from app.${sql.identifier(table)} where ${sql.identifier(column)} is distinct from ${ctx.tenantId} limit 1`,
      );
      if (rows.length > 0) leaks.push(`reads ${table} of another tenant`);
    }
  });
  const stranger = newUuid();
  const forbidden: [string, ReturnType<typeof sql>][] = [
    [
      "writes a document for another tenant",
      sql`insert into app.documents (tenant_id, id, name, size_bytes, status) values (${stranger}, app.uuid7(), 'probe', 0, 'queued')`,
    ],
    [
      "writes an event past app.record",
      sql`insert into app.events (tenant_id, id, sequence, type, version, actor, subject_type, subject_id, data)
      values (${ctx.tenantId}, app.uuid7(), 1, 'probe', 1, '', '', '', '{}')`,
    ],
    ["edits the audit log", sql`update app.audit_log set action = 'probe' where tenant_id = ${ctx.tenantId}`],
    ["reads a partition directly", sql`select 1 from app.chunks_00`],
    ["reads the outbox", sql`select 1 from app.outbox`],
    ["enters another tenant", sql`select app.enter(${stranger}, '', '', 'user')`],
    ["becomes the system", sql`set local role resolve_system`],
  ];
  for (const [name, statement] of forbidden) {
    checks += 1;
    if (!(await isRefused(ctx, statement))) leaks.push(name);
  }
  return { checks, leaks };
}

/** Runs the statement in a transaction that is rolled back in every case. */
const isRefused = async (ctx: Ctx, statement: ReturnType<typeof sql>): Promise<boolean> => {
  try {
    await withTx(ctx, async (ctx) => {
      await ctx.db.execute(statement);
      throw new Succeeded();
    });
  } catch (error) {
    if (error instanceof Succeeded) return false;
    if (pgError(error).code === refused) return true;
    throw error;
  }
  return false;
};

class Succeeded extends Error {}
