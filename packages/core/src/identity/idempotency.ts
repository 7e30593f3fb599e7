import { type SQL, sql } from "drizzle-orm";
import { actorName, type Ctx, withSystemTx, withTx } from "../platform/context.ts";
import { Problem } from "../platform/problems.ts";
import { openForTenant, sealForTenant } from "../platform/services/tenant-key.ts";

const keepHours = 24;
/** A request that died leaves its key locked this long. */
const lockSeconds = 60;

export type StoredResponse = { status: number; headers: Record<string, string>; body: string };

/**
 * Claims the key for a request, or returns the response that the same caller got the first time. The caller's name is part
 * of the key: another credential of the tenant, which may hold other permissions, never gets this response.
 *
 * @throws Problem `idempotency-key-reused` for another body, `idempotency-in-progress` while the first one runs.
 */
export async function takeIdempotencyKey(
  ctx: Ctx,
  request: Request & { fingerprint: Buffer },
): Promise<StoredResponse | undefined> {
  type Row = {
    fingerprint: string;
    is_mine: boolean;
    status: number | null;
    response: string | null;
    wait_seconds: number;
  };
  const row = await withTx(ctx, async (ctx) => {
    const { route, key, fingerprint } = request;
    // One statement: the row is mine when it is new, expired, or its lock lapsed without an answer.
    const [taken] = await ctx.db.execute<{ key: string }>(sql`
      insert into app.idempotency_keys as k (tenant_id, actor, route, key, fingerprint, locked_until, expires_at)
      values (${ctx.tenantId}, ${actorName(ctx.actor)}, ${route}, ${key}, decode(${fingerprint.toString("hex")}, 'hex'),
        app.now() + make_interval(secs => ${lockSeconds}), app.now() + make_interval(hours => ${keepHours}))
      on conflict (tenant_id, actor, route, key) do update set fingerprint = excluded.fingerprint, locked_until = excluded.locked_until,
        expires_at = excluded.expires_at, status = null, response = null
      where k.expires_at <= app.now() or (k.status is null and k.locked_until <= app.now() and k.fingerprint = excluded.fingerprint)
      returning key`);
    if (taken) return undefined;
    const [kept] = await ctx.db.execute<Row>(sql`
      select encode(fingerprint, 'hex') as fingerprint, status, encode(response, 'base64') as response,
        greatest(1, ceil(extract(epoch from locked_until - app.now())))::int as wait_seconds
      from app.idempotency_keys where ${ownKey(ctx, request)}`);
    return kept;
  });
  if (!row) return undefined;
  if (row.fingerprint !== request.fingerprint.toString("hex")) throw new Problem("idempotency-key-reused");
  if (row.status === null || row.response === null)
    throw new Problem("idempotency-in-progress", undefined, { retryAfterSeconds: row.wait_seconds });
  // `storeResponse` alone writes this column.
  return JSON.parse(
    await openForTenant(ctx, Buffer.from(row.response, "base64"), contextOf(ctx, request)),
  ) as StoredResponse;
}

/** Keeps the answer for repeats, encrypted since it may hold a secret. */
export async function storeResponse(ctx: Ctx, request: Request, answer: StoredResponse): Promise<void> {
  const sealed = await sealForTenant(ctx, JSON.stringify(answer), contextOf(ctx, request));
  await withTx(ctx, (ctx) =>
    ctx.db.execute(sql`update app.idempotency_keys set status = ${answer.status}, response = decode(${sealed.toString("base64")}, 'base64'),
      locked_until = null where ${ownKey(ctx, request)}`),
  );
}

/** Lets the next sending run: the answer was one that must not be repeated (401, 403, 409, 429, 5xx). */
export const dropIdempotencyKey = (ctx: Ctx, request: Request): Promise<unknown> =>
  withTx(ctx, (ctx) =>
    ctx.db.execute(sql`delete from app.idempotency_keys where ${ownKey(ctx, request)} and status is null`),
  );

type Request = { route: string; key: string };

const ownKey = (ctx: Ctx, { route, key }: Request): SQL =>
  sql`tenant_id = ${ctx.tenantId} and actor = ${actorName(ctx.actor)} and route = ${route} and key = ${key}`;

/** Bound to the ciphertext: a stored response opens in its own row only. */
const contextOf = (ctx: Ctx, { route, key }: Request): string => `idempotency:${actorName(ctx.actor)}:${route}:${key}`;

/** Rows of one statement, which must end within the login's statement timeout. */
const expiredMax = 5_000;

/** Deletes keys that have expired, with the responses stored for them. For the sweep. */
export const deleteExpiredKeys = (): Promise<unknown> =>
  withSystemTx("sweep", (db) =>
    db.execute(sql`
      delete from app.idempotency_keys k using (
        select tenant_id, actor, route, key from app.idempotency_keys where expires_at <= app.now() order by expires_at limit ${expiredMax}) e
      where (k.tenant_id, k.actor, k.route, k.key) = (e.tenant_id, e.actor, e.route, e.key)`),
  );
