import { type ScaleName, strengthOf } from "../../core/src/search/score.ts";
import { type Collection, ndcg, type Ranking, type Rankings } from "./relevance.ts";

/** The keyword and vector rankings of one set. */
export type Sides = { set: string; collection: Collection; keyword: Rankings; vector: Rankings };
/** A fusion rule. The keyword side has the weight 1; the vector side's weight varies. */
type Rule = { name: string; value: (ranking: Ranking, at: number, side: ScaleName) => number };

/** Reciprocal rank fusion (Cormack, Clarke, Büttcher, SIGIR 2009). */
const reciprocal = (k: number): Rule => ({ name: `1 / (${k} + rank)`, value: (_, at) => 1 / (k + at + 1) });
/** Scores scaled to 0…1 between the last and the best candidate. */
const relative: Rule = {
  name: "relative score",
  value: (ranking, at) => {
    const [best, last] = [ranking[0]!.score, ranking.at(-1)!.score];
    return best === last ? 1 : (ranking[at]!.score - last) / (best - last);
  },
};
/** The rule that search uses: the share of the maximum keyword score, and the cosine, which the scores of the API are made of. */
const absolute: Rule = {
  name: "coverage and cosine",
  value: (ranking, at, side) => strengthOf(ranking[at]!.score, side),
};
const rules = [reciprocal(10), reciprocal(20), reciprocal(60), relative, absolute];
const weights = Array.from({ length: 41 }, (_, n) => n / 40);

const fuse = ({ value }: Rule, weight: number, keyword: Ranking, vector: Ranking): Ranking => {
  const scores = new Map<string, number>();
  const add = (ranking: Ranking, share: number, side: ScaleName) => {
    for (const [at, { document }] of ranking.entries())
      scores.set(document, (scores.get(document) ?? 0) + share * value(ranking, at, side));
  };
  add(keyword, 1, "words");
  add(vector, weight, "vectors");
  return [...scores]
    .map(([document, score]) => ({ document, score }))
    .sort((a, b) => b.score - a.score || (a.document < b.document ? -1 : 1));
};

export type Fit = {
  rule: string;
  /** The best weight over all sets, and nDCG@10 by set with that weight. */
  weight: number;
  quality: number[];
  /** nDCG@10 of each set with the weight that is best for the others. */
  crossValidated: number[];
};

/** Fits the weight of each rule: the largest mean nDCG@10 over the sets. */
export const fit = (sides: Sides[]): Fit[] =>
  rules.map((rule) => {
    // quality[w][s]
    const quality = weights.map((weight) =>
      sides.map(({ collection, keyword, vector }) => {
        const fused: Rankings = new Map(
          collection.queries.map(({ _id }) => [_id, fuse(rule, weight, keyword.get(_id)!, vector.get(_id)!)]),
        );
        return ndcg(collection, fused);
      }),
    );
    const best = (except?: number) => {
      const sums = quality.map((own) => own.reduce((sum, value, s) => (s === except ? sum : sum + value), 0));
      return sums.indexOf(Math.max(...sums));
    };
    return {
      rule: rule.name,
      weight: weights[best()]!,
      quality: quality[best()]!,
      crossValidated: sides.map((_, s) => quality[best(s)]![s]!),
    };
  });
