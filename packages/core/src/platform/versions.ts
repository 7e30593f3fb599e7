import { sql } from "drizzle-orm";
import { type Ctx, glanceAt } from "./context.ts";
import { literal } from "./database/connections.ts";

/**
 * The version of what the tenant's cached values of a namespace depend on. It is in the database and changes in the transaction that
 * changes a value, so a committed write is never missed.
 */
export const versionOf = async (ctx: Ctx, namespace: string): Promise<string> => {
  const [row] = await glanceAt<{ version: string | null }>(ctx, `select ${versionSql(namespace)} as version`);
  return row?.version ?? unchanged;
};

/** SQL: null before the first change. */
export const versionSql = (namespace: string): string =>
  `(select version from app.versions where tenant_id = app.tenant() and namespace = ${literal(namespace)})`;

/** The namespace of what a search may find. Triggers change its version. */
export const searchVersions = "search";

/** Before the first change. */
export const unchanged = "none";

/** Invalidates all values of the tenant in a namespace, when the caller's transaction commits. */
export const invalidate = async (ctx: Ctx, namespace: string): Promise<void> => {
  await ctx.db.execute(sql`select app.invalidate(${namespace})`);
};
