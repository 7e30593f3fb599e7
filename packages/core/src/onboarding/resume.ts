import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, enqueue, recordAudit, withTx } from "../platform/context.ts";
import { ofTenant } from "../platform/database/rows.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { assertAsked, type RunRetry, retryDays } from "./new-tenant.ts";
import { runTable, stepTable } from "./onboarding.sql.ts";
import { getRun, ownedRun, ownedSteps, type Run } from "./run.ts";
import { isSecretLost, replaceFirstKey } from "./steps/access-api-key.ts";
import type { StepName } from "./steps/index.ts";
import type { Secrets } from "./steps/step.ts";

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

/**
 * Resumes at the failed steps, with the first question or expected answer of `changes`, which may also correct a run that
 * waits for a document with the answer. A caller who may create tenants also
 * gets a new first key when no response has shown the secret of the former one, whatever the state of the run.
 *
 * @throws Problem `not-found`, `onboarding-conflict`, `invalid-request`
 */
export const retryRun = (
  ctx: Ctx,
  runId: Id<"onboarding">,
  changes: RunRetry = {},
): Promise<Run & Pick<Secrets, "apiKey">> =>
  withTx(ctx, async (ctx) => {
    const [run] = await ctx.db.select().from(runTable).where(ownedRun(ctx, runId)).for("update");
    if (!run) throw new Problem("not-found");
    const apiKey = ctx.permissions.has("tenant:create") ? await renewFirstKey(ctx, runId) : undefined;
    const isCorrected = run.status === "waiting" && Object.keys(changes).length > 0;
    const isRetryable = (run.status === "failed" || isCorrected) && run.request !== null;
    if (!isRetryable && !apiKey) {
      const reason = run.status === "failed" ? ` more than ${retryDays} days after it failed` : "";
      throw new Problem("onboarding-conflict", `A run that is ${run.status} cannot be retried${reason}.`, {
        state: run.status,
        allowed: ["failed"],
      });
    }
    if (run.request && isRetryable) {
      const { seedAnswer, ...asked } = { ...run.request, ...changes };
      const request = { ...asked, ...(seedAnswer == null ? {} : { seedAnswer }) };
      assertAsked(request);
      await ctx.db.update(runTable).set({ status: "running", finishedAt: null, request }).where(ownedRun(ctx, runId));
    }
    await ctx.db
      .update(stepTable)
      .set({ status: "pending", error: null, result: null, finishedAt: null })
      .where(and(ownedSteps(ctx, runId), eq(stepTable.status, "failed")));
    recordAudit(ctx, { action: "onboarding.retry", subject: runId });
    queueRun(ctx, runId);
    return { ...(await getRun(ctx, runId)), ...(apiKey ? { apiKey } : {}) };
  });

/**
 * Completes `access.api_key` with a new key. Undefined when a worker performs the step now, or when a response has shown the
 * secret. Joins the caller's transaction.
 */
const renewFirstKey = async (ctx: Ctx, runId: Id<"onboarding">): Promise<Secrets["apiKey"]> => {
  const [step] = await ctx.db.select().from(stepTable).where(keyStep(ctx, runId)).for("update");
  if (!step || step.status === "running" || (step.status === "completed" && !isSecretLost(step.result)))
    return undefined;
  const apiKey = await replaceFirstKey(ctx, runId);
  await ctx.db
    .update(stepTable)
    .set({
      status: "completed",
      error: null,
      startedAt: step.startedAt ?? now(),
      finishedAt: now(),
      result: { apiKeyId: apiKey.id, isSecretShown: true },
    })
    .where(keyStep(ctx, runId));
  return apiKey;
};

/**
 * Notes that the response with the first key's secret is ready. False when the run has another first key by now, or none.
 * Joins the caller's transaction.
 */
export async function markSecretShown(ctx: Ctx, runId: Id<"onboarding">, id: Id<"apiKey">): Promise<boolean> {
  const rows = await ctx.db
    .update(stepTable)
    .set({ result: { apiKeyId: id, isSecretShown: true } })
    .where(and(keyStep(ctx, runId), sql`${stepTable.result} ->> 'apiKeyId' = ${id}`))
    .returning({ name: stepTable.name });
  return rows.length > 0;
}

const keyStep = (ctx: Ctx, runId: Id<"onboarding">) =>
  and(ownedSteps(ctx, runId), eq(stepTable.name, "access.api_key" satisfies StepName));

/** Queues the tenant's open runs, after an event that a step may wait for. */
export const advanceTenant = (ctx: Ctx): Promise<void> =>
  withTx(ctx, async (ctx) => {
    const open = and(ofTenant(ctx, runTable), inArray(runTable.status, ["running", "waiting"]));
    const runs = await ctx.db.select({ id: runTable.id }).from(runTable).where(open);
    for (const run of runs) queueRun(ctx, run.id);
  });
