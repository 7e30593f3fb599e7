import { z } from "zod";
import { DocumentTask } from "../documents/index.ts";
import { JobTask } from "./job.ts";

export * from "./job.events.ts";
export * from "./job.ts";
export type { JobKind, Step } from "./kind.ts";
export { functionKinds, type JobType, jobTypes, queueOf, vectorKinds } from "./kinds.ts";
export { noMaker, type Runner, runJob } from "./run.ts";
export * from "./sweep.ts";

/** Body of a vector-jobs message: a document that is too much for a function, or a job. */
export const Task = z.discriminatedUnion("kind", [DocumentTask, JobTask]);
