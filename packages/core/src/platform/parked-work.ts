import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, inTenant, recordAudit, withPlatformTx, withSystemTx, withTx } from "./context.ts";
import { only, withIds } from "./database/rows.ts";
import { type Id, idSchema, toUuid } from "./id.ts";
import { countedMax } from "./page.ts";
import { logger } from "./telemetry.ts";
import { isSuspended } from "./tenant-state.ts";

/** Work that failed so often that it is tried again only when an operator releases it. */
export const ParkedWork = z.object({
  /** `sweep:<stage>:<row>` or `outbox:<topic>:<row>`. */
  id: z.string(),
  tenantId: idSchema("tenant"),
  attempts: z.int(),
  error: z.string().nullable(),
  parkedAt: z.date().meta({ format: "date-time" }),
});
export type ParkedWork = z.output<typeof ParkedWork>;

export const ParkedWorkRelease = z.strictObject({ ids: z.array(z.string().max(200)).min(1).max(100) });

const parked = sql`(
  select 'sweep:' || stage || ':' || id as id, tenant_id, attempts, error, parked_at from app.sweep_errors where parked_at is not null
  union all
  select 'outbox:' || topic || ':' || id, tenant_id, attempts, error, parked_at from app.outbox where parked_at is not null) p`;

type Row = { id: string; tenant_id: string; attempts: number; error: string | null; parked_at: string };

/** In the order of the ids. For operators; the route has checked that. */
export const listParkedWork = (
  ctx: Ctx,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ data: ParkedWork[]; nextCursor: string | null; hasMore: boolean }> =>
  withPlatformTx(ctx, async (db) => {
    const rows = await db.execute<Row>(
      sql`select * from ${parked} where id > ${page.cursor ?? ""} order by id limit ${page.limit + 1}`,
    );
    const data = withIds(rows.slice(0, page.limit), { tenant_id: "tenant" }).map((row) =>
      ParkedWork.parse({
        id: row.id,
        tenantId: row.tenant_id,
        attempts: row.attempts,
        error: row.error,
        parkedAt: new Date(row.parked_at),
      }),
    );
    const hasMore = rows.length > page.limit;
    return { data, nextCursor: hasMore ? (data.at(-1)?.id ?? null) : null, hasMore };
  });

/** Has the work tried again with the next sweep or relay, from the first attempt. Ids that are not parked are ignored. Returns how many were. */
export async function releaseParkedWork(ctx: Ctx, ids: readonly string[]): Promise<{ released: number }> {
  const rows = await withSystemTx("release", async (db) => {
    const found = await db.execute<Row>(sql`select * from ${parked} where id = any(${sql.param(ids)}::text[])`);
    for (const { id, tenant_id: tenantId } of found) {
      const row = id.slice(id.lastIndexOf(":") + 1);
      await (id.startsWith("outbox:")
        ? db.execute(
            sql`update app.outbox set parked_at = null, refusals = 0, attempts = 0, due_at = app.now() where id = ${row}::uuid`,
          )
        : db.execute(sql`delete from app.sweep_errors where tenant_id = ${tenantId}::uuid and id = ${row}::uuid
            and stage = ${id.slice("sweep:".length, id.lastIndexOf(":"))}`));
    }
    return withIds(found, { tenant_id: "tenant" });
  });
  for (const { id, tenant_id: tenantId } of rows)
    await withTx(inTenant(ctx, tenantId), async (ctx) => recordAudit(ctx, { action: "work.release", subject: id }));
  return { released: rows.length };
}

/**
 * Work of a tenant that an operator must release, and messages that nobody has sent yet, each at most `countedMax`. For operators; the
 * route has checked that.
 */
export const countWork = (ctx: Ctx, tenantId: Id<"tenant">): Promise<{ parked: number; unsent: number }> =>
  withPlatformTx(ctx, async (db) => {
    const own = sql`tenant_id = ${toUuid(tenantId)}::uuid`;
    return only(
      await db.execute<{ parked: number; unsent: number }>(sql`
        select (select count(*)::int from (select from ${parked} where ${own} limit ${countedMax}) counted) as parked,
          (select count(*)::int from (select from app.outbox where ${own} and parked_at is null limit ${countedMax}) counted) as unsent`),
    );
  });

/**
 * Of all tenants but suspended ones: messages and events that wait to be sent, since when the oldest is due, and parked work. For
 * operators; the route has checked that.
 */
export const countAllWork = (ctx: Ctx): Promise<{ waiting: number; oldestSeconds: number; parked: number }> =>
  withPlatformTx(ctx, async (db) => {
    const row = only(
      await db.execute<{ waiting: number; oldest: number; parked: number }>(sql`
        select w.*, (select count(*)::int from ${parked}) as parked from (
          select count(*)::int as waiting, coalesce(greatest(0, extract(epoch from app.now() - min(due_at))), 0)::float8 as oldest
          from app.outbox o where parked_at is null and not ${isSuspended(sql`o.tenant_id`)}) w`),
    );
    return { waiting: row.waiting, oldestSeconds: Math.round(row.oldest), parked: row.parked };
  });

/** Logs how much work is parked, for the alarm. For the sweep. */
export async function reportParkedWork(): Promise<void> {
  const rows = await withSystemTx("sweep", (db) =>
    db.execute<{ n: number }>(sql`select count(*)::int as n from ${parked}`),
  );
  const n = rows[0]?.n ?? 0;
  if (n > 0) logger.error("work is parked", { rows: n });
}
