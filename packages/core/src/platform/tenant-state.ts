import { type SQL, sql } from "drizzle-orm";
import { type Ctx, withTx } from "./context.ts";
import { only } from "./database/rows.ts";

/**
 * The tenant is suspended. Its work stops here: the messages that would continue it go back to the outbox, where the relay leaves
 * them until the tenant is resumed.
 */
export class TenantIsSuspended extends Error {
  override readonly name = "TenantIsSuspended";
}

/** Condition of a statement: the tenant with this UUID is suspended. The index `tenants_suspended` holds only those. */
export const isSuspended = (tenantId: SQL): SQL<boolean> =>
  sql`exists (select from app.tenants suspended where suspended.id = ${tenantId} and suspended.status = 'suspended')`;

/** Condition of a statement: the tenant's suspension ended less than so long ago. What is late because of it is not overdue yet. */
export const wasResumedWithin = (tenantId: SQL, seconds: number): SQL =>
  sql`exists (select from app.tenants resumed where resumed.id = ${tenantId}
    and resumed.resumed_at > app.now() - make_interval(secs => ${seconds}))`;

/**
 * Condition of a statement: the database has this tenant. Redis and a failed row may name one that it has not, as after a restore to an
 * earlier time.
 */
export const isKnown = (tenantId: SQL): SQL => sql`exists (select from app.tenants known where known.id = ${tenantId})`;

/** Is the context's tenant suspended now? */
export const mustWait = (ctx: Ctx): Promise<boolean> =>
  withTx(
    ctx,
    async (ctx) =>
      only(await ctx.db.execute<{ waits: boolean }>(sql`select ${isSuspended(sql`${ctx.tenantId}`)} as waits`)).waits,
  );
