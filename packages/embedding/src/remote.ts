import PQueue from "p-queue";
import pRetry from "p-retry";
import {
  dimensions,
  type Embedder,
  EmbedderRefused,
  EmbedderUnavailable,
  normalised,
  type OnUsage,
  type Usage,
} from "./embedder.ts";

/** A driver's description of its service. The limits apply to one process; refused calls are retried. */
export type Service = {
  model: string;
  textsPerCall: number;
  callsAtOnce: number;
  callsPerSecond: number;
  /** Returns one vector per text, in order. Every error except EmbedderRefused is retried. */
  call(texts: readonly string[], signal: AbortSignal): Promise<{ vectors: (readonly number[])[]; tokens: number }>;
};

/**
 * A query has a short timeout and priority, because search falls back to keywords. A document may take as long as its
 * lease.
 */
const timeouts = {
  query: { timeoutMs: 1_500, retries: 1, priority: 1 },
  document: { timeoutMs: 10_000, retries: 4, priority: 0 },
} as const;
/**
 * The pause before the first retry, doubled with each retry and multiplied by a random factor of 1 to 2, so that
 * processes that were refused together do not retry together.
 */
const firstPauseMs = 200;

/** An embedder that calls a service in batches, within its limits, and retries temporary failures. */
export const remoteEmbedder = (service: Service, onUsage: OnUsage = () => {}): Embedder => {
  const { model, textsPerCall, callsAtOnce, callsPerSecond } = service;
  const calls = new PQueue({ concurrency: callsAtOnce, interval: 1_000, intervalCap: callsPerSecond });
  return {
    model,
    isBuiltIn: false,
    async embed(texts, kind, onUsageOfCall) {
      const { timeoutMs, retries, priority } = timeouts[kind];
      const usage: Usage = { model, kind, texts: texts.length, tokens: 0, calls: 0 };
      const failed = new AbortController();
      const embedBatch = async (batch: readonly string[]) => {
        const ask = async () => {
          usage.calls += 1;
          const { vectors, tokens } = await callOnce(service, batch, timeoutMs);
          usage.tokens += tokens;
          return vectors;
        };
        return pRetry(() => calls.add(ask, { priority, signal: failed.signal }), {
          retries,
          minTimeout: firstPauseMs,
          randomize: true,
          signal: failed.signal,
          shouldRetry: ({ error }) => !(error instanceof EmbedderRefused),
        });
      };
      try {
        return (await Promise.all(batchesOf(texts, textsPerCall).map(embedBatch))).flat();
      } catch (error) {
        // Cancels the remaining batches.
        failed.abort();
        throw error;
      } finally {
        onUsage(usage);
        onUsageOfCall?.(usage);
      }
    },
  };
};

const batchesOf = (texts: readonly string[], size: number): (readonly string[])[] =>
  Array.from({ length: Math.ceil(texts.length / size) }, (_, at) => texts.slice(at * size, (at + 1) * size));

const callOnce = async ({ model, call }: Service, texts: readonly string[], timeoutMs: number) => {
  const { vectors, tokens } = await call(texts, AbortSignal.timeout(timeoutMs)).catch((error) => {
    if (error instanceof EmbedderUnavailable) throw error;
    throw new EmbedderUnavailable("the embedding service cannot be reached", { cause: error });
  });
  return { vectors: texts.map((_, at) => checked(model, vectors[at])), tokens };
};

const checked = (model: string, vector: readonly number[] | undefined): Float32Array => {
  if (!vector) throw new EmbedderRefused("the embedding service returned no vector for a text");
  if (vector.length !== dimensions)
    throw new EmbedderRefused(`${model} returned ${vector.length} dimensions instead of ${dimensions}`);
  return normalised(Float32Array.from(vector));
};

/** The error for an HTTP status. The service's message may quote the key or the texts, so it is not passed on. */
export const errorOf = (status: number): EmbedderUnavailable => {
  const isTemporary = status === 408 || status === 429 || status >= 500;
  const Kind = isTemporary ? EmbedderUnavailable : EmbedderRefused;
  return new Kind(`the embedding service responded ${status}`);
};
