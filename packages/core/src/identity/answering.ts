import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Ctx } from "../platform/context.ts";
import { tenantTable as table } from "./identity.sql.ts";

/** How questions are answered. */
export const Answering = z.strictObject({
  /** The default was measured (docs/answers.md). */
  supportMin: z.number().min(0.3).max(0.95).meta({
    description: "An answer with less support is not given; a lower value answers more questions, also wrongly",
  }),
});
export type Answering = z.output<typeof Answering>;

export const defaultAnswering: Answering = { supportMin: 0.5 };

/** How the tenant wants its questions to be answered. Joins the caller's transaction. */
export const answeringOf = async (ctx: Ctx): Promise<Answering> => {
  const [row] = await ctx.db.select({ answering: table.answering }).from(table).where(eq(table.id, ctx.tenantId));
  return row?.answering ?? defaultAnswering;
};
