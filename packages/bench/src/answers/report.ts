import { readFileSync, writeFileSync } from "node:fs";
import { defaultAnswering } from "@resolve/core/identity";
import { shareInterval } from "../statistics.ts";
import type { Setting } from "./cases.ts";
import type { MeasuredCase } from "./fit.ts";
import { type Curve, plot } from "./plot.ts";

/** An answer by models that have not seen its question. */
export type Result = Pick<MeasuredCase, "set" | "kind" | "setting"> & { support: number; isRight: boolean };

const { supportMin } = defaultAnswering;
const thresholds = Array.from({ length: 66 }, (_, at) => 0.3 + at / 100);
/** The languages for which the coverage goals are. */
const main = ["xquad/en", "xquad/de", "xquad/es"];

const settings = {
  other: "other tenant",
  paragraph: "paragraph missing",
  sentence: "sentence missing",
  unstated: "not stated",
} satisfies Record<Exclude<Setting, "own">, string>;
const falseSettings = ["other", "paragraph", "sentence", "unstated"] as const;

/** A share in percent, with its 95 % interval. */
const share = (part: number, whole: number): string => {
  if (whole === 0) return "";
  const [own, low, high] = [part / whole, ...shareInterval(part, whole)].map((value) => (100 * value).toFixed(1));
  return `${own} (${low}–${high})`;
};

type Count = [part: number, whole: number];

/** What a threshold does to these questions: the answerable ones that are answered, the right answers of these, and false ones by setting. */
const count = (results: readonly Result[], threshold: number) => {
  const isGiven = ({ support }: Result) => support >= threshold;
  const own = results.filter(({ setting }) => setting === "own");
  const given = own.filter(isGiven);
  return {
    answered: [given.length, own.length] satisfies Count,
    right: [given.filter(({ isRight }) => isRight).length, given.length] satisfies Count,
    wrong: falseSettings.map((setting): Count => {
      const asked = results.filter((one) => one.setting === setting);
      return [asked.filter(isGiven).length, asked.length];
    }),
  };
};

const rowOf = (name: string, results: readonly Result[]): string => {
  const { answered, right, wrong } = count(results, supportMin);
  return `| ${[name, answered[1], ...[answered, right, ...wrong].map((one) => share(...one))].join(" | ")} |`;
};

const percent = ([part, whole]: Count): string => (whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`);

const curveOf = (name: string, results: readonly Result[]): Curve => ({
  name,
  points: thresholds.map((threshold) => {
    const { answered, right, wrong } = count(results, threshold);
    const of = ([part, whole]: Count, none: number) => (whole === 0 ? none : part / whole);
    return { threshold, coverage: of(answered, 0), right: of(right, 1), falseShare: of(wrong[1]!, 0) };
  }),
});

const short = (set: string): string => set.replace("xquad/", "");

const page = new URL("../../../../docs/answers.md", import.meta.url);
const image = new URL("../../../../docs/answers.svg", import.meta.url);
const heading = "## Measured\n";
const following = /\n## (?!Measured\n)/;

/** Writes the part "Measured" of docs/answers.md, and its plot. */
export const report = (
  results: readonly Result[],
  { folds, collectedAt }: { folds: number; collectedAt: string },
): void => {
  const paragraphs = results.filter(({ set }) => set !== "companies");
  const sets = [...new Set(paragraphs.map(({ set }) => set))];
  const of = (wanted: readonly string[]) => paragraphs.filter(({ set }) => wanted.includes(set));
  const companies = results.filter(({ set }) => set === "companies");
  const rows = [
    ...sets.map((set) => rowOf(short(set), of([set]))),
    rowOf("en, de and es", of(main)),
    ...(sets.length > main.length ? [rowOf("all languages", paragraphs)] : []),
    rowOf(
      "answers that are numbers",
      paragraphs.filter(({ kind }) => kind === "number"),
    ),
    rowOf("companies", companies),
    ...(["number", "table"] as const).map((kind) =>
      rowOf(
        `companies, ${kind}s`,
        companies.filter((one) => one.kind === kind),
      ),
    ),
  ];
  const points = [0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8].map((threshold) => {
    const { right, wrong } = count(paragraphs, threshold);
    const answered = sets.map((set) => percent(count(of([set]), threshold).answered));
    return `| ${[threshold.toFixed(2), ...answered, ...[right, ...wrong.slice(0, 3)].map(percent)].join(" | ")} |`;
  });
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const text = `
Measured on ${day(new Date())} by \`npm run eval -- answers\`, with searches of ${collectedAt.slice(0, 10)} and \`supportMin\` ${supportMin}, in percent
with 95 % intervals, in ${folds} parts ([how](#how-it-was-measured)).

| questions | answerable | answered | right | ${falseSettings.map((setting) => settings[setting]).join(" | ")} |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join("\n")}

![Right and false answers over the share of questions answered, with supportMin](answers.svg)

By threshold: the share of questions answered by language, and the other columns for all languages together:

| \`supportMin\` | ${sets.map(short).join(" | ")} | right | ${(["other", "paragraph", "sentence"] as const).map((setting) => settings[setting]).join(" | ")} |
| --- | ${sets.map(() => "---:").join(" | ")} | ---: | ---: | ---: | ---: |
${points.join("\n")}
`;
  const [before, after = ""] = readFileSync(page, "utf8").split(heading);
  const rest = following.exec(after);
  writeFileSync(page, `${before}${heading}${text}${rest ? after.slice(rest.index) : ""}`);
  const curves = sets.map((set) => curveOf(short(set), of([set])));
  writeFileSync(
    image,
    plot([...curves, ...(sets.length > 1 ? [curveOf("all languages", paragraphs)] : [])], supportMin),
  );
  console.log(text);
};
