import { type FunctionName, isTask, type TaskName } from "@resolve/functions/topology";
import { perform } from "@resolve/jobs/worker";
import { invoke } from "./lambda.ts";

export type QueueEvent = { Records: { body: string }[] };

/** Invokes a function with an event, or passes the single message of a queue event to the task that polls the queue. */
export async function consume(name: FunctionName | TaskName, event: unknown): Promise<unknown> {
  if (!isTask(name)) return invoke(name, event);
  // The callers pass a queue event with one message to a task.
  const [record] = (event as QueueEvent).Records;
  await perform(record!.body, new AbortController().signal);
  return { batchItemFailures: [] };
}
