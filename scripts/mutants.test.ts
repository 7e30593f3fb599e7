import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chosen } from "./random-mutants.mjs";

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
