import { parseId } from "@resolve/core/platform/id";
import { observed } from "@resolve/core/platform/wide-event";
import { z } from "zod";

/** What the line of a message takes from its body. A body of another form has a line all the same, and fails in its handler. */
const Named = z
  .object({
    tenantId: z.string().refine((id) => parseId("tenant", id) !== undefined),
    traceparent: z.string().nullable(),
    tracestate: z.string(),
  })
  .partial()
  .catch({});

/** Writes one line for a message of a queue or an event of the bus; `work` gets the `traceparent` of its span. */
export const observedMessage = <T>(
  envelope: Record<string, string | number | undefined>,
  body: unknown,
  work: (traceparent: string) => Promise<T>,
  context: { memoryLimitInMB?: string },
): Promise<T> => {
  const { tenantId, ...given } = Named.parse(body);
  return observed(
    "message",
    given,
    ({ trace }) => work(trace.traceparent),
    (outcome) => ({
      ...envelope,
      tenantId,
      route: "message",
      outcome: "error" in outcome ? "failed" : "ok",
      error: "error" in outcome && outcome.error instanceof Error ? outcome.error.name : undefined,
    }),
    Number(context.memoryLimitInMB ?? 0),
  );
};

/** In milliseconds since 1970, as SQS writes it; a message that a test hands over has no time. */
export const waitSince = (sentAt: number): { queueWaitMs?: number } =>
  Number.isNaN(sentAt) ? {} : { queueWaitMs: Math.max(0, Date.now() - sentAt) };
