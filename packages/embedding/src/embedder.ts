/** Numbers in a vector of any model: the width of `app.embeddings`. */
export const dimensions = 512;

export type Embedder = {
  /** Name of the model; embeddings of different models are never compared. */
  model: string;
  /** Makes vectors in this process, at once, where others ask a service. */
  isBuiltIn: boolean;
  /**
   * One vector of `dimensions` numbers and length 1 per text, in order. Queries and documents may be embedded differently.
   *
   * @throws EmbedderUnavailable when the service does not answer, or not now.
   */
  embed(texts: readonly string[], kind: "document" | "query"): Promise<Float32Array[]>;
};

/** No vectors now; the same texts may be sent again later. */
export class EmbedderUnavailable extends Error {
  override readonly name = "EmbedderUnavailable";
}

/** Asking again will not help: a wrong key, a model that is not there. */
export class EmbedderRefused extends EmbedderUnavailable {}

export const normalised = (vector: Float32Array): Float32Array => {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  // A text without words still needs a direction: cosine distance to nothing is not a number.
  if (length === 0) vector[0] = 1;
  else for (let at = 0; at < vector.length; at++) vector[at]! /= length;
  return vector;
};
