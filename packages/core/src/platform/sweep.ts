import { type SQL, sql } from "drizzle-orm";
import { withSystemTx } from "./context.ts";
import { type Id, type IdKind, toUuid } from "./id.ts";
import { describeError, logger } from "./telemetry.ts";
import { isKnown, isSuspended } from "./tenant-state.ts";

/** A stage of the sweep, and the name under which its failed rows are stored. */
export type SweepStage =
  | "uploads"
  | "documents"
  | "leftovers"
  | "document-queue"
  | "url-queue"
  | "objects"
  | "purge"
  | "purge-jobs"
  | "index-jobs"
  | "jobs"
  | "onboarding"
  | "invitations"
  | "fan-out"
  | "webhooks"
  | "webhook-health"
  | "webhook-retention"
  | "usage"
  | "corpora";

/** A row that a stage found: something of a tenant, or with no `id` the tenant itself. */
type SweptRow = { tenant_id: Id<"tenant">; id?: Id<IdKind> };

/** A stage does not begin another row after this time. The next sweep continues, so no stage takes the time of all others. */
const stageSeconds = 2.8;
/** The wait after the first failure; it doubles with each. */
const firstWaitSeconds = 30;
const waitSecondsMax = 3_600;
/** Failures after which a row is parked: about four hours after the first. */
export const failuresMax = 10;

/**
 * Handles each row that a stage of the sweep found. A row whose `handle` throws delays no other row: the error is logged and
 * stored, the row waits longer after each failure, and after `failuresMax` it is parked until an operator releases it. The
 * stage's query leaves such rows out with `isDue`. Returns how many rows were handled.
 */
export async function forEachRow<R extends SweptRow>(
  stage: SweepStage,
  rows: readonly R[],
  handle: (row: R) => Promise<unknown>,
): Promise<number> {
  const deadline = performance.now() + stageSeconds * 1000;
  const handled: R[] = [];
  const failed: { row: R; error: string }[] = [];
  for (const row of rows) {
    if (performance.now() > deadline) break;
    try {
      await handle(row);
      handled.push(row);
    } catch (error) {
      const description = describeError(error);
      logger.error("sweep row failed", { stage, tenantId: row.tenant_id, rowId: idOf(row), ...description });
      failed.push({ row, error: String(description["errorMessage"] ?? description["code"] ?? description["error"]) });
    }
  }
  if (handled.length + failed.length > 0) await storeOutcome(stage, handled, failed);
  return handled.length;
}

/** Condition of a stage's query: the row is neither parked nor waiting after a failure, and its tenant is not suspended. */
export const isDue = (stage: SweepStage, tenantId: SQL, id: SQL = tenantId): SQL => sql`not exists (
  select from app.sweep_errors e where e.tenant_id = ${tenantId} and e.stage = ${stage} and e.id = ${id}
    and (e.parked_at is not null or e.due_at > app.now()))
  and not ${isSuspended(tenantId)}`;

const idOf = ({ id, tenant_id: tenantId }: SweptRow): Id<IdKind> => id ?? tenantId;

/** In a transaction of its own, since that of a failed row was rolled back. */
const storeOutcome = (
  stage: SweepStage,
  handled: readonly SweptRow[],
  failed: readonly { row: SweptRow; error: string }[],
): Promise<void> =>
  withSystemTx("sweep", async (db) => {
    const ids = handled.map((row) => toUuid(idOf(row)));
    await db.execute(sql`delete from app.sweep_errors where stage = ${stage} and id = any(${sql.param(ids)}::uuid[])`);
    for (const { row, error } of failed) {
      const tenantId = sql`${toUuid(row.tenant_id)}::uuid`;
      const [stored] = await db.execute<{ attempts: number; parked: boolean }>(sql`
        insert into app.sweep_errors as e (tenant_id, stage, id, error, due_at)
        select ${tenantId}, ${stage}, ${toUuid(idOf(row))}, ${error.slice(0, 500)}, app.now() + make_interval(secs => ${firstWaitSeconds})
        where ${isKnown(tenantId)}
        on conflict (tenant_id, stage, id) do update set attempts = e.attempts + 1, error = excluded.error,
          due_at = app.now() + make_interval(secs => least(${firstWaitSeconds} * power(2, e.attempts), ${waitSecondsMax})),
          parked_at = case when e.attempts + 1 >= ${failuresMax} then app.now() end
        returning attempts, parked_at is not null as parked`);
      if (stored?.parked)
        logger.error("work parked", { stage, tenantId: row.tenant_id, rowId: idOf(row), attempts: stored.attempts });
    }
  });
