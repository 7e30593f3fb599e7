import { sql } from "drizzle-orm";
import { type Ctx, withTx } from "../platform/context.ts";
import { Problem } from "../platform/problems.ts";
import { openForTenant, sealForTenant } from "../platform/tenant-key.ts";

const keepHours = 24;
/** A request that died leaves its key locked this long. */
const lockSeconds = 60;

export type StoredAnswer = { status: number; headers: Record<string, string>; body: string };

/**
 * Takes the key for a request, or gives the answer that its first sending got.
 *
 * @throws Problem `idempotency-key-reused` for another body, `idempotency-in-progress` while the first one runs.
 */
export async function takeIdempotencyKey(
  ctx: Ctx,
  request: { route: string; key: string; fingerprint: Buffer },
): Promise<StoredAnswer | undefined> {
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
      insert into app.idempotency_keys as k (tenant_id, route, key, fingerprint, locked_until, expires_at)
      values (${ctx.tenantUuid}, ${route}, ${key}, decode(${fingerprint.toString("hex")}, 'hex'),
        app.now() + make_interval(secs => ${lockSeconds}), app.now() + make_interval(hours => ${keepHours}))
      on conflict (tenant_id, route, key) do update set fingerprint = excluded.fingerprint, locked_until = excluded.locked_until,
        expires_at = excluded.expires_at, status = null, response = null
      where k.expires_at <= app.now() or (k.status is null and k.locked_until <= app.now() and k.fingerprint = excluded.fingerprint)
      returning key`);
    if (taken) return undefined;
    const [kept] = await ctx.db.execute<Row>(sql`
      select encode(fingerprint, 'hex') as fingerprint, status, encode(response, 'base64') as response,
        greatest(1, ceil(extract(epoch from locked_until - app.now())))::int as wait_seconds
      from app.idempotency_keys where tenant_id = ${ctx.tenantUuid} and route = ${route} and key = ${key}`);
    return kept;
  });
  if (!row) return undefined;
  if (row.fingerprint !== request.fingerprint.toString("hex")) throw new Problem("idempotency-key-reused");
  if (row.status === null || row.response === null)
    throw new Problem("idempotency-in-progress", undefined, { retryAfterSeconds: row.wait_seconds });
  return JSON.parse(await openForTenant(ctx, Buffer.from(row.response, "base64"), contextOf(request))) as StoredAnswer;
}

/** Keeps the answer for repeats, encrypted since it may hold a secret. */
export async function storeAnswer(
  ctx: Ctx,
  request: { route: string; key: string },
  answer: StoredAnswer,
): Promise<void> {
  const sealed = await sealForTenant(ctx, JSON.stringify(answer), contextOf(request));
  await withTx(ctx, (ctx) =>
    ctx.db.execute(sql`update app.idempotency_keys set status = ${answer.status}, response = decode(${sealed.toString("base64")}, 'base64'),
      locked_until = null where tenant_id = ${ctx.tenantUuid} and route = ${request.route} and key = ${request.key}`),
  );
}

/** Lets the next sending run: the answer was one that must not be repeated (401, 403, 409, 429, 5xx). */
export const dropIdempotencyKey = (ctx: Ctx, request: { route: string; key: string }): Promise<unknown> =>
  withTx(ctx, (ctx) =>
    ctx.db.execute(sql`delete from app.idempotency_keys where tenant_id = ${ctx.tenantUuid} and route = ${request.route}
      and key = ${request.key} and status is null`),
  );

const contextOf = (request: { route: string; key: string }): string => `idempotency:${request.route}:${request.key}`;
