import { functionKinds, JobTask, noMaker, type Runner, runJob } from "@resolve/core/jobs";
import { recover } from "@resolve/core/webhooks";
import { consume } from "./consume.ts";

/** Jobs whose steps take 40 s at most and need no vectors. None of them reads a document. */
const runner: Runner = {
  kinds: { ...functionKinds, recover },
  maker: noMaker,
};

/** No step begins later; the job then returns to its queue with its checkpoint. */
const stepsSeconds = 20;

/** job-steps: runs the steps of a job, for a part of the function's timeout. */
export const handler = consume(JobTask, "job", (ctx, { jobId }) =>
  runJob(ctx, jobId, runner, AbortSignal.timeout(stepsSeconds * 1000)),
);
