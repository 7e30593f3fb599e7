import { featureNames, type Measured, measuredMax } from "./features.ts";

/** The coefficients of the two models, in the order of their features. `npm run eval -- answers-fit` writes them. */
export type Models = { rank: readonly number[]; support: readonly number[] };

/** A sentence, how likely it is an answer, and the logit of that. */
export type Ranked = Measured & { logit: number; likelihood: number };

const dot = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
export const logistic = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** The sentences by descending likelihood, after them those that are never answers. */
export const rank = ({ rank: coefficients }: Pick<Models, "rank">, measured: readonly Measured[]): Ranked[] =>
  measured
    .map((one) => {
      const logit = dot(one.features, coefficients);
      return { ...one, logit, likelihood: logistic(logit) };
    })
    .toSorted(
      (one, other) => Number(Boolean(one.excludedBy)) - Number(Boolean(other.excludedBy)) || other.logit - one.logit,
    );

/**
 * The measured languages, of which Chinese has no dictionary. Words say more about an answer in some languages than in
 * others. A language that was not measured needs as much as the strictest one (`npm run eval -- answers-fit`).
 */
export const languages = ["english", "german", "spanish", "arabic", "hindi", "russian", "simple"] as const;

/** What the support model adds to the features of the best sentence. */
export const supportFeatureNames = [
  ...featureNames,
  "logit",
  "likelihood",
  "lead over the next sentence",
  "lead over the next document",
  "length of the answer",
  "single sentence",
  "likelihood of the best three",
  "logit × share in the sentence",
  "logit × share in the chunk",
  "logit squared",
  "share in the sentence × in the chunk",
  "share in the chunk squared",
  "share with its neighbours squared",
  "lacks × share in the sentence",
  "from the best hit",
  "best score",
  "best score squared",
  "sentences that have what is asked for",
  "sentences with the same share",
  ...languages,
] as const;

/** Without another sentence the lead is this, and a larger lead says no more. */
const leadMax = 3;

/** The features of an answer that quotes some of the ranked sentences; undefined without any sentence. */
export const supportFeatures = (
  ranked: readonly Ranked[],
  quoted: readonly Ranked[],
  chars: number,
): number[] | undefined => {
  const [best, next] = ranked;
  if (!best || best.excludedBy) return undefined;
  const of = ({ features }: Measured, name: (typeof featureNames)[number]) => features[featureNames.indexOf(name)] ?? 0;
  const documentOf = ({ candidate }: Ranked) => candidate.source.hit.document.id;
  const rival = ranked.find((one) => documentOf(one) !== documentOf(best));
  const lead = (other: Ranked | undefined) => (other ? Math.min(leadMax, best.logit - other.logit) : leadMax);
  const [share, around, chunk] = [
    of(best, "share in the sentence"),
    of(best, "share with its neighbours and headings"),
    of(best, "share in the chunk"),
  ];
  const bestScore = Math.max(...ranked.map((one) => of(one, "score of the hit")));
  return [
    ...best.features,
    best.logit,
    best.likelihood,
    lead(next),
    lead(rival),
    Math.log(Math.max(1, chars)) / 6,
    quoted.length === 1 ? 1 : 0,
    ranked.slice(0, 3).reduce((sum, { likelihood }) => sum + likelihood, 0),
    best.logit * share,
    best.logit * chunk,
    best.logit ** 2 / 10,
    share * chunk,
    chunk ** 2,
    around ** 2,
    of(best, "lacks what is asked for") * share,
    of(best, "relative score of the hit") === 1 ? 1 : 0,
    bestScore,
    bestScore ** 2,
    quoted.reduce((sum, one) => sum + of(one, "has what is asked for"), 0) / 3,
    ranked.filter((one) => of(one, "share in the sentence") >= share - 0.01).length / measuredMax,
    ...languages.map((language) => Number(best.candidate.source.language === language)),
  ];
};

export const logitOf = ({ support }: Pick<Models, "support">, features: readonly number[]): number =>
  dot(features, support);

/** How likely the answer contains what was asked for, from 0 to 1. */
export const supportOf = (models: Pick<Models, "support">, features: readonly number[]): number =>
  logistic(logitOf(models, features));
