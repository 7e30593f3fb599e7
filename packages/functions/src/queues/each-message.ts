import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from "@aws-lambda-powertools/batch";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import { within } from "@resolve/core/platform/within";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { z } from "zod";
import { observedMessage, waitSince } from "../observed-message.ts";

/** A message of a batch is not begun with less time left; it comes back instead. */
export const reserveSeconds = 5;
/** Messages of a parallel batch that are not done this long before the timeout fail, so that their neighbours do not come back too. */
const parallelMarginMs = 1_500;

/**
 * A Lambda handler that gives each message of a batch to `handle`: one at a time, as long as the invocation has `reserveSeconds`
 * left, or all at once with `isParallel`, for messages that only wait for the network. A message whose `handle` throws comes
 * back after the queue's visibility timeout and goes to the dead-letter queue after maxReceiveCount tries; its
 * neighbours are acknowledged. A function that times out gets its whole batch back, so `handle` must be safe to repeat.
 * Each message is one span of its trace; `handle` gets its `traceparent`, for what it causes.
 */
export const eachMessage = <S extends z.ZodType>(
  schema: S,
  handle: (message: z.output<S>, traceparent: string) => Promise<unknown>,
  { isParallel = false } = {},
) => {
  const onRecord = async (record: SQSRecord, context: Context): Promise<void> => {
    const remainingMs = context.getRemainingTimeInMillis();
    try {
      if (!isParallel && remainingMs < reserveSeconds * 1000)
        throw new Error("the invocation has too little time left");
      const queue = record.eventSourceARN.split(":").at(-1) ?? "";
      const sentAt = Number(record.attributes.SentTimestamp);
      const envelope = { queue, receives: Number(record.attributes.ApproximateReceiveCount), ...waitSince(sentAt) };
      const body: unknown = JSON.parse(record.body);
      const perform = (traceparent: string) => {
        const work = handle(schema.parse(body), traceparent);
        return isParallel
          ? within(remainingMs - parallelMarginMs, work, () => new Error("the message took too long"))
          : work;
      };
      await observedMessage(envelope, body, perform, context);
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
    const work = (record: SQSRecord) => onRecord(record, context);
    if (isFifo) return processPartialResponse(event, work, new SqsFifoPartialProcessorAsync(), options);
    const processor = new BatchProcessor(EventType.SQS);
    return processPartialResponse(event, work, processor, { ...options, processInParallel: isParallel });
  };
};
