import { and, inArray, sql } from "drizzle-orm";
import { bytesExactMax, countOrphans, measureCorpus, tenantsToPurge, weighStale } from "../documents/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { type Id, toId } from "../platform/id.ts";
import { logger } from "../platform/telemetry.ts";
import { jobTable as table } from "./job.sql.ts";
import { owned, sendJob, start } from "./job.ts";

/** Jobs of one sweep; the next one takes the rest. */
const sweepMax = 200;
/** Some 5,000 vectors: what a sweep measures by the way. */
const measuredAtOnceBytes = 6_000_000;
/** Chunks that it weighs anew by the way. */
const weighedAtOnceMax = 1_000;
/** Tenants that one sweep measures, in some ten seconds at most; the next one takes others. */
const tenantsMeasuredMax = 25;

/**
 * Finds jobs that no message will move any more: their worker died, or their message was lost for `waitingSeconds`.
 * Returns how many were sent again. `isAlone` says that no worker runs who could hold a lease.
 */
export async function sweepJobs(options: { waitingSeconds: number; isAlone?: boolean }): Promise<number> {
  const { waitingSeconds, isAlone = false } = options;
  const stuck = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from app.jobs
      where (status = 'running' and (lease_until <= app.now() or (${isAlone} and lease_until is not null)))
         or (status in ('queued', 'running') and lease_until is null and updated_at <= app.now() - make_interval(secs => ${waitingSeconds}))
      order by updated_at limit ${sweepMax}`),
  );
  for (const row of stuck)
    await sendAgain(systemCtx({ tenantId: toId("tenant", row.tenant_id), job: "sweep" }), toId("job", row.id), isAlone);
  return stuck.length;
}

const sendAgain = (ctx: Ctx, id: Id<"job">, isAlone: boolean): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const lapsed = sql`(${isAlone} or ${table.leaseUntil} is null or ${table.leaseUntil} <= app.now())`;
    const [row] = await ctx.db
      .update(table)
      // Touched, so that the next sweep leaves it to its message.
      .set({ leaseUntil: null, updatedAt: now() })
      .where(and(owned(ctx, id), inArray(table.status, ["queued", "running"]), lapsed))
      .returning({ id: table.id });
    if (row) sendJob(ctx, id);
  });

/** Measures tenants that have grown or shrunk; the large ones, and those with many weights to make anew, by a job. */
export async function measureCorpora(): Promise<void> {
  const tenants = await withSystemTx("measure", (db) =>
    db.execute<{ tenant_id: string; bytes: string }>(
      sql`select tenant_id, bytes from app.tenants_to_measure() order by random() limit ${tenantsMeasuredMax}`,
    ),
  );
  const failures: unknown[] = [];
  // One that cannot be measured must not be in the way of the others.
  for (const { tenant_id, bytes } of tenants)
    await measureOrStart(systemCtx({ tenantId: toId("tenant", tenant_id), job: "measure" }), Number(bytes)).catch(
      (error) => failures.push(error),
    );
  if (failures.length > 0) throw failures[0];
}

const measureOrStart = async (ctx: Ctx, bytes: number): Promise<void> => {
  if (bytes > measuredAtOnceBytes || (await remeasure(ctx)) === weighedAtOnceMax)
    await withTx(ctx, async (ctx) => void (await start(ctx, "reweigh")));
};

const remeasure = async (ctx: Ctx): Promise<number> => {
  await measureCorpus(ctx);
  return withTx(ctx, (ctx) => weighStale(ctx, weighedAtOnceMax));
};

/** A job for every tenant that has outgrown exact search, or has changed the model since its index was built. */
export async function startIndexBuilds(): Promise<void> {
  const tenants = await withSystemTx("index", (db) =>
    db.execute<{ tenant_id: string }>(
      sql`select tenant_id from app.tenants_to_index(${bytesExactMax}::bigint) tenant_id`,
    ),
  );
  for (const row of tenants) {
    const ctx = systemCtx({ tenantId: toId("tenant", row.tenant_id), job: "index" });
    await withTx(ctx, async (ctx) => void (await start(ctx, "index")));
  }
}

/**
 * Nightly: a job for every tenant with an index, which compares it with exact answers.
 *
 * @throws Error when a tenant has vectors without chunks or chunks without a version.
 */
export async function checkSearch(): Promise<void> {
  const tenants = await withSystemTx("check", (db) =>
    db.execute<{ tenant_id: string; is_indexed: boolean }>(
      sql`select tenant_id, is_indexed from app.tenants_to_check()`,
    ),
  );
  let orphans = 0;
  for (const { tenant_id, is_indexed } of tenants) {
    const ctx = systemCtx({ tenantId: toId("tenant", tenant_id), job: "check" });
    const found = await countOrphans(ctx);
    if (found > 0) logger.error("vectors or chunks were left behind", { tenantId: ctx.tenantId, found });
    orphans += found;
    if (is_indexed) await withTx(ctx, async (ctx) => void (await start(ctx, "check")));
  }
  if (orphans > 0) throw new Error(`${orphans} vectors or chunks were left behind`);
}

/** A job for every tenant that has more to purge than a sweep takes. */
export async function startPurges(): Promise<void> {
  for (const tenantId of await tenantsToPurge())
    await withTx(systemCtx({ tenantId, job: "purge" }), async (ctx) => void (await start(ctx, "purge")));
}
