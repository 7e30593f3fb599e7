import { ExtractionFailure } from "@resolve/extraction/extraction";
import { and, eq, gt, sql } from "drizzle-orm";
import { type Ctx, recordAudit, withTx } from "../../platform/context.ts";
import { ofTenant, only } from "../../platform/database/rows.ts";
import type { Id } from "../../platform/id.ts";
import { documentTable as table, documentVersionTable as versionTable } from "../document.sql.ts";
import { DocumentFailure, type FailureCode } from "../failures.ts";
import type { Original } from "../original.ts";
import { isInlineText, ownedVersionOf } from "../owned.ts";
import { type Budget, type MadeIndex, makeIndex } from "./make.ts";
import { writeIndex } from "./write.ts";

/** A document whose newest version search serves. */
export type Served = Original & { id: Id<"document">; version: number };

const isServed = and(eq(table.status, "ready"), eq(table.liveVersion, table.version));

export const countServed = async (ctx: Ctx): Promise<number> => {
  const row = only(
    await ctx.db
      .select({ count: sql<number>`count(*)::int` })
      .from(table)
      .where(and(ofTenant(ctx, table), isServed)),
  );
  return row.count;
};

/** The next such document after an id, oldest first. */
export const nextServed = (ctx: Ctx, after: Id<"document"> | undefined): Promise<Served | undefined> =>
  withTx(ctx, async (ctx) => {
    const later = after ? gt(table.id, after) : undefined;
    const [row] = await ctx.db
      .select()
      .from(table)
      .innerJoin(
        versionTable,
        and(
          eq(versionTable.tenantId, table.tenantId),
          eq(versionTable.documentId, table.id),
          eq(versionTable.version, table.version),
        ),
      )
      .where(and(ofTenant(ctx, table), isServed, later))
      .orderBy(table.id)
      .limit(1);
    if (!row) return undefined;
    const { id, name, contentType, version } = row.documents;
    const { objectKey, sizeBytes, sha256 } = row.document_versions;
    const isText = isInlineText(row.document_versions);
    return { id, version, name, contentType, objectKey, sizeBytes, sha256, isText };
  });

/** Makes a document's index anew from its original; the code says why that is not possible. @throws EmbedderUnavailable */
export async function remakeIndex(ctx: Ctx, document: Served, budget: Budget): Promise<MadeIndex | FailureCode> {
  try {
    return await makeIndex(ctx, document, budget);
  } catch (error) {
    if (error instanceof ExtractionFailure || error instanceof DocumentFailure) return error.code;
    throw error;
  }
}

/** Replaces the index that search serves, unless the document has moved on. Joins the caller's transaction. @throws ModelChanged */
export async function replaceIndex(ctx: Ctx, { id, version }: Served, made: MadeIndex): Promise<boolean> {
  const serving = and(ownedVersionOf(ctx, id, version), isServed);
  const [row] = await ctx.db.select({ id: table.id }).from(table).where(serving).for("update");
  if (!row) return false;
  const { pages, contentType } = made.extraction;
  await writeIndex(ctx, { id, version }, made.index);
  await ctx.db
    .update(table)
    .set({ pages, contentType, chunks: made.index.chunks.length, language: made.index.language })
    .where(serving);
  recordAudit(ctx, { action: "document.reindex", subject: id, detail: { version, chunks: made.index.chunks.length } });
  return true;
}
