import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { type FunctionName, functions } from "@resolve/functions/topology";
import { FunctionTimeout, payloadOf } from "./lambda.ts";
import type { LeftWork } from "./lambda-sockets.ts";
import type { Order, Report } from "./lambda-thread.ts";

/**
 * Threads of functions that use the database and compute, and of those that only wait for other servers and need a third of
 * the memory (docs/local.md has the measurements). Two of the first run `relay` and `sweep` nearly all the time.
 */
const sizes = { computing: 7, waiting: 40 };
type Kind = keyof typeof sizes;
/**
 * Invocations of one function at a time, so that a busy one leaves threads to the others. Of those that wait, more than a tenant
 * may have under way (30 attempts), or its hanging receivers delay the others.
 */
const perFunctionMax = { computing: 3, waiting: 34 };
/**
 * A thread without work ends, as Lambda ends idle environments. Those that wait stay longer: they need less memory, and to start
 * them again takes the CPU from others just when an endpoint is slow.
 */
const idleMs = { computing: 30_000, waiting: 120_000 };
/** These stay for the next event. */
const idleThreads = 3;
/** The heap of the function with the most memory. A small young generation saves 100 MB a thread. */
const resourceLimits = { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 4 };

const program = new URL(`./lambda-main${extname(import.meta.url)}`, import.meta.url);

const kindOf = (name: FunctionName): Kind => (functions[name].network === "internet" ? "waiting" : "computing");

/** How many invocations of a function run at the same time. */
export const concurrencyOf = (name: FunctionName, maximum: number): number =>
  Math.min(maximum, perFunctionMax[kindOf(name)]);

/** The system stops. What was under way is repeated after the next start. */
export class PoolClosed extends Error {
  override readonly name = "PoolClosed";
  constructor() {
    super("the pool is closed");
  }
}

type Job = Order & { resolve(result: unknown): void; reject(error: Error): void };
type Thread = {
  worker: Worker;
  kind: Kind;
  job: Job | undefined;
  /** Its code was replaced: it ends after its invocation. */
  isOld: boolean;
  /** The functions whose code is loaded. */
  loaded: Set<FunctionName>;
  idleSince: number;
  timer: NodeJS.Timeout | undefined;
};

/** Lambda's execution environments: one thread for each concurrent invocation. Further invocations wait in line. */
export function startPool(options: {
  onLeftWork: (work: LeftWork) => void;
  /** Another program for the threads; used in tests. */
  program?: URL;
}) {
  const threads = new Set<Thread>();
  const waiting: Job[] = [];
  let isClosed = false;

  const start = (kind: Kind): Thread => {
    const worker = new Worker(options.program ?? program, { resourceLimits });
    const thread: Thread = {
      worker,
      kind,
      job: undefined,
      isOld: false,
      loaded: new Set(),
      idleSince: 0,
      timer: undefined,
    };
    threads.add(thread);
    worker.on("message", (report: Report) => receive(thread, report));
    worker.on("error", (error) => end(thread, new Error(`the function crashed: ${error.message}`)));
    worker.on("exit", () => end(thread, new Error("the function ended its process")));
    return thread;
  };

  const receive = (thread: Thread, report: Report): void => {
    const { job } = thread;
    if ("leftWork" in report) {
      options.onLeftWork(report.leftWork);
      return;
    }
    if (!job) return;
    if ("began" in report) {
      const { timeoutSeconds } = functions[job.name];
      thread.loaded.add(job.name);
      thread.timer = setTimeout(() => end(thread, new FunctionTimeout(job.name)), timeoutSeconds * 1000);
      return;
    }
    clearTimeout(thread.timer);
    thread.job = undefined;
    thread.idleSince = Date.now();
    if ("result" in report) job.resolve(JSON.parse(report.result));
    else {
      const { name, message, stack } = report.error;
      job.reject(Object.assign(new Error(message), { name, stack }));
    }
    if (thread.isOld) end(thread, new Error("replaced"));
    else next();
  };

  /** Ends a thread, and with it its connections. The next invocation gets another one. */
  const end = (thread: Thread, error: Error): void => {
    if (!threads.delete(thread)) return;
    clearTimeout(thread.timer);
    void thread.worker.terminate();
    thread.job?.reject(error);
    if (!isClosed) next();
  };

  const isRunning = (name: FunctionName) => (thread: Thread) => thread.job?.name === name;

  /** A thread without work, best one that has loaded the function; undefined when all are busy. */
  const free = (name: FunctionName): Thread | undefined => {
    const kind = kindOf(name);
    const own = [...threads].filter((thread) => thread.kind === kind);
    const idle = own.filter(({ job }) => job === undefined);
    const loaded = idle.find((thread) => thread.loaded.has(name));
    return loaded ?? idle[0] ?? (own.length < sizes[kind] ? start(kind) : undefined);
  };

  /** Starts waiting invocations in their order; one whose function has its maximum lets the others pass. */
  const next = (): void => {
    for (const job of [...waiting]) {
      if ([...threads].filter(isRunning(job.name)).length >= perFunctionMax[kindOf(job.name)]) continue;
      const thread = free(job.name);
      if (!thread) continue;
      waiting.splice(waiting.indexOf(job), 1);
      thread.job = job;
      thread.worker.postMessage({ name: job.name, payload: job.payload } satisfies Order);
    }
  };

  const sweeper = setInterval(() => {
    const idle = [...threads].filter(({ job, kind, idleSince }) => !job && Date.now() - idleSince > idleMs[kind]);
    for (const thread of idle.slice(idleThreads)) end(thread, new Error("idle"));
  }, idleMs.computing);
  sweeper.unref();

  return {
    /** @throws FunctionTimeout, PayloadTooLarge, or the handler's error */
    invoke: (name: FunctionName, event: unknown, eventBytesMax?: number): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (isClosed) throw new PoolClosed();
        waiting.push({ name, payload: payloadOf("event", name, event, eventBytesMax), resolve, reject });
        next();
      }),
    /** As a deployment does: running invocations finish with the code they have, all others get new threads. */
    replace: (): void => {
      for (const thread of [...threads]) {
        thread.isOld = true;
        if (!thread.job) end(thread, new Error("replaced"));
      }
    },
    /** The number of threads, for measurements. */
    size: () => threads.size,
    /** Ends all threads at once, as a deployment never would: everything they do can be repeated. */
    close: async (): Promise<void> => {
      isClosed = true;
      clearInterval(sweeper);
      const workers = [...threads].map(({ worker }) => worker);
      for (const job of waiting.splice(0)) job.reject(new PoolClosed());
      for (const thread of [...threads]) end(thread, new PoolClosed());
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
