import PQueue from "p-queue";
import pRetry from "p-retry";
import { dimensions, type Embedder, EmbedderRefused, EmbedderUnavailable, normalised } from "./embedder.ts";

/** What a driver says of its service. The limits are of one process; what is refused beyond them is tried again. */
export type Service = {
  model: string;
  textsPerCall: number;
  callsAtOnce: number;
  callsPerSecond: number;
  /** A vector a text, in their order. Whatever it throws but EmbedderRefused is tried again. */
  call(texts: readonly string[], signal: AbortSignal): Promise<{ vectors: (readonly number[])[]; tokens: number }>;
};

/** What the service was asked for, as it counts: the bill follows the tokens. */
export type Usage = { model: string; kind: "document" | "query"; texts: number; tokens: number; calls: number };
export type OnUsage = (usage: Usage) => void;

/** A query is answered by words alone sooner than it waits, and it goes first; a document has the time of its lease. */
const patience = {
  query: { timeoutMs: 1_500, retries: 1, priority: 1 },
  document: { timeoutMs: 10_000, retries: 4, priority: 0 },
} as const;
/** Doubled with each retry, times a random factor of 1 to 2, so that processes refused together do not return together. */
const firstPauseMs = 200;

/** An embedder that asks a service in batches, no faster than it may, and again when the service fails for now. */
export const remoteEmbedder = (service: Service, onUsage: OnUsage = () => {}): Embedder => {
  const { model, textsPerCall, callsAtOnce, callsPerSecond } = service;
  const calls = new PQueue({ concurrency: callsAtOnce, interval: 1_000, intervalCap: callsPerSecond });
  return {
    model,
    isBuiltIn: false,
    async embed(texts, kind) {
      const { timeoutMs, retries, priority } = patience[kind];
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
        // Of the other batches none is sent any more.
        failed.abort();
        throw error;
      } finally {
        onUsage(usage);
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
  if (!vector) throw new EmbedderRefused("the embedding service left out a text");
  if (vector.length !== dimensions)
    throw new EmbedderRefused(`${model} gives ${vector.length} dimensions instead of ${dimensions}`);
  return normalised(Float32Array.from(vector));
};

/** The error for a status of HTTP. The service's message may quote the key or the texts, so only the status is told. */
export const refusal = (status: number): EmbedderUnavailable => {
  const isPassing = status === 408 || status === 429 || status >= 500;
  const Kind = isPassing ? EmbedderUnavailable : EmbedderRefused;
  return new Kind(`the embedding service answered ${status}`);
};
