import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { lockRow, ofTenant, only, ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, newId } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { blobs } from "../platform/services/blob.ts";
import { collectionColumn } from "./collection.ts";
import { dispatch, release, requestFetch } from "./dispatch.ts";
import { DocumentCreated, DocumentReplaced, DocumentStored } from "./document.events.ts";
import {
  documentExternalIdTable,
  documentTable as table,
  documentVersionTable as versionTable,
} from "./document.sql.ts";
import { change, claimExternalId, type Document, describe, duplicateOf, get, shape } from "./document.ts";
import { markFailed } from "./fail.ts";
import type { FetchResult } from "./fetch.ts";
import { noteLooseObject } from "./loose-objects.ts";
import { type Bytes, type NewDocument, type NewVersion, nameOf, type Source, sourceOf } from "./new-document.ts";
import { objectKey } from "./object-key.ts";
import { ownedVersion } from "./owned.ts";
import { conflict, move } from "./states.ts";
import { charge, hasRoom } from "./storage.ts";

const uploadSeconds = 15 * 60;

/** Where to send the bytes: one PUT with exactly these headers. */
export const Upload = z.object({
  method: z.literal("PUT"),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.date().meta({ format: "date-time" }),
});
export type Upload = z.output<typeof Upload>;

/** `created` is false when the document with this externalId has these very bytes already. */
export type Creation = { document: Document; upload?: Upload; created: boolean };
/** Throws when the caller may not replace what this owner made. */
export type OwnerCheck = (owner: string) => void;

/**
 * Makes a document, or a new version of the one with this externalId. Uploads are reserved and wait for their bytes;
 * texts and addresses start at once.
 *
 * @throws Problem `document-too-large`, `quota-exceeded`, `url-not-allowed`, `not-found` for the collection,
 * `document-exists` when a document that the caller may not see has the externalId
 */
export async function create(ctx: Ctx, input: NewDocument, mayReplace: OwnerCheck = () => {}): Promise<Creation> {
  const source = sourceOf(input);
  const make = () =>
    withTx(ctx, async (ctx) => {
      const existing = input.externalId && (await documentOf(ctx, input.externalId));
      if (existing) return replace(ctx, existing, input, source, mayReplace);
      return insert(ctx, input, source);
    });
  return make().catch((error) => {
    // Another call made the document in this moment, and it is there to be replaced; or the caller may not see it.
    if (error instanceof Problem && error.code === "document-exists") return make();
    throw error;
  });
}

/** Gives a document new bytes; what search serves stays until they are ready. @throws Problem as `create`, `not-found`, `document-conflict`, `document-exists` */
export const createVersion = (
  ctx: Ctx,
  id: Id<"document">,
  input: NewVersion,
  mayReplace?: OwnerCheck,
): Promise<Creation> => {
  const source = sourceOf(input);
  return withTx(ctx, (ctx) => replace(ctx, id, input, source, mayReplace));
};

/**
 * What `create` or `createVersion` returned, for a client that lost it: an upload that is still awaited gets a new URL.
 *
 * @throws Problem `not-found`
 */
export const creationOf = (ctx: Ctx, id: Id<"document">): Promise<Creation> =>
  withTx(ctx, async (ctx) => {
    const row = await lockRow(ctx, table, id);
    const { contentType, version, status } = row;
    // The type of what an address holds is not known before it has been fetched.
    const isUpload = status === "awaiting_upload" && contentType !== null;
    const upload = isUpload ? await renew(ctx, id, version, { ...row, contentType }) : {};
    return { document: await get(ctx, id), ...upload, created: true };
  });

/**
 * The bytes have landed: awaiting_upload → queued, once, however often and from wherever this is called. False when the
 * document had moved on already. An upload has announced its size; of an address `sizeBytes` is what was fetched.
 */
export const markStored = (
  ctx: Ctx,
  input: { id: Id<"document">; version: number; sizeBytes: number; contentType?: string | undefined },
): Promise<boolean> =>
  withTx(ctx, async (ctx) => {
    const { id, version } = input;
    // Locked before the version is written: a document that is restored meanwhile sees that its bytes are stored.
    await ctx.db
      .select({ id: table.id })
      .from(table)
      .where(ownedBy(ctx, table, id))
      .for("update");
    const [source] = await ctx.db
      .select()
      .from(versionTable)
      .where(ownedVersion(ctx, id, version));
    if (!source) return false;
    const isFetched = source.sourceUrl !== null;
    const sizeBytes = isFetched ? input.sizeBytes : source.sizeBytes;
    const learned = isFetched ? { sizeBytes, contentType: input.contentType ?? null } : {};
    const moved = await move(ctx, id, "store", "queued", { ...learned, expected: { version } });
    await ctx.db
      .update(versionTable)
      .set({ storedAt: sql`coalesce(${versionTable.storedAt}, ${now().toISOString()}::timestamptz)`, sizeBytes })
      .where(ownedVersion(ctx, id, version));
    if (!moved) return false;
    if (isFetched && !(await charge(ctx, id, version, sizeBytes))) {
      await markFailed(ctx, id, version, "quota-exceeded");
      return true;
    }
    await dispatch(ctx, id, version);
    recordAudit(ctx, { action: "document.store", subject: id, detail: { version, sizeBytes } });
    publish(ctx, DocumentStored, id, { version });
    return true;
  });

/** The bucket's event of an upload. Of an address, the one who fetched it says more. */
export const markUploaded = (ctx: Ctx, input: { id: Id<"document">; version: number }): Promise<boolean> =>
  withTx(ctx, async (ctx) => {
    const [source] = await ctx.db
      .select()
      .from(versionTable)
      .where(ownedVersion(ctx, input.id, input.version));
    if (!source) await noteLooseObject(ctx, input.id);
    if (!source || source.sourceUrl !== null) return false;
    return markStored(ctx, { ...input, sizeBytes: source.sizeBytes });
  });

/** Applies the result of a fetch once: when it is repeated, the document is no longer in the state that it changes. */
export const recordFetch = (ctx: Ctx, result: FetchResult): Promise<boolean> => {
  const { documentId: id, version } = result;
  if (result.ok) return markStored(ctx, { id, version, sizeBytes: result.sizeBytes, contentType: result.contentType });
  return withTx(ctx, (ctx) => markFailed(ctx, id, version, result.code));
};

/** For clients that would rather say so than wait for the bucket's event. @throws Problem `not-found`, `upload-missing` */
export async function complete(ctx: Ctx, id: Id<"document">): Promise<Document> {
  const document = await get(ctx, id);
  if (document.status !== "awaiting_upload") return document;
  const stored = await blobs.head(objectKey(ctx.tenantId, id, document.version));
  if (!stored) throw new Problem("upload-missing");
  await markStored(ctx, { id, version: document.version, sizeBytes: stored.sizeBytes });
  return get(ctx, id);
}

const insert = async (ctx: Ctx, input: NewDocument, source: Source): Promise<Creation> => {
  const id = newId("document");
  const name = input.name ?? ("url" in input ? nameOf(input.url) : id);
  const { contentType, sizeBytes, sha256 } = source;
  const row = only(
    await ctx.db
      .insert(table)
      .values({
        tenantId: ctx.tenantId,
        id,
        name,
        contentType,
        sizeBytes,
        sha256,
        duplicateOf: await duplicateOf(ctx, id, sha256),
        status: source.kind === "text" ? "queued" : "awaiting_upload",
        metadata: input.metadata ?? {},
        externalId: input.externalId ?? null,
        collectionId: await collectionColumn(ctx, input.collectionId ?? null),
        reading: input.reading ?? null,
        owner: actorName(ctx.actor),
        updatedAt: now(),
      })
      .returning(),
  );
  const { externalId } = input;
  if (externalId && !(await claimExternalId(ctx, externalId, id)))
    throw new Problem("document-exists", undefined, { externalId });
  const upload = await begin(ctx, id, 1, source);
  recordAudit(ctx, { action: "document.create", subject: id, detail: { name } });
  publish(ctx, DocumentCreated, id, { name, sizeBytes });
  return { document: await shape(ctx, row), ...upload, created: true };
};

const replace = async (
  ctx: Ctx,
  id: Id<"document">,
  input: NewDocument | NewVersion,
  source: Source,
  mayReplace: OwnerCheck = () => {},
): Promise<Creation> => {
  const current = await lockRow(ctx, table, id);
  mayReplace(current.owner);
  const { name, metadata, externalId, collectionId, reading } = input;
  const { contentType, sizeBytes, sha256 } = source;
  const changes = await describe(ctx, current, { name, metadata, externalId, collectionId, reading });
  const isReadAlike = reading === undefined || reading.hiddenText === current.reading?.hiddenText;
  if (isReadAlike && sha256 && current.sha256?.equals(sha256) && !["failed", "deleting"].includes(current.status)) {
    const document = await shape(ctx, await change(ctx, current, changes));
    const isWaiting = source.kind === "upload" && current.status === "awaiting_upload";
    return { document, ...(isWaiting ? await renew(ctx, id, current.version, source) : {}), created: false };
  }
  const version = current.version + 1;
  const row = await move(ctx, id, "replace", source.kind === "text" ? "queued" : "awaiting_upload", {
    ...changes,
    contentType,
    sizeBytes,
    sha256,
    version,
    duplicateOf: await duplicateOf(ctx, id, sha256),
    stage: null,
    stageTimings: {},
    failure: null,
  });
  if (!row) throw conflict("replace", current.status);
  await release(ctx, id, current.version);
  const upload = await begin(ctx, id, version, source);
  recordAudit(ctx, { action: "document.replace", subject: id, detail: { version } });
  publish(ctx, DocumentReplaced, id, { version, sizeBytes });
  return { document: await shape(ctx, row), ...upload, created: true };
};

/** Makes the version's row and sets its bytes on their way. @throws Problem `quota-exceeded` */
const begin = async (ctx: Ctx, id: Id<"document">, version: number, source: Source): Promise<{ upload?: Upload }> => {
  const key = objectKey(ctx.tenantId, id, version);
  const { sizeBytes, sha256 } = source;
  const upload = source.kind === "upload" ? await presign(key, source) : undefined;
  const row = { tenantId: ctx.tenantId, documentId: id, version, id: newId("version"), objectKey: key };
  await ctx.db.insert(versionTable).values({
    ...row,
    sizeBytes,
    sha256,
    sourceUrl: source.kind === "url" ? source.url : null,
    uploadExpiresAt: upload?.expiresAt ?? null,
    storedAt: source.kind === "text" ? now() : null,
  });
  if (source.kind === "text") {
    // Before the tenant's counter is locked; what does not fit is not stored at all.
    if (!(await hasRoom(ctx, sizeBytes))) throw new Problem("quota-exceeded");
    await blobs.put(key, source.bytes, source.contentType);
    await dispatch(ctx, id, version);
  }
  if (source.kind === "url") await requestFetch(ctx, id, version);
  else if (!(await charge(ctx, id, version, sizeBytes))) throw new Problem("quota-exceeded");
  return upload ? { upload } : {};
};

/** The same reservation for a client that lost its URL. */
const renew = async (ctx: Ctx, id: Id<"document">, version: number, source: Bytes): Promise<{ upload: Upload }> => {
  const upload = await presign(objectKey(ctx.tenantId, id, version), source);
  await ctx.db
    .update(versionTable)
    .set({ uploadExpiresAt: upload.expiresAt })
    .where(ownedVersion(ctx, id, version));
  recordAudit(ctx, { action: "document.renew_upload", subject: id, detail: { version } });
  return { upload };
};

const presign = (key: string, { contentType, sizeBytes, sha256 }: Bytes): Promise<Upload> =>
  blobs.presignPut({ key, contentType, sizeBytes, sha256: sha256 ?? undefined, expiresInSeconds: uploadSeconds });

const documentOf = async (ctx: Ctx, externalId: string): Promise<Id<"document"> | undefined> => {
  const [row] = await ctx.db
    .select({ id: table.id })
    .from(documentExternalIdTable)
    .innerJoin(
      table,
      and(eq(table.tenantId, documentExternalIdTable.tenantId), eq(table.id, documentExternalIdTable.documentId)),
    )
    .where(and(ofTenant(ctx, documentExternalIdTable), eq(documentExternalIdTable.externalId, externalId)));
  return row?.id;
};
