import { dimensions, type Embedder, type OnUsage } from "./embedder.ts";
import { errorOf, remoteEmbedder } from "./remote.ts";

export type OpenAiOptions = {
  /** POSTs JSON with the key to a path below the service's base URL, e.g. `https://api.openai.com/v1`. */
  post(path: string, body: unknown, signal: AbortSignal): Promise<Response>;
  /** The service's model name, e.g. `text-embedding-3-small`. */
  model: string;
};

type Reply = { data: { index: number; embedding: number[] }[]; usage?: { total_tokens: number } };

/** Any service with OpenAI's embeddings API and models of 512 dimensions. */
export const openAiEmbedder = ({ post, model }: OpenAiOptions, onUsage?: OnUsage): Embedder =>
  remoteEmbedder(
    {
      model,
      // OpenAI accepts 2,048 texts and 300,000 tokens per request (API reference); chunks have about 400 tokens.
      textsPerCall: 256,
      callsAtOnce: 4,
      callsPerSecond: 20,
      async call(texts, signal) {
        const response = await post("/embeddings", { model, input: texts, dimensions }, signal);
        if (!response.ok) throw errorOf(response.status);
        const { data, usage } = (await response.json()) as Reply;
        const vectors: number[][] = [];
        for (const { index, embedding } of data) vectors[index] = embedding;
        return { vectors, tokens: usage?.total_tokens ?? 0 };
      },
    },
    onUsage,
  );
