/** Dimensions of every model: the width of `app.embeddings`. */
export const dimensions = 512;

/** The use of a service as it counts: it bills the tokens. */
export type Usage = { model: string; kind: "document" | "query"; texts: number; tokens: number; calls: number };
export type OnUsage = (usage: Usage) => void;

export type Embedder = {
  /** Name of the model. Vectors of different models are never compared. */
  model: string;
  /** True when the vectors are computed in this process, without a service. */
  isBuiltIn: boolean;
  /**
   * Returns one vector of `dimensions` numbers and length 1 per text, in order. Queries and documents may be embedded
   * differently. A service calls `onUsage` once, also when it fails in the end.
   *
   * @throws EmbedderUnavailable when the service does not respond or refuses.
   */
  embed(texts: readonly string[], kind: "document" | "query", onUsage?: OnUsage): Promise<Float32Array[]>;
  /** Does the model have the meaning of a word of the text? Absent when it has one for every text. */
  understands?(text: string): boolean;
};

/** The service returned no vectors; the same texts can be sent again later. */
export class EmbedderUnavailable extends Error {
  override readonly name = "EmbedderUnavailable";
}

/** A retry cannot help: for example a wrong key or an unknown model. */
export class EmbedderRefused extends EmbedderUnavailable {}

export const normalised = (vector: Float32Array): Float32Array => {
  let squares = 0;
  for (let at = 0; at < vector.length; at++) squares += vector[at]! * vector[at]!;
  const length = Math.sqrt(squares);
  // A text without words also needs a direction, since the cosine distance to a zero vector is not a number.
  if (length === 0) vector[0] = 1;
  else for (let at = 0; at < vector.length; at++) vector[at]! /= length;
  return vector;
};
