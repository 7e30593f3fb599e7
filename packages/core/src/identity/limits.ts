import { and, count, type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Ctx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { ofTenant, only, type TenantTable } from "../platform/database/rows.ts";
import { Problem } from "../platform/problems.ts";
import { Allowance, type Limited, type Limits, limitsOf } from "./plan.ts";

/**
 * Refuses another row when the tenant has as many as it may have. Joins the caller's transaction.
 *
 * @throws Problem `limit-reached`
 */
export async function assertBelowLimit(ctx: Ctx, limited: Limited, of: TenantTable, counted?: SQL): Promise<void> {
  await lockTenant(ctx, `limit:${limited}`);
  const { [limited]: limit } = await readLimits(ctx);
  const { rows } = only(
    await ctx.db
      .select({ rows: count() })
      // Drizzle cannot select from a table whose type is a parameter.
      .from(of as PgTable)
      .where(and(ofTenant(ctx, of), counted)),
  );
  if (rows >= limit)
    throw new Problem("limit-reached", `The tenant has ${rows} ${limited}, and may have ${limit}.`, { limited, limit });
}

/** Joins the caller's transaction. */
export const readLimits = async (ctx: Ctx): Promise<Limits> => limitsOf(await allowanceOf(ctx));

/** Joins the caller's transaction. */
export const allowanceOf = async (ctx: Ctx): Promise<Allowance> => {
  const { allowance } = only(await ctx.db.execute(sql`select app.allowance_of(${ctx.tenantId}) as allowance`));
  return Allowance.parse(allowance);
};
