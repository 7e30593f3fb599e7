import { newUuid } from "@resolve/core/platform/id";
import { type QueueMessage, type QueueName, send } from "@resolve/core/platform/services/queue";
import type { z } from "zod";
import { eachMessage } from "./each-message.ts";

/** Results that are ready within this time take one call. */
const gatherMs = 10;

/**
 * A handler outside the VPC, where no database can be reached: the result of `work` goes to the queue `results`. It has a
 * file of its own, because its functions would otherwise bundle the database client.
 */
export const consumeOutside = <S extends z.ZodType>(
  schema: S,
  results: QueueName,
  work: (message: z.output<S>) => Promise<unknown>,
) => {
  const report = gathering(results);
  return eachMessage(schema, async (message) => report(await work(message)), { isParallel: true });
};

/** Sends results together that are ready at the same time; none waits for a slower one. @throws Error when it was not queued */
const gathering = (results: QueueName) => {
  const waiting: { message: QueueMessage; sent: PromiseWithResolvers<void> }[] = [];
  const flush = async () => {
    const taken = waiting.splice(0);
    const messages = taken.map(({ message }) => message);
    const failed = await send(results, messages).catch(() => new Set(messages.map(({ id }) => id)));
    for (const { message, sent } of taken)
      if (failed.has(message.id)) sent.reject(new Error("the result could not be queued"));
      else sent.resolve();
  };
  return (body: unknown): Promise<void> => {
    const sent = Promise.withResolvers<void>();
    waiting.push({ message: { id: newUuid(), body, groupKey: null, delaySeconds: 0 }, sent });
    if (waiting.length === 1) setTimeout(flush, gatherMs);
    return sent.promise;
  };
};
