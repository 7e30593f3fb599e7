import { z } from "zod";
import { DocumentTask } from "../documents/index.ts";
import { JobTask } from "./job.ts";

export * from "./job.events.ts";
export * from "./job.ts";
export { type JobType, jobTypes } from "./kinds.ts";
export { runJob } from "./run.ts";
export * from "./sweep.ts";

/** Body of a vector-jobs message: a document that is too much for a function, or a job. */
export const Task = z.discriminatedUnion("kind", [DocumentTask, JobTask]);
