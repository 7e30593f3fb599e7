import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blocksOf, innermost } from "./mutant-coverage.mjs";
import { reportOf } from "./mutant-report.mjs";
import { failureOf, runsFor } from "./mutant-runs.mjs";
import { groupsOf, testTogether } from "./mutants-together.mjs";
import { chosen, resultsIn, withoutFindings, withoutTenantPolicy } from "./random-mutants.mjs";

type Mutant = { fault: string; breaks: string; file: string; from: string; to: string };
const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const mutants: Mutant[] = JSON.parse(read("scripts/mutants.json"));

/** The faults that a review found, by severity: a test is named after each, and a mutant proves that the test finds it. */
const faults = [...Array.from({ length: 8 }, (_, n) => `H${n + 1}`), ...Array.from({ length: 12 }, (_, n) => `M${n}`)];

test("every fault of high and medium severity has a mutant", () => {
  const covered = new Set(mutants.map(({ fault }) => fault));
  expect(faults.filter((fault) => !covered.has(fault))).toEqual([]);
});

test.each(mutants)("the mutant of $fault can be applied: $breaks", ({ file, from, to }) => {
  expect(read(file).split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
});

test("a seed gives the same random mutants, as many of each kind, each of a text that it replaces", () => {
  const mutations = chosen(30, 7);
  expect(mutations).toEqual(chosen(30, 7));
  expect(Object.values(Object.groupBy(mutations, ({ kind }) => kind)).map((own) => own?.length)).toEqual([10, 10, 10]);
  for (const { file, start, end, from, to } of mutations) {
    expect(read(file).slice(start, end)).toBe(from);
    expect(to).not.toBe(from);
  }
});

test("a repeated command keeps the results of the complete lines, and of a mutant the last one", () => {
  const path = join(mkdtempSync(join(tmpdir(), "resolve-")), "mutants.jsonl");
  const lines = [
    { n: 0, outcome: "survived" },
    { n: 1, outcome: "noticed" },
    { n: 0, outcome: "noticed" },
    { passed: "a.test.ts", numbers: [1, 2] },
    { passed: "a.test.ts", numbers: [3] },
  ].map((result) => `${JSON.stringify(result)}\n`);
  writeFileSync(path, `${lines.join("")}{"n":2,"outc`);
  const expected = [
    [0, "noticed"],
    [1, "noticed"],
  ];
  const { results, passed } = resultsIn(path);
  expect(passed).toEqual(new Map([["a.test.ts", new Set([1, 2, 3])]]));
  expect([...results.values()].map(({ n, outcome }) => [n, outcome])).toEqual(expected);
  expect(readFileSync(path, "utf8")).toBe(lines.join(""));
});

test("a probe in every block reports that it ran, and the innermost block of a place is found", () => {
  const text = "const f = (n) => n > 1 ? n : g(n);\nfunction g(n) { if (n) return 1; for (;;) { return 2; } }\n";
  const blocks = blocksOf(text).map((block, n) => ({ ...block, n }));
  expect(blocks.map(({ start, end }) => text.slice(start, end))).toEqual([
    "(n) => n > 1 ? n : g(n)",
    "function g(n) { if (n) return 1; for (;;) { return 2; } }",
    "return 1;",
    "{ return 2; }",
  ]);
  expect(["const", "g(n);", "if (", "return 1", "return 2"].map((at) => innermost(blocks, text.indexOf(at)))).toEqual([
    undefined,
    0,
    1,
    2,
    3,
  ]);
});

test("a test of a suite is run by its recorded name, and a name that no test has is an error", async () => {
  const directory = mkdtempSync(join(tmpdir(), "resolve-"));
  writeFileSync(join(directory, "vitest.config.mjs"), "export default { test: { globals: true } };");
  const tests = ['test("{passes} (1)", () => {});', 'test("fails", () => expect(1).toBe(2));'];
  writeFileSync(join(directory, "one.test.js"), `describe("suite", () => { ${tests.join(" ")} });`);
  const run = (name: string) => failureOf({ file: "one.test.js", names: [name], longestMs: 1, ms: 1 }, directory, {});
  expect(await run("suite > {passes} (1)")).toBeUndefined();
  expect(await run("suite > fails")).toEqual({ name: "suite > fails", hasTimedOut: false });
  await expect(run("suite fails")).rejects.toThrow("no test ran");
});

test("mutants that share a text, or the policy of tenants, are not in one copy together", () => {
  const mutant = { kind: "state" as const, file: "a.ts", start: 0, end: 9, from: "x", to: ";" };
  const inside = { ...mutant, start: 3, end: 5 };
  const after = { ...mutant, start: 9, end: 12 };
  const tenant = { ...mutant, kind: "tenant" as const, file: "b.ts" };
  expect(groupsOf([mutant, inside, after, tenant])).toEqual([[mutant, after], [inside], [tenant]]);
});

test("of survivors in one copy, those are found that a test notices alone", async () => {
  const directory = mkdtempSync(join(tmpdir(), "resolve-"));
  writeFileSync(join(directory, "vitest.config.mjs"), "export default { test: { globals: true } };");
  const imported = 'import { values } from "./values.js";';
  const tests = [
    'test("first", () => expect(values[2]).toBe(0));',
    // Fails with the first two together only, so neither of them is to blame, but the fourth is.
    'test("both", () => expect(values[0] + values[1] + 2 * values[3]).toBeLessThan(2));',
    'test("broken", () => expect(1).toBe(2));',
  ];
  writeFileSync(join(directory, "one.test.js"), `${imported} ${tests.join(" ")}`);
  const put = (mutations: readonly { start: number }[]) => {
    const values = Array.from({ length: 6 }, (_, n) => (mutations.some(({ start }) => start === n) ? 1 : 0));
    writeFileSync(join(directory, "values.js"), `export const values = ${JSON.stringify(values)};`);
  };
  const mutants = Array.from({ length: 6 }, (_, start) => ({
    ...{ kind: "state" as const, file: "values.ts", start, end: start + 1, from: "0", to: "1" },
  }));
  const blocks = new Map([["values.ts", [{ start: 0, end: 9, n: 7 }]]]);
  const recorded = ["first", "both", "broken"].map((name) => ({ name, ms: 1, blocks: [7] }));
  const files = [{ file: "one.test.js", startMs: 1, outside: [], tests: recorded }];
  const found: [number, string][] = [];
  const passed: number[] = [];
  const left = await testTogether(
    mutants,
    { blocks, files },
    {
      copies: [{ directory, put }],
      env: {},
      found: ({ start }: { start: number }, { noticedBy }: { noticedBy: string }) => found.push([start, noticedBy]),
      hasPassed: (_: string, { start }: { start: number }) => start === 5,
      onPassed: (_: string, mutations: { start: number }[]) => passed.push(...mutations.map(({ start }) => start)),
    },
  );
  expect(new Map(found)).toEqual(
    new Map([
      [2, "one.test.js first"],
      [3, "one.test.js both"],
    ]),
  );
  expect(left.map(({ start }: { start: number }) => start)).toEqual([0, 1, 4, 5]);
  expect(passed).toEqual([0, 1, 4]);
});

test("only tests that run the block are tried, the cheap and specific ones first, else those whose hooks run it", () => {
  const one = (name: string, ms: number, ...blocks: number[]) => ({ name, ms, blocks });
  const files = [
    { file: "slow", startMs: 5_000, outside: [9], tests: [one("all", 9_000, 1, 2, 3), one("other", 5, 2)] },
    { file: "fast", startMs: 100, outside: [], tests: [one("exact", 10, 1), one("none", 10, 4)] },
  ];
  const namesFor = (block: number) => runsFor([block], files).map(({ file, names }) => [file, ...names]);
  expect(namesFor(1)).toEqual([
    ["fast", "exact"],
    ["slow", "all"],
  ]);
  expect(namesFor(9)).toEqual([
    ["slow", "other"],
    ["slow", "all"],
  ]);
  expect(namesFor(7)).toEqual([]);
});

test("a mutant of a condition on the tenant runs without the policy that would hide it", () => {
  const text = withoutTenantPolicy(read("packages/core/migrations/0001_baseline.sql"));
  expect(text).toContain(
    "create policy tenant on %s to resolve_app using (%I is not null) with check (%I is not null)",
  );
  expect(() => withoutTenantPolicy(text)).toThrow("does not have the policy");
  const probe = withoutFindings(read("packages/core/src/onboarding/probe.ts"));
  expect(() => withoutFindings(probe)).toThrow("does not have");
});

test("the report counts mutants that the compiler refuses apart, and names the survivors", () => {
  const mutant = { seed: 7, sources: "abc", kind: "state", place: "a.ts:1", from: "x", to: ";", seconds: 2 };
  const outcomes = ["noticed", "timed out", "noticed", "types", "survived"];
  const report = reportOf(outcomes.map((outcome, n) => ({ ...mutant, n, outcome, tried: 2, runs: 2 })));
  expect(report).toContain("| state | 5 | 1 | 3 | 1 | 1 | 75.0 % | 30.1 % to 95.4 % |");
  expect(report).toContain("| a.ts:1 | `x` → `;` | all tests of it pass |");
});
