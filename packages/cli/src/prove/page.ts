import { tenantCost } from "../cost.ts";
import type { Result } from "./check.ts";
import type { Report } from "./run.ts";

/** Did all checks run, and pass? */
export const isProven = ({ results, interrupted }: Report): boolean =>
  interrupted === undefined && results.length > 0 && results.every(({ passed }) => passed);

const verdict = ({ passed }: Result): string => (passed ? "passed" : "FAILED");

/** The page for a terminal. */
export const pageLines = (report: Report): string[] => [
  ...heading(report),
  "",
  ...report.results.flatMap((result) => [
    `${verdict(result)}  ${result.promise}`,
    `        measured  ${result.measured}`,
    `        limit     ${result.limit}`,
    // The details of passed checks are only in the files, so that the terminal shows one page.
    ...(result.passed ? [] : (result.detail ?? []).map((line) => `        ${line}`)),
    `        repeat    ${result.repeat}`,
    "",
  ]),
  ...closing(report),
];

/** The same page as Markdown, with all details. */
export const pageMarkdown = (report: Report): string =>
  [
    "# Does Resolve keep its promises?",
    heading(report).join("  \n"),
    ["| | promise | measured | limit |", "| --- | --- | --- | --- |", ...report.results.map(row)].join("\n"),
    ...report.results.map((result) =>
      [
        `## ${result.name}: ${verdict(result)}`,
        "",
        `${result.promise}.`,
        "",
        ...(result.detail ?? []).map((line) => `- ${line}`),
        `- repeat: \`${result.repeat}\` (it took ${result.seconds} s)`,
      ].join("\n"),
    ),
    "## What it leaves behind",
    closing(report).join("  \n"),
  ].join("\n\n") + "\n";

const row = (result: Result): string =>
  `| ${[verdict(result), result.promise, result.measured, result.limit].map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;

const heading = ({ apiUrl, isLocal, startedAt, seconds, results }: Report): string[] => [
  `Resolve at ${apiUrl}${isLocal ? ", started for this proof on this machine" : ""}`,
  `${startedAt.slice(0, 16).replace("T", " ")} UTC, ${results.length} ${results.length === 1 ? "check" : "checks"} from outside through the public API, ${seconds} s in all`,
];

const closing = (report: Report): string[] => {
  const { results, interrupted, cleanup, isLocal } = report;
  const failed = results.filter(({ passed }) => !passed);
  const names = failed.map(({ name }) => name).join(", ");
  const kept = `${results.length - failed.length} of ${results.length} promises were kept`;
  const summary = names === "" ? `${kept}.` : `${kept}; not kept: ${names}.`;
  return [
    summary,
    ...(interrupted ? [`The proof did not end: ${interrupted}.`] : []),
    `Removed again, of all checks together: ${cleanup.removed}.`,
    ...(isLocal
      ? ["The system itself and its data are removed, too."]
      : cleanup.remains.map((line) => `Remains: ${line}.`)),
    `Computed, not measured: ${tenantCost()}.`,
  ];
};
