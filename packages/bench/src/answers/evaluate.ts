import { writeFileSync } from "node:fs";
import { models } from "@resolve/core/search/answers/decide";
import { featureNames } from "@resolve/core/search/answers/features";
import { logistic, logitOf, supportFeatureNames } from "@resolve/core/search/answers/support";
import { calibrated, type Judged, offsetsOf } from "./calibrate.ts";
import { collect } from "./cases.ts";
import { attempt, fitModels, type MeasuredCase, measureCase } from "./fit.ts";
import { type Result, report } from "./report.ts";

const folds = 4;

let collected: Promise<{ measured: MeasuredCase[]; collectedAt: string }> | undefined;
const collectMeasured = () => {
  collected ??= collect().then(({ cases, collectedAt }) => ({ measured: cases.map(measureCase), collectedAt }));
  return collected;
};

/** Measures answers by models that were fitted without the questions about the same article or company. */
export const answers = async (): Promise<void> => {
  const { measured, collectedAt } = await collectMeasured();
  report(heldOut(judgedByFold(measured)), { folds, collectedAt });
};

/** Every case, judged by models and by offsets that were fitted to the other folds. */
export const heldOut = (judged: readonly (MeasuredCase & Judged)[][]): Result[] =>
  judged.flatMap((own, fold) => {
    const offsets = offsetsOf(judged.filter((_, other) => other !== fold).flat());
    return own.map((one) => ({ ...one, support: supportOf(one.logit, offsets.get(one.language)) }));
  });

export const judgedByFold = (measured: readonly MeasuredCase[]): (MeasuredCase & Judged)[][] => {
  const groups = [...new Set(measured.map(({ group }) => group))].toSorted();
  return Array.from({ length: folds }, (_, fold) => {
    const isHeldOut = ({ group }: MeasuredCase) => groups.indexOf(group) % folds === fold;
    const fitted = fitModels(measured.filter((one) => !isHeldOut(one)));
    return measured.filter(isHeldOut).map((one) => {
      const { features, isRight } = attempt(one, fitted);
      const language = one.evidence.sources[0]?.language ?? "";
      return { ...one, language, isRight, logit: features && logitOf(fitted, features) };
    });
  });
};

const supportOf = (logit: number | undefined, offset = 0): number =>
  logit === undefined ? 0 : logistic(logit - offset);

/** Fits the models to all questions, and writes them as data. */
export const fitAnswers = async (): Promise<void> => {
  const { measured } = await collectMeasured();
  fitAll(measured, judgedByFold(measured));
};

export const fitAll = (measured: readonly MeasuredCase[], judged: readonly (MeasuredCase & Judged)[][]): void => {
  const offsets = offsetsOf(judged.flat());
  console.log("stricter by", Object.fromEntries(offsets));
  const { rank, support } = calibrated(fitModels(measured), offsets);
  const table = (names: readonly string[], values: readonly number[]) =>
    names.map((name, at) => `    // ${name}\n    ${values[at]!.toFixed(4)},`).join("\n");
  writeFileSync(
    new URL("../../../core/src/search/answers/coefficients.ts", import.meta.url),
    `/**
 * Written by \`npm run eval -- answers-fit\`: logistic regression on XQuAD and on the companies of
 * packages/acceptance/src/companies.ts. docs/answers.md has the measurements, of questions that the fit has not seen.
 */
export const coefficients = {
  /** Does a sentence contain what is asked for? */
  rank: [
${table(featureNames, rank)}
  ],
  /** Does the answer that quotes the best sentences contain it? */
  support: [
${table(supportFeatureNames, support)}
  ],
};
`,
  );
  console.log(`before: ${models.support.length} coefficients, now ${support.length}`);
};
