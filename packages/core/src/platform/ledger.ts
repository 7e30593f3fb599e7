import { type Ctx, glanceAt } from "./context.ts";
import { literal } from "./database/connections.ts";
import type { Figures } from "./meter.ts";
import { describeError, logger } from "./telemetry.ts";
import { settleCpu, type WideEvent, wideEvent } from "./wide-event.ts";

/** What a request or message has cost until now (docs/cost.md). */
export const figuresOf = (event: WideEvent): Required<Omit<Figures, "responseBytes">> => ({
  count: event.messages,
  cpuMicros: Math.round(event.cpuMicros),
  databaseMicros: Math.round(event.transactionMs.reduce((sum, one) => sum + one, 0) * 1000),
  mbMs: Math.round((performance.now() - event.startedAt) * event.memoryMb + event.attemptMbMs),
  attempts: event.attempts,
  cacheCalls: event.cacheMs.length,
  modelCalls: event.modelCalls,
  embeddingTokens: event.embeddingTokens,
  answerTokens: event.answerTokens,
});

/** How long the last statement of `recordMessageCost` took in this process: the estimate of the next one, whose own time comes too late. */
let statementMs: number | undefined;

/**
 * Adds the cost of the message under way to its tenant's hour, in one round trip at its end. A message that comes again costs again.
 * A failure loses its figures and nothing else; they are in its line.
 */
export async function recordMessageCost(ctx: Ctx): Promise<void> {
  const event = wideEvent();
  if (!event) return;
  settleCpu();
  const figures = figuresOf(event);
  const estimateMs = statementMs ?? event.transactionMs.toSorted((a, b) => a - b)[0] ?? 0;
  figures.databaseMicros += Math.round(estimateMs * 1000);
  figures.mbMs += Math.round(estimateMs * event.memoryMb);
  const amounts = Object.entries(figures).flatMap(([figure, amount]) =>
    amount > 0 ? [[`message.${figure}`, amount]] : [],
  );
  const statement = `select app.count_usage(${literal(JSON.stringify(Object.fromEntries(amounts)))})`;
  const startedAt = performance.now();
  await glanceAt(ctx, statement).catch((error) => logger.warn("the cost was not recorded", describeError(error)));
  statementMs = performance.now() - startedAt;
}
