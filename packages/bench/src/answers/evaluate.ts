import { writeFileSync } from "node:fs";
import { models } from "@resolve/core/search/answers/decide";
import { featureNames } from "@resolve/core/search/answers/features";
import { supportFeatureNames, supportOf } from "@resolve/core/search/answers/support";
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
  report(heldOut(measured), { folds, collectedAt });
};

export const heldOut = (measured: readonly MeasuredCase[]): Result[] => {
  const groups = [...new Set(measured.map(({ group }) => group))].toSorted();
  const results: Result[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const isHeldOut = ({ group }: MeasuredCase) => groups.indexOf(group) % folds === fold;
    const fitted = fitModels(measured.filter((one) => !isHeldOut(one)));
    for (const one of measured.filter(isHeldOut)) {
      const { features, isRight } = attempt(one, fitted);
      results.push({ ...one, support: features ? supportOf(fitted, features) : 0, isRight });
    }
  }
  return results;
};

/** Fits the models to all questions, and writes them as data. */
export const fitAnswers = async (): Promise<void> => fitAll((await collectMeasured()).measured);

export const fitAll = (measured: readonly MeasuredCase[]): void => {
  const { rank, support } = fitModels(measured);
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
