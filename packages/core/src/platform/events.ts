import type { z } from "zod";
import { type Ctx, recordEvent, recordUsage } from "./context.ts";
import type { Id } from "./id.ts";
import type { Amounts } from "./meter.ts";

/** A kind of event: its type and version, the shape of `data`, and a sample that docs and tests use. */
export type EventType<S extends z.ZodType = z.ZodType> = {
  type: string;
  version: number;
  /** One sentence for the event catalogue. */
  summary: string;
  subjectType: string;
  schema: S;
  sample: z.output<S>;
  /** What the event counts of the tenant's usage. */
  usage?: (data: z.output<S>) => Amounts;
};

export const defineEvent = <S extends z.ZodType<Record<string, unknown>>>(event: EventType<S>): EventType<S> => event;

/** Queues an event on the transaction, and returns its id; it gets its sequence just before commit. */
export const publish = <S extends z.ZodType<Record<string, unknown>>>(
  ctx: Ctx,
  event: EventType<S>,
  subjectId: string,
  data: z.input<S>,
): Id<"event"> => {
  const parsed = event.schema.parse(data);
  if (event.usage) recordUsage(ctx, event.usage(parsed));
  return recordEvent(ctx, {
    type: event.type,
    version: event.version,
    subject: { type: event.subjectType, id: subjectId },
    data: parsed,
  });
};
