import { z } from "zod";
import { defineEvent } from "../platform/events.ts";

const Job = z.object({ jobType: z.string() });
const sample = { jobType: "reembed" };

export const JobCreated = defineEvent({
  type: "job.created",
  version: 1,
  summary: "A long-running job was queued.",
  subjectType: "job",
  schema: Job,
  sample,
});
export const JobCompleted = defineEvent({
  type: "job.completed",
  version: 1,
  summary: "The job was completed.",
  subjectType: "job",
  schema: Job.extend({ done: z.int() }),
  sample: { ...sample, done: 20_431 },
});
export const JobFailed = defineEvent({
  type: "job.failed",
  version: 1,
  summary: "The job failed; `code` is the reason. When resumed, it continues from its checkpoint.",
  subjectType: "job",
  schema: Job.extend({ code: z.string(), retryable: z.boolean() }),
  sample: { ...sample, code: "embedder-unavailable", retryable: true },
});
export const JobCancelled = defineEvent({
  type: "job.cancelled",
  version: 1,
  summary: "The job was cancelled.",
  subjectType: "job",
  schema: Job,
  sample,
});
