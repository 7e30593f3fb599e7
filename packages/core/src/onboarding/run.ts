import { and, asc, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, withTx } from "../platform/context.ts";
import { ofTenant, ownedBy } from "../platform/database/rows.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import { Problem } from "../platform/problems.ts";
import type { StoredRequest } from "./new-tenant.ts";
import { runTable, stepTable } from "./onboarding.sql.ts";
import { stepNames } from "./steps/index.ts";

/** Objective for the duration of a run, without the time that it waits for the customer (O-1). */
const targetMs = 300_000;

export const Step = z.object({
  name: z.enum(stepNames),
  kind: z.enum(["automatic", "customer", "check"]),
  status: z.enum(["pending", "running", "waiting", "completed", "failed", "skipped"]),
  attempts: z.int(),
  startedAt: z.date().nullable().meta({ format: "date-time" }),
  finishedAt: z.date().nullable().meta({ format: "date-time" }),
  durationMs: z.int().nullable(),
  error: z.object({ message: z.string() }).nullable(),
  result: jsonObject.nullable(),
});
export type Step = z.output<typeof Step>;

export const Run = z.object({
  id: idSchema("onboarding"),
  tenantId: idSchema("tenant"),
  status: z.enum(["running", "waiting", "completed", "failed", "cancelled"]),
  steps: z.array(Step),
  /** Duration without the time that the run waits for the customer. */
  durationMs: z.int(),
  targetMs: z.int(),
  withinTarget: z.boolean(),
  createdAt: z.date().meta({ format: "date-time" }),
});
export type Run = z.output<typeof Run>;

/** @throws Problem `not-found` */
export const getRun = async (ctx: Ctx, runId: Id<"onboarding">): Promise<Run> => (await readRun(ctx, runId)).run;

/** The tenant's newest run. @throws Problem `not-found` */
export const currentRun = (ctx: Ctx): Promise<Run> =>
  withTx(ctx, async (ctx) => {
    const [run] = await ctx.db
      .select({ id: runTable.id })
      .from(runTable)
      .where(ofTenant(ctx, runTable))
      .orderBy(desc(runTable.id))
      .limit(1);
    if (!run) throw new Problem("not-found");
    return getRun(ctx, run.id);
  });

/** A run with the request that it was created from. @throws Problem `not-found` */
export const readRun = (ctx: Ctx, runId: Id<"onboarding">): Promise<{ run: Run; request: StoredRequest }> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db.select().from(runTable).where(ownedRun(ctx, runId));
    if (!row) throw new Problem("not-found");
    const steps = await ctx.db.select().from(stepTable).where(ownedSteps(ctx, runId)).orderBy(asc(stepTable.position));
    return { run: shape(ctx, row, steps), request: row.request };
  });

export const ownedRun = (ctx: Ctx, runId: Id<"onboarding">) => ownedBy(ctx, runTable, runId);
export const ownedSteps = (ctx: Ctx, runId: Id<"onboarding">) =>
  and(ofTenant(ctx, stepTable), eq(stepTable.runId, runId));

const shape = (ctx: Ctx, run: typeof runTable.$inferSelect, rows: (typeof stepTable.$inferSelect)[]): Run => {
  const steps = rows.map((row) =>
    Step.parse({
      ...row,
      durationMs: row.startedAt && row.finishedAt ? row.finishedAt.getTime() - row.startedAt.getTime() : null,
    }),
  );
  const startedAt = steps[0]?.startedAt ?? run.createdAt;
  const end = (run.finishedAt ?? now()).getTime();
  const customer = steps.find((step) => step.kind === "customer" && step.startedAt);
  const customerMs = customer?.startedAt ? (customer.finishedAt?.getTime() ?? end) - customer.startedAt.getTime() : 0;
  const durationMs = Math.max(0, end - startedAt.getTime() - customerMs);
  return Run.parse({
    id: run.id,
    tenantId: ctx.tenantId,
    status: run.status,
    steps,
    durationMs,
    targetMs,
    withinTarget: durationMs <= targetMs,
    createdAt: run.createdAt,
  });
};
