import { type FunctionName, isTask, type TaskName } from "@resolve/functions/topology";
import { perform } from "@resolve/jobs/worker";
import { invoke } from "./lambda.ts";

export type QueueEvent = { Records: { body: string }[] };

/** Hands an event to a function, or the one message of a queue's event to the task that polls it. */
export async function consume(name: FunctionName | TaskName, event: unknown): Promise<unknown> {
  if (!isTask(name)) return invoke(name, event);
  const [record] = (event as QueueEvent).Records;
  await perform(record!.body, new AbortController().signal);
  return { batchItemFailures: [] };
}
