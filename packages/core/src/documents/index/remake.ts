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
import { hideRemade, isHalfWritten, removeHidden, replaceRemade, show } from "./hidden.ts";
import type { MadeIndex, Maker } from "./maker.ts";
import { writeParts } from "./write.ts";

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
export async function remakeIndex(ctx: Ctx, document: LiveDocument, maker: Maker): Promise<MadeIndex | FailureCode> {
  try {
    return await maker(ctx, document);
  } catch (error) {
    if (error instanceof ExtractionFailure || error instanceof DocumentFailure) return error.code;
    throw error;
  }
}

/** Called in each transaction: the job's worker may still write. @throws LeaseLost */
export type Fence = (ctx: Ctx) => Promise<void>;

/** The document has another live version or state by now. */
class NotLive extends Error {
  override readonly name = "NotLive";
}

/**
 * Writes the new index beside the old one, each part in a short transaction, hidden from search. The last one makes it live, unless the
 * document has another live version or state by then. It may be killed and repeated: what a dead worker has left is removed first.
 *
 * @throws ModelChanged, LeaseLost
 */
export async function replaceIndex(ctx: Ctx, document: LiveDocument, made: MadeIndex, fence: Fence): Promise<void> {
  const { id, version } = document;
  const lockLive = async (ctx: Ctx) => {
    await fence(ctx);
    const isTarget = and(ownedVersionOf(ctx, id, version), isLive);
    const [row] = await ctx.db.select().from(table).where(isTarget).for("update");
    if (!row) throw new NotLive();
    return row;
  };
  const rowsOf = (sign: number) => ({ id, version: version * sign });
  const removeRows = (sign: number) => removeHidden(ctx, rowsOf(sign), (ctx) => fence(ctx).then(() => true));
  const begun = await withTx(ctx, async (ctx) => {
    const { indexSign: sign } = await lockLive(ctx);
    const isHalf = isHalfWritten(ctx, rowsOf(-sign));
    const { isDirty } = only(await ctx.db.execute<{ isDirty: boolean }>(sql`select ${isHalf} as "isDirty"`));
    return { sign, isDirty };
  }).catch(ifNotLive);
  if (!begun) return;
  const { sign, isDirty } = begun;
  if (isDirty) await removeRows(-sign);
  let isLong = false;
  try {
    await writeParts(rowsOf(-sign), made.index, ({ isFirst, isLast }, write) =>
      withTx(ctx, async (ctx) => {
        const { chunks } = await lockLive(ctx);
        if (!isLast) await hideRemade(ctx, rowsOf(-sign));
        await write(ctx);
        if (!isLast) return;
        if (!isFirst) await show(ctx, rowsOf(-sign));
        isLong = await replaceRemade(ctx, rowsOf(sign), chunks);
        await switchTo(ctx, document, -sign, made);
      }),
    );
  } catch (error) {
    ifNotLive(error);
    return removeRows(-sign);
  }
  if (isLong) await removeRows(sign);
}

const ifNotLive = (error: unknown): undefined => {
  if (!(error instanceof NotLive)) throw error;
};

/** Search uses the new rows from now on. Joins the caller's transaction, which has locked the document. */
const switchTo = async (
  ctx: Ctx,
  { id, version }: Pick<LiveDocument, "id" | "version">,
  indexSign: number,
  { extraction, index }: MadeIndex,
): Promise<void> => {
  const { pages, contentType, warnings } = extraction;
  const chunks = index.chunks.length;
  await ctx.db
    .update(table)
    .set({ pages, contentType, warnings, chunks, language: index.language, indexSign })
    .where(ownedVersionOf(ctx, id, version));
  await ctx.db
    .update(versionTable)
    .set({ readerVersion, pages: pageRunsOf(extraction.sources) })
    .where(ownedVersion(ctx, id, version));
  recordAudit(ctx, { action: "document.reindex", subject: id, detail: { version, chunks } });
};
