import { dimensions, type Embedder } from "./embedder.ts";
import { type OnUsage, refusal, remoteEmbedder } from "./remote.ts";

export type OpenAiOptions = {
  /** POSTs JSON to a path below the service's base URL, e.g. `https://api.openai.com/v1`, with its key. */
  post(path: string, body: unknown, signal: AbortSignal): Promise<Response>;
  /** As the service calls it, e.g. `text-embedding-3-small`. */
  model: string;
};

type Reply = { data: { index: number; embedding: number[] }[]; usage?: { total_tokens: number } };

/** Any service that speaks OpenAI's embeddings API and can give 512 dimensions. */
export const openAiEmbedder = ({ post, model }: OpenAiOptions, onUsage?: OnUsage): Embedder =>
  remoteEmbedder(
    {
      model,
      // OpenAI takes 2,048 and 300,000 tokens in all (API reference); chunks have some 400 each.
      textsPerCall: 256,
      callsAtOnce: 4,
      callsPerSecond: 20,
      async call(texts, signal) {
        const response = await post("/embeddings", { model, input: texts, dimensions }, signal);
        if (!response.ok) throw refusal(response.status);
        const { data, usage } = (await response.json()) as Reply;
        const vectors: number[][] = [];
        for (const { index, embedding } of data) vectors[index] = embedding;
        return { vectors, tokens: usage?.total_tokens ?? 0 };
      },
    },
    onUsage,
  );
