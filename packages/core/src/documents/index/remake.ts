import { ExtractionFailure, readerVersion } from "@resolve/extraction/extraction";
import { and, eq, gt, sql } from "drizzle-orm";
import { readingOf } from "../../identity/index.ts";
import { type Ctx, recordAudit, withTx } from "../../platform/context.ts";
import { ofTenant, only } from "../../platform/database/rows.ts";
import type { Id } from "../../platform/id.ts";
import { documentTable as table, documentVersionTable as versionTable } from "../document.sql.ts";
import { isReadBefore, type ReaderVersion } from "../document.ts";
import { DocumentFailure, type FailureCode } from "../failures.ts";
import type { Original } from "../original.ts";
import { isInlineText, ownedVersion, ownedVersionOf } from "../owned.ts";
import { pageRunsOf } from "../page-runs.ts";
import { removeIndex, removeText } from "./hidden.ts";
import { type Budget, type MadeIndex, makeIndex } from "./make.ts";
import { writeIndex } from "./write.ts";

/** A document whose newest version is live. */
export type LiveDocument = Original & { id: Id<"document">; version: number };

const isLive = and(eq(table.status, "ready"), eq(table.liveVersion, table.version));

/** Documents to read again: all, or those that an older reader has read. */
export type LiveFilter = { readerVersionBelow?: ReaderVersion | undefined };

const isChosen = ({ readerVersionBelow }: LiveFilter) =>
  and(isLive, readerVersionBelow === undefined ? undefined : isReadBefore(readerVersionBelow));

export const countLive = async (ctx: Ctx, filter: LiveFilter): Promise<number> => {
  const row = only(
    await ctx.db
      .select({ count: sql<number>`count(*)::int` })
      .from(table)
      .where(and(ofTenant(ctx, table), isChosen(filter))),
  );
  return row.count;
};

/** The next such document after an id, oldest first. */
export const nextLive = (
  ctx: Ctx,
  after: Id<"document"> | undefined,
  filter: LiveFilter,
): Promise<LiveDocument | undefined> =>
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
      .where(and(ofTenant(ctx, table), isChosen(filter), later))
      .orderBy(table.id)
      .limit(1);
    if (!row) return undefined;
    const { id, name, contentType, version } = row.documents;
    const reading = row.documents.reading ?? (await readingOf(ctx));
    const { objectKey, sizeBytes, sha256 } = row.document_versions;
    const isText = isInlineText(row.document_versions);
    return { id, version, name, contentType, objectKey, sizeBytes, sha256, isText, reading };
  });

/** Computes a document's index from its original again; returns a failure code when the original cannot be read. @throws EmbedderUnavailable */
export async function remakeIndex(ctx: Ctx, document: LiveDocument, budget: Budget): Promise<MadeIndex | FailureCode> {
  try {
    return await makeIndex(ctx, document, budget);
  } catch (error) {
    if (error instanceof ExtractionFailure || error instanceof DocumentFailure) return error.code;
    throw error;
  }
}

/** Replaces the document's index; false when it has another live version or state by now. Joins the caller's transaction. @throws ModelChanged */
export async function replaceIndex(ctx: Ctx, { id, version }: LiveDocument, made: MadeIndex): Promise<boolean> {
  const isTarget = and(ownedVersionOf(ctx, id, version), isLive);
  const [row] = await ctx.db.select({ id: table.id }).from(table).where(isTarget).for("update");
  if (!row) return false;
  const { pages, contentType, warnings } = made.extraction;
  await removeIndex(ctx, { id, version });
  await removeText(ctx, { id, version });
  await writeIndex(ctx, { id, version }, made.index);
  await ctx.db
    .update(table)
    .set({ pages, contentType, warnings, chunks: made.index.chunks.length, language: made.index.language })
    .where(isTarget);
  await ctx.db
    .update(versionTable)
    .set({ readerVersion, pages: pageRunsOf(made.extraction.sources) })
    .where(ownedVersion(ctx, id, version));
  recordAudit(ctx, { action: "document.reindex", subject: id, detail: { version, chunks: made.index.chunks.length } });
  return true;
}
