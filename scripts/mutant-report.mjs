// `npm run test:mutants -- report FILE`: the tables of docs/mutants.md. A line of FILE may have got a `reason` by hand.
import { shareInterval } from "../packages/bench/src/statistics.ts";
import { resultsIn } from "./random-mutants.mjs";

const kinds = ["state", "tenant", "sql"];
const detected = ["noticed", "timed out"];
const survived = ["survived", "not run"];

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const code = (text) => `\`${text.replace(/\s+/g, " ").replaceAll("`", "'").replaceAll("|", "\\|").slice(0, 90)}\``;

export const reportOf = (results) => {
  const row = (name, own) => {
    const count = (outcomes) => own.filter(({ outcome }) => outcomes.includes(outcome)).length;
    const [types, found, missed] = [count(["types"]), count(detected), count(survived)];
    const range = shareInterval(found, found + missed)
      .map(percent)
      .join(" to ");
    return `| ${name} | ${own.length} | ${types} | ${found} | ${count(["timed out"])} | ${missed} | ${percent(found / (found + missed))} | ${range} |`;
  };
  const seconds = results.map((result) => result.seconds).sort((a, b) => a - b);
  const at = (share) => seconds[Math.floor(share * (seconds.length - 1))];
  const [{ seed, sources }] = results;
  return [
    `Seed ${seed}, ${results.length} mutants, sources ${sources}: ${at(0.5)} s for a mutant at the median, ${at(0.9)} s at p90.`,
    "",
    "| kind | tried | refused by the compiler | noticed | of these by a time limit | survived | share noticed | 95 % interval |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...kinds.map((kind) =>
      row(
        kind,
        results.filter((result) => result.kind === kind),
      ),
    ),
    row("all", results),
    "",
    "| survivor | change | reason |",
    "| --- | --- | --- |",
    ...results
      .filter(({ outcome }) => survived.includes(outcome))
      .map(({ place, from, to, outcome, isComplete, tried, runs, reason }) => {
        const extent =
          outcome === "not run"
            ? "no test runs it"
            : isComplete || tried === runs
              ? "all tests of it pass"
              : `${tried} of ${runs} runs tried`;
        return `| ${place.replace("packages/core/", "")} | ${code(from)} → ${code(to)} | ${reason ?? extent} |`;
      }),
  ].join("\n");
};

export const printReport = (path) =>
  console.log(reportOf([...resultsIn(path).results.values()].sort((a, b) => a.n - b.n)));
