import { dimensions, type Embedder, EmbedderUnavailable, normalised } from "./embedder.ts";

export type OpenAiOptions = {
  /** Up to and without `/embeddings`, e.g. `https://api.openai.com/v1`. */
  baseUrl: string;
  apiKey: string;
  /** As the service calls it, e.g. `text-embedding-3-small`. */
  model: string;
};

/** Texts of one call. OpenAI takes 2,048 and 300,000 tokens in all (API reference); chunks have some 400 each. */
const textsMax = 256;
const timeoutMs = 30_000;

/** Any service that speaks OpenAI's embeddings API and can give 512 dimensions. */
export const openAiEmbedder = ({ baseUrl, apiKey, model }: OpenAiOptions): Embedder => ({
  model,
  async embed(texts) {
    const vectors: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += textsMax) {
      const input = texts.slice(start, start + textsMax);
      vectors.push(...(await call(`${baseUrl}/embeddings`, apiKey, { model, input, dimensions })));
    }
    return vectors;
  },
});

type Request = { model: string; input: readonly string[]; dimensions: number };
type Reply = { data: { index: number; embedding: number[] }[] };

const call = async (url: string, apiKey: string, request: Request): Promise<Float32Array[]> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error) => {
    throw new EmbedderUnavailable("the embedding service cannot be reached", { cause: error });
  });
  // Its message may quote the key or the texts, so only the status is told.
  if (!response.ok) throw new EmbedderUnavailable(`the embedding service answered ${response.status}`);
  const { data } = (await response.json()) as Reply;
  const vectors = new Array<Float32Array>(request.input.length);
  for (const { index, embedding } of data) {
    if (embedding.length !== dimensions)
      throw new EmbedderUnavailable(`${request.model} gives ${embedding.length} dimensions instead of ${dimensions}`);
    vectors[index] = normalised(Float32Array.from(embedding));
  }
  if (data.length !== request.input.length) throw new EmbedderUnavailable("the embedding service left out a text");
  return vectors;
};
