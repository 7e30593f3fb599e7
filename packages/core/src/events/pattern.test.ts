import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sharedData } from "../../../../scripts/shared-data.ts";
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
  const event = {
    source: "aws.s3",
    detail: {
      items: [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
    },
  };
  expect(outcome({ source: ["x", "aws.s3"] }, event)).toBe("match");
  expect(outcome({ detail: { items: { a: [1], b: [2] } } }, event)).toBe("match");
  expect(outcome({ detail: { items: { a: [1], b: [4] } } }, event)).toBe("no-match");
});

test("a pattern that EventBridge refuses is refused, whether it matches or not", () => {
  for (const pattern of [
    {},
    { a: [] },
    { a: "x" },
    { a: [{ prefix: 1 }] },
    { a: [{ nope: 1 }] },
    { a: [{ wildcard: "a**" }] },
    { a: [{ "anything-but": {} }] },
    { a: [{ "anything-but": { prefix: "x", suffix: "y" } }] },
    { a: [{ "anything-but": { exists: true } }] },
    { a: [{ "anything-but": [] }] },
    { a: [{ "anything-but": ["x", 1] }] },
    { a: [{ numeric: ["~", 1] }] },
    "{",
  ])
    expect(outcome(pattern, { b: 1 }), JSON.stringify(pattern)).toBe("invalid");
});

test("a wildcard matches any sequence of characters, and many wildcards cost little", () => {
  const matches = (wildcard: string, value: string) => outcome({ a: [{ wildcard }] }, { a: value });
  for (const [wildcard, value] of [
    ["*", ""],
    ["a*", "a"],
    ["*.pdf", "x.pdf"],
    ["a*b*c", "a-b-b-c"],
    ["a\\*b", "a*b"],
    ["a\\\\*", "a\\x"],
    ["a.c", "a.c"],
    ["a*a", "aa"],
  ] as const)
    expect(matches(wildcard, value), wildcard).toBe("match");
  for (const [wildcard, value] of [
    ["a*a", "a"],
    ["a*b*c", "acb"],
    ["a*b", "xab"],
    ["a*b", "abx"],
    ["a\\*b", "axb"],
    ["a.c", "abc"],
    ["ab*bc", "abc"],
  ] as const)
    expect(matches(wildcard, value), wildcard).toBe("no-match");
  const before = process.threadCpuUsage();
  expect(matches(`${"a*".repeat(200)}b`, "a".repeat(20_000))).toBe("no-match");
  expect(process.threadCpuUsage(before).user).toBeLessThan(500_000);
});

test.each([
  ["dots", () => ({ ["a.".repeat(2_000)]: [1] })],
  ["objects", () => JSON.parse(`${'{"a":'.repeat(700)}[1]${"}".repeat(700)}`)],
  ["arrays", () => ({ a: [JSON.parse(`${"[".repeat(1_900)}${"]".repeat(1_900)}`)] })],
])("a pattern of many levels by %s is refused, and does not fill the stack", (_, pattern) => {
  expect(() => matchesPattern(pattern(), {})).toThrow(InvalidPattern);
});
