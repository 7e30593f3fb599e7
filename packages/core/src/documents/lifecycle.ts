import { sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { lockRow, only } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { keysOf } from "../platform/keys.ts";
import { Problem } from "../platform/problems.ts";
import { collectionColumn } from "./collection.ts";
import { dispatch, release, requestFetch } from "./dispatch.ts";
import { DocumentDeleted, DocumentRestored } from "./document.events.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";
import { claimExternalId, type Document, freeExternalId, get, shape } from "./document.ts";
import { markFailed } from "./fail.ts";

import { ownedVersion } from "./owned.ts";
import { conflict, move, type Status } from "./states.ts";
import { charge } from "./storage.ts";

/** A deleted document can be restored for this many days. */
const restoreDays = 7;

type Row = typeof table.$inferSelect;
type Version = typeof versionTable.$inferSelect;

/** Cancels the processing of a document; it becomes `failed` with the code `cancelled`. @throws Problem `not-found`, `document-conflict` */
export const cancel = (ctx: Ctx, id: Id<"document">): Promise<Document> =>
  withTx(ctx, async (ctx) => {
    const current = await lockRow(ctx, table, id);
    if (!(await markFailed(ctx, id, current.version, "cancelled", "cancel"))) throw conflict("cancel", current.status);
    return get(ctx, id);
  });

/** Processes a failed version again: from its stored bytes, from its URL, or from the awaited upload. @throws Problem `not-found`, `document-conflict`, `upload-missing`, `quota-exceeded` */
export const retry = (ctx: Ctx, id: Id<"document">): Promise<Document> =>
  withTx(ctx, async (ctx) => {
    const current = await lockRow(ctx, table, id);
    if (current.status !== "failed") throw conflict("retry", current.status);
    const version = await versionOf(ctx, current);
    const isOver = version.uploadExpiresAt !== null && version.uploadExpiresAt <= now();
    if (!version.storedAt && !version.sourceUrl && isOver) throw new Problem("upload-missing");
    const row = await move(ctx, id, "retry", version.storedAt ? "queued" : "awaiting_upload", {
      failure: null,
      stageTimings: {},
    });
    await resume(ctx, id, version);
    recordAudit(ctx, { action: "document.retry", subject: id, detail: { version: current.version } });
    // The row is locked and its state allows the move.
    return shape(ctx, row!);
  });

/**
 * Removes a document from lists and search; its rows stay until `purgeAt`. Idempotent. `check` receives the locked document.
 *
 * @throws Problem `not-found`
 */
export const remove = (
  ctx: Ctx,
  id: Id<"document">,
  check: (current: Document) => void = () => {},
): Promise<Document> =>
  withTx(ctx, async (ctx) => {
    await lockRow(ctx, table, id);
    check(await get(ctx, id));
    const purgeAt = new Date(now().getTime() + restoreDays * 86_400_000);
    const row = await move(ctx, id, "delete", "deleting", { purgeAt, stage: null });
    if (!row) return get(ctx, id);
    await release(ctx, id, row.version);
    await freeExternalId(ctx, row.id);
    recordAudit(ctx, { action: "document.delete", subject: id });
    publish(ctx, DocumentDeleted, id, { purgeAt: purgeAt.toISOString() });
    return shape(ctx, row);
  });

/**
 * Restores a deleted document to its state before the deletion; processing that had not ended starts again.
 *
 * @throws Problem `not-found` also when it is being purged, `document-conflict`, `collection-deleted`, `document-exists` when
 * another document has taken its externalId.
 */
export const restore = (ctx: Ctx, id: Id<"document">): Promise<Document> =>
  withTx(ctx, async (ctx) => {
    const current = await lockRow(ctx, table, id);
    if (current.status !== "deleting") throw conflict("restore", current.status);
    await assertCollectionExists(ctx, current.collectionId);
    const version = await versionOf(ctx, current);
    const to = stateBefore(current, version);
    const row = await move(ctx, id, "restore", to, { purgeAt: null }, sql`${table.purgeAt} > app.now()`);
    if (!row) throw new Problem("not-found");
    if (row.externalId && !(await claimExternalId(ctx, row.externalId, row.id)))
      throw new Problem("document-exists", undefined, { externalId: row.externalId });
    if (to === "queued" || to === "awaiting_upload") await resume(ctx, id, version);
    recordAudit(ctx, { action: "document.restore", subject: id });
    publish(ctx, DocumentRestored, id, { status: to });
    return shape(ctx, row);
  });

/** A restored document needs a collection that can be listed and changed. The lock keeps it until the commit. */
const assertCollectionExists = (ctx: Ctx, id: Row["collectionId"]): Promise<unknown> =>
  collectionColumn(ctx, id).catch((error) => {
    throw error instanceof Problem ? new Problem("collection-deleted", undefined, {}, { cause: error }) : error;
  });

const stateBefore = (row: Row, version: Version): Exclude<Status, "deleting" | "processing"> => {
  if (row.failure) return "failed";
  if (row.liveVersion === row.version) return "ready";
  return version.storedAt ? "queued" : "awaiting_upload";
};

/** Continues with a version: processes its stored bytes, fetches its URL, or waits for the upload. */
const resume = async (ctx: Ctx, id: Id<"document">, version: Version): Promise<void> => {
  await ctx.db
    .update(versionTable)
    .set({ attempts: 0, leaseUntil: null })
    .where(ownedVersion(ctx, id, version.version));
  if (version.storedAt) {
    // Charge now what was not charged: bytes that arrived after the upload link had expired, or exceeded the quota.
    const isCharged = version.chargedBytes === version.sizeBytes;
    if (!isCharged && !(await charge(ctx, id, version.version, version.sizeBytes))) throw new Problem("quota-exceeded");
    await dispatch(ctx, id, version.version);
  } else if (version.sourceUrl) await requestFetch(ctx, id, version.version);
};

const versionOf = async (ctx: Ctx, row: Row): Promise<Version> => {
  const version = only(
    await ctx.db
      .select()
      .from(versionTable)
      .where(ownedVersion(ctx, row.id, row.version)),
  );
  return version;
};

const bulkMax = 100;
const bulkActions = { cancel, retry, delete: remove, restore } as const;

/** One action on many documents. Each document is a transaction of its own; a refusal is part of the result. */
export const BulkAction = z.strictObject({
  action: z.enum(keysOf(bulkActions)),
  documentIds: z.array(idSchema("document")).min(1).max(bulkMax),
});

/** The result of one document of a bulk call: its state, or the problem. */
export const BulkResult = z.object({
  documentId: idSchema("document"),
  status: z.string().nullable(),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type BulkResult = z.output<typeof BulkResult>;

/** Applies the action in the order given. `mayTouch` throws for documents that the caller may not change. */
export async function bulk(
  ctx: Ctx,
  { action, documentIds }: z.output<typeof BulkAction>,
  mayTouch: (id: Id<"document">) => Promise<void>,
): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  for (const documentId of documentIds) {
    try {
      await mayTouch(documentId);
      const { status } = await bulkActions[action](ctx, documentId);
      results.push({ documentId, status, problem: null });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      results.push({ documentId, status: null, problem: { code: error.code, detail: error.message } });
    }
  }
  return results;
}
