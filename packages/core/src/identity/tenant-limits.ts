import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, inTenant, recordAudit, withTx } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { keysOf } from "../platform/keys.ts";
import { limitTable as table } from "./identity.sql.ts";
import { readLimits } from "./limits.ts";
import { type Limited, Limits } from "./plan.ts";
import { getTenantById } from "./tenant.ts";

// Every member of the shape gets the same change of its type.
const nullable = Object.fromEntries(
  Object.entries(Limits.shape).map(([name, schema]) => [name, schema.nullable().optional()]),
) as { [N in Limited]: z.ZodOptional<z.ZodNullable<(typeof Limits.shape)[N]>> };
/** Null: what the plan says. */
export const LimitChanges = z.strictObject(nullable);

/** Of the caller's tenant. */
export const getOwnLimits = (ctx: Ctx): Promise<Limits> => withTx(ctx, readLimits);

/** For the operator. @throws Problem `not-found` */
export const getLimits = async (ctx: Ctx, tenantId: Id<"tenant">): Promise<Limits> => {
  await getTenantById(ctx, tenantId);
  return getOwnLimits(inTenant(ctx, tenantId));
};

/** For the operator. Limits that are not named keep their number. @throws Problem `not-found` */
export const setLimits = async (
  ctx: Ctx,
  tenantId: Id<"tenant">,
  changes: z.output<typeof LimitChanges>,
): Promise<Limits> => {
  await getTenantById(ctx, tenantId);
  return withTx(inTenant(ctx, tenantId), async (ctx) => {
    for (const limited of keysOf(Limits.shape)) {
      const maximum = changes[limited];
      if (maximum === undefined) continue;
      if (maximum === null) await ctx.db.delete(table).where(and(ofTenant(ctx, table), eq(table.limited, limited)));
      else
        await ctx.db
          .insert(table)
          .values({ tenantId: ctx.tenantId, limited, maximum })
          .onConflictDoUpdate({ target: [table.tenantId, table.limited], set: { maximum } });
    }
    recordAudit(ctx, { action: "tenant.limits", subject: ctx.tenantId, detail: changes });
    return readLimits(ctx);
  });
};
