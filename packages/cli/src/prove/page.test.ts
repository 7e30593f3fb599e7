import { expect, test } from "vitest";
import type { Result } from "./check.ts";
import { isProven, pageLines, pageMarkdown } from "./page.ts";
import type { Report } from "./run.ts";

const kept: Result = {
  name: "ready",
  promise: "An uploaded document can be searched within 30 seconds",
  limit: "30 s",
  measured: "2.1 s",
  passed: true,
  detail: ["plain text by presigned upload"],
  repeat: "npm run prove -- --only ready",
  seconds: 3.4,
};
const broken: Result = {
  ...kept,
  name: "keys",
  promise: "A | B",
  passed: false,
  detail: ["wrong: a revoked key works"],
};
const report = (results: Result[], more: Partial<Report> = {}): Report => ({
  apiUrl: "https://resolve.example/api",
  isLocal: false,
  startedAt: "2026-11-27T01:02:03.000Z",
  seconds: 61,
  results,
  interrupted: undefined,
  tenantIds: ["ten_1"],
  cleanup: { removed: "3 documents", remains: ["tenant ten_1: empty"] },
  ...more,
});

test("the page shows each promise with figure, limit, verdict and the command that repeats it", () => {
  expect(pageLines(report([kept]))).toEqual([
    "Resolve at https://resolve.example/api",
    "2026-11-27 01:02 UTC, 1 check from outside through the public API, 61 s in all",
    "",
    "passed  An uploaded document can be searched within 30 seconds",
    "        measured  2.1 s",
    "        limit     30 s",
    "        repeat    npm run prove -- --only ready",
    "",
    "1 of 1 promises were kept.",
    "Removed again, of all checks together: 3 documents.",
    "Remains: tenant ten_1: empty.",
    expect.stringMatching(/^Computed, not measured: \d+\.\d\d USD a month for each of 100 tenants on AWS/),
  ]);
});

test("a broken promise is marked and shows its faults", () => {
  const lines = pageLines(report([kept, broken]));
  expect(lines).toContain("FAILED  A | B");
  expect(lines).toContain("        wrong: a revoked key works");
  expect(lines).toContain("1 of 2 promises were kept; not kept: keys.");
});

test("the Markdown page has every detail, and its table survives any text", () => {
  const page = pageMarkdown(report([kept, broken]));
  expect(page).toContain("| passed | An uploaded document can be searched within 30 seconds | 2.1 s | 30 s |");
  expect(page).toContain("| FAILED | A \\| B |");
  expect(page).toContain("- plain text by presigned upload");
  expect(page).toContain("- wrong: a revoked key works");
});

test("an interrupted proof proves nothing", () => {
  expect(isProven(report([kept]))).toBe(true);
  expect(isProven(report([kept, broken]))).toBe(false);
  expect(isProven(report([]))).toBe(false);
  expect(isProven(report([kept], { interrupted: "it was interrupted" }))).toBe(false);
});
