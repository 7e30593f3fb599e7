import type { Ctx } from "@resolve/core/platform/context";
import type { Id } from "@resolve/core/platform/id";
import { describeError, logger } from "@resolve/core/platform/telemetry";
import { wideEvent } from "@resolve/core/platform/wide-event";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { z } from "zod";
import { asSystem } from "../as-system.ts";
import { eachMessage } from "./each-message.ts";

/**
 * A handler like `consume`, for messages that cost less together: with a tenant's first message of a batch, `handle` gets those
 * that follow in the batch as well. It must do all or nothing, and be safe to repeat. When it throws, each message is handled alone,
 * so that one that cannot be handled keeps nothing back. The others' lines and spans then say that they took no time.
 */
export const consumeTogether =
  <S extends z.ZodType<{ tenantId: Id<"tenant"> }>>(
    schema: S,
    job: string,
    handle: (ctx: Ctx, messages: readonly z.output<S>[]) => Promise<unknown>,
  ) =>
  (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const groups = Map.groupBy(
      event.Records.flatMap(({ body }) => parsed(schema, body)),
      ({ tenantId }) => tenantId,
    );
    const alone = new Set<Id<"tenant">>();
    const perform = (messages: readonly z.output<S>[], { tenantId }: z.output<S>, traceparent: string) => {
      const own = wideEvent();
      if (own) own.messages = messages.length;
      return asSystem({ tenantId, job, traceparent }, (ctx) => handle(ctx, messages));
    };
    const handleNext = async (message: z.output<S>, traceparent: string): Promise<void> => {
      const { tenantId } = message;
      if (alone.has(tenantId)) return perform([message], message, traceparent);
      const group = groups.get(tenantId);
      // An earlier message of the tenant has brought it along.
      if (!group) return;
      groups.delete(tenantId);
      try {
        await perform(group, message, traceparent);
      } catch (error) {
        if (group.length === 1) throw error;
        logger.warn("messages are handled alone", describeError(error));
        alone.add(tenantId);
        await perform([message], message, traceparent);
      }
    };
    return eachMessage(schema, handleNext)(event, context);
  };

/** The message, or nothing for one that `eachMessage` refuses. */
const parsed = <S extends z.ZodType>(schema: S, body: string): z.output<S>[] => {
  try {
    return [schema.parse(JSON.parse(body))];
  } catch {
    return [];
  }
};
