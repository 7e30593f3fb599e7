import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sharedData } from "../testing/shared-data.ts";
import { InvalidPattern, matchesPattern } from "./pattern.ts";

type Vector = { name: string; pattern: unknown; event: unknown; expected: "match" | "no-match" | "invalid" };

const outcome = (pattern: unknown, event: unknown): Vector["expected"] => {
  try {
    return matchesPattern(pattern, event) ? "match" : "no-match";
  } catch (error) {
    if (error instanceof InvalidPattern) return "invalid";
    throw error;
  }
};

const vectors = sharedData("conformance/eventbridge/vectors.json");
test.skipIf(!vectors)("every vector validated against EventBridge and event-ruler has its outcome", () => {
  const all: Vector[] = JSON.parse(readFileSync(vectors!, "utf8"));
  const wrong = all.flatMap(({ name, pattern, event, expected }) => {
    const actual = outcome(pattern, event);
    return actual === expected ? [] : [`${name}: ${actual}, not ${expected}`];
  });
  expect(wrong).toEqual([]);
  expect(all.length).toBeGreaterThan(90);
});

test("alternatives in an array, all keys of an object, one element of an array of objects", () => {
  const event = { source: "aws.s3", detail: { items: [{ a: 1, b: 2 }, { a: 3, b: 4 }] } };
  expect(outcome({ source: ["x", "aws.s3"] }, event)).toBe("match");
  expect(outcome({ detail: { items: { a: [1], b: [2] } } }, event)).toBe("match");
  expect(outcome({ detail: { items: { a: [1], b: [4] } } }, event)).toBe("no-match");
});

test("a pattern that EventBridge refuses is refused whole, matching or not", () => {
  for (const pattern of [{}, { a: [] }, { a: "x" }, { a: [{ prefix: 1 }] }, { a: [{ nope: 1 }] }, { a: [{ wildcard: "a**" }] }, { a: [{ numeric: ["~", 1] }] }, "{"])
    expect(outcome(pattern, { b: 1 }), JSON.stringify(pattern)).toBe("invalid");
});
