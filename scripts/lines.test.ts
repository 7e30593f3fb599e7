import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** One long list each: of rows, or of the texts of documents. */
const lists = [
  "examples/generate.mjs",
  "packages/acceptance/src/companies.ts",
  "packages/core/migrations/0001_baseline.sql",
  "packages/functions/src/topology.ts",
  "stacks/testing/limits.ts",
];
const linesMax = 300;

// An unpacked archive has no list of its files.
test.skipIf(!existsSync(".git"))("no source has more than 300 lines, but for tests, generated files and lists", () => {
  const root = new URL("..", import.meta.url);
  const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");
  const sources = tracked.filter((path) => /(?<!\.test|\.gen)\.(ts|mjs|sql|css|sh|py)$/.test(path));
  const isLong = (path: string) => readFileSync(new URL(path, root), "utf8").split("\n").length - 1 > linesMax;
  expect(sources.length).toBeGreaterThan(500);
  expect(sources.filter(isLong)).toEqual(lists);
});
