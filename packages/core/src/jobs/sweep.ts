import { and, inArray, sql } from "drizzle-orm";
import { bytesExactMax, countOrphans, measureCorpus, tenantsToPurge, weighStale } from "../documents/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { ownedBy, withIds } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { logger } from "../platform/telemetry.ts";
import { isSuspended } from "../platform/tenant-state.ts";
import { jobTable as table } from "./job.sql.ts";
import { sendJob, start } from "./job.ts";
import { lease } from "./run.ts";

/** At most this many jobs are handled by one sweep; the next sweep continues. */
const sweepMax = 200;
/** About 5,000 vectors: a tenant up to this size is measured by the sweep itself, a larger one by a job. */
const measuredAtOnceBytes = 6_000_000;
/** At most this many chunks get new weights in the sweep itself; more are left to a job. */
const weighedAtOnceMax = 1_000;
/** At most this many tenants are measured by one sweep, in about ten seconds; the next sweep continues. */
const tenantsMeasuredMax = 25;

/**
 * Sends a message again for each job whose worker died, or whose message has been lost for `waitingSeconds`. Returns how
 * many were sent. `isAlone`: no worker is running, so every lease counts as over.
 */
export async function sweepJobs(options: { waitingSeconds: number; isAlone?: boolean }): Promise<number> {
  const { waitingSeconds, isAlone = false } = options;
  const stuck = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from app.jobs j
      where status in ('queued', 'running')
        and ((status = 'running' and (lease_until <= app.now() or (${isAlone} and lease_until is not null)))
          or (lease_until is null and updated_at <= app.now() - make_interval(secs => ${waitingSeconds})))
        and ${isDue("jobs", sql`j.tenant_id`, sql`j.id`)}
      order by updated_at limit ${sweepMax}`),
  );
  return forEachRow("jobs", withIds(stuck, { tenant_id: "tenant", id: "job" }), ({ tenant_id: tenantId, id }) =>
    sendAgain(systemCtx({ tenantId, job: "sweep" }), id, isAlone),
  );
}

const sendAgain = (ctx: Ctx, id: Id<"job">, isAlone: boolean): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const unfinished = and(ownedBy(ctx, table, id), inArray(table.status, ["queued", "running"]));
    // `updatedAt` makes the next sweep wait for this message.
    const row = await lease.lapse(ctx, unfinished, isAlone, { updatedAt: now() });
    if (row) sendJob(ctx, row);
  });

/** Measures the text of tenants that have grown or shrunk. Large tenants, and those with many outdated weights, get a job. */
export async function measureCorpora(): Promise<void> {
  const tenants = await withSystemTx("measure", (db) =>
    db.execute<{ tenant_id: string; bytes: string }>(
      sql`select tenant_id, bytes from app.tenants_to_measure() t where ${isDue("corpora", sql`t.tenant_id`)}
        order by random() limit ${tenantsMeasuredMax}`,
    ),
  );
  await forEachRow("corpora", withIds(tenants, { tenant_id: "tenant" }), ({ tenant_id: tenantId, bytes }) =>
    measureOrStart(systemCtx({ tenantId, job: "measure" }), Number(bytes)),
  );
}

const measureOrStart = async (ctx: Ctx, bytes: number): Promise<void> => {
  if (bytes > measuredAtOnceBytes || (await remeasure(ctx)) === weighedAtOnceMax)
    await withTx(ctx, async (ctx) => void (await start(ctx, "reweigh")));
};

const remeasure = async (ctx: Ctx): Promise<number> => {
  await measureCorpus(ctx);
  return withTx(ctx, (ctx) => weighStale(ctx, weighedAtOnceMax));
};

/** Starts an index job for each tenant that is too large for exact search, or has changed its model since its index was built. */
export async function startIndexBuilds(): Promise<void> {
  const tenants = await withSystemTx("index", (db) =>
    db.execute<{ tenant_id: string }>(
      sql`select tenant_id from app.tenants_to_index(${bytesExactMax}::bigint) tenant_id
        where ${isDue("index-jobs", sql`tenant_id`)}`,
    ),
  );
  await forEachRow("index-jobs", withIds(tenants, { tenant_id: "tenant" }), ({ tenant_id: tenantId }) =>
    withTx(systemCtx({ tenantId, job: "index" }), async (ctx) => void (await start(ctx, "index"))),
  );
}

/**
 * Runs nightly: starts a job for each tenant with an index, which compares the index with exact results.
 *
 * @throws Error when a tenant has vectors without chunks or chunks without a version.
 */
export async function checkSearch(): Promise<void> {
  const tenants = await withSystemTx("check", (db) =>
    db.execute<{ tenant_id: string; is_indexed: boolean }>(
      sql`select tenant_id, is_indexed from app.tenants_to_check() t where not ${isSuspended(sql`t.tenant_id`)}`,
    ),
  );
  let orphans = 0;
  for (const { tenant_id: tenantId, is_indexed } of withIds(tenants, { tenant_id: "tenant" })) {
    const ctx = systemCtx({ tenantId, job: "check" });
    const found = await countOrphans(ctx);
    if (found > 0) logger.error("vectors or chunks were left behind", { tenantId: ctx.tenantId, found });
    orphans += found;
    if (is_indexed) await withTx(ctx, async (ctx) => void (await start(ctx, "check")));
  }
  if (orphans > 0) throw new Error(`${orphans} vectors or chunks were left behind`);
}

/** Starts a purge job for each tenant with more documents to purge than a sweep handles. */
export async function startPurges(): Promise<void> {
  const tenants = (await tenantsToPurge()).map((tenant_id) => ({ tenant_id }));
  await forEachRow("purge-jobs", tenants, ({ tenant_id: tenantId }) =>
    withTx(systemCtx({ tenantId, job: "purge" }), async (ctx) => void (await start(ctx, "purge"))),
  );
}
