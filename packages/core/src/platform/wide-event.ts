import { AsyncLocalStorage } from "node:async_hooks";
import { type EmbeddedMetric, embeddedMetrics, metricNamespace } from "./metrics.ts";
import { isInfoLogged, lineFields } from "./telemetry.ts";
import { continueTrace, type Trace, type TraceHeaders } from "./trace.ts";

type Fields = Record<string, string | number | boolean | undefined>;

/** What one request or message does: counted while it works, written as one line when it ends. */
export type WideEvent = {
  readonly trace: Trace;
  /** How long each transaction took, with the wait for its connection. */
  readonly transactionMs: number[];
  queries: number;
  readonly cacheMs: number[];
  cacheFailures: number;
  hits: number;
  misses: number;
  /** In a stage with a read replica: whether it answered, and why not. */
  replica: "read" | "behind" | "failed" | undefined;
  /** CPU of its thread while it was under way; what several did at once is divided equally (`cpuMs` of its line). */
  cpuMicros: number;
  readonly startedAt: number;
  /** How many messages this work handles. With more than one, the others' lines have no work (queues/consume-together.ts). */
  messages: number;
  /** Memory of the Lambda function; 0 outside Lambda. */
  readonly memoryMb: number;
  /** Attempts of a webhook whose results this message is, and their MB × ms: the function that makes them reaches no database. */
  attempts: number;
  attemptMbMs: number;
  modelCalls: number;
  embeddingTokens: number;
  answerTokens: number;
  /** Its duration is the processing time of a document. */
  isDocument: boolean;
  /** The API has responded without waiting for the rest of the request, which gets no connection to a database any more. */
  isAbandoned: boolean;
};

const storage = new AsyncLocalStorage<WideEvent>();

/** Of the request or message under way; undefined in schedules and while a process starts. */
export const wideEvent = (): WideEvent | undefined => storage.getStore();

/**
 * Runs the work of one request or message and writes its line, whether it succeeds or fails. The line is also its metrics:
 * CloudWatch reads the part `_aws` (embedded metric format). `describe` returns the other fields, never anything that a caller
 * wrote: no text, no parameter, no address.
 */
export async function observed<T>(
  kind: "request" | "message",
  given: TraceHeaders,
  work: (event: WideEvent) => Promise<T>,
  describe: (outcome: { result: T } | { error: unknown }) => Fields,
  memoryMb = 0,
): Promise<T> {
  const event: WideEvent = {
    trace: continueTrace(given),
    transactionMs: [],
    queries: 0,
    cacheMs: [],
    cacheFailures: 0,
    hits: 0,
    misses: 0,
    replica: undefined,
    cpuMicros: 0,
    startedAt: performance.now(),
    messages: 1,
    memoryMb,
    attempts: 0,
    attemptMbMs: 0,
    modelCalls: 0,
    embeddingTokens: 0,
    answerTokens: 0,
    isDocument: false,
    isAbandoned: false,
  };
  const write = (outcome: Parameters<typeof describe>[0]) => {
    if (!isInfoLogged()) return;
    const durationMs = rounded(performance.now() - event.startedAt);
    process.stdout.write(`${lineOf(kind, event, durationMs, describe(outcome))}\n`);
  };
  settleCpu();
  underWay.add(event);
  try {
    const result = await storage.run(event, work, event);
    endCpu(event);
    write({ result });
    return result;
  } catch (error) {
    endCpu(event);
    write({ error });
    throw error;
  }
}

/**
 * In Lambda a process works for one request or message at a time, so all of its threads count. In other processes only the own
 * thread does, without the threads that read files.
 */
const cpuUsage = process.env["AWS_LAMBDA_FUNCTION_NAME"] ? process.cpuUsage : process.threadCpuUsage;
const underWay = new Set<WideEvent>();
let settledMicros = 0;

/** Divides the CPU time since the last call among those that are under way. */
export const settleCpu = (): void => {
  const { user, system } = cpuUsage();
  const share = (user + system - settledMicros) / underWay.size;
  for (const event of underWay) event.cpuMicros += share;
  settledMicros = user + system;
};

const endCpu = (event: WideEvent): void => {
  settleCpu();
  underWay.delete(event);
};

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
const sum = (values: readonly number[]): number => rounded(values.reduce((total, one) => total + one, 0));

/** A line has at most so many values of a metric, so that it stays below 1.5 kB; `dbMs` and `dbCalls` count all. */
const valuesMax = 4;
const values = (all: readonly number[]): number[] => all.slice(0, valuesMax).map(rounded);
const ratio = (hits: number, misses: number): number | number[] =>
  hits + misses > valuesMax ? hits / (hits + misses) : [...Array(hits).fill(1), ...Array(misses).fill(0)];

let isColdStart = true;

const lineOf = (kind: "request" | "message", event: WideEvent, durationMs: number, fields: Fields): string => {
  const { trace, transactionMs, queries, cacheMs, cacheFailures, hits, misses } = event;
  const now = Date.now();
  const metrics: Partial<Record<EmbeddedMetric, number | number[]>> = {
    ...(kind === "request" && { "http.request.duration": durationMs }),
    ...(event.isDocument && { "document.processing.time": durationMs }),
    ...(transactionMs.length > 0 && { "db.query.duration": values(transactionMs), "db.query.count": queries }),
    ...(cacheMs.length > 0 && { "cache.operation.duration": values(cacheMs) }),
    ...(hits + misses > 0 && { "cache.hit": hits, "cache.miss": misses, "cache.hit.ratio": ratio(hits, misses) }),
  };
  const line = JSON.stringify({
    level: "INFO",
    message: kind,
    ...lineFields,
    ...fields,
    durationMs,
    isCold: isColdStart || undefined,
    dbCalls: transactionMs.length,
    dbMs: sum(transactionMs),
    cpuMs: rounded(event.cpuMicros / 1000),
    modelCalls: event.modelCalls || undefined,
    tokens: event.embeddingTokens + event.answerTokens || undefined,
    cacheFailures: cacheFailures || undefined,
    replica: event.replica,
    traceId: trace.traceId,
    spanId: trace.spanId,
    parentId: trace.parentId,
    ...metrics,
    // A line without metrics is no metric document.
    ...(Object.keys(metrics).length > 0 && { _aws: { Timestamp: now, CloudWatchMetrics: directivesOf(metrics) } }),
  });
  isColdStart = false;
  return line;
};

/** One directive for the metrics of the same dimensions. */
const directivesOf = (metrics: object) =>
  [...Map.groupBy(Object.keys(metrics) as EmbeddedMetric[], (name) => embeddedMetrics[name].dimensions.join())].map(
    ([dimensions, names]) => ({
      Namespace: metricNamespace,
      Dimensions: [["stage", ...dimensions.split(",").filter(Boolean)]],
      Metrics: names.map((name) => ({
        Name: name,
        ...("unit" in embeddedMetrics[name] ? { Unit: "Milliseconds" } : {}),
      })),
    }),
  );
