import { and, eq, sql } from "drizzle-orm";
import { type Ctx, recordAudit, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { publish } from "../platform/events.ts";
import { type Id, toId, toUuid } from "../platform/id.ts";
import { blobs } from "../platform/services/blob.ts";
import { DocumentPurged } from "./document.events.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";
import { owned } from "./owned.ts";
import { refund } from "./storage.ts";

/** Documents of one sweep; a tenant with more of them due gets a job. */
const purgeMax = 100;

/** Removes for good what can no longer be restored, of tenants with few such documents. Returns how many documents. */
export async function purgeDocuments(): Promise<number> {
  const due = await withSystemTx("purge", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from (
        select tenant_id, id, purge_at, count(*) over (partition by tenant_id) as due from app.documents where purge_at <= app.now()) d
      where due <= ${purgeMax} order by purge_at limit ${purgeMax}`),
  );
  for (const row of due)
    await purge(systemCtx({ tenantId: toId("tenant", row.tenant_id), job: "purge" }), toId("document", row.id));
  return due.length;
}

/** Tenants that have more documents to purge than one sweep takes. */
export async function tenantsToPurge(): Promise<Id<"tenant">[]> {
  const rows = await withSystemTx("purge", (db) =>
    db.execute<{ tenant_id: string }>(
      sql`select tenant_id from app.documents where purge_at <= app.now() group by tenant_id having count(*) > ${purgeMax}`,
    ),
  );
  return rows.map((row) => toId("tenant", row.tenant_id));
}

/** The same for up to `limit` documents of one tenant. */
export async function purgeDue(ctx: Ctx, limit: number): Promise<number> {
  const due = await withTx(ctx, (ctx) =>
    ctx.db
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.tenantId, ctx.tenantUuid), sql`${table.purgeAt} <= app.now()`))
      .orderBy(table.purgeAt)
      .limit(limit),
  );
  for (const { id } of due) await purge(ctx, toId("document", id));
  return due.length;
}

/** Files before rows: a row says that there may be files. Past `purge_at` nobody can restore it, so it stays due. */
const purge = async (ctx: Ctx, id: Id<"document">): Promise<void> => {
  const due = and(owned(ctx, id), eq(table.status, "deleting"), sql`${table.purgeAt} <= app.now()`);
  const ownVersions = and(eq(versionTable.tenantId, ctx.tenantUuid), eq(versionTable.documentId, toUuid(id)));
  const keys = await withTx(ctx, (ctx) =>
    ctx.db.select({ key: versionTable.objectKey }).from(versionTable).where(ownVersions),
  );
  for (const { key } of keys) await blobs.remove(key);
  await withTx(ctx, async (ctx) => {
    const [row] = await ctx.db.select({ id: table.id }).from(table).where(due).for("update");
    if (!row) return;
    await refund(ctx, id);
    // Chunks and embeddings have no foreign key; versions, texts and the externalId go with the row.
    const own = sql`tenant_id = ${ctx.tenantUuid} and document_id = ${row.id}`;
    await ctx.db.execute(sql`delete from app.chunks where ${own}`);
    await ctx.db.execute(sql`delete from app.embeddings where ${own}`);
    await ctx.db.delete(table).where(owned(ctx, id));
    recordAudit(ctx, { action: "document.purge", subject: id, detail: { versions: keys.length } });
    publish(ctx, DocumentPurged, id, { versions: keys.length });
  });
};
