import { and, eq, sql } from "drizzle-orm";
import { systemCtx, withSystemTx, withTx } from "../platform/context.ts";
import { withIds } from "../platform/database/rows.ts";
import { stepTable } from "./onboarding.sql.ts";
import { queueRun } from "./resume.ts";
import { ownedSteps } from "./run.ts";

/** A step that has been running for longer has lost its worker: run-onboarding is stopped after 30 s. */
const stepSeconds = 120;
const runsMax = 100;

/** Queues runs again that are older than `waitingSeconds` and whose message or worker may be lost. Returns how many. */
export async function sweepOnboarding(options: { waitingSeconds: number }): Promise<number> {
  const open = await withSystemTx("sweep", (db) =>
    db.execute<{ tenant_id: string; id: string }>(sql`
      select tenant_id, id from app.onboarding_runs where status = 'running'
        and created_at <= app.now() - make_interval(secs => ${options.waitingSeconds}) order by id limit ${runsMax}`),
  );
  const lostAfterSeconds = Math.min(stepSeconds, options.waitingSeconds);
  for (const { tenant_id: tenantId, id: runId } of withIds(open, { tenant_id: "tenant", id: "onboarding" })) {
    await withTx(systemCtx({ tenantId, job: "sweep" }), async (ctx) => {
      const lost = and(
        ownedSteps(ctx, runId),
        eq(stepTable.status, "running"),
        sql`${stepTable.startedAt} <= app.now() - make_interval(secs => ${lostAfterSeconds})`,
      );
      await ctx.db.update(stepTable).set({ status: "pending" }).where(lost);
      queueRun(ctx, runId);
    });
  }
  return open.length;
}
