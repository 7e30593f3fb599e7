import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from "@aws-lambda-powertools/batch";
import type { Ctx } from "@resolve/core/platform/context";
import { type Id, newUuid } from "@resolve/core/platform/id";
import { type QueueName, send } from "@resolve/core/platform/services/queue";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { z } from "zod";
import { asSystem } from "../as-system.ts";

type ForTenant = { tenantId: Id<"tenant">; traceparent?: string };

/** A handler of a queue that works for each message's tenant as the system; `job` names it in the audit log. */
export const consume = <S extends z.ZodType<ForTenant>>(
  schema: S,
  job: string,
  handle: (ctx: Ctx, message: z.output<S>) => Promise<unknown>,
) =>
  eachMessage(schema, (message) =>
    asSystem({ tenantId: message.tenantId, job, traceparent: message.traceparent }, (ctx) => handle(ctx, message)),
  );

/** A handler outside the VPC, where no database can be reached: the result of `work` goes to the queue `results`. */
export const consumeOutside = <S extends z.ZodType>(
  schema: S,
  results: QueueName,
  work: (message: z.output<S>) => Promise<unknown>,
) =>
  eachMessage(schema, async (message) => {
    const result = { id: newUuid(), body: await work(message), groupKey: null, delaySeconds: 0 };
    const failed = await send(results, [result]);
    if (failed.size > 0) throw new Error("the result could not be queued");
  });

/**
 * A Lambda handler that gives each message of a batch to `handle`, one at a time. A message whose `handle` throws comes
 * back after the queue's visibility timeout and goes to the dead-letter queue after maxReceiveCount tries; its
 * neighbours are acknowledged. A function that times out gets its whole batch back, so `handle` must be safe to repeat.
 */
const eachMessage = <S extends z.ZodType>(schema: S, handle: (message: z.output<S>) => Promise<unknown>) => {
  const onRecord = async (record: SQSRecord): Promise<void> => {
    try {
      await handle(schema.parse(JSON.parse(record.body)));
    } catch (error) {
      logger.warn("message failed", {
        messageId: record.messageId,
        receives: record.attributes.ApproximateReceiveCount,
        ...describeError(error),
      });
      throw error;
    }
  };
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const isFifo = event.Records[0]?.eventSourceARN.endsWith(".fifo") ?? false;
    const options = { context, throwOnFullBatchFailure: false } as const;
    // A processor keeps the state of its batch, so each invocation has its own. In a FIFO batch, the messages after a
    // failed one fail too, because they must not overtake it.
    if (isFifo) return processPartialResponse(event, onRecord, new SqsFifoPartialProcessorAsync(), options);
    const processor = new BatchProcessor(EventType.SQS);
    return processPartialResponse(event, onRecord, processor, { ...options, processInParallel: false });
  };
};
