import { askedOf } from "@resolve/core/search/answers/asked";
import { type Candidate, candidatesOf } from "@resolve/core/search/answers/candidates";
import type { Evidence } from "@resolve/core/search/answers/evidence";
import { featureNames, type Measured, measure } from "@resolve/core/search/answers/features";
import { quotesOf } from "@resolve/core/search/answers/quotes";
import { type Models, rank, supportFeatureNames, supportFeatures } from "@resolve/core/search/answers/support";
import type { Case } from "./cases.ts";

/** A case with its measured sentences, which do not depend on the coefficients. */
export type MeasuredCase = Case & { measured: Measured[] };

export const measureCase = (one: Case): MeasuredCase => {
  const { question, answer, evidence, setting } = one;
  const isRemoved = ({ text }: Candidate) => setting === "sentence" && has(text, answer);
  const asked = askedOf(question, evidence);
  const shown = setting === "sentence" ? withoutSentences(evidence, isRemoved) : evidence;
  const candidates = shown.sources.flatMap(candidatesOf).filter((candidate) => !isRemoved(candidate));
  return { ...one, measured: measure(shown, asked, candidates) };
};

/** The evidence as if these sentences had no words of the question. */
const withoutSentences = (evidence: Evidence, isRemoved: (candidate: Candidate) => boolean): Evidence => ({
  ...evidence,
  sources: evidence.sources.map((source) => {
    const removed = candidatesOf(source).filter(isRemoved);
    const isLeft = (at: number) => !removed.some(({ words }) => at >= words.first && at < words.last);
    return { ...source, positions: source.positions.map((positions) => positions.filter(isLeft)) };
  }),
});

/** Whether a text contains an answer, in any composition of its characters. */
const has = (text: string, answer: string | null): boolean => plain(text).includes(plain(answer ?? ""));
const plain = (text: string): string => text.normalize("NFKC").replace(/\s+/g, " ").trim();

const isRight = ({ setting, answer }: Case, text: string): boolean => setting === "own" && has(text, answer);

/** The answer of a case by these models: whether it is right, and the features of its support. */
export const attempt = (one: MeasuredCase, using: Pick<Models, "rank">) => {
  const ranked = rank(using, one.measured);
  const quotes = quotesOf(ranked);
  const text = quotes.map((quote) => quote.text).join(" ");
  const features = supportFeatures(
    ranked,
    quotes.map((quote) => quote.ranked),
    text.length,
  );
  return { features, isRight: isRight(one, text), text };
};

/** Unanswerable questions count less where they are more than the answerable ones. */
const weightOf = ({ setting }: Case): number =>
  ({ own: 1, sentence: 1, paragraph: 0.5, other: 0.5, unstated: 1 })[setting];

/** Fits which sentences contain the answer, and then which of the answers made of them do. */
export const fitModels = (cases: readonly MeasuredCase[]): Models => {
  const sentences = cases
    .filter(({ setting }) => setting === "own" || setting === "paragraph")
    .flatMap((one) =>
      one.measured.map(({ candidate, features }) => ({ features, isRight: isRight(one, candidate.text), weight: 1 })),
    );
  const ranking = { rank: logisticRegression(sentences, featureNames.length) };
  const answers = cases.flatMap((one) => {
    const { features, isRight } = attempt(one, ranking);
    return features ? [{ features, isRight, weight: weightOf(one) }] : [];
  });
  return { ...ranking, support: logisticRegression(answers, supportFeatureNames.length) };
};

type Observation = { features: readonly number[]; isRight: boolean; weight: number };

const iterations = 8;
/** The penalty on squared coefficients. */
const penalty = 1;

/** Newton's method. */
const logisticRegression = (observations: readonly Observation[], size: number): number[] => {
  const coefficients = new Float64Array(size);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const rows = Array.from({ length: size }, () => new Float64Array(size + 1));
    for (const { features, isRight, weight } of observations) {
      let logit = 0;
      for (let at = 0; at < size; at++) logit += features[at]! * coefficients[at]!;
      const likelihood = 1 / (1 + Math.exp(-logit));
      const curvature = weight * Math.max(1e-6, likelihood * (1 - likelihood));
      const error = weight * (Number(isRight) - likelihood);
      for (let i = 0; i < size; i++) {
        const [value, row] = [features[i]!, rows[i]!];
        if (value === 0) continue;
        row[size]! += error * value;
        for (let j = 0; j <= i; j++) row[j]! += curvature * value * features[j]!;
      }
    }
    for (let i = 0; i < size; i++) {
      for (let j = i + 1; j < size; j++) rows[i]![j] = rows[j]![i]!;
      rows[i]![size]! -= penalty * coefficients[i]!;
      rows[i]![i]! += penalty;
    }
    const step = solved(rows);
    for (let at = 0; at < size; at++) coefficients[at]! += step[at]!;
  }
  return [...coefficients];
};

/** Gaussian elimination; the last column is the right side. The penalty makes the matrix regular. */
const solved = (rows: Float64Array[]): Float64Array => {
  const size = rows.length;
  for (let i = 0; i < size; i++) {
    let pivot = i;
    for (let k = i + 1; k < size; k++) if (Math.abs(rows[k]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = k;
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    for (let k = i + 1; k < size; k++) {
      const factor = rows[k]![i]! / rows[i]![i]!;
      if (factor !== 0) for (let j = i; j <= size; j++) rows[k]![j]! -= factor * rows[i]![j]!;
    }
  }
  const result = new Float64Array(size);
  for (let i = size - 1; i >= 0; i--) {
    let rest = rows[i]![size]!;
    for (let j = i + 1; j < size; j++) rest -= rows[i]![j]! * result[j]!;
    result[i] = rest / rows[i]![i]!;
  }
  return result;
};
