import { newUuid } from "@resolve/core/platform/id";
import { type QueueName, send } from "@resolve/core/platform/services/queue";
import type { z } from "zod";
import { eachMessage } from "./each-message.ts";

/**
 * A handler outside the VPC, where no database can be reached: the result of `work` goes to the queue `results`. It has a
 * file of its own, because its functions would otherwise bundle the database client.
 */
export const consumeOutside = <S extends z.ZodType>(
  schema: S,
  results: QueueName,
  work: (message: z.output<S>) => Promise<unknown>,
) =>
  eachMessage(
    schema,
    async (message) => {
      const result = { id: newUuid(), body: await work(message), groupKey: null, delaySeconds: 0 };
      const failed = await send(results, [result]);
      if (failed.size > 0) throw new Error("the result could not be queued");
    },
    { isParallel: true },
  );
