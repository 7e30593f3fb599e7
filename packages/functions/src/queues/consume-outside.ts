import { randomUUID } from "node:crypto";
import { type QueueMessage, type QueueName, send } from "@resolve/core/platform/services/queue";
import { sendQuickly } from "@resolve/core/platform/services/quick-send";
import { wideEvent } from "@resolve/core/platform/wide-event";
import type { z } from "zod";
import { eachMessage } from "./each-message.ts";

/** A result waits this long for those of slower neighbours, with which it takes one call. */
const gatherMs = 10;

/**
 * A handler outside the VPC, where no database can be reached: the result of `work` goes to the queue `results`. It has a
 * file of its own, because its functions would otherwise bundle the database client.
 */
export const consumeOutside = <S extends z.ZodType>(
  schema: S,
  results: QueueName,
  work: (message: z.output<S>, traceparent: string) => Promise<object>,
) => {
  const report = gathering(results);
  const traced = async (message: z.output<S>, traceparent: string) => ({
    ...(await work(message, traceparent)),
    traceparent,
    tracestate: wideEvent()?.trace.tracestate,
  });
  return eachMessage(schema, (message, traceparent) => report(traced(message, traceparent)), { isParallel: true });
};

/** Sends results together that are ready at nearly the same time; none waits for a much slower one. @throws Error when it was not queued */
const gathering = (results: QueueName) => {
  const waiting: { message: QueueMessage; sent: PromiseWithResolvers<void> }[] = [];
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const taken = waiting.splice(0);
    const messages = taken.map(({ message }) => message);
    const all = () => new Set(messages.map(({ id }) => id));
    const failed = (await sendQuickly(results, messages)) ? new Set() : await send(results, messages).catch(all);
    for (const { message, sent } of taken)
      if (failed.has(message.id)) sent.reject(new Error("the result could not be queued"));
      else sent.resolve();
  };
  return async (work: Promise<unknown>): Promise<void> => {
    underWay += 1;
    const sent = Promise.withResolvers<void>();
    try {
      waiting.push({ message: { id: randomUUID(), body: await work, groupKey: null, delaySeconds: 0 }, sent });
    } finally {
      underWay -= 1;
      if (underWay === 0 && waiting.length > 0) void flush();
      else if (waiting.length > 0) timer ??= setTimeout(flush, gatherMs);
    }
    return sent.promise;
  };
};
