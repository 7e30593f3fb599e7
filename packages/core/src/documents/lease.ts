import { sql } from "drizzle-orm";
import { readingOf } from "../identity/index.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { LeaseLost, leaseOn } from "../platform/database/lease.ts";
import { only } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { isSuspended, TenantIsSuspended } from "../platform/tenant-state.ts";
import { sendProcessing } from "./dispatch.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";
import type { Original } from "./original.ts";
import { isInlineText, ownedVersion, ownedVersionOf } from "./owned.ts";
import { allows, move, stages } from "./states.ts";

/** The leases of versions. */
export const lease = leaseOn(versionTable);

/** The document was cancelled, replaced or deleted during the work. The result for this version is not needed. */
export class Superseded extends Error {
  override readonly name = "Superseded";
}

/** The right to work on one version. */
export type Lease = Original & {
  id: Id<"document">;
  version: number;
  token: number;
  /** Claims of the version so far, this one included. */
  attempts: number;
};

/**
 * Takes the lease of a version; undefined when it needs no processing: it has ended, is not the newest, or does not exist. The message
 * of a suspended tenant goes back to the outbox, which holds it.
 *
 * @throws LeaseHeld
 */
export const claim = (ctx: Ctx, id: Id<"document">, version: number): Promise<Lease | undefined> =>
  withTx(ctx, async (ctx) => {
    const [found] = await ctx.db
      .select({ document: table, waits: isSuspended(sql`${table.tenantId}`) })
      .from(table)
      .where(ownedVersionOf(ctx, id, version))
      .for("update");
    if (!found || !allows("claim", found.document.status)) return undefined;
    const { document, waits } = found;
    if (waits) {
      const [row] = await ctx.db
        .select({ worker: versionTable.worker })
        .from(versionTable)
        .where(ownedVersion(ctx, id, version));
      if (row) sendProcessing(ctx, id, version, row.worker);
      return undefined;
    }
    const row = await lease.claim(ctx, ownedVersion(ctx, id, version));
    await move(ctx, id, "claim", "processing", { expected: { version }, stage: stages[0], stageTimings: {} });
    const { leaseToken: token, attempts, objectKey, sizeBytes, sha256 } = row;
    const { name, contentType } = document;
    const reading = document.reading ?? (await readingOf(ctx));
    const original = { objectKey, sizeBytes, sha256, name, contentType, isText: isInlineText(row), reading };
    return { id, version, token, attempts, ...original };
  });

/** Renews the lease while `work` runs. */
export const keepLease = <T>(ctx: Ctx, { id, version, token }: Lease, work: () => Promise<T>): Promise<T> =>
  lease.keep(ctx, ownedVersion(ctx, id, version), token, work);

/** Ends the lease, so that the next message can claim it at once. Undefined when it was lost. Joins the caller's transaction. */
export const releaseLease = (
  ctx: Ctx,
  { id, version, token }: Lease,
  changes?: { worker?: "task"; attempts: number },
) => withTx(ctx, (ctx) => lease.release(ctx, ownedVersion(ctx, id, version), token, changes));

/**
 * Locks the document and its version until the end of the transaction, and returns the version that is live. All code locks the
 * document first, which prevents deadlocks.
 *
 * @throws LeaseLost, Superseded, TenantIsSuspended
 */
export async function assertLease(
  ctx: Ctx,
  { id, version, token }: Lease,
): Promise<{ liveVersion: number | null; indexSign: number; chunks: number }> {
  type Document = {
    status: string | null;
    liveVersion: number | null;
    indexSign: number;
    chunks: number;
    isSuspended: boolean;
    isHeld: boolean;
  };
  const document = only(
    await ctx.db.execute<Document>(sql`
      select status, live_version as "liveVersion", index_sign as "indexSign", chunks, is_suspended as "isSuspended", is_held as "isHeld"
      from app.assert_lease(${id}, ${version}, ${token})`),
  );
  if (!document.isHeld) throw new LeaseLost("another worker holds the lease, or the work was stopped");
  if (document.status !== "processing") throw new Superseded("the document's state or newest version has changed");
  if (document.isSuspended) throw new TenantIsSuspended("the tenant is suspended");
  return document;
}
