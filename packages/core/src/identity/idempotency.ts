import { type SQL, sql } from "drizzle-orm";
import { actorName, type Claim, type Ctx, withSystemTx, withTx } from "../platform/context.ts";
import { newUuid } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { openForTenant, sealForTenant } from "../platform/services/tenant-key.ts";

const keepHours = 24;
/** A request that died leaves its key locked this long. */
const lockSeconds = 60;

export type StoredResponse = { status: number; headers: Record<string, string>; body: string };
/** What a request has done: the first entry of its audit log, if it wrote one. */
export type Done = { action: string | null; subject: string | null };

/**
 * Claims the key for a request, or returns the response that the same caller got the first time, or what the first
 * request did when that response was lost. The caller's name is part of the key: another credential of the tenant, which
 * may hold other permissions, never gets this response.
 *
 * @throws Problem `idempotency-key-reused` for another body, `idempotency-in-progress` while the first one runs.
 */
export async function takeIdempotencyKey(
  ctx: Ctx,
  request: Request & { fingerprint: Buffer },
): Promise<{ claim: Claim } | { response: StoredResponse; done: Done } | { done: Done }> {
  type Row = Done & {
    fingerprint: string;
    response: string | null;
    is_done: boolean;
    wait_seconds: number;
  };
  const { route, key, fingerprint } = request;
  const claim: Claim = { tenant: ctx.tenantUuid, route, key, id: newUuid() };
  const taken = await withTx(ctx, async (ctx) => {
    // One statement: the row is mine when it is new, expired, or its lock lapsed before anything was committed.
    const [mine] = await ctx.db.execute<{ key: string }>(sql`
      insert into app.idempotency_keys as k (tenant_id, actor, route, key, fingerprint, claim_id, locked_until, expires_at)
      values (${ctx.tenantId}, ${actorName(ctx.actor)}, ${route}, ${key}, decode(${fingerprint.toString("hex")}, 'hex'), ${claim.id},
        app.now() + make_interval(secs => ${lockSeconds}), app.now() + make_interval(hours => ${keepHours}))
      on conflict (tenant_id, actor, route, key) do update set fingerprint = excluded.fingerprint, claim_id = excluded.claim_id,
        locked_until = excluded.locked_until, expires_at = excluded.expires_at, committed_at = null, action = null, subject = null,
        status = null, response = null
      where k.expires_at <= app.now() or (k.status is null and k.committed_at is null and k.locked_until <= app.now()
        and k.fingerprint = excluded.fingerprint)
      returning key`);
    if (mine) return undefined;
    const kept = await ctx.db.execute<Row>(sql`
      select encode(fingerprint, 'hex') as fingerprint, encode(response, 'base64') as response, action, subject,
        committed_at is not null and locked_until <= app.now() as is_done,
        greatest(1, ceil(extract(epoch from least(locked_until - app.now(),
          make_interval(secs => ${lockSeconds}) - (locked_until - app.now())))))::int as wait_seconds
      from app.idempotency_keys where ${ownKey(ctx, request)}`);
    return kept[0] ?? "released";
  });
  if (!taken) return { claim };
  // The first request ended between the two statements, with a response that is not stored.
  if (taken === "released") throw new Problem("idempotency-in-progress", undefined, { retryAfterSeconds: 1 });
  if (taken.fingerprint !== fingerprint.toString("hex")) throw new Problem("idempotency-key-reused");
  const done = { action: taken.action, subject: taken.subject };
  if (taken.response !== null) {
    const opened = await openForTenant(ctx, Buffer.from(taken.response, "base64"), contextOf(ctx, request));
    // `storeResponse` alone writes this column.
    return { response: JSON.parse(opened) as StoredResponse, done };
  }
  if (taken.is_done) return { done };
  // As long as it has run: most requests take milliseconds.
  throw new Problem("idempotency-in-progress", undefined, { retryAfterSeconds: taken.wait_seconds });
}

/** Keeps the response for repetitions, encrypted since it may hold a secret. */
export async function storeResponse(ctx: Ctx, claim: Claim, response: StoredResponse): Promise<void> {
  const sealed = await sealForTenant(ctx, JSON.stringify(response), contextOf(ctx, claim));
  await withTx(ctx, (ctx) =>
    ctx.db.execute(sql`update app.idempotency_keys set status = ${response.status}, response = decode(${sealed.toString("base64")}, 'base64'),
      locked_until = null where ${ownClaim(ctx, claim)}`),
  );
}

/**
 * Ends a request whose response must not be repeated (401, 403, 409, 429, 5xx). If it has committed nothing, the next
 * sending runs; otherwise that one learns what was done. Waits for a transaction whose commit is still under way.
 */
export const releaseIdempotencyKey = (ctx: Ctx, claim: Claim): Promise<unknown> =>
  withTx(ctx, async (ctx) => {
    await ctx.db.execute(sql`delete from app.idempotency_keys where ${ownClaim(ctx, claim)} and committed_at is null`);
    await ctx.db.execute(
      sql`update app.idempotency_keys set locked_until = app.now() where ${ownClaim(ctx, claim)} and committed_at is not null`,
    );
  });

type Request = { route: string; key: string };

const ownKey = (ctx: Ctx, { route, key }: Request): SQL =>
  sql`tenant_id = ${ctx.tenantId} and actor = ${actorName(ctx.actor)} and route = ${route} and key = ${key}`;

/** As long as no other request has taken over the key, and no response is stored. */
const ownClaim = (ctx: Ctx, claim: Claim): SQL =>
  sql`${ownKey(ctx, claim)} and claim_id = ${claim.id} and status is null`;

/** Bound to the ciphertext: a stored response opens in its own row only. */
const contextOf = (ctx: Ctx, { route, key }: Request): string => `idempotency:${actorName(ctx.actor)}:${route}:${key}`;

/** Rows of one statement, which must end within the login's statement timeout. */
const expiredMax = 5_000;

/**
 * Deletes keys that have expired, with the responses stored for them. For the sweep. By `ctid`, because a join of the keys reads
 * the whole table.
 */
export const deleteExpiredKeys = (): Promise<unknown> =>
  withSystemTx("sweep", (db) =>
    db.execute(sql`
      delete from app.idempotency_keys where ctid = any(array(
        select ctid from app.idempotency_keys where expires_at <= app.now() order by expires_at limit ${expiredMax}))`),
  );
