import { and, asc, desc, eq, type SQL } from "drizzle-orm";
import { z } from "zod";
import { now } from "../platform/clock.ts";
import { type Ctx, type Db, withPlatformTx, withTx } from "../platform/context.ts";
import { ofTenant, ownedBy } from "../platform/database/rows.ts";
import { type Id, idSchema } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import { Problem } from "../platform/problems.ts";
import { readableResult } from "./first-answer.ts";
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
  /** The run is completed, and took no longer than `targetMs`. */
  withinTarget: z.boolean(),
  createdAt: z.date().meta({ format: "date-time" }),
});
export type Run = z.output<typeof Run>;

/** `request` is null when it is forgotten. */
type StoredRun = { run: Run; request: StoredRequest | null };

/** The run as the caller may see it. @throws Problem `not-found` */
export const getRun = (ctx: Ctx, runId: Id<"onboarding">): Promise<Run> =>
  withTx(ctx, async (ctx) => readableBy(ctx, await readRun(ctx, runId)));

/** The tenant's newest run as the caller may see it. @throws Problem `not-found` */
export const currentRun = (ctx: Ctx): Promise<Run> =>
  withTx(ctx, async (ctx) => readableBy(ctx, await newestRun(ctx.db, ofTenant(ctx, runTable))));

/**
 * A tenant's newest run, for operators outside the tenant, who may read none of its documents.
 *
 * @throws Problem `not-found`
 */
export const findRun = (ctx: Ctx, tenantId: Id<"tenant">): Promise<Run> =>
  withPlatformTx(ctx, async (db) => readableBy(null, await newestRun(db, eq(runTable.tenantId, tenantId))));

/** A run as it is stored, with the request that it was created from. @throws Problem `not-found` */
export const readRun = (ctx: Ctx, runId: Id<"onboarding">): Promise<StoredRun> =>
  withTx(ctx, (ctx) => newestRun(ctx.db, ownedRun(ctx, runId)));

const newestRun = async (db: Db, wanted: SQL): Promise<StoredRun> => {
  const [row] = await db.select().from(runTable).where(wanted).orderBy(desc(runTable.id)).limit(1);
  if (!row) throw new Problem("not-found");
  const ofRun = and(eq(stepTable.tenantId, row.tenantId), eq(stepTable.runId, row.id));
  const steps = await db.select().from(stepTable).where(ofRun).orderBy(asc(stepTable.position));
  return { run: shape(row, steps), request: row.request };
};

const readableBy = async (reader: Ctx | null, { run }: StoredRun): Promise<Run> => {
  const steps: Step[] = [];
  for (const step of run.steps) {
    const result = step.result && (await readableResult(reader, step.result));
    steps.push({ ...step, result });
  }
  return { ...run, steps };
};

export const ownedRun = (ctx: Ctx, runId: Id<"onboarding">) => ownedBy(ctx, runTable, runId);
export const ownedSteps = (ctx: Ctx, runId: Id<"onboarding">) =>
  and(ofTenant(ctx, stepTable), eq(stepTable.runId, runId));

const shape = (run: typeof runTable.$inferSelect, rows: (typeof stepTable.$inferSelect)[]): Run => {
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
    tenantId: run.tenantId,
    status: run.status,
    steps,
    durationMs,
    targetMs,
    withinTarget: run.status === "completed" && durationMs <= targetMs,
    createdAt: run.createdAt,
  });
};
