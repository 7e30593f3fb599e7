import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from "@aws-lambda-powertools/batch";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { z } from "zod";

/**
 * A Lambda handler that gives each message of a batch to `handle`, one at a time. A message whose `handle` throws comes
 * back after the queue's visibility timeout and goes to the dead-letter queue after maxReceiveCount tries; its
 * neighbours are acknowledged. A function that times out gets its whole batch back, so `handle` must be safe to repeat.
 */
export const eachMessage = <S extends z.ZodType>(schema: S, handle: (message: z.output<S>) => Promise<unknown>) => {
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
