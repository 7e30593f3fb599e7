import { sql } from "drizzle-orm";
import type { Ctx } from "../context.ts";

/**
 * Lets one transaction of the tenant at a time count rows and then write, until its end. `name` says what is counted. The lock
 * belongs to the transaction, so RDS Proxy does not pin the connection. Joins the caller's transaction.
 */
export const lockTenant = (ctx: Ctx, name: string): Promise<unknown> =>
  ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${name}:${ctx.tenantId}`}, 0))`);
