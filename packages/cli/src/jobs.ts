import { setTimeout as sleep } from "node:timers/promises";
import { type Resolve, type Schemas, unwrap } from "@resolve/sdk";
import type { Command } from "commander";

type Job = Schemas["Job"];
export type JobTools = {
  client(): Resolve;
  show<T>(result: T, lines: (result: T) => string[]): void;
  /** Replaces the last line of a terminal; does nothing for other outputs. */
  progress(line: string): void;
};

const everyMs = 500;

/** Reads work again and again while it has a line that says how far it is, and shows the line. */
export const followed = async <T>(
  read: () => Promise<T>,
  lineOf: (state: T) => string | undefined,
  progress: JobTools["progress"],
): Promise<T> => {
  for (;;) {
    const state = await read();
    const line = lineOf(state);
    progress(line ?? "");
    if (line === undefined) return state;
    await sleep(everyMs);
  }
};

/** `resolve jobs`, `reembed`, `reindex` and `job`: long-running work, with its progress. */
export const addJobCommands = (program: Command, { client, show, progress }: JobTools): void => {
  const one = (jobId: string) => ({ params: { path: { jobId } } });

  /** Shows the progress until the job is not running. @throws Error unless it is completed */
  const follow = async (jobId: string): Promise<void> => {
    const read = () => unwrap(client().GET("/api/v1/jobs/{jobId}", one(jobId)));
    const isUnderWay = ({ status }: Job) => status === "queued" || status === "running";
    const job = await followed(read, (job) => (isUnderWay(job) ? progressLine(job) : undefined), progress);
    show(job, jobLines);
    if (job.status !== "completed") throw new Error(`the job is ${job.status}`);
  };
  const order = async (body: Schemas["NewJob"], isFollowed: boolean): Promise<void> => {
    const { job } = await unwrap(client().POST("/api/v1/jobs", { body }));
    if (isFollowed) await follow(job.id);
    else show(job, jobLines);
  };

  program
    .command("jobs")
    .description("list long-running jobs, newest first")
    .action(async () => {
      const { data } = await unwrap(client().GET("/api/v1/jobs", { params: { query: { limit: 100 } } }));
      show(data, (all) => all.flatMap(jobLines));
    });
  program
    .command("reembed")
    .description("change the tenant's search over to another embedding model")
    .argument("<model>")
    .option("--no-wait", "return when it is queued")
    .action((model: string, { wait }: { wait: boolean }) => order({ type: "reembed", model }, wait));
  program
    .command("reindex")
    .description("read every document's original again")
    .option("--outdated", "only documents that an older reader has read")
    .option("--no-wait", "return when it is queued")
    .action(({ outdated, wait }: { outdated?: true; wait: boolean }) =>
      order({ type: "reindex", ...(outdated ? { readerVersionBelow: "current" } : {}) }, wait),
    );
  program
    .command("job")
    .description("follow a job, or pause, resume or cancel it")
    .argument("<id>")
    .argument("[action]", "pause, resume or cancel")
    .action(async (id: string, action?: string) => {
      if (action === undefined) return follow(id);
      if (action !== "pause" && action !== "resume" && action !== "cancel")
        throw new Error(`a job can be paused, resumed or cancelled, not "${action}"`);
      return show(await unwrap(client().POST(`/api/v1/jobs/{jobId}/${action}`, one(id))), jobLines);
    });
};

const barLength = 24;

const progressLine = ({ status, type, progress }: Job): string => {
  const { done, total, unit, ratePerSecond, etaSeconds } = progress;
  if (status === "queued" || total === null) return `${type}  ${status}, ${done} ${unit}`;
  const filled = total === 0 ? barLength : Math.round((barLength * done) / total);
  const bar = "█".repeat(filled).padEnd(barLength, "░");
  const rate = ratePerSecond === null ? "" : `  ${ratePerSecond} ${unit}/s, ${etaSeconds} s to go`;
  return `${type}  ${bar} ${done} of ${total} ${unit}${rate}`;
};

const jobLines = (job: Job): string[] => {
  const { id, type, status, progress, failure } = job;
  const ended = failure ? `${failure.code}: ${failure.message} ${failure.hint}` : `${progress.done} ${progress.unit}`;
  return [`${id}  ${status.padEnd(10)}  ${type.padEnd(8)}  ${ended}`, ...resultLines(job)];
};

const resultLines = ({ result }: Job): string[] => {
  // The result of a `reindex` job.
  const failed = (result?.["failed"] ?? []) as { documentId: string; code: string }[];
  return failed.map(({ documentId, code }) => `  ${documentId}  kept as it was: ${code}`);
};
