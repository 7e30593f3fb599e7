import { type SQL, sql } from "drizzle-orm";

/**
 * How strongly a chunk matches: coverage of the query + weight × cosine, or the cosine alone in a search by vectors. The score
 * is strength^steepness / (strength^steepness + half^steepness): from 0 to 1, in the same order, and 0.5 where `half` is.
 */
type Scale = { half: number; steepness: number };

/** Fitted by logistic regression on the relevance sets: 0.5 is the strength at which half of the hits answer the query. */
const scales = {
  words: { half: 0.3, steepness: 4 },
  vectors: { half: 0.36, steepness: 5 },
} satisfies Record<string, Scale>;
export type ScaleName = keyof typeof scales;

/** SQL: the score of a strength. A power of a smaller strength would be an underflow. */
export const scoreOf = (strength: SQL, name: ScaleName): SQL => {
  const { half, steepness } = scales[name];
  return sql`(1 - 1 / (1 + power(greatest(1e-9, ${strength}) / ${half}::float8, ${steepness}::float8)))`;
};

/** The strength of a score: the inverse of `scoreOf`, for measurements. */
export const strengthOf = (score: number, name: ScaleName): number => {
  const { half, steepness } = scales[name];
  return score >= 1 ? Number.POSITIVE_INFINITY : half * (score / (1 - score)) ** (1 / steepness);
};

/**
 * When no chunk has a word of the query and the model has no meaning for it either, chunks with a smaller cosine are no
 * results: only sequences of letters are similar then. Those of random letters have a cosine of up to 0.22 on the relevance sets.
 */
export const lettersCosineMin = 0.3;
