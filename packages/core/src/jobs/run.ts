import { and, eq, sql } from "drizzle-orm";
import { BuildUnderWay, DocumentFailure, type FailureCode, failures, type Maker } from "../documents/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { attemptsMax, LeaseLost, leaseOn } from "../platform/database/lease.ts";
import { ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import type { Id } from "../platform/id.ts";
import { EmbedderUnavailable } from "../platform/services/embedder.ts";
import { mustWait } from "../platform/tenant-state.ts";
import { JobCompleted, JobFailed } from "./job.events.ts";
import { jobTable as table } from "./job.sql.ts";
import { jobTypeOf, sendJob, startSuccessor } from "./job.ts";
import type { JobKind, Step } from "./kind.ts";
import type { JobType } from "./kinds.ts";
import { allows, move } from "./states.ts";

type Row = typeof table.$inferSelect;
type Claim = { id: Id<"job">; token: number; type: JobType; params: unknown };
/** The kinds that a worker runs, and how it makes the index of a document. */
export type Runner = { kinds: Partial<Record<JobType, JobKind>>; maker: Maker };

/** Of a worker whose kinds read no document. */
export const noMaker: Maker = () => Promise.reject(new Error("this worker reads no documents"));

/** The leases of jobs. */
export const lease = leaseOn(table);

/**
 * Runs the steps of a job from its checkpoint, until it ends, a user stops it, its tenant is suspended, or `signal` stops this worker;
 * then another worker continues, of a suspended tenant after the resume. Each step commits with its checkpoint under the lease's fencing token, so that a worker
 * that is killed loses one step at most.
 *
 * @throws LeaseHeld, and the errors of a step: the queue then delivers the message again.
 */
export async function runJob(ctx: Ctx, id: Id<"job">, runner: Runner, signal: AbortSignal): Promise<void> {
  const row = await claim(ctx, id);
  if (!row) return;
  const held: Claim = { id, token: row.leaseToken, type: jobTypeOf(row), params: row.params };
  const attempt = async (): Promise<void> => {
    try {
      await steps(ctx, held, row.checkpoint, runner, signal);
    } catch (error) {
      if (error instanceof LeaseLost) return;
      await giveBack(ctx, held, error);
      throw error;
    }
  };
  await lease.keep(ctx, ownedBy(ctx, table, id), held.token, attempt, { updatedAt: sql`app.now()` });
}

const steps = async (ctx: Ctx, held: Claim, from: unknown, runner: Runner, signal: AbortSignal): Promise<void> => {
  const kind = runner.kinds[held.type];
  if (!kind) throw new Error(`this worker does not run jobs of type ${held.type}`);
  let checkpoint = from;
  let pauseSeconds = 0;
  while (!signal.aborted) {
    const write = await kind.prepare(ctx, { id: held.id, params: held.params, checkpoint }, runner.maker, (ctx) =>
      assertHeld(ctx, held),
    );
    const step = await withTx(ctx, async (ctx) => {
      await assertHeld(ctx, held);
      if (await mustWait(ctx)) return undefined;
      const step = await write(ctx);
      await advance(ctx, held, step);
      return step;
    });
    if (!step) break;
    if (step.isLast) return;
    checkpoint = step.checkpoint;
    pauseSeconds = step.pauseSeconds ?? 0;
    if (pauseSeconds > 0) break;
  }
  await withTx(ctx, async (ctx) => {
    const row = await move(ctx, mine(ctx, held), "yield", "queued", { leaseUntil: null, attempts: 0 });
    if (row) sendJob(ctx, row, pauseSeconds);
  });
};

const mine = (ctx: Ctx, { id, token }: Claim) => lease.held(ownedBy(ctx, table, id), token);

/**
 * Takes the job's lease; undefined when it has ended, is paused, or does not exist. The message of a suspended tenant goes back to the
 * outbox, which holds it.
 *
 * @throws LeaseHeld
 */
const claim = (ctx: Ctx, id: Id<"job">): Promise<Row | undefined> =>
  withTx(ctx, async (ctx) => {
    const job = ownedBy(ctx, table, id);
    const [row] = await ctx.db.select().from(table).where(job).for("update");
    if (!row || !allows("claim", row.status)) return undefined;
    if (await mustWait(ctx)) {
      sendJob(ctx, row);
      return undefined;
    }
    await lease.claim(ctx, job);
    if (row.attempts >= attemptsMax) {
      await fail(ctx, row, "internal");
      return undefined;
    }
    const startedAt = row.startedAt ?? now();
    return move(ctx, job, "claim", "running", { claimedAt: now(), claimedDone: row.done, startedAt });
  });

/** Locks the job for the rest of the transaction. @throws LeaseLost also when the job was paused or cancelled */
const assertHeld = (ctx: Ctx, { id, token }: Claim): Promise<void> =>
  lease.assertHeld(ctx, and(ownedBy(ctx, table, id), eq(table.status, "running")), token);

const advance = async (ctx: Ctx, held: Claim, step: Step): Promise<void> => {
  const { checkpoint, done = 0, total, result } = step;
  const progress = {
    checkpoint,
    done: sql`${table.done} + ${done}`,
    // The total grows with work that was added after the start.
    total:
      total ?? sql`case when ${table.total} is not null then greatest(${table.total}, ${table.done} + ${done}) end`,
    attempts: 0,
    ...(result ? { result } : {}),
  };
  if (!step.isLast) {
    await lease.extend(ctx, ownedBy(ctx, table, held.id), held.token, { ...progress, updatedAt: now() });
    return;
  }
  const row = await move(ctx, mine(ctx, held), "complete", "completed", {
    ...progress,
    leaseUntil: null,
    finishedAt: now(),
  });
  recordAudit(ctx, { action: "job.complete", subject: held.id });
  // `assertHeld` has locked the job in a state that allows the transition, so there is a row.
  publish(ctx, JobCompleted, held.id, { jobType: held.type, done: row!.done });
  const { successor } = step;
  if (successor) await startSuccessor(ctx, successor);
};

/** Ends the lease after a step threw. The next message repeats the step; after too many attempts the job fails. */
const giveBack = (ctx: Ctx, held: Claim, error: unknown): Promise<void> =>
  withTx(ctx, async (ctx) => {
    // Waiting for another worker's index build does not count as a failed attempt.
    const changes = error instanceof BuildUnderWay ? { attempts: 0 } : {};
    const row = await lease.release(ctx, ownedBy(ctx, table, held.id), held.token, changes);
    if (!row || row.attempts < attemptsMax) return;
    await fail(ctx, held, codeOf(error));
  });

const codeOf = (error: unknown): FailureCode => {
  if (error instanceof EmbedderUnavailable) return "embedder-unavailable";
  return error instanceof DocumentFailure ? error.code : "internal";
};

/** Joins the caller's transaction, which has locked the row. */
const fail = async (ctx: Ctx, job: { id: Id<"job">; type: string }, code: FailureCode): Promise<void> => {
  const { message, hint, retryable } = failures[code];
  const failure = { code, message, hint, retryable };
  if (
    !(await move(ctx, ownedBy(ctx, table, job.id), "fail", "failed", { failure, leaseUntil: null, finishedAt: now() }))
  )
    return;
  recordAudit(ctx, { action: "job.fail", subject: job.id, detail: { code } });
  publish(ctx, JobFailed, job.id, { jobType: job.type, code, retryable });
};
