import { sql } from "drizzle-orm";
import { blobs } from "../platform/blob.ts";
import { systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { toId } from "../platform/id.ts";
import { markFailed, markStored, objectKey, queueProcessing } from "./document.ts";

/** Documents of one sweep; the next minute takes the rest. */
const sweepMax = 200;
/** Claims after which a document that keeps killing its worker is failed instead. */
const attemptsMax = 5;

type Stuck = {
  tenant_id: string;
  id: string;
  version: number;
  attempts: number;
  reason: "lapsed" | "waiting" | "upload-expired";
};

/**
 * Finds what no message will move any more: leases that lapsed, documents queued for longer than `waitingSeconds`,
 * uploads that never came. Each is queued again, completed, or failed with a reason. Returns how many were moved.
 * `isAlone` says that no worker runs who could hold a lease.
 */
export async function sweepDocuments(options: { waitingSeconds: number; isAlone?: boolean }): Promise<number> {
  const stuck = await withSystemTx("sweep", (db) =>
    db.execute<Stuck>(sql`
      select d.tenant_id, d.id, d.version, v.attempts, case when d.status = 'awaiting_upload' then 'upload-expired'
        when v.lease_until is not null then 'lapsed' else 'waiting' end as reason
      from app.documents d join app.document_versions v on v.tenant_id = d.tenant_id and v.document_id = d.id and v.version = d.version
      where (d.status = 'processing' and (v.lease_until <= app.now() or (${options.isAlone ?? false} and v.lease_until is not null)))
         or (d.status in ('queued', 'processing') and v.lease_until is null
             and d.updated_at <= app.now() - make_interval(secs => ${options.waitingSeconds}))
         or (d.status = 'awaiting_upload' and v.upload_expires_at <= app.now() - interval '1 minute')
      order by d.updated_at limit ${sweepMax}`),
  );
  for (const row of stuck) await move(row);
  return stuck.length;
}

const move = async (row: Stuck): Promise<void> => {
  const id = toId("document", row.id);
  const ctx = systemCtx({ tenantId: toId("tenant", row.tenant_id), job: "sweep" });
  if (row.reason === "upload-expired") {
    // The bucket's event may have been lost while the bytes are there.
    const stored = await blobs.head(objectKey(ctx.tenantId, id, row.version));
    if (stored) await markStored(ctx, { id, version: row.version });
    else await withTx(ctx, (ctx) => markFailed(ctx, id, row.version, "upload-expired"));
    return;
  }
  await withTx(ctx, async (ctx) => {
    if (row.attempts >= attemptsMax) return markFailed(ctx, id, row.version, "internal");
    // The token stays: whoever held the lease cannot write any more once it is claimed again.
    await ctx.db.execute(
      sql`update app.document_versions set lease_until = null where tenant_id = ${ctx.tenantUuid} and document_id = ${row.id} and version = ${row.version}`,
    );
    // Touched, so that the next sweep leaves it to its message.
    await ctx.db.execute(
      sql`update app.documents set updated_at = app.now() where tenant_id = ${ctx.tenantUuid} and id = ${row.id}`,
    );
    queueProcessing(ctx, id, row.version);
  });
};
