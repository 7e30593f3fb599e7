import { and, eq, sql } from "drizzle-orm";
import { type Ctx, recordAudit, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { ofTenant, ownedBy, withIds } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import type { Id } from "../platform/id.ts";
import { blobs } from "../platform/services/blob.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { dropAbandoned } from "./collection.ts";
import { DocumentPurged } from "./document.events.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";
import { removeIndexes } from "./index/hidden.ts";
import { objectFolder, textFolder } from "./object-key.ts";
import { refund } from "./storage.ts";

/** The largest number of documents that one sweep purges; a tenant with more gets a job. */
const purgeMax = 100;
const purgesAtOnce = 5;

/** Purges documents that can no longer be restored, of tenants with at most `purgeMax` of them. Returns how many. */
export async function purgeDocuments(): Promise<number> {
  const due = await withSystemTx("purge", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from (
        select tenant_id, id, purge_at, count(*) over (partition by tenant_id) as due from app.documents where purge_at <= app.now()) d
      where due <= ${purgeMax} and ${isDue("purge", sql`d.tenant_id`, sql`d.id`)} order by purge_at limit ${purgeMax}`),
  );
  return forEachRow("purge", withIds(due, { tenant_id: "tenant", id: "document" }), ({ tenant_id: tenantId, id }) =>
    purge(systemCtx({ tenantId, job: "purge" }), id),
  );
}

/** Tenants that have more documents to purge than one sweep takes. */
export async function tenantsToPurge(): Promise<Id<"tenant">[]> {
  const rows = await withSystemTx("purge", (db) =>
    db.execute<{ tenant_id: string }>(
      sql`select tenant_id from app.documents d where purge_at <= app.now() and ${isDue("purge-jobs", sql`d.tenant_id`)}
        group by tenant_id having count(*) > ${purgeMax}`,
    ),
  );
  return withIds(rows, { tenant_id: "tenant" }).map((row) => row.tenant_id);
}

/** Purges up to `limit` documents of one tenant that can no longer be restored. Returns how many. */
export async function purgeDue(ctx: Ctx, limit: number): Promise<number> {
  const due = await withTx(ctx, (ctx) =>
    ctx.db
      .select({ id: table.id })
      .from(table)
      .where(and(ofTenant(ctx, table), sql`${table.purgeAt} <= app.now()`))
      .orderBy(table.purgeAt)
      .limit(limit),
  );
  // Mostly they wait for the object store.
  for (let n = 0; n < due.length; n += purgesAtOnce)
    await Promise.all(due.slice(n, n + purgesAtOnce).map(({ id }) => purge(ctx, id)));
  return due.length;
}

/**
 * Deletes the originals before the row: the purge is repeated while the row exists, so that nothing is left without one.
 * Nobody can restore a document after `purge_at`.
 */
const purge = async (ctx: Ctx, id: Id<"document">): Promise<void> => {
  const due = and(ownedBy(ctx, table, id), eq(table.status, "deleting"), sql`${table.purgeAt} <= app.now()`);
  const ownVersions = and(ofTenant(ctx, versionTable), eq(versionTable.documentId, id));
  const folder = objectFolder(ctx.tenantId, id);
  await blobs.purge(folder);
  await blobs.purge(textFolder(folder));
  const lockDue = (ctx: Ctx) =>
    ctx.db.select({ id: table.id, collectionId: table.collectionId }).from(table).where(due).for("update");
  await removeIndexes(ctx, id, async (ctx) => (await lockDue(ctx)).length > 0);
  await withTx(ctx, async (ctx) => {
    const [row] = await lockDue(ctx);
    if (!row) return;
    const versions = await ctx.db.$count(versionTable, ownVersions);
    await refund(ctx, id);
    // Chunks and embeddings have no foreign key; versions, texts and the externalId go with the row.
    const own = sql`tenant_id = ${ctx.tenantId} and document_id = ${row.id}`;
    await ctx.db.execute(sql`delete from app.chunks where ${own}`);
    await ctx.db.execute(sql`delete from app.embeddings where ${own}`);
    await ctx.db.delete(table).where(ownedBy(ctx, table, id));
    if (row.collectionId) await dropAbandoned(ctx, row.collectionId);
    recordAudit(ctx, { action: "document.purge", subject: id, detail: { versions } });
    publish(ctx, DocumentPurged, id, { versions });
  });
};
