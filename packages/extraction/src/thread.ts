import { Worker } from "node:worker_threads";
import { type ExtractionCode, ExtractionFailure, type ExtractionLimits } from "./extraction.ts";

/** What a thread posts when it has ended its task. */
export type Reply<T> = { ok: true; result: T } | { ok: false; code: ExtractionCode; contentType?: string | undefined };

/**
 * Runs one task in a worker thread of its own, bounded in time and heap. `entry` is a module that reads one message and
 * posts one `Reply`. Threads that it starts in turn end with it.
 *
 * @throws ExtractionFailure
 */
export async function runInThread<T>(
  entry: URL,
  task: Record<string, unknown>,
  limits: ExtractionLimits,
  transfer: ArrayBuffer[] = [],
): Promise<T> {
  const worker = new Worker(entry, {
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb, stackSizeMb: 4 },
    // The worker needs nothing of the environment, least of all its secrets.
    env: {},
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const reply = await new Promise<Reply<T>>((resolve, reject) => {
      timer = setTimeout(() => resolve({ ok: false, code: "extraction-timeout" }), limits.timeoutSeconds * 1000);
      worker.once("message", resolve);
      worker.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve({ ok: false, code: "out-of-memory" });
        else reject(error);
      });
      worker.once("exit", (code) => reject(new Error(`the extraction worker ended with ${code}`)));
      worker.postMessage({ limits, ...task }, transfer);
    });
    if (!reply.ok) throw new ExtractionFailure(reply.code, { contentType: reply.contentType });
    return reply.result;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
