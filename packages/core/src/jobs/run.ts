import { and, eq, sql } from "drizzle-orm";
import { type Budget, BuildUnderWay, type FailureCode, failures } from "../documents/index.ts";
import { now } from "../platform/clock.ts";
import { type Ctx, recordAudit, withTx } from "../platform/context.ts";
import { publish } from "../platform/events.ts";
import type { Id } from "../platform/id.ts";
import { EmbedderUnavailable } from "../platform/services/embedder.ts";
import { describeError, logger } from "../platform/telemetry.ts";
import { JobCompleted, JobFailed } from "./job.events.ts";
import { jobTable as table } from "./job.sql.ts";
import { owned, sendJob, start } from "./job.ts";
import type { JobKind, Step } from "./kind.ts";
import { type JobType, kinds } from "./kinds.ts";
import { move, transitions } from "./states.ts";

/** A killed worker holds its job this long; a living one renews three times meanwhile. */
const leaseSeconds = 30;
const renewSeconds = 10;
/** Claims without a single step between them after which a job fails. */
const attemptsMax = 5;

type Row = typeof table.$inferSelect;
type Claim = { id: Id<"job">; token: number; type: JobType; params: unknown };

/** Somebody else holds the job; the message comes back later. */
export class JobHeld extends Error {
  override readonly name = "JobHeld";
}
/** The job was paused, cancelled or taken by another worker: what this one prepared is dropped. */
class JobLost extends Error {
  override readonly name = "JobLost";
}

/**
 * Takes a job on from its checkpoint, step by step, until it ends, somebody stops it, or `signal` says that this worker
 * must go: then another one goes on. Each step commits with its checkpoint under the lease's fencing token, so that
 * killing the worker anywhere costs one step.
 *
 * @throws JobHeld, and what a step throws: the message comes back.
 */
export async function runJob(ctx: Ctx, id: Id<"job">, budget: Budget, signal: AbortSignal): Promise<void> {
  const row = await claim(ctx, id);
  if (!row) return;
  const held: Claim = { id, token: row.leaseToken, type: row.type as JobType, params: row.params };
  const renewal = setInterval(
    () => renew(ctx, held).catch((error) => logger.warn("lease not renewed", describeError(error))),
    renewSeconds * 1000,
  );
  try {
    await steps(ctx, held, row.checkpoint, budget, signal);
  } catch (error) {
    if (error instanceof JobLost) return;
    await giveBack(ctx, held, error);
    throw error;
  } finally {
    clearInterval(renewal);
  }
}

const steps = async (ctx: Ctx, held: Claim, from: unknown, budget: Budget, signal: AbortSignal): Promise<void> => {
  const kind: JobKind = kinds[held.type];
  let checkpoint = from;
  while (!signal.aborted) {
    const write = await kind.prepare(ctx, { id: held.id, params: held.params, checkpoint }, budget);
    const step = await withTx(ctx, async (ctx) => {
      await assertHeld(ctx, held);
      const step = await write(ctx);
      await advance(ctx, held, step);
      return step;
    });
    if (step.isLast) return;
    checkpoint = step.checkpoint;
  }
  await withTx(ctx, async (ctx) => {
    if (await move(ctx, mine(ctx, held), "yield", { leaseUntil: null, attempts: 0 })) sendJob(ctx, held.id);
  });
};

const mine = (ctx: Ctx, { id, token }: Claim) => and(owned(ctx, id), eq(table.leaseToken, token));
const leaseEnd = sql`app.now() + make_interval(secs => ${leaseSeconds})`;

/** Undefined when there is nothing to do: ended, paused, or never there. */
const claim = (ctx: Ctx, id: Id<"job">): Promise<Row | undefined> =>
  withTx(ctx, async (ctx) => {
    const [row] = await ctx.db.select().from(table).where(owned(ctx, id)).for("update");
    const claimable: readonly string[] = transitions.claim.from;
    if (!row || !claimable.includes(row.status)) return undefined;
    if (row.leaseUntil && row.leaseUntil > now()) throw new JobHeld("another worker has this job");
    if (row.attempts >= attemptsMax) {
      await fail(ctx, { id, type: row.type }, "internal");
      return undefined;
    }
    return move(ctx, owned(ctx, id), "claim", {
      leaseToken: row.leaseToken + 1,
      leaseUntil: leaseEnd,
      attempts: row.attempts + 1,
      claimedAt: now(),
      claimedDone: row.done,
      startedAt: row.startedAt ?? now(),
    });
  });

const renew = (ctx: Ctx, held: Claim): Promise<unknown> =>
  withTx(ctx, (ctx) =>
    ctx.db
      .update(table)
      .set({ leaseUntil: leaseEnd, updatedAt: now() })
      .where(and(mine(ctx, held), eq(table.status, "running"))),
  );

/** Holds the job still for the rest of the transaction. @throws JobLost */
const assertHeld = async (ctx: Ctx, held: Claim): Promise<void> => {
  const [row] = await ctx.db
    .select({ id: table.id })
    .from(table)
    .where(and(mine(ctx, held), eq(table.status, "running")))
    .for("update");
  if (!row) throw new JobLost("the job is not ours any more");
};

const advance = async (ctx: Ctx, held: Claim, step: Step): Promise<void> => {
  const { checkpoint, done = 0, total, result } = step;
  const progress = {
    checkpoint,
    done: sql`${table.done} + ${done}`,
    // What came meanwhile counts too.
    total:
      total ?? sql`case when ${table.total} is not null then greatest(${table.total}, ${table.done} + ${done}) end`,
    attempts: 0,
    ...(result ? { result } : {}),
  };
  if (!step.isLast) {
    await ctx.db
      .update(table)
      .set({ ...progress, leaseUntil: leaseEnd, updatedAt: now() })
      .where(mine(ctx, held));
    return;
  }
  const row = await move(ctx, mine(ctx, held), "complete", { ...progress, leaseUntil: null, finishedAt: now() });
  recordAudit(ctx, { action: "job.complete", subject: held.id });
  publish(ctx, JobCompleted, held.id, { jobType: held.type, done: row!.done });
  const { successor } = step;
  if (successor) await start(ctx, successor.type, {}, successor.delaySeconds);
};

/** A step threw: the next message may try again, until none has come further for too often. */
const giveBack = (ctx: Ctx, held: Claim, error: unknown): Promise<void> =>
  withTx(ctx, async (ctx) => {
    // Waiting for somebody else's build is no failed attempt.
    const changes = { leaseUntil: null, ...(error instanceof BuildUnderWay ? { attempts: 0 } : {}) };
    const [row] = await ctx.db.update(table).set(changes).where(mine(ctx, held)).returning();
    if (!row || row.attempts < attemptsMax) return;
    await fail(ctx, held, error instanceof EmbedderUnavailable ? "embedder-unavailable" : "internal");
  });

/** Joins the caller's transaction, which holds the row. */
const fail = async (ctx: Ctx, job: { id: Id<"job">; type: string }, code: FailureCode): Promise<void> => {
  const { message, hint, retryable } = failures[code];
  const failure = { code, message, hint, retryable };
  if (!(await move(ctx, owned(ctx, job.id), "fail", { failure, leaseUntil: null, finishedAt: now() }))) return;
  recordAudit(ctx, { action: "job.fail", subject: job.id, detail: { code } });
  publish(ctx, JobFailed, job.id, { jobType: job.type, code, retryable });
};
