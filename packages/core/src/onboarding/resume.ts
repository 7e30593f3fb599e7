import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { type Ctx, enqueue, recordAudit, withTx } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { runTable, stepTable } from "./onboarding.sql.ts";
import { getRun, ownedRun, ownedSteps, type Run } from "./run.ts";

/** Body of an onboarding message: a run with steps that may be able to run now. */
export const RunMessage = z.object({
  tenantId: idSchema("tenant"),
  runId: idSchema("onboarding"),
  traceparent: z.string(),
});

/** Queues the run. Joins the caller's transaction. */
export const queueRun = (ctx: Ctx, runId: Id<"onboarding">): void =>
  enqueue(ctx, {
    topic: "onboarding",
    body: { tenantId: ctx.tenantId, runId, traceparent: ctx.traceparent } satisfies z.output<typeof RunMessage>,
  });

/** Resumes at the failed steps. @throws Problem `not-found`, `onboarding-conflict` */
export const retryRun = (ctx: Ctx, runId: Id<"onboarding">): Promise<Run> =>
  withTx(ctx, async (ctx) => {
    const failed = and(ownedRun(ctx, runId), eq(runTable.status, "failed"));
    const rows = await ctx.db
      .update(runTable)
      .set({ status: "running", finishedAt: null })
      .where(failed)
      .returning({ id: runTable.id });
    if (rows.length === 0) {
      const { status } = await getRun(ctx, runId);
      throw new Problem("onboarding-conflict", `A run that is ${status} cannot be retried.`, {
        state: status,
        allowed: ["failed"],
      });
    }
    await ctx.db
      .update(stepTable)
      .set({ status: "pending", error: null, finishedAt: null })
      .where(and(ownedSteps(ctx, runId), eq(stepTable.status, "failed")));
    recordAudit(ctx, { action: "onboarding.retry", subject: runId });
    queueRun(ctx, runId);
    return getRun(ctx, runId);
  });

/** Queues the tenant's open runs, after an event that a step may wait for. */
export const advanceTenant = (ctx: Ctx): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const open = and(ofTenant(ctx, runTable), inArray(runTable.status, ["running", "waiting"]));
    const runs = await ctx.db.select({ id: runTable.id }).from(runTable).where(open);
    for (const run of runs) queueRun(ctx, run.id);
  });
