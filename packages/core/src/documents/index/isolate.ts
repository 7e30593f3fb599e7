import { sql } from "drizzle-orm";
import { type Ctx, withTx } from "../../platform/context.ts";
import { models } from "../../platform/services/embedder.ts";
import { embedderTable as table } from "./embedding.sql.ts";

/** Creates the tenant's own partition of the embeddings and records its first model. May be repeated. */
export const isolateTenant = (ctx: Ctx): Promise<void> =>
  withTx(ctx, async (ctx) => {
    await ctx.db.execute(sql`select app.create_tenant_partition(${ctx.tenantId})`);
    // There is always one model: the built-in one when the stage names no other.
    const [serving] = models() as [string];
    await ctx.db.insert(table).values({ tenantId: ctx.tenantId, serving }).onConflictDoNothing();
  });
