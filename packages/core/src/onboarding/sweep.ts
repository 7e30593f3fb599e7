import { and, eq, sql } from "drizzle-orm";
import { systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { withIds } from "../platform/database/rows.ts";
import type { Id } from "../platform/id.ts";
import { forEachRow, isDue } from "../platform/sweep.ts";
import { retryDays } from "./new-tenant.ts";
import { runTable, stepTable } from "./onboarding.sql.ts";
import { queueRun } from "./resume.ts";
import { ownedRun, ownedSteps } from "./run.ts";

/** A step that has been running for longer has lost its worker: run-onboarding is stopped after 30 s. */
const stepSeconds = 120;
const runsMax = 100;

/**
 * Queues runs again that nobody has looked at for `waitingSeconds`, since their message, their worker or the event that they
 * wait for may be lost. Returns how many.
 */
export async function sweepOnboarding(options: { waitingSeconds: number }): Promise<number> {
  const { waitingSeconds } = options;
  const open = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from app.onboarding_runs r where status in ('running', 'waiting')
        and checked_at <= app.now() - make_interval(secs => ${waitingSeconds}) and ${isDue("onboarding", sql`r.tenant_id`, sql`r.id`)}
      order by checked_at, id limit ${runsMax}`),
  );
  const lostAfterSeconds = Math.min(stepSeconds, waitingSeconds);
  const rows = withIds(open, { tenant_id: "tenant", id: "onboarding" });
  return forEachRow("onboarding", rows, ({ tenant_id: tenantId, id }) => queueAgain(tenantId, id, lostAfterSeconds));
}

/** Queues the run, and gives back the steps whose worker is lost. */
const queueAgain = (tenantId: Id<"tenant">, runId: Id<"onboarding">, lostAfterSeconds: number): Promise<void> =>
  withTx(systemCtx({ tenantId, job: "sweep" }), async (ctx) => {
    const lost = and(
      ownedSteps(ctx, runId),
      eq(stepTable.status, "running"),
      sql`coalesce(${stepTable.claimedAt}, ${stepTable.startedAt}) <= app.now() - make_interval(secs => ${lostAfterSeconds})`,
    );
    await ctx.db.update(stepTable).set({ status: "pending" }).where(lost);
    await ctx.db.update(runTable).set({ checkedAt: sql`app.now()` }).where(ownedRun(ctx, runId));
    queueRun(ctx, runId);
  });

/** Rows of one statement, which must end within the login's statement timeout. */
const forgottenMax = 5_000;

/** Forgets the requests of runs that failed and can no longer be retried. */
export const forgetRequests = (): Promise<unknown> =>
  withSystemTx("sweep", (db) =>
    db.execute(sql`
      update app.onboarding_runs set request = null where (tenant_id, id) in (
        select tenant_id, id from app.onboarding_runs
        where status in ('failed', 'cancelled') and request is not null
          and finished_at <= app.now() - make_interval(days => ${retryDays})
        order by finished_at limit ${forgottenMax})`),
  );
