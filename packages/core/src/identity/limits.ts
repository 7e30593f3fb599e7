import { and, count, type SQL } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { z } from "zod";
import type { Ctx } from "../platform/context.ts";
import { lockTenant } from "../platform/database/lock.ts";
import { ofTenant, only, type TenantTable } from "../platform/database/rows.ts";
import { Problem } from "../platform/problems.ts";
import { limitTable as table } from "./identity.sql.ts";

/** How many things a tenant may have, unless the operator sets another number for it. */
export const defaults = { webhooks: 100, apiKeys: 1_000, collections: 1_000, jobs: 10, invitations: 100 } as const;
export type Limited = keyof typeof defaults;

const maximum = z.int().min(0).max(1_000_000);
export const Limits = z.object({
  webhooks: maximum,
  /** Keys that are neither revoked nor expired. */
  apiKeys: maximum,
  collections: maximum,
  /** Jobs that have not ended. */
  jobs: maximum,
  /** Invitations that are pending, or were created within a day, since each sends a mail. */
  invitations: maximum,
});
export type Limits = z.output<typeof Limits>;

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
export const readLimits = async (ctx: Ctx): Promise<Limits> => {
  const rows = await ctx.db.select().from(table).where(ofTenant(ctx, table));
  return { ...defaults, ...Object.fromEntries(rows.map(({ limited, maximum }) => [limited, maximum])) };
};
