import { and, eq, sql } from "drizzle-orm";
import { now } from "../platform/clock.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { publish } from "../platform/events.ts";
import type { Id } from "../platform/id.ts";
import { Problem } from "../platform/problems.ts";
import { describeError, logger } from "../platform/telemetry.ts";
import { mustWait } from "../platform/tenant-state.ts";
import { OnboardingCompleted, OnboardingFailed } from "./onboarding.events.ts";
import { runTable, stepTable } from "./onboarding.sql.ts";
import { queueRun } from "./resume.ts";
import { ownedRun, ownedSteps, readRun } from "./run.ts";
import { type StepName, stepNames, steps } from "./steps/index.ts";
import { type StepAttempt, StepFailed, type StoredResult, waiting } from "./steps/step.ts";

/**
 * Performs every step that can run now, until none is left or all of them wait. May be repeated, and several workers may
 * do it at the same time: `perform` lets one of them have each step. While the tenant is suspended no step begins, and the relay holds the
 * run's message.
 */
export async function advanceRun(ctx: Ctx, runId: Id<"onboarding">): Promise<void> {
  // Each round completes at least one step or is the last one.
  for (let round = 0; round < stepNames.length; round++) {
    const { run, request } = await readRun(ctx, runId);
    // A run whose request is forgotten is over.
    if (run.status === "completed" || run.status === "cancelled" || !request) return;
    const status = new Map(run.steps.map((step) => [step.name, step.status]));
    const isDone = (name: StepName) =>
      !status.has(name) || status.get(name) === "completed" || status.get(name) === "skipped";
    const runnable = run.steps.filter(
      (step) => (step.status === "pending" || step.status === "waiting") && steps[step.name].waitsFor.every(isDone),
    );
    const results = new Map(run.steps.map((step) => [step.name, step.result ?? {}]));
    let hasCompleted = false;
    for (const { name } of runnable) {
      if (await mustWait(ctx)) return withTx(ctx, async (ctx) => queueRun(ctx, runId));
      hasCompleted = (await perform(ctx, { runId, name, request, results })) || hasCompleted;
    }
    if (!hasCompleted) break;
  }
  await settle(ctx, runId);
}

/** Claims the step, does its work outside any transaction, and stores the outcome. True when the step is completed. */
export async function perform(
  ctx: Ctx,
  { name, ...attempt }: Omit<StepAttempt, "kept" | "keep"> & { name: StepName },
): Promise<boolean> {
  const { runId } = attempt;
  const kept = await claim(ctx, runId, name);
  if (kept === undefined) return false;
  try {
    const keep: StepAttempt["keep"] = (ctx, result) => store(ctx, runId, name, { result });
    const outcome = await steps[name].work(ctx, { ...attempt, kept, keep });
    if (outcome === waiting) {
      await store(ctx, runId, name, { status: "waiting" });
      return false;
    }
    await store(ctx, runId, name, { status: "completed", finishedAt: now(), result: outcome });
    return true;
  } catch (error) {
    const isForeseen = error instanceof StepFailed || error instanceof Problem;
    if (!isForeseen) logger.error("onboarding step failed", { step: name, ...describeError(error) });
    const message = isForeseen ? error.message : "Something went wrong on our side; retry the run.";
    await store(ctx, runId, name, { status: "failed", finishedAt: now(), error: { message } });
    return false;
  }
}

/** Marks the step as running and returns what it has kept; undefined when another worker has it, or it is over. */
const claim = (ctx: Ctx, runId: Id<"onboarding">, name: StepName): Promise<StoredResult | undefined> =>
  withTx(ctx, async (ctx) => {
    const wanted = and(ownedSteps(ctx, runId), eq(stepTable.name, name));
    const [step] = await ctx.db.select().from(stepTable).where(wanted).for("update");
    if (!step || (step.status !== "pending" && step.status !== "waiting")) return undefined;
    const attempts = step.status === "pending" ? step.attempts + 1 : step.attempts;
    await ctx.db
      .update(stepTable)
      .set({ status: "running", attempts, startedAt: step.startedAt ?? now(), claimedAt: sql`app.now()` })
      .where(wanted);
    // `keep` stores objects.
    return (step.result ?? {}) as StoredResult;
  });

const store = async (
  ctx: Ctx,
  runId: Id<"onboarding">,
  name: StepName,
  outcome: Partial<typeof stepTable.$inferInsert>,
): Promise<void> => {
  const running = and(ownedSteps(ctx, runId), eq(stepTable.name, name), eq(stepTable.status, "running"));
  await withTx(ctx, (ctx) => ctx.db.update(stepTable).set(outcome).where(running));
};

/** Derives the run's status from its steps, and publishes one event when the run completes or fails. */
const settle = (ctx: Ctx, runId: Id<"onboarding">): Promise<void> =>
  withTx(ctx, async (ctx) => {
    await ctx.db.select({ id: runTable.id }).from(runTable).where(ownedRun(ctx, runId)).for("update");
    const { run } = await readRun(ctx, runId);
    const failed = run.steps.find((step) => step.status === "failed");
    const open = run.steps.filter((step) => step.status !== "completed" && step.status !== "skipped");
    // The first answer waits for a document of the customer that has it.
    const waitsForCustomer = open.some(
      (step) => (step.kind === "customer" || step.name === "search.first_answer") && step.status === "waiting",
    );
    const status = failed ? "failed" : open.length === 0 ? "completed" : waitsForCustomer ? "waiting" : "running";
    if (status === run.status) return;
    const finishedAt = status === "completed" || status === "failed" ? now() : null;
    // No step needs the request any more. A failed run may be retried, and the sweep forgets its request later.
    const forgotten = status === "completed" ? { request: null } : {};
    await ctx.db
      .update(runTable)
      .set({ status, finishedAt, ...forgotten })
      .where(ownedRun(ctx, runId));
    const { durationMs, withinTarget } = (await readRun(ctx, runId)).run;
    if (status === "completed") publish(ctx, OnboardingCompleted, runId, { durationMs, withinTarget });
    if (failed) publish(ctx, OnboardingFailed, runId, { step: failed.name, message: failed.error?.message ?? "" });
  });
