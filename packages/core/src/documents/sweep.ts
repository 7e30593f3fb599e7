import { and, inArray, type SQL, sql } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import { type Ctx, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { attemptsMax } from "../platform/database/lease.ts";
import { withIds } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { blobs } from "../platform/services/blob.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { wasResumedWithin } from "../platform/tenant-state.ts";
import { markStored } from "./create.ts";
import { fetchDeadlineSeconds, requestFetch, sendProcessing } from "./dispatch.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";
import { markFailed } from "./fail.ts";
import { lease } from "./lease.ts";
import { objectKey } from "./object-key.ts";
import { ownedVersion, ownedVersionOf } from "./owned.ts";
import { refund } from "./storage.ts";

/** At most this many documents are handled by one sweep; the next sweep continues. */
const sweepMax = 200;

/** A version that waits for its bytes; an address has no size before it is fetched. */
type Awaited = { tenant_id: string; id: string; version: number; size_bytes: number; is_fetched: boolean };
type Stuck = Awaited & { is_awaited: boolean };

/** Condition of an index: the version is a reserved upload whose bytes have not arrived. One that expired has no charged bytes. */
const isReserved = sql`v.stored_at is null and v.charged_bytes > 0`;

/**
 * Finds documents for which no message is under way: their lease is over, they were sent more than `waitingSeconds` ago, or
 * their bytes never arrived. Each is sent again, completed, or failed with a reason. Returns how many. Those that wait for
 * their turn are not read, because a tenant may have a million; `fillAll` sends them. `isAlone`: no worker is running, so
 * every lease counts as over.
 */
export async function sweepDocuments(options: { waitingSeconds: number; isAlone?: boolean }): Promise<number> {
  const { waitingSeconds, isAlone = false } = options;
  const stuck = await withSystemTx("sweep", (db) => db.execute<Stuck>(stuckDocuments(waitingSeconds, isAlone)));
  await forEachRow("documents", withIds(stuck, { tenant_id: "tenant", id: "document" }), ({ id, ...row }) => {
    const ctx = systemCtx({ tenantId: row.tenant_id, job: "sweep" });
    return row.is_awaited ? settleUpload(ctx, id, row) : sendAgain(ctx, id, row, isAlone);
  });
  return stuck.length;
}

/** Exported for the test that its plan uses partial indexes of the versions in progress. */
export const stuckDocuments = (waitingSeconds: number, isAlone: boolean): SQL => sql`
      select d.tenant_id, d.id, d.version, d.status = 'awaiting_upload' as is_awaited, v.size_bytes::float8 as size_bytes,
        v.source_url is not null as is_fetched
      from app.documents d join app.document_versions v on v.tenant_id = d.tenant_id and v.document_id = d.id and v.version = d.version
      where (v.dispatch = 'sent' or v.fetching = 'sent' or (${isReserved} and v.upload_expires_at <= app.now() - interval '1 minute')) and (
            (d.status = 'processing' and (v.lease_until <= app.now() or (${isAlone} and v.lease_until is not null)))
         or (d.status in ('queued', 'processing') and v.lease_until is null
             and d.updated_at <= app.now() - make_interval(secs => ${waitingSeconds}))
         or (d.status = 'awaiting_upload' and v.upload_expires_at <= app.now() - interval '1 minute'
             and not (v.source_url is not null and ${wasResumedWithin(sql`d.tenant_id`, fetchDeadlineSeconds)})))
        and ${isDue("documents", sql`d.tenant_id`, sql`d.id`)}
      order by d.updated_at limit ${sweepMax}`;

/** Uploads that one round asks the store about. */
const uploadChecksMax = 200;
/** The store is asked about a waiting upload this often: with the sweep's pause its event is replaced within three minutes. */
const uploadCheckSeconds = 120;

/**
 * Asks the store whether uploads have arrived whose event was lost, and moves those on. Every tenant has its turn, so that
 * one with many reservations delays nobody. `isAlone`: at the start of a runtime that keeps its queues in memory every
 * waiting upload is asked about at once, and addresses that nobody fetches any more are fetched again.
 * Returns how many had arrived.
 */
export async function checkUploads({ isAlone = false }: { isAlone?: boolean } = {}): Promise<number> {
  const before = new Date(now().getTime() - (isAlone ? 0 : uploadCheckSeconds * 1000));
  let arrived = 0;
  for (;;) {
    const waiting = await uploadsNotCheckedSince(before, isAlone);
    const rows = withIds(waiting, { tenant_id: "tenant", id: "document" });
    const checked = await forEachRow("uploads", rows, async ({ id, ...row }) => {
      if (await checkUpload(systemCtx({ tenantId: row.tenant_id, job: "sweep" }), id, row)) arrived += 1;
    });
    if (!isAlone || checked === 0) return arrived;
  }
}

type Keyless<T> = Omit<T, "tenant_id" | "id">;

const uploadsNotCheckedSince = (before: Date, withAddresses: boolean): Promise<Awaited[]> =>
  withSystemTx("sweep", (db) =>
    db.execute<Awaited>(sql`
      select tenant_id, id, version, size_bytes::float8 as size_bytes, source_url is not null as is_fetched from (
        select d.tenant_id, d.id, d.version, v.size_bytes, v.source_url, c.checked_at,
          row_number() over (partition by d.tenant_id order by c.checked_at, d.id) as turn
        from app.documents d join app.document_versions v on v.tenant_id = d.tenant_id and v.document_id = d.id and v.version = d.version
          cross join lateral (select coalesce(v.upload_checked_at, v.created_at) as checked_at) c
        where d.status = 'awaiting_upload' and c.checked_at < ${before.toISOString()}::timestamptz
          and ${withAddresses ? sql`(v.source_url is not null or ${isReserved})` : isReserved} and ${isDue("uploads", sql`d.tenant_id`, sql`d.id`)}
      ) waiting order by turn, checked_at limit ${uploadChecksMax}`),
  );

/** The size of the stored bytes, or undefined when they are missing or were cut off: the presigned URL fixes an upload's length. */
const storedBytes = async (ctx: Ctx, id: Id<"document">, row: Keyless<Awaited>): Promise<number | undefined> => {
  const stored = await blobs.head(objectKey(ctx.tenantId, id, row.version));
  return row.is_fetched || stored?.sizeBytes === row.size_bytes ? stored?.sizeBytes : undefined;
};

const checkUpload = async (ctx: Ctx, id: Id<"document">, row: Keyless<Awaited>): Promise<boolean> => {
  const { version } = row;
  const sizeBytes = await storedBytes(ctx, id, row);
  if (sizeBytes !== undefined && (await markStored(ctx, { id, version, sizeBytes }))) return true;
  await withTx(ctx, async (ctx) => {
    await ctx.db
      .update(versionTable)
      .set({ uploadCheckedAt: now() })
      .where(ownedVersion(ctx, id, version));
    if (row.is_fetched) await requestFetch(ctx, id, version);
  });
  return false;
};

/** The event of the bucket, or the result of the fetch, may have been lost although the bytes are stored. */
const settleUpload = async (ctx: Ctx, id: Id<"document">, row: Keyless<Awaited>): Promise<void> => {
  const { version } = row;
  const sizeBytes = await storedBytes(ctx, id, row);
  if (sizeBytes !== undefined) {
    await markStored(ctx, { id, version, sizeBytes });
    return;
  }
  await withTx(ctx, async (ctx) => {
    const failed = await markFailed(ctx, id, version, row.is_fetched ? "url-unreachable" : "upload-expired");
    if (failed) await refund(ctx, id, version);
  });
};

const sendAgain = (ctx: Ctx, id: Id<"document">, { version }: Keyless<Stuck>, isAlone: boolean): Promise<void> =>
  withTx(ctx, async (ctx) => {
    // `updatedAt` makes the next sweep wait for this message.
    const unsettled = and(ownedVersionOf(ctx, id, version), inArray(table.status, ["queued", "processing"]));
    const [document] = await ctx.db
      .update(table)
      .set({ updatedAt: now() })
      .where(unsettled)
      .returning({ id: table.id });
    const row = await lease.lapse(ctx, ownedVersion(ctx, id, version), isAlone);
    if (!document || !row) return;
    if (row.attempts >= attemptsMax) await markFailed(ctx, id, version, "internal");
    else sendProcessing(ctx, id, version, row.worker);
  });
