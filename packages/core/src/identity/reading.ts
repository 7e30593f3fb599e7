import { defaultReading, type Reading as ReadingOf } from "@resolve/extraction/extraction";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Ctx } from "../platform/context.ts";
import { tenantTable as table } from "./identity.sql.ts";

/** How files are read. */
export const Reading = z.strictObject({
  /** Text that its application does not show: it is left out with a warning, or read like other text. */
  hiddenText: z.enum(["leave-out", "index"]),
}) satisfies z.ZodType<ReadingOf>;
export type Reading = z.output<typeof Reading>;

/** How the tenant wants its files to be read. Joins the caller's transaction. */
export const readingOf = async (ctx: Ctx): Promise<Reading> => {
  const [row] = await ctx.db.select({ reading: table.reading }).from(table).where(eq(table.id, ctx.tenantId));
  return row?.reading ?? defaultReading;
};
