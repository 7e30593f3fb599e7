import { and, eq } from "drizzle-orm";
import { allowanceOf, leftOf } from "../identity/index.ts";
import { type Ctx, recordUsage, withTx } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { ocrPageTable as table } from "./document.sql.ts";

/** The paragraphs that OCR has read, by page from 1. */
export type OcrPages = ReadonlyMap<number, string[]>;
type Version = { id: Id<"document">; version: number };

/** What was read of a version before: a repeated attempt and a reindex do not pay for it again. */
export const storedPages = (ctx: Ctx, { id, version }: Version): Promise<Map<number, string[]>> =>
  withTx(ctx, async (ctx) => {
    const own = and(ofTenant(ctx, table), eq(table.documentId, id), eq(table.version, version));
    const rows = await ctx.db.select({ page: table.page, paragraphs: table.paragraphs }).from(table).where(own);
    return new Map(rows.map(({ page, paragraphs }) => [page, paragraphs]));
  });

/** Stores pages, and counts those that are new. */
export const storePages = (ctx: Ctx, { id, version }: Version, pages: OcrPages): Promise<void> =>
  withTx(ctx, async (ctx) => {
    if (pages.size === 0) return;
    const values = [...pages].map(([page, paragraphs]) => ({
      tenantId: ctx.tenantId,
      documentId: id,
      version,
      page,
      paragraphs,
    }));
    const stored = await ctx.db.insert(table).values(values).onConflictDoNothing().returning({ page: table.page });
    recordUsage(ctx, { ocrPages: stored.length });
  });

/** How many pages the tenant may still have read this month. Workers that read at the same moment do not see each other's pages. */
export const ocrPagesLeft = (ctx: Ctx): Promise<number> =>
  withTx(ctx, async (ctx) => leftOf(await allowanceOf(ctx), "ocrPages"));
