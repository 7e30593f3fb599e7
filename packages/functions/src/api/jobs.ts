import { z } from "@hono/zod-openapi";
import * as jobs from "@resolve/core/jobs";
import type { Id } from "@resolve/core/platform/id";
import { forbidden } from "@resolve/core/platform/problems";
import type { Context } from "hono";
import { assertOwn, isLimitedToOwn, newRouter, secured } from "./app.ts";
import type { Env } from "./env.ts";
import {
  body,
  json,
  pageOf,
  pageQuery,
  pageSchema,
  pathId,
  problems,
  requireId,
  waitFor,
  waitQuery,
} from "./responses.ts";

export const Job = jobs.Job.meta({ id: "Job" });
/** Routes of long-running jobs. A caller with a limited grant sees and changes only its own jobs. */
const params = z.object({ jobId: pathId("job") });
const read = { permission: "job:read", scope: "tenant" } as const;
const write = { permission: "job:write", scope: "tenant" } as const;

const create = secured({
  method: "post",
  path: "/v1/jobs",
  operationId: "createJob",
  summary: "Start long-running work: another embedding model, reading all originals again, or a new vector index",
  description:
    "`reembed` computes the vectors of another model beside the existing ones, and then search uses them; search works all the time. `reindex` reads the originals of all live versions again. `index` rebuilds the tenant's HNSW index; the first index is built automatically when exact search would be slower. A tenant has at most one unfinished job of each type.",
  access: write,
  replay: async (c, { subject }) => c.json({ job: await jobs.get(c.var.ctx, requireId("job", subject)) }, 202),
  request: body(jobs.NewJob.meta({ id: "NewJob" })),
  responses: {
    202: json("Queued", z.object({ job: Job })),
    ...problems("invalid-request", "job-conflict", "limit-reached"),
  },
});

const list = secured({
  method: "get",
  path: "/v1/jobs",
  operationId: "listJobs",
  summary: "List jobs, newest first",
  access: read,
  request: { query: pageQuery("job").extend(jobs.JobFilter) },
  responses: { 200: json("One page", pageSchema(Job)), ...problems("invalid-request") },
});

const get = secured({
  method: "get",
  path: "/v1/jobs/{jobId}",
  operationId: "getJob",
  summary:
    "One job with its progress, rate and remaining time; with `waitSeconds` the response waits until it is neither queued nor running",
  access: read,
  request: { params, query: waitQuery },
  responses: { 200: json("The job", Job), ...problems("not-found", "invalid-request") },
});

const action = <const P extends "pause" | "resume" | "cancel">(name: P, summary: string) =>
  secured({
    method: "post",
    path: `/v1/jobs/{jobId}/${name}`,
    operationId: `${name}Job`,
    summary,
    access: write,
    replay: async (c) => c.json(await jobs.get(c.var.ctx, requireId("job", c.req.param("jobId") ?? "")), 200),
    request: { params },
    responses: { 200: json("The job", Job), ...problems("not-found", "job-conflict") },
  });
const pause = action("pause", "Pause a job; its checkpoint is kept");
const resume = action("resume", "Continue a paused or failed job from its checkpoint");
const cancel = action("cancel", "Cancel a job; its incomplete results are removed");

/**
 * The id in the path. A tenant that stopped a job of the system would keep vectors that nobody uses, or search without an index.
 *
 * @throws Problem `not-found`, and `forbidden` when the system started the job and the caller is no operator
 */
const controlledId = async (c: Context<Env>): Promise<Id<"job">> => {
  const id = requireId("job", c.req.param("jobId") ?? "");
  if (!c.var.caller.isPlatform && (await jobs.isOfSystem(c.var.ctx, id)))
    throw forbidden("job:write", "The system started this job; only an operator may pause, resume or cancel it.");
  return id;
};

const unsettled = new Set(["queued", "running"]);

export const jobsRouter = newRouter()
  .openapi(create, async (c) => c.json({ job: await jobs.create(c.var.ctx, c.req.valid("json")) }, 202))
  .openapi(list, async (c) => {
    const { status, type, ...page } = c.req.valid("query");
    const owner = isLimitedToOwn(c, "job:read") ? c.var.caller.actorName : undefined;
    return c.json(await jobs.list(c.var.ctx, pageOf<"job">(page), { status, type, owner }), 200);
  })
  .openapi(get, async (c) => {
    const id = requireId("job", c.req.valid("param").jobId);
    if (isLimitedToOwn(c, "job:read")) assertOwn(c, "job:read", await jobs.ownerOf(c.var.ctx, id));
    const job = await waitFor(
      c.req.valid("query").waitSeconds,
      () => jobs.get(c.var.ctx, id),
      ({ status }) => !unsettled.has(status),
    );
    return c.json(job, 200);
  })
  .openapi(pause, async (c) => c.json(await jobs.pause(c.var.ctx, await controlledId(c)), 200))
  .openapi(resume, async (c) => c.json(await jobs.resume(c.var.ctx, await controlledId(c)), 200))
  .openapi(cancel, async (c) => c.json(await jobs.cancel(c.var.ctx, await controlledId(c)), 200));
