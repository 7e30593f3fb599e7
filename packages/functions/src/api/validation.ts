import { type Fault, pointer } from "@resolve/core/platform/problems";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** The largest number of faults in a response; more would not help the caller. */
const faultsMax = 50;

/**
 * The faults of a request: each has the position as a JSON pointer (`query:/limit` outside the body) and the expected
 * value. `input` is the validated value.
 */
export const schemaFaults = (target: string, issues: readonly Issue[], input: unknown): Fault[] => {
  const where = target === "json" ? "" : `${target}:`;
  return issues
    .flatMap((issue) => explain(issue, [], input))
    .slice(0, faultsMax)
    .map(({ path, message }) => ({ path: `${where}${pointer(path) || "/"}`, message }));
};

type Explained = { path: PropertyKey[]; message: string };

const explain = (issue: Issue, prefix: PropertyKey[], input: unknown): Explained[] => {
  const path = [...prefix, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], message: "is not a known field" }));
  if (issue.code === "invalid_union") return explainUnion(issue.errors, path, input);
  if (issue.code === "invalid_key") return [{ path, message: `is not a valid name: ${issue.issues[0]?.message}` }];
  if (issue.code === "invalid_element") return issue.issues.flatMap((inner) => explain(inner, path, input));
  return [{ path, message: messageOf(issue, valueAt(input, path)) }];
};

/** Explains the alternative with the fewest faults, which the caller most likely intended. */
const explainUnion = (
  alternatives: readonly (readonly Issue[])[],
  path: PropertyKey[],
  input: unknown,
): Explained[] => {
  const explained = alternatives.map((issues) => issues.flatMap((issue) => explain(issue, path, input)));
  const [closest] = explained.sort((a, b) => a.length - b.length);
  return closest ?? [{ path, message: "has none of the allowed forms" }];
};

const messageOf = (issue: Issue, value: unknown): string => {
  if (issue.code === "invalid_type") return value === undefined ? "is missing" : `must be ${nameOf(issue.expected)}`;
  if (issue.code === "invalid_value")
    return value === undefined ? "is missing" : `must be ${list(issue.values.map((one) => JSON.stringify(one)))}`;
  if (issue.code === "too_small") return `must ${boundOf(issue.origin, "at least", issue.minimum, issue.inclusive)}`;
  if (issue.code === "too_big") return `must ${boundOf(issue.origin, "at most", issue.maximum, issue.inclusive)}`;
  if (issue.code === "invalid_format" && issue.message.startsWith("Invalid")) return formatOf(issue);
  return issue.message;
};

const names: Record<string, string> = {
  array: "an array",
  object: "an object",
  record: "an object",
  int: "a whole number",
  date: "a time",
};
const nameOf = (expected: string): string => names[expected] ?? `a ${expected}`;

/** `origin` is the type of the value; it decides whether the bound is for its length, its entries or the value itself. */
const boundOf = (origin: string, relation: string, bound: number | bigint, isInclusive = true): string => {
  const plural = bound === 1 ? "" : "s";
  if (origin === "string") return `have ${relation} ${bound} character${plural}`;
  if (origin === "array" || origin === "set") return `have ${relation} ${bound} ${bound === 1 ? "entry" : "entries"}`;
  if (isInclusive) return `be ${relation} ${bound}`;
  return `be ${relation === "at least" ? "greater" : "less"} than ${bound}`;
};

const formats: Record<string, string> = {
  datetime: "must be a time such as 2026-01-31T12:00:00Z",
  email: "must be an e-mail address",
  url: "must be a URL",
};
const formatOf = (issue: Issue & { code: "invalid_format" }): string =>
  formats[issue.format] ?? `must match ${"pattern" in issue ? issue.pattern : issue.format}`;

const list = (values: readonly string[]): string =>
  values.length < 2 ? values.join() : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown => {
  let value = input;
  for (const part of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, part)) return undefined;
    // `value` is an object here, and `part` its own key.
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
};
