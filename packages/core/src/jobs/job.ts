import { and, eq, inArray, ne } from "drizzle-orm";
import { z } from "zod";
import { assertBelowLimit } from "../identity/index.ts";
import { now } from "../platform/clock.ts";
import { actorName, type Ctx, enqueue, recordAudit, withTx } from "../platform/context.ts";
import { type Changes, listPage, ofTenant, ownedBy } from "../platform/database/rows.ts";
import { publish } from "../platform/events.ts";
import { type Id, idSchema, newId } from "../platform/id.ts";
import { jsonObject } from "../platform/json.ts";
import type { Page, PageOf } from "../platform/page.ts";
import { Problem } from "../platform/problems.ts";
import { models } from "../platform/services/embedder.ts";
import { JobCancelled, JobCreated } from "./job.events.ts";
import { jobTable as table } from "./job.sql.ts";
import type { Successor } from "./kind.ts";
import { type JobType, jobTypes, kinds, queueOf } from "./kinds.ts";
import { conflict, move, statuses, transitions } from "./states.ts";

const moment = z.date().meta({ format: "date-time" });

/** Long-running work of a tenant as the API shows it. */
export const Job = z.object({
  id: idSchema("job"),
  type: z.enum(jobTypes),
  status: z.enum(statuses),
  params: jsonObject,
  progress: z.object({
    done: z.int(),
    /** Known once the first step is done. */
    total: z.int().nullable(),
    unit: z.string(),
    /** The rate of the current worker. */
    ratePerSecond: z.number().nullable(),
    etaSeconds: z.int().nullable(),
  }),
  /** What the job did, e.g. documents that could not be read again. */
  result: jsonObject.nullable(),
  failure: z.object({ code: z.string(), message: z.string(), hint: z.string(), retryable: z.boolean() }).nullable(),
  createdAt: moment,
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  /** The time of the last step, or of its worker's last heartbeat. */
  updatedAt: moment,
});
export type Job = z.output<typeof Job>;

/** Jobs that a tenant can start. */
export const NewJob = z.discriminatedUnion("type", [
  /** Changes the embedding model: new vectors beside the old ones, then search uses them, then the old ones are removed. */
  z.strictObject({ type: z.literal("reembed"), model: z.string().min(1).max(128) }),
  /** Reads every original again with the present readers. */
  z.strictObject({
    type: z.literal("reindex"),
    /** Only documents that readers of an older version have read. */
    readerVersionBelow: z.union([z.literal("current"), z.int().min(1).max(1_000_000)]).optional(),
  }),
  /** Builds the HNSW index of the tenant's vectors again, e.g. when its recall has fallen. */
  z.strictObject({ type: z.literal("index") }),
]);
export type NewJob = z.output<typeof NewJob>;

/** Body of a message about a job. */
export const JobTask = z.object({
  kind: z.literal("job"),
  tenantId: idSchema("tenant"),
  jobId: idSchema("job"),
  traceparent: z.string(),
  tracestate: z.string().optional(),
});

type Row = typeof table.$inferSelect;

/** Only `start` inserts jobs, so the column contains a JobType. */
export const jobTypeOf = (row: Row): JobType => row.type as JobType;

const shape = (row: Row): Job => {
  const type = jobTypeOf(row);
  const seconds = row.claimedAt ? (row.updatedAt.getTime() - row.claimedAt.getTime()) / 1000 : 0;
  const isMoving = row.status === "running" && seconds > 0 && row.done > row.claimedDone;
  const rate = isMoving ? (row.done - row.claimedDone) / seconds : null;
  const left = row.total === null ? null : Math.max(0, row.total - row.done);
  return Job.parse({
    ...row,
    progress: {
      done: row.done,
      total: row.total,
      unit: kinds[type].unit,
      ratePerSecond: rate && Math.round(rate * 10) / 10,
      etaSeconds: rate && left !== null ? Math.ceil(left / rate) : null,
    },
  });
};

/** Starts a job. @throws Problem `invalid-request` for an unknown model, `job-conflict` when one of its type is unfinished */
export const create = (ctx: Ctx, { type, ...params }: NewJob): Promise<Job> =>
  withTx(ctx, async (ctx) => {
    if ("model" in params && !models().includes(params.model))
      throw new Problem("invalid-request", undefined, {
        errors: [{ path: "/model", message: `must be one of ${models().join(", ")}` }],
      });
    await assertBelowLimit(ctx, "jobs", table, inArray(table.status, ["queued", "running", "paused"]));
    const row = await start(ctx, type, params);
    if (row) return shape(row);
    return refuseSecond(ctx, type);
  });

/**
 * Starts a job of a later domain about a subject. Joins the caller's transaction.
 *
 * @throws Problem `limit-reached`, `job-conflict` when one about this subject is unfinished
 */
export async function startAbout(
  ctx: Ctx,
  type: JobType,
  subject: string,
  params: Record<string, unknown>,
): Promise<Job> {
  await assertBelowLimit(ctx, "jobs", table, inArray(table.status, ["queued", "running", "paused"]));
  const row = await start(ctx, type, params, { subject });
  return row ? shape(row) : refuseSecond(ctx, type, subject);
}

/** Queues a job unless the tenant has one of its type and subject. Joins the caller's transaction. */
export async function start(
  ctx: Ctx,
  type: JobType,
  params: Record<string, unknown> = {},
  { delaySeconds = 0, subject = "", owner = actorName(ctx.actor) } = {},
): Promise<Row | undefined> {
  const [row] = await ctx.db
    .insert(table)
    .values({ tenantId: ctx.tenantId, id: newId("job"), type, subject, params, owner })
    .onConflictDoNothing()
    .returning();
  if (!row) return undefined;
  const { id } = row;
  recordAudit(ctx, { action: "job.create", subject: id, detail: { type, ...params } });
  publish(ctx, JobCreated, id, { jobType: type });
  sendJob(ctx, row, delaySeconds);
  return row;
}

/** Queues the job that follows another one. It is the system's, whoever started or cancelled the other. */
export const startSuccessor = (ctx: Ctx, { type, delaySeconds }: Successor): Promise<Row | undefined> =>
  start(ctx, type, {}, { delaySeconds, owner: "system:successor" });

/** Sends the message that makes a worker run the job. Joins the caller's transaction. */
export const sendJob = (ctx: Ctx, job: Row, delaySeconds = 0): void => {
  const body: z.output<typeof JobTask> = {
    kind: "job",
    tenantId: ctx.tenantId,
    jobId: job.id,
    traceparent: ctx.traceparent,
  };
  enqueue(ctx, { topic: queueOf(jobTypeOf(job)), body, delaySeconds });
};

/** @throws Problem `not-found` */
export const get = (ctx: Ctx, id: Id<"job">): Promise<Job> => withTx(ctx, async (ctx) => shape(await rowOf(ctx, id)));

/** Who started the job, as the audit log names actors. @throws Problem `not-found` */
export const ownerOf = (ctx: Ctx, id: Id<"job">): Promise<string> =>
  withTx(ctx, async (ctx) => (await rowOf(ctx, id)).owner);

/** @throws Problem `not-found` */
export const isOfSystem = async (ctx: Ctx, id: Id<"job">): Promise<boolean> =>
  (await ownerOf(ctx, id)).startsWith("system:");

export const JobFilter = { status: z.enum(statuses).optional(), type: z.enum(jobTypes).optional() };
type JobFilter = { status?: Job["status"] | undefined; type?: JobType | undefined; owner?: string | undefined };

/** Newest first. */
export const list = (ctx: Ctx, page: Page<"job">, filter: JobFilter = {}): Promise<PageOf<Job>> =>
  withTx(ctx, (ctx) =>
    listPage(
      ctx,
      table,
      page,
      shape,
      filter.status ? eq(table.status, filter.status) : undefined,
      filter.type ? eq(table.type, filter.type) : undefined,
      filter.owner ? eq(table.owner, filter.owner) : undefined,
    ),
  );

/** Jobs that have not ended; a tenant has few. Joins the caller's transaction. */
export const countUnfinished = (ctx: Ctx): Promise<number> =>
  ctx.db.$count(table, and(ofTenant(ctx, table), inArray(table.status, ["queued", "running", "paused"])));

/** Pauses the job: the step that is running is dropped. @throws Problem `not-found`, `job-conflict` */
export const pause = (ctx: Ctx, id: Id<"job">): Promise<Job> => act(ctx, id, "pause", { leaseUntil: null });

/** Continues from the checkpoint, also after a failure. @throws Problem `not-found`, `job-conflict` */
export const resume = (ctx: Ctx, id: Id<"job">): Promise<Job> =>
  act(ctx, id, "resume", { attempts: 0, failure: null, finishedAt: null }, (ctx, row) => sendJob(ctx, row));

/** Cancels the job; unfinished results are removed. @throws Problem `not-found`, `job-conflict` */
export const cancel = (ctx: Ctx, id: Id<"job">): Promise<Job> =>
  act(ctx, id, "cancel", { leaseUntil: null, finishedAt: now() }, async (ctx, row) => {
    publish(ctx, JobCancelled, id, { jobType: row.type });
    const successor = await kinds[jobTypeOf(row)].abandon?.(ctx);
    if (successor) await startSuccessor(ctx, successor);
  });

const act = (
  ctx: Ctx,
  id: Id<"job">,
  transition: "pause" | "resume" | "cancel",
  changes: Changes<typeof table>,
  also: (ctx: Ctx, row: Row) => Promise<void> | void = () => {},
): Promise<Job> =>
  withTx(ctx, async (ctx) => {
    const current = await rowOf(ctx, id);
    // A failed job that is resumed is unfinished again, and another job of its type may be unfinished too.
    if (transition === "resume") await assertOnly(ctx, jobTypeOf(current), current.subject, current.id);
    const row = await move(ctx, ownedBy(ctx, table, id), transition, transitions[transition].to[0], changes);
    if (!row) throw conflict(transition, current.status);
    recordAudit(ctx, { action: `job.${transition}`, subject: id });
    await also(ctx, row);
    return shape(row);
  });

/** @throws Problem `job-conflict`: the job that was unfinished when the insert was refused may have ended since. */
const refuseSecond = async (ctx: Ctx, type: JobType, subject = ""): Promise<never> => {
  await assertOnly(ctx, type, subject);
  throw new Problem("job-conflict", `A job of type ${type} has just ended; try again.`);
};

/** @throws Problem `job-conflict` when another job of the type and subject is unfinished. */
const assertOnly = async (ctx: Ctx, type: JobType, subject: string, except?: Id<"job">): Promise<void> => {
  const unfinished = [
    eq(table.type, type),
    eq(table.subject, subject),
    inArray(table.status, ["queued", "running", "paused"]),
  ];
  const [other] = await ctx.db
    .select()
    .from(table)
    .where(and(ofTenant(ctx, table), ...unfinished, except ? ne(table.id, except) : undefined));
  if (!other) return;
  throw new Problem("job-conflict", `A job of type ${type} is not finished.`, { state: other.status, jobId: other.id });
};

const rowOf = async (ctx: Ctx, id: Id<"job">): Promise<Row> => {
  const [row] = await ctx.db
    .select()
    .from(table)
    .where(ownedBy(ctx, table, id));
  if (!row) throw new Problem("not-found");
  return row;
};
