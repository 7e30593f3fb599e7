import { readerVersion } from "@resolve/extraction/extraction";
import { type WarningCode, warningCodes } from "@resolve/extraction/warnings";
import { and, eq, lt, ne, count as rowCount, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { Reading } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { listPage, lockRow, ofTenant, only, ownedBy } from "../platform/database/rows.ts";
import { type Id, idOrNullSchema, idSchema } from "../platform/id.ts";
import { jsonObject, jsonValue } from "../platform/json.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { collectionColumn, dropAbandoned } from "./collection.ts";
import {
  documentExternalIdTable,
  documentTable as table,
  documentVersionTable as versionTable,
} from "./document.sql.ts";
import { stages, statuses } from "./states.ts";
import { hiddenOf } from "./visibility.ts";
import { DocumentWarning, explained } from "./warnings.ts";

export const moment = z.date().meta({ format: "date-time" });

/** A tenant's file as the API shows it. Parsing a row with it drops the columns that stay inside. */
export const Document = z.object({
  id: idSchema("document"),
  name: z.string(),
  contentType: z.string().nullable(),
  sizeBytes: z.int(),
  sha256: z.string().nullable(),
  status: z.enum(statuses),
  stage: z.enum(stages).nullable(),
  /** Milliseconds each finished stage took. */
  stageTimings: z.partialRecord(z.enum(stages), z.number()),
  failure: z.object({ code: z.string(), message: z.string(), hint: z.string(), retryable: z.boolean() }).nullable(),
  /** The newest version, of which `status` speaks. */
  version: z.int(),
  /** The version that search serves, until a newer one is ready; `pages` and `chunks` are its. */
  liveVersion: z.int().nullable(),
  pages: z.int().nullable(),
  chunks: z.int(),
  /** What the reader left out or could not read, of the live version. */
  warnings: z.array(DocumentWarning),
  /** How its files are read; `null` means as the tenant wants it. */
  reading: Reading.nullable(),
  /** The version of the readers that read the live version; `null` before. */
  readerVersion: z.int().nullable(),
  metadata: jsonObject,
  externalId: z.string().nullable(),
  /** An older document of the tenant with the same bytes. */
  duplicateOf: idOrNullSchema("document"),
  collectionId: idOrNullSchema("collection"),
  createdAt: moment,
  updatedAt: moment,
  readyAt: moment.nullable(),
  purgeAt: moment.nullable(),
});
export type Document = z.output<typeof Document>;

const metadataBytesMax = 16_384;

/** In NFC, so that a name is the same however its accents are encoded; an externalId stays as it is sent. */
export const documentName = z.string().trim().normalize("NFC").min(1).max(512);
export const externalId = z.string().min(1).max(256);
export const collectionId = idSchema("collection");
export const reading = Reading;
export const metadata = z
  .record(z.string().min(1).max(64), jsonValue)
  .refine(
    (value) => JSON.stringify(value).length <= metadataBytesMax,
    `must be at most ${metadataBytesMax} bytes of JSON`,
  );

export const DocumentChanges = z.strictObject({
  name: documentName.optional(),
  metadata: metadata.optional(),
  /** `null` frees it. */
  externalId: externalId.nullable().optional(),
  /** `null` takes it out of its collection. */
  collectionId: idOrNullSchema("collection").optional(),
  /** Holds from the next time that the file is read; `null` means as the tenant wants it. */
  reading: reading.nullable().optional(),
});
export type DocumentChanges = z.output<typeof DocumentChanges>;

type Row = typeof table.$inferSelect;

/** Documents as this caller may see them: `duplicateOf` names no document that is hidden from it. Joins the caller's transaction. */
export const shapeAll = async (ctx: Ctx, rows: readonly Row[]): Promise<Document[]> => {
  const hidden = await hiddenOf(
    ctx,
    rows.flatMap(({ duplicateOf }) => duplicateOf ?? []),
  );
  const readBy = await readersOf(ctx, rows);
  return rows.map((row) =>
    Document.parse({
      ...row,
      sha256: row.sha256?.toString("hex") ?? null,
      warnings: row.warnings.map(explained),
      readerVersion: readBy.get(row.id) ?? null,
      duplicateOf: row.duplicateOf && hidden.has(row.duplicateOf) ? null : row.duplicateOf,
    }),
  );
};

/** The versions of the readers that read the live versions of these documents. */
const readersOf = async (ctx: Ctx, rows: readonly Row[]): Promise<Map<Id<"document">, number | null>> => {
  const live = rows.flatMap(({ id, liveVersion }) =>
    liveVersion === null ? [] : [sql`(${id}::uuid, ${liveVersion}::int)`],
  );
  if (live.length === 0) return new Map();
  const found = await ctx.db
    .select({ id: versionTable.documentId, readerVersion: versionTable.readerVersion })
    .from(versionTable)
    .where(
      and(
        ofTenant(ctx, versionTable),
        sql`(${versionTable.documentId}, ${versionTable.version}) in (${sql.join(live, sql`, `)})`,
      ),
    );
  return new Map(found.map(({ id, readerVersion }) => [id, readerVersion]));
};

export const shape = async (ctx: Ctx, row: Row): Promise<Document> => only(await shapeAll(ctx, [row]));

/** @throws Problem `not-found`, also when the document is another tenant's, or in a collection that the caller may not see. */
export const get = (ctx: Ctx, id: Id<"document">): Promise<Document> =>
  withTx(ctx, async (ctx) => shape(ctx, await rowOf(ctx, id)));

/** Who made the document, as the audit log names actors. @throws Problem `not-found` */
export const ownerOf = (ctx: Ctx, id: Id<"document">): Promise<string> =>
  withTx(ctx, async (ctx) => (await rowOf(ctx, id)).owner);

export const rowOf = async (ctx: Ctx, id: Id<"document">): Promise<Row> => {
  const [row] = await ctx.db
    .select()
    .from(table)
    .where(ownedBy(ctx, table, id));
  if (!row) throw new Problem("not-found");
  return row;
};

export const DocumentFilter = {
  status: z.enum(statuses).optional(),
  externalId: externalId.optional(),
  collectionId: collectionId.optional(),
  /** Those whose live version has this warning. */
  warning: z.enum(warningCodes).optional(),
};
type DocumentFilter = {
  /** Those whose live version an older reader has read: `reindex` reads them again. */
  readerVersionBelow?: ReaderVersion | undefined;
  warning?: WarningCode | undefined;
  status?: Document["status"] | undefined;
  externalId?: string | undefined;
  collectionId?: Id<"collection"> | undefined;
};

/** Newest first; deleted ones only when they are asked for. */
export const list = (ctx: Ctx, page: Page<"document">, filter: DocumentFilter = {}): Promise<PageOf<Document>> =>
  withTx(ctx, async (ctx) => {
    const { data, ...rest } = await listPage(ctx, table, page, (row) => row, conditionOf(filter));
    return { data: await shapeAll(ctx, data), ...rest };
  });

/** How many documents `list` would return on all its pages. */
export const count = (ctx: Ctx, filter: DocumentFilter = {}): Promise<number> =>
  withTx(ctx, async (ctx) => {
    const row = only(
      await ctx.db
        .select({ count: rowCount() })
        .from(table)
        .where(and(ofTenant(ctx, table), conditionOf(filter))),
    );
    return row.count;
  });

const conditionOf = ({
  status,
  externalId,
  collectionId,
  readerVersionBelow,
  warning,
}: DocumentFilter): SQL | undefined =>
  and(
    status ? eq(table.status, status) : ne(table.status, "deleting"),
    externalId ? eq(table.externalId, externalId) : undefined,
    collectionId ? eq(table.collectionId, collectionId) : undefined,
    readerVersionBelow === undefined ? undefined : isReadBefore(readerVersionBelow),
    warning ? sql`${table.warnings} @> ${JSON.stringify([{ code: warning }])}::jsonb` : undefined,
  );

/** A version of the readers, or the one that reads files now. */
export type ReaderVersion = number | "current";

/** Condition: readers of an older version have read the live version. */
export const isReadBefore = (version: ReaderVersion): SQL => sql`exists (
  select from ${versionTable} where ${versionTable.tenantId} = ${table.tenantId} and ${versionTable.documentId} = ${table.id}
    and ${versionTable.version} = ${table.liveVersion} and ${versionTable.readerVersion} < ${version === "current" ? readerVersion : version})`;

/**
 * Changes what the tenant says of a document; its bytes and state stay. `check` sees the document locked.
 *
 * @throws Problem `not-found`, `document-exists`
 */
export const update = (
  ctx: Ctx,
  id: Id<"document">,
  changes: DocumentChanges,
  check: (current: Document) => void,
): Promise<Document> =>
  withTx(ctx, async (ctx) => {
    const current = await lockRow(ctx, table, id);
    check(await shape(ctx, current));
    return shape(ctx, await change(ctx, current, await describe(ctx, current, changes)));
  });

/** Writes what `describe` made of changes; none change nothing. Joins the caller's transaction. */
export async function change(ctx: Ctx, current: Row, columns: DescribedColumns): Promise<Row> {
  const fields = Object.keys(columns);
  if (fields.length === 0) return current;
  const { id } = current;
  const row = only(
    await ctx.db
      .update(table)
      .set({ ...columns, updatedAt: now() })
      .where(ownedBy(ctx, table, id))
      .returning(),
  );
  if (current.collectionId && row.collectionId !== current.collectionId) await dropAbandoned(ctx, current.collectionId);
  recordAudit(ctx, { action: "document.update", subject: id, detail: { fields } });
  return row;
}

type DescribedColumns = Partial<Pick<Row, "name" | "metadata" | "externalId" | "collectionId" | "reading">>;

/** The columns of such changes; moves the externalId. @throws Problem `document-exists`, `not-found` for the collection. Joins the caller's transaction, which holds the row. */
export async function describe(ctx: Ctx, current: Row, changes: DocumentChanges): Promise<DescribedColumns> {
  const { externalId, collectionId, ...rest } = changes;
  if (externalId !== undefined && externalId !== current.externalId) {
    await freeExternalId(ctx, current.id);
    if (externalId !== null && !(await claimExternalId(ctx, externalId, current.id)))
      throw new Problem("document-exists", undefined, { externalId });
  }
  const columns = {
    ...rest,
    externalId,
    collectionId: collectionId && (await collectionColumn(ctx, collectionId)),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** Takes the externalId for a document; false when another one has it. Joins the caller's transaction. */
export async function claimExternalId(ctx: Ctx, externalId: string, documentId: Id<"document">): Promise<boolean> {
  const claimed = await ctx.db
    .insert(documentExternalIdTable)
    .values({ tenantId: ctx.tenantId, externalId, documentId })
    .onConflictDoNothing()
    .returning({ documentId: documentExternalIdTable.documentId });
  return claimed.length > 0;
}

export const freeExternalId = (ctx: Ctx, documentId: Id<"document">): Promise<unknown> =>
  ctx.db
    .delete(documentExternalIdTable)
    .where(and(ofTenant(ctx, documentExternalIdTable), eq(documentExternalIdTable.documentId, documentId)));

/** The oldest other document with these bytes. Joins the caller's transaction. */
export async function duplicateOf(ctx: Ctx, id: Id<"document">, sha256: Buffer | null): Promise<Id<"document"> | null> {
  if (!sha256) return null;
  const same = [ofTenant(ctx, table), eq(table.sha256, sha256), lt(table.id, id)];
  const [row] = await ctx.db
    .select({ id: table.id })
    .from(table)
    .where(and(...same, ne(table.status, "deleting")))
    .orderBy(table.id)
    .limit(1);
  return row?.id ?? null;
}
