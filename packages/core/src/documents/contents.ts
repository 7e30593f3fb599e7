import { and, eq, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { listPage, ofTenant } from "../platform/database/rows.ts";
import { type Id, idSchema, toId } from "../platform/id.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { blobs } from "../platform/services/blob.ts";
import { documentTextTable, documentVersionTable as versionTable } from "./document.sql.ts";
import { get, moment, rowOf } from "./document.ts";
import { isHalfWritten } from "./index/hidden.ts";
import { objectKey, textKey } from "./object-key.ts";
import { ownedVersion } from "./owned.ts";
import { PageRun } from "./page-runs.ts";

/** One of the document's sets of bytes. */
export const DocumentVersion = z.object({
  id: idSchema("version"),
  version: z.int(),
  sizeBytes: z.int(),
  sha256: z.string().nullable(),
  sourceUrl: z.string().nullable(),
  /** Does search serve it? */
  isLive: z.boolean(),
  /** The version of the readers that read it; `null` before. */
  readerVersion: z.int().nullable(),
  /** Of a PDF: where the text of its pages comes from; at most 200 runs. */
  pages: PageRun.array().nullable(),
  createdAt: moment,
  storedAt: moment.nullable(),
});
export type DocumentVersion = z.output<typeof DocumentVersion>;

/** Newest first. @throws Problem `not-found` */
export const listVersions = (ctx: Ctx, id: Id<"document">, page: Page<"version">): Promise<PageOf<DocumentVersion>> =>
  withTx(ctx, async (ctx) => {
    const { liveVersion } = await rowOf(ctx, id);
    const shape = (row: typeof versionTable.$inferSelect) =>
      DocumentVersion.parse({
        ...row,
        sha256: row.sha256?.toString("hex") ?? null,
        isLive: row.version === liveVersion,
      });
    return listPage(ctx, versionTable, page, shape, eq(versionTable.documentId, id));
  });

/** The exact text that chunk offsets refer to, of the live version. @throws Problem `not-found` */
export const getText = async (ctx: Ctx, id: Id<"document">): Promise<string> => (await readText(ctx, id)).text;

/** The text of a version, by default of the live one, with that version and the document's name. @throws Problem `not-found` */
export const readText = (
  ctx: Ctx,
  id: Id<"document">,
  wanted?: number,
): Promise<{ name: string; version: number; text: string }> =>
  withTx(ctx, async (ctx) => {
    const { name, liveVersion } = await rowOf(ctx, id);
    const version = wanted ?? liveVersion ?? 0;
    const ownText = and(
      ofTenant(ctx, documentTextTable),
      eq(documentTextTable.documentId, id),
      // A reindex changes the sign; one of both is completely written.
      inArray(documentTextTable.version, [version, -version]),
    );
    const isComplete = [version, -version].map(
      (key) => sql`not (${documentTextTable.version} = ${key} and ${isHalfWritten(ctx, { id, version: key })})`,
    );
    const parts = await ctx.db
      .select({ text: documentTextTable.text })
      .from(documentTextTable)
      .where(and(ownText, ...isComplete))
      .orderBy(documentTextTable.part);
    if (parts.length === 0) throw new Problem("not-found", "This version has no text.");
    return { name, version, text: parts.map(({ text }) => text).join("") };
  });

/**
 * Stores the body of a response that is too large for the API, and links to it for 60 s. It is written each time: a text
 * that is read from its original again may differ.
 */
export async function textUrl(
  ctx: Ctx,
  id: Id<"document">,
  { name, version, body }: { name: string; version: number; body: string },
): Promise<string> {
  const key = textKey(objectKey(ctx.tenantId, id, version));
  await blobs.put(key, Buffer.from(body), "application/json");
  return blobs.presignGet({ key, fileName: `${name}.json`, expiresInSeconds: 60 });
}

/** Where a chunk is in its source. */
export const ChunkPlace = {
  /** Page, or number of the slide. */
  page: z.int().nullable(),
  /** Caption of its table, or sheet and title of its rows: searched with the text, but not part of it. */
  context: z.string().nullable(),
  sheet: z.string().nullable(),
  /** The cells of the sheet, as `A2:F21`. */
  cells: z.string().nullable(),
};

export const ChunkView = z.object({
  id: idSchema("chunk"),
  ordinal: z.int(),
  text: z.string(),
  ...ChunkPlace,
  headings: z.array(z.string()),
  charStart: z.int(),
  charEnd: z.int(),
  tokens: z.int(),
});
export type ChunkView = z.output<typeof ChunkView>;

/** Chunks of the live version in order of the text; the cursor is the ordinal of the last one. */
export const listChunks = (ctx: Ctx, id: Id<"document">, page: { limit: number; after?: number | undefined }) =>
  withTx(ctx, async (ctx) => {
    await rowOf(ctx, id);
    const rows = await ctx.db.execute<Record<string, unknown> & { id: string }>(sql`
      select c.id, c.ordinal, c.text, c.page, c.context, c.sheet, c.cells, c.headings, c.char_start as "charStart", c.char_end as "charEnd", c.tokens
      from app.chunks c join app.documents d on d.tenant_id = c.tenant_id and d.id = c.document_id and c.version = d.live_version * d.index_sign
      where c.tenant_id = ${ctx.tenantId} and c.document_id = ${id} and c.ordinal > ${page.after ?? -1}
      order by c.ordinal limit ${page.limit + 1}`);
    const hasMore = rows.length > page.limit;
    const data = rows.slice(0, page.limit).map((row) => ChunkView.parse({ ...row, id: toId("chunk", row.id) }));
    return { data, nextCursor: hasMore ? String(data.at(-1)!.ordinal) : null, hasMore };
  });

/**
 * A link to a version's original as an attachment, valid for 60 s; by default of the newest version.
 *
 * @throws Problem `not-found`, `upload-missing`
 */
export async function downloadUrl(ctx: Ctx, id: Id<"document">, wanted?: number): Promise<string> {
  const { name, version } = await withTx(ctx, async (ctx) => {
    const { name, version: newest } = await get(ctx, id);
    const version = wanted ?? newest;
    if (!(await hasVersion(ctx, id, version, isNotNull(versionTable.storedAt)))) {
      if (wanted !== undefined && !(await hasVersion(ctx, id, wanted))) throw new Problem("not-found");
      throw new Problem("upload-missing");
    }
    recordAudit(ctx, { action: "document.download", subject: id, detail: { version } });
    return { name, version };
  });
  return blobs.presignGet({ key: objectKey(ctx.tenantId, id, version), fileName: name, expiresInSeconds: 60 });
}

const hasVersion = (ctx: Ctx, id: Id<"document">, version: number, condition?: SQL): Promise<boolean> =>
  withTx(ctx, async (ctx) => {
    const rows = await ctx.db
      .select({ version: versionTable.version })
      .from(versionTable)
      .where(and(ownedVersion(ctx, id, version), condition));
    return rows.length > 0;
  });
