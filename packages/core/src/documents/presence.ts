import { and, asc, eq, ne } from "drizzle-orm";
import { type Ctx, withTx } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { documentTable as table } from "./document.sql.ts";

/** True when the tenant has a document that is not deleted. */
export const hasDocuments = (ctx: Ctx): Promise<boolean> =>
  withTx(ctx, async (ctx) => {
    const kept = and(ofTenant(ctx, table), ne(table.status, "deleting"));
    const rows = await ctx.db.select({ id: table.id }).from(table).where(kept).limit(1);
    return rows.length > 0;
  });

/** The tenant's oldest document that is ready; undefined when none is. */
export const findReadyDocument = (ctx: Ctx): Promise<Id<"document"> | undefined> =>
  withTx(ctx, async (ctx) => {
    const ready = and(ofTenant(ctx, table), eq(table.status, "ready"));
    const [row] = await ctx.db.select({ id: table.id }).from(table).where(ready).orderBy(asc(table.id)).limit(1);
    return row?.id;
  });
