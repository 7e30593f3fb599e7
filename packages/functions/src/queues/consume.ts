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
export const consume = <S extends z.ZodType>(
  schema: S,
  handle: (message: z.output<S>, record: SQSRecord) => Promise<void>,
) => {
  const onRecord = async (record: SQSRecord): Promise<void> => {
    try {
      await handle(schema.parse(JSON.parse(record.body)), record);
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
    const options = { context, processInParallel: false, throwOnFullBatchFailure: false } as const;
    // A processor keeps state of its batch: one per invocation. In a FIFO batch, what follows a failure waits for it.
    if (isFifo)
      return processPartialResponse(event, onRecord, new SqsFifoPartialProcessorAsync(), {
        context,
        throwOnFullBatchFailure: false,
      });
    return processPartialResponse(event, onRecord, new BatchProcessor(EventType.SQS), options);
  };
};
