import { readFileSync, writeFileSync } from "node:fs";
import { defaultAnswering } from "@resolve/core/identity";
import { models } from "@resolve/core/search/answers/decide";
import { featureNames } from "@resolve/core/search/answers/features";
import { supportFeatureNames, supportOf } from "@resolve/core/search/answers/support";
import { type Cost, collect, type Setting } from "./cases.ts";
import { attempt, fitModels, type MeasuredCase, measureCase } from "./fit.ts";
import { type Curve, plot } from "./plot.ts";

const folds = 4;
const thresholds = Array.from({ length: 66 }, (_, at) => 0.3 + at / 100);
const { supportMin } = defaultAnswering;

type Result = Pick<MeasuredCase, "set" | "kind" | "setting"> & { support: number; isRight: boolean };

let collected: Promise<{ measured: MeasuredCase[]; costs: Cost[] }> | undefined;
const collectMeasured = () => {
  collected ??= collect().then(({ cases, costs }) => ({ measured: cases.map(measureCase), costs }));
  return collected;
};

/** Measures answers by models that were fitted without the questions about the same article or company. */
export const answers = async (): Promise<void> => {
  const { measured, costs } = await collectMeasured();
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
  write(results, costs);
};

/** Fits the models to all questions, and writes them as data. */
export const fitAnswers = async (): Promise<void> => {
  const { rank, support } = fitModels((await collectMeasured()).measured);
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

const settings: Record<Exclude<Setting, "own">, string> = {
  other: "other tenant",
  paragraph: "paragraph missing",
  sentence: "sentence missing",
  unstated: "not stated",
};

/** A share in percent, with its 95 % interval (Wilson). */
const share = (part: number, whole: number): string => {
  if (whole === 0) return "";
  const [z, p] = [1.96, part / whole];
  const middle = (p + z ** 2 / (2 * whole)) / (1 + z ** 2 / whole);
  const half = (z / (1 + z ** 2 / whole)) * Math.sqrt((p * (1 - p)) / whole + z ** 2 / (4 * whole ** 2));
  const percent = (value: number) => (100 * Math.min(1, Math.max(0, value))).toFixed(1);
  return `${percent(p)} (${percent(middle - half)}–${percent(middle + half)})`;
};

const isGiven = ({ support }: Result, threshold = supportMin) => support >= threshold;

const rowOf = (name: string, results: readonly Result[]): string => {
  const own = results.filter(({ setting }) => setting === "own");
  const given = own.filter((one) => isGiven(one));
  const falseAnswers = (Object.keys(settings) as Exclude<Setting, "own">[]).map((setting) => {
    const asked = results.filter((one) => one.setting === setting);
    return share(asked.filter((one) => isGiven(one)).length, asked.length);
  });
  const right = given.filter(({ isRight }) => isRight).length;
  return `| ${name} | ${own.length} | ${share(given.length, own.length)} | ${share(right, given.length)} | ${falseAnswers.join(" | ")} |`;
};

const page = new URL("../../../../docs/answers.md", import.meta.url);
const image = new URL("../../../../docs/answers.svg", import.meta.url);
const heading = "## Measured\n";

const write = (results: readonly Result[], costs: readonly Cost[]): void => {
  const paragraphs = results.filter(({ set }) => set !== "companies");
  const sets = [...new Set(paragraphs.map(({ set }) => set))];
  const companies = results.filter(({ set }) => set === "companies");
  const rows = [
    ...sets.map((set) =>
      rowOf(
        set.replace("xquad/", ""),
        paragraphs.filter((one) => one.set === set),
      ),
    ),
    rowOf("all languages", paragraphs),
    rowOf(
      "answers that are numbers",
      paragraphs.filter(({ kind }) => kind === "number"),
    ),
    rowOf("companies", companies),
    rowOf(
      "companies, numbers",
      companies.filter(({ kind }) => kind === "number"),
    ),
    rowOf(
      "companies, tables",
      companies.filter(({ kind }) => kind === "table"),
    ),
  ];
  const points = [0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8].map((threshold) => {
    const { coverage, right, falseShare } = curveOf("", paragraphs, [threshold]).points[0]!;
    const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
    return `| ${threshold.toFixed(2)} | ${percent(coverage)} | ${percent(right)} | ${percent(falseShare)} |`;
  });
  const [introduction] = readFileSync(page, "utf8").split(heading);
  const p95 = (values: number[]) =>
    values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.95)] ?? Number.NaN;
  const [searchMs, answerMs] = [p95(costs.map(({ search }) => search)), p95(costs.map(({ answer }) => answer))];
  const ratios = costs.map(({ search, answer }) => answer / search).toSorted((one, other) => one - other);
  const cost = `An answer takes ${(answerMs / searchMs).toFixed(2)} × of the search that it uses at p95 (${answerMs.toFixed(0)} and ${searchMs.toFixed(0)} ms, ${costs.length} questions; the median of the ratios is ${(ratios[ratios.length >> 1] ?? Number.NaN).toFixed(2)}).`;
  const text = `${introduction}${heading}
Measured by \`npm run eval -- answers\`, with \`supportMin\` ${supportMin}, in percent with 95 % intervals. Each language of XQuAD is split into
two tenants of 60 paragraphs. _Right_ is the share of the given answers that contain the words that the set names. The other columns
are false answers to questions that have no answer: asked in the other tenant; in the own one without the paragraph that has the answer, or without the
sentences that have it. The companies are six, each with five small documents that state some of 24 facts (\`packages/acceptance/src/companies.ts\`);
_not stated_ are the questions about the other facts. The models of each row were fitted without the same articles and companies (${folds} folds).

| questions | answerable | answered | right | ${Object.values(settings).join(" | ")} |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join("\n")}

![Answered questions and right answers by threshold](answers.svg)

All languages, by threshold; false answers are those without the paragraph:

| \`supportMin\` | answered | right | false answers |
| --- | ---: | ---: | ---: |
${points.join("\n")}

${cost}
`;
  writeFileSync(page, text);
  const curves = ["xquad/en", "xquad/de", "xquad/es"].filter((set) => sets.includes(set));
  writeFileSync(
    image,
    plot(
      [
        ...curves.map((set) =>
          curveOf(
            set.slice(6),
            paragraphs.filter((one) => one.set === set),
          ),
        ),
        curveOf("all seven", paragraphs),
      ],
      supportMin,
    ),
  );
  console.log(text.slice(text.indexOf(heading)));
};

const curveOf = (name: string, results: readonly Result[], at: readonly number[] = thresholds): Curve => {
  const own = results.filter(({ setting }) => setting === "own");
  const plausible = results.filter(({ setting }) => setting === "paragraph");
  return {
    name,
    points: at.map((threshold) => {
      const given = own.filter((one) => isGiven(one, threshold));
      return {
        threshold,
        coverage: given.length / own.length,
        right: given.length === 0 ? 1 : given.filter(({ isRight }) => isRight).length / given.length,
        falseShare: plausible.filter((one) => isGiven(one, threshold)).length / Math.max(1, plausible.length),
      };
    }),
  };
};
