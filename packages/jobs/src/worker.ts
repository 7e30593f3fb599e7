import { setTimeout as sleep } from "node:timers/promises";
import { processDocument } from "@resolve/core/documents";
import { makerWithin } from "@resolve/core/documents/make";
import { runJob, Task, vectorKinds } from "@resolve/core/jobs";
import { systemCtx } from "@resolve/core/platform/context";
import { recordMessageCost } from "@resolve/core/platform/ledger";
import { relay } from "@resolve/core/platform/outbox";
import { type Received, receive } from "@resolve/core/platform/services/queue";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import { observed } from "@resolve/core/platform/wide-event";

/** Limits for 4 GB of memory: two copies of an original (in JavaScript and in PDFium), its text, chunks and vectors. */
const maker = makerWithin({
  bytesMax: 1024 ** 3,
  // 3 USD a document, and half an hour if a page takes seven seconds.
  scans: { pagesMax: 2_000, above: "leave" },
  limits: { timeoutSeconds: 1_800, heapMb: 2_048, charsMax: 100_000_000, pagesMax: 100_000 },
});

/**
 * The visibility is renewed at half of the queue's timeout (topology), so that one failed call does not release the
 * message.
 */
const hideSeconds = 120;
const hideEverySeconds = 60;
/** A failed message is received again after this time. */
const retrySeconds = 15;
const pauseAfterErrorMs = 1_000;

export type Worker = {
  /** Resolves when the worker has stopped. */
  done: Promise<void>;
  /** The last heartbeat in milliseconds since 1970: the worker polled, or renewed a message. */
  lastSeen(): number;
};

/**
 * Processes vector-jobs, one message at a time, until `signal` aborts; a running job then returns to the queue with its
 * checkpoint.
 */
export function startWorker(signal: AbortSignal): Worker {
  let seen = Date.now();
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      seen = Date.now();
      try {
        const message = await receive("vector-jobs", signal);
        if (message) await handle(message, signal, () => (seen = Date.now()));
      } catch (error) {
        logger.warn("the queue does not respond", describeError(error));
        await sleep(pauseAfterErrorMs, undefined, { signal }).catch(() => {});
      }
    }
  };
  return { done: loop(), lastSeen: () => seen };
}

const handle = async (message: Received, signal: AbortSignal, onSign: () => void): Promise<void> => {
  const hiding = setInterval(() => {
    onSign();
    message.hide(hideSeconds).catch((error) => logger.warn("message not hidden", describeError(error)));
  }, hideEverySeconds * 1000);
  try {
    await perform(message.body, signal);
    await message.remove();
  } catch (error) {
    logger.warn("task failed", describeError(error));
    await message.hide(retrySeconds);
  } finally {
    clearInterval(hiding);
  }
};

/**
 * Processes a message until it is done or `signal` aborts. @throws an error when the message should be received again
 */
export async function perform(body: string, signal: AbortSignal): Promise<void> {
  const task = Task.parse(JSON.parse(body));
  const { kind, tenantId } = task;
  await observed(
    "message",
    task,
    async ({ trace: { traceparent } }) => {
      const ctx = systemCtx({ tenantId, job: kind, traceparent });
      try {
        if (kind === "job") await runJob(ctx, task.jobId, { kinds: vectorKinds, maker }, signal);
        else await processDocument(ctx, task, maker, "fail");
        // Relays new events now, without waiting for the relay's schedule.
        await relay({ limit: 20 }).catch((error) => logger.warn("relay failed", describeError(error)));
      } finally {
        await recordMessageCost(ctx);
      }
    },
    (outcome) => ({ queue: "vector-jobs", tenantId, route: "message", outcome: "error" in outcome ? "failed" : "ok" }),
  );
}
