import type { z } from "zod";
import { type Ctx, inTenant, recordAudit, withTx } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";
import { keysOf } from "../platform/keys.ts";
import { limitTable as table } from "./identity.sql.ts";
import { defaults, Limits, readLimits } from "./limits.ts";
import { getTenantById } from "./tenant.ts";

export const LimitChanges = Limits.partial().strict();

/** For the operator. @throws Problem `not-found` */
export const getLimits = async (ctx: Ctx, tenantId: Id<"tenant">): Promise<Limits> => {
  await getTenantById(ctx, tenantId);
  return withTx(inTenant(ctx, tenantId), readLimits);
};

/** For the operator. Limits that are not named keep their number. @throws Problem `not-found` */
export const setLimits = async (
  ctx: Ctx,
  tenantId: Id<"tenant">,
  changes: z.output<typeof LimitChanges>,
): Promise<Limits> => {
  await getTenantById(ctx, tenantId);
  return withTx(inTenant(ctx, tenantId), async (ctx) => {
    for (const limited of keysOf(defaults)) {
      const maximum = changes[limited];
      if (maximum === undefined) continue;
      await ctx.db
        .insert(table)
        .values({ tenantId: ctx.tenantId, limited, maximum })
        .onConflictDoUpdate({ target: [table.tenantId, table.limited], set: { maximum } });
    }
    recordAudit(ctx, { action: "tenant.limits", subject: ctx.tenantId, detail: changes });
    return readLimits(ctx);
  });
};
