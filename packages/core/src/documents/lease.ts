import { and, eq, sql } from "drizzle-orm";
import { type Ctx, withTx } from "../platform/context.ts";
import type { Id } from "../platform/id.ts";
import { documentTable as table, documentVersionTable as versionTable } from "./document.sql.ts";
import type { Original } from "./original.ts";
import { isInlineText, ownedVersion, ownedVersionOf } from "./owned.ts";
import { move, transitions } from "./states.ts";

/** A killed worker holds its document this long; a living one renews three times meanwhile. */
const leaseSeconds = 30;
export const renewSeconds = 10;
/** Claims after which a document that never finishes is failed. */
export const attemptsMax = 5;

/** Someone else holds the document; the message comes back later. */
export class LeaseHeld extends Error {
  override readonly name = "LeaseHeld";
}

/** The lease went to another worker; what this one made is dropped. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** The document was cancelled, replaced or deleted meanwhile: nothing of this version is wanted any more. */
export class Superseded extends Error {
  override readonly name = "Superseded";
}

/** The right to work on one version. The token fences: each claim raises it, every write compares it. */
export type Lease = Original & {
  id: Id<"document">;
  version: number;
  token: number;
  /** Claims of the version so far, this one included. */
  attempts: number;
};

const leaseEnd = sql`app.now() + make_interval(secs => ${leaseSeconds})`;
const isFree = sql`(${versionTable.leaseUntil} is null or ${versionTable.leaseUntil} <= app.now())`;

/** Undefined when there is nothing to do: finished, superseded, deleted, or never there. @throws LeaseHeld */
export const claim = (ctx: Ctx, id: Id<"document">, version: number): Promise<Lease | undefined> =>
  withTx(ctx, async (ctx) => {
    const [document] = await ctx.db
      .select()
      .from(table)
      .where(ownedVersionOf(ctx, id, version))
      .for("update");
    const claimable: readonly string[] = transitions.claim.from;
    if (!document || !claimable.includes(document.status)) return undefined;
    const [row] = await ctx.db
      .update(versionTable)
      .set({
        leaseToken: sql`${versionTable.leaseToken} + 1`,
        leaseUntil: leaseEnd,
        attempts: sql`${versionTable.attempts} + 1`,
      })
      .where(and(ownedVersion(ctx, id, version), isFree))
      .returning();
    if (!row) throw new LeaseHeld("another worker has this document");
    await move(ctx, id, "claim", "processing", { expected: { version } });
    const { leaseToken: token, attempts, objectKey, sizeBytes, sha256 } = row;
    const { name, contentType } = document;
    return { id, version, token, attempts, objectKey, sizeBytes, sha256, name, contentType, isText: isInlineText(row) };
  });

const held = (ctx: Ctx, { id, version, token }: Lease) =>
  and(ownedVersion(ctx, id, version), eq(versionTable.leaseToken, token));

export const renewLease = (ctx: Ctx, lease: Lease): Promise<unknown> =>
  withTx(ctx, (ctx) =>
    ctx.db
      .update(versionTable)
      .set({ leaseUntil: leaseEnd })
      .where(and(held(ctx, lease), sql`${versionTable.leaseUntil} is not null`)),
  );

/** Lets the next message have the document at once. */
export const yieldLease = (ctx: Ctx, lease: Lease): Promise<unknown> =>
  withTx(ctx, (ctx) => ctx.db.update(versionTable).set({ leaseUntil: null }).where(held(ctx, lease)));

/**
 * Holds the document still for the rest of the transaction, under our token. The document's row first, as everybody
 * locks it.
 *
 * @throws LeaseLost, Superseded
 */
export async function assertLease(ctx: Ctx, lease: Lease): Promise<void> {
  const [document] = await ctx.db
    .select({ status: table.status })
    .from(table)
    .where(ownedVersionOf(ctx, lease.id, lease.version))
    .for("update");
  const [row] = await ctx.db
    .select({ token: versionTable.leaseToken })
    .from(versionTable)
    .where(held(ctx, lease))
    .for("update");
  if (!row) throw new LeaseLost("the lease went to another worker");
  if (document?.status !== "processing") throw new Superseded("the document has moved on");
}
