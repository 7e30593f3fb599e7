import { type Embedder, staticEmbedder } from "@resolve/embedding";

let configured: Embedder | undefined;

/** The embedder of this process; loaded at first use. */
export const embedder = (): Embedder => {
  configured ??= staticEmbedder();
  return configured;
};
