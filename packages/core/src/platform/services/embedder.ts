import {
  bedrockEmbedder,
  type Embedder,
  EmbedderUnavailable,
  hashEmbedder,
  type OnUsage,
  openAiEmbedder,
  staticEmbedder,
} from "@resolve/embedding";
import { optionalResource } from "../resources.ts";
import { logger } from "../telemetry.ts";
import { wideEvent } from "../wide-event.ts";
import { postTo } from "./service.ts";

export { type Embedder, EmbedderUnavailable };

/** The embedders of this process by model. New tenants get the first one. */
const configured = (): Map<string, Embedder> => {
  const embedders = [...remote(), staticEmbedder(), hashEmbedder()];
  return new Map(embedders.map((embedder) => [embedder.model, embedder]));
};

const remote = (): Embedder[] => {
  const link = optionalResource("Embedding");
  if (!link) return [];
  return [
    link.provider === "bedrock"
      ? bedrockEmbedder(link, noteUsage)
      : openAiEmbedder({ model: link.model, post: postTo(link) }, noteUsage),
  ];
};

/** Logs billed usage, of which docs/jobs.md has the query that sums it, and counts it for the work under way. */
const noteUsage: OnUsage = (usage) => {
  logger.info("embedded", { usage });
  const event = wideEvent();
  if (!event) return;
  event.modelCalls += usage.calls;
  event.embeddingTokens += usage.tokens;
};

let cached: Map<string, Embedder> | undefined;
const embedders = (): Map<string, Embedder> => {
  cached ??= configured();
  return cached;
};

/** Models that a tenant may use, the default one first. */
export const models = (): string[] => [...embedders().keys()];

/** @throws EmbedderUnavailable when this deployment is not configured for the model. */
export const embedderOf = (model: string): Embedder => {
  const embedder = embedders().get(model);
  if (!embedder) throw new EmbedderUnavailable(`no embedder is configured for ${model}`);
  return embedder;
};
