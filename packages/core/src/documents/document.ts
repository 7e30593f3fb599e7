import { createHash } from "node:crypto";
import { and, desc, eq, inArray, lt, ne, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { blobs } from "../platform/blob.ts";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, enqueue, recordAudit, withTx } from "../platform/context.ts";
import { publish } from "../platform/events.ts";
import { type Id, idSchema, newId, newUuid, parseId, toId, toUuid } from "../platform/id.ts";
import { jsonObject, jsonValue } from "../platform/json.ts";
import { type Page, type PageOf, pageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { DocumentCreated, DocumentDeleted, DocumentFailed, DocumentStored } from "./document.events.ts";
import {
  documentExternalIdTable,
  documentTextTable,
  documentTable as table,
  documentVersionTable as versionTable,
} from "./document.sql.ts";
import { type FailureCode, failures } from "./failures.ts";

export const statuses = ["awaiting_upload", "queued", "processing", "ready", "failed", "deleting"] as const;
export const stages = ["extracting", "chunking", "embedding", "indexing"] as const;
export type Stage = (typeof stages)[number];

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
  version: z.int(),
  pages: z.int().nullable(),
  chunks: z.int(),
  metadata: jsonObject,
  externalId: z.string().nullable(),
  collectionId: z.string().nullable(),
  createdAt: z.date().meta({ format: "date-time" }),
  updatedAt: z.date().meta({ format: "date-time" }),
  readyAt: z.date().nullable().meta({ format: "date-time" }),
  purgeAt: z.date().nullable().meta({ format: "date-time" }),
});
export type Document = z.output<typeof Document>;

/** One PUT takes at most 2 GiB. */
export const uploadBytesMax = 2 * 1024 ** 3;
/** Text that comes in the call itself; larger ones are uploaded. */
export const inlineTextCharsMax = 1_000_000;
const metadataBytesMax = 16_384;
const uploadSeconds = 15 * 60;
const restoreDays = 7;

const common = {
  name: z.string().trim().min(1).max(512),
  metadata: z
    .record(z.string().min(1).max(64), jsonValue)
    .refine(
      (value) => JSON.stringify(value).length <= metadataBytesMax,
      `must be at most ${metadataBytesMax} bytes of JSON`,
    )
    .optional(),
  externalId: z.string().min(1).max(256).optional(),
};
export const NewUpload = z.strictObject({
  ...common,
  contentType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(; ?[\w.+-]+=[\w.+"-]+)*$/)
    .max(255)
    .default("application/octet-stream"),
  sizeBytes: z.int().positive(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
export const NewText = z.strictObject({ ...common, text: z.string().min(1).max(inlineTextCharsMax) });

/** Where to send the bytes: one PUT with exactly these headers. */
export const Upload = z.object({
  method: z.literal("PUT"),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.date().meta({ format: "date-time" }),
});
export type Upload = z.output<typeof Upload>;

export const objectKey = (tenantId: Id<"tenant">, documentId: Id<"document">, version: number): string =>
  `t/${tenantId}/${documentId}/${version}`;

/** What an object key says; undefined for a key that is none of ours. */
export const parseObjectKey = (
  key: string,
): { tenantId: Id<"tenant">; documentId: Id<"document">; version: number } | undefined => {
  const [, tenant = "", document = "", version = ""] = /^t\/([^/]+)\/([^/]+)\/(\d{1,9})$/.exec(key) ?? [];
  const tenantId = parseId("tenant", tenant);
  const documentId = parseId("document", document);
  return tenantId && documentId ? { tenantId, documentId, version: Number(version) } : undefined;
};

/** Reserves a document for bytes to come and says where to send them. @throws Problem `document-too-large`, `document-exists` */
export async function reserve(
  ctx: Ctx,
  input: z.output<typeof NewUpload>,
): Promise<{ document: Document; upload: Upload }> {
  if (input.sizeBytes > uploadBytesMax)
    throw new Problem("document-too-large", undefined, { limitBytes: uploadBytesMax });
  const id = newId("document");
  const sha256 = input.sha256 ? Buffer.from(input.sha256, "hex") : undefined;
  const key = objectKey(ctx.tenantId, id, 1);
  const upload = await blobs.presignPut({
    key,
    contentType: input.contentType,
    sizeBytes: input.sizeBytes,
    sha256,
    expiresInSeconds: uploadSeconds,
  });
  const document = await insert(ctx, {
    ...input,
    id,
    key,
    sha256,
    status: "awaiting_upload",
    uploadExpiresAt: upload.expiresAt,
  });
  return { document, upload };
}

/** Takes a text as a document and queues it. @throws Problem `document-exists` */
export async function createFromText(ctx: Ctx, input: z.output<typeof NewText>): Promise<{ document: Document }> {
  const id = newId("document");
  const bytes = Buffer.from(input.text, "utf8");
  const sha256 = createHash("sha256").update(bytes).digest();
  const key = objectKey(ctx.tenantId, id, 1);
  // Before the row: a row always finds its bytes, an object without a row is swept.
  await blobs.put(key, bytes, "text/plain; charset=utf-8");
  const contentType = "text/plain; charset=utf-8";
  return {
    document: await insert(ctx, {
      ...input,
      contentType,
      sizeBytes: bytes.length,
      id,
      key,
      sha256,
      status: "queued",
      uploadExpiresAt: null,
    }),
  };
}

/** @throws Problem `not-found`, also when the document is another tenant's. */
export const get = (ctx: Ctx, id: Id<"document">): Promise<Document> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db.select().from(table).where(owned(ctx, id));
    if (!row) throw new Problem("not-found");
    return shape(row);
  });

/** Newest first, without deleted ones. */
export const list = (ctx: Ctx, page: Page<"document">): Promise<PageOf<Document>> =>
  withTx(ctx, async (ctx) => {
    const older = page.cursor ? lt(table.id, toUuid(page.cursor)) : undefined;
    const wanted = and(eq(table.tenantId, ctx.tenantUuid), ne(table.status, "deleting"), older);
    const rows = await ctx.db
      .select()
      .from(table)
      .where(wanted)
      .orderBy(desc(table.id))
      .limit(page.limit + 1);
    return pageOf(rows.map(shape), page.limit);
  });

/**
 * The bytes have landed: awaiting_upload → queued, once, however often and from wherever this is called.
 * False when the document had moved on already.
 */
export const markStored = (ctx: Ctx, input: { id: Id<"document">; version: number }): Promise<boolean> =>
  withTx(ctx, async (ctx) => {
    const waiting = and(owned(ctx, input.id), eq(table.status, "awaiting_upload"), eq(table.version, input.version));
    const rows = await ctx.db
      .update(table)
      .set(moved({ status: "queued" }))
      .where(waiting)
      .returning({ version: table.version });
    if (rows.length === 0) return false;
    queueProcessing(ctx, input.id, input.version);
    publish(ctx, DocumentStored, input.id, { version: input.version });
    return true;
  });

/** For clients that would rather say so than wait for the bucket's event. @throws Problem `not-found`, `upload-missing` */
export async function complete(ctx: Ctx, id: Id<"document">): Promise<Document> {
  const document = await get(ctx, id);
  if (document.status !== "awaiting_upload") return document;
  const stored = await blobs.head(objectKey(ctx.tenantId, id, document.version));
  if (!stored) throw new Problem("upload-missing");
  await markStored(ctx, { id, version: document.version });
  return get(ctx, id);
}

/** failed → queued. @throws Problem `not-found`, `document-conflict` */
export const retry = (ctx: Ctx, id: Id<"document">): Promise<Document> =>
  withTx(ctx, async (ctx) => {
    const failed = and(owned(ctx, id), eq(table.status, "failed"));
    const [row] = await ctx.db
      .update(table)
      .set(moved({ status: "queued", failure: null, stageTimings: {} }))
      .where(failed)
      .returning();
    if (!row) {
      const { status } = await get(ctx, id);
      throw new Problem("document-conflict", `A document that is ${status} cannot be retried.`, {
        state: status,
        allowed: ["failed"],
      });
    }
    await ctx.db
      .update(versionTable)
      .set({ attempts: 0, leaseUntil: null })
      .where(ownedVersion(ctx, id, row.version));
    queueProcessing(ctx, id, row.version);
    recordAudit(ctx, { action: "document.retry", subject: id });
    return shape(row);
  });

/** Leaves lists and search at once; the rows stay until `purgeAt`. Twice is once. @throws Problem `not-found` */
export const remove = (ctx: Ctx, id: Id<"document">): Promise<Document> =>
  withTx(ctx, async (ctx) => {
    const purgeAt = new Date(now().getTime() + restoreDays * 86_400_000);
    const present = and(owned(ctx, id), ne(table.status, "deleting"));
    const [row] = await ctx.db
      .update(table)
      .set(moved({ status: "deleting", purgeAt }))
      .where(present)
      .returning();
    if (!row) return get(ctx, id);
    await ctx.db
      .delete(documentExternalIdTable)
      .where(and(eq(documentExternalIdTable.tenantId, ctx.tenantUuid), eq(documentExternalIdTable.documentId, row.id)));
    recordAudit(ctx, { action: "document.delete", subject: id });
    publish(ctx, DocumentDeleted, id, { purgeAt: purgeAt.toISOString() });
    return shape(row);
  });

/** The exact text that chunk offsets refer to. @throws Problem `not-found` before the version is ready. */
export const getText = (ctx: Ctx, id: Id<"document">, version?: number): Promise<string> =>
  withTx(ctx, async (ctx) => {
    const document = await get(ctx, id);
    const wanted = and(
      eq(documentTextTable.tenantId, ctx.tenantUuid),
      eq(documentTextTable.documentId, toUuid(id)),
      eq(documentTextTable.version, version ?? document.version),
    );
    const [row] = await ctx.db.select({ text: documentTextTable.text }).from(documentTextTable).where(wanted);
    if (!row) throw new Problem("not-found", "This version has no text yet.");
    return row.text;
  });

export const ChunkView = z.object({
  id: idSchema("chunk"),
  ordinal: z.int(),
  text: z.string(),
  page: z.int().nullable(),
  headings: z.array(z.string()),
  charStart: z.int(),
  charEnd: z.int(),
  tokens: z.int(),
});
export type ChunkView = z.output<typeof ChunkView>;

/** Chunks of the serving version in order of the text; the cursor is the last ordinal seen. */
export const listChunks = (ctx: Ctx, id: Id<"document">, page: { limit: number; after?: number | undefined }) =>
  withTx(ctx, async (ctx) => {
    await get(ctx, id);
    const rows = await ctx.db.execute<Record<string, unknown> & { id: string }>(sql`
      select c.id, c.ordinal, c.text, c.page, c.headings, c.char_start as "charStart", c.char_end as "charEnd", c.tokens
      from app.chunks c join app.documents d on d.tenant_id = c.tenant_id and d.id = c.document_id and d.live_version = c.version
      where c.tenant_id = ${ctx.tenantUuid} and c.document_id = ${toUuid(id)} and c.ordinal > ${page.after ?? -1}
      order by c.ordinal limit ${page.limit + 1}`);
    const hasMore = rows.length > page.limit;
    const data = rows.slice(0, page.limit).map((row) => ChunkView.parse({ ...row, id: toId("chunk", row.id) }));
    return { data, nextCursor: hasMore ? String(data.at(-1)!.ordinal) : null, hasMore };
  });

/** A link to the original as an attachment, good for 60 s. @throws Problem `not-found`, `upload-missing` */
export async function downloadUrl(ctx: Ctx, id: Id<"document">): Promise<string> {
  const document = await get(ctx, id);
  if (document.status === "awaiting_upload") throw new Problem("upload-missing");
  return blobs.presignGet({
    key: objectKey(ctx.tenantId, id, document.version),
    fileName: document.name,
    expiresInSeconds: 60,
  });
}

/** Ends processing with a reason that the tenant can read. Joins the caller's transaction. */
export async function markFailed(ctx: Ctx, id: Id<"document">, version: number, code: FailureCode): Promise<void> {
  const { message, hint, retryable } = failures[code];
  const failure = { code, message, hint, retryable };
  const working = and(
    owned(ctx, id),
    inArray(table.status, ["awaiting_upload", "queued", "processing"]),
    eq(table.version, version),
  );
  const rows = await ctx.db
    .update(table)
    .set(moved({ status: "failed", stage: null, failure }))
    .where(working)
    .returning({ id: table.id });
  if (rows.length === 0) return;
  await ctx.db
    .update(versionTable)
    .set({ leaseUntil: null })
    .where(ownedVersion(ctx, id, version));
  publish(ctx, DocumentFailed, id, { version, code, retryable });
}

/** Body of a document-processing message. The worker trusts of it only what the row confirms. */
export const ProcessMessage = z.object({
  documentId: idSchema("document"),
  tenantId: idSchema("tenant"),
  s3Key: z.string(),
  version: z.int(),
  traceparent: z.string(),
});
export type ProcessMessage = z.output<typeof ProcessMessage>;

export const queueProcessing = (ctx: Ctx, id: Id<"document">, version: number): void => {
  const body: ProcessMessage = {
    documentId: id,
    tenantId: ctx.tenantId,
    s3Key: objectKey(ctx.tenantId, id, version),
    version,
    traceparent: ctx.traceparent,
  };
  // One group a document: a tenant-wide group would let one poison file stop its tenant (F-34).
  enqueue(ctx, { topic: "document-processing", groupKey: id, body });
};

export const owned = (ctx: Ctx, id: Id<"document">): SQL =>
  and(eq(table.tenantId, ctx.tenantUuid), eq(table.id, toUuid(id)))!;

export const ownedVersion = (ctx: Ctx, id: Id<"document">, version: number): SQL =>
  and(
    eq(versionTable.tenantId, ctx.tenantUuid),
    eq(versionTable.documentId, toUuid(id)),
    eq(versionTable.version, version),
  )!;

export const moved = <T extends Record<string, unknown>>(changes: T) => ({
  ...changes,
  rowVersion: sql`${table.rowVersion} + 1`,
  updatedAt: now(),
});

type Insertion = {
  id: Id<"document">;
  name: string;
  contentType: string;
  sizeBytes: number;
  sha256: Buffer | undefined;
  key: string;
  status: "awaiting_upload" | "queued";
  uploadExpiresAt: Date | null;
  metadata?: Record<string, unknown> | undefined;
  externalId?: string | undefined;
};

const insert = (ctx: Ctx, input: Insertion): Promise<Document> =>
  withTx(ctx, async (ctx) => {
    const id = toUuid(input.id);
    const [row] = await ctx.db
      .insert(table)
      .values({
        tenantId: ctx.tenantUuid,
        id,
        name: input.name,
        contentType: input.contentType,
        sizeBytes: input.sizeBytes,
        sha256: input.sha256 ?? null,
        status: input.status,
        metadata: input.metadata ?? {},
        externalId: input.externalId ?? null,
        owner: actorName(ctx.actor),
        updatedAt: now(),
      })
      .returning();
    await ctx.db.insert(versionTable).values({
      tenantId: ctx.tenantUuid,
      documentId: id,
      version: 1,
      id: newUuid(),
      objectKey: input.key,
      sizeBytes: input.sizeBytes,
      sha256: input.sha256 ?? null,
      uploadExpiresAt: input.uploadExpiresAt,
    });
    if (input.externalId) await claimExternalId(ctx, input.externalId, id);
    recordAudit(ctx, { action: "document.create", subject: input.id, detail: { name: input.name } });
    publish(ctx, DocumentCreated, input.id, { name: input.name, sizeBytes: input.sizeBytes });
    if (input.status === "queued") queueProcessing(ctx, input.id, 1);
    return shape(row!);
  });

const claimExternalId = async (ctx: Ctx, externalId: string, documentId: string): Promise<void> => {
  const claimed = await ctx.db
    .insert(documentExternalIdTable)
    .values({ tenantId: ctx.tenantUuid, externalId, documentId })
    .onConflictDoNothing()
    .returning({ documentId: documentExternalIdTable.documentId });
  if (claimed.length === 0) throw new Problem("document-exists", undefined, { externalId });
};

const shape = (row: typeof table.$inferSelect): Document =>
  Document.parse({ ...row, id: toId("document", row.id), sha256: row.sha256?.toString("hex") ?? null });
