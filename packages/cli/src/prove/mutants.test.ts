import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checks } from "./checks/index.ts";

type Mutant = { check: string; breaks: string; file: string; from: string; to: string };
const root = join(import.meta.dirname, "../../../..");
const mutants: Mutant[] = JSON.parse(readFileSync(join(import.meta.dirname, "mutants.json"), "utf8"));

test("every check has a mutant that it must notice", () => {
  expect(new Set(mutants.map(({ check }) => check))).toEqual(new Set(checks.map(({ name }) => name)));
});

test.each(mutants)("the mutant of $check can be applied: $breaks", ({ file, from, to }) => {
  expect(readFileSync(join(root, file), "utf8").split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
});
