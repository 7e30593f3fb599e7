import ipaddr from "ipaddr.js";

/** EventBridge would refuse the pattern. */
export class InvalidPattern extends Error {
  override readonly name = "InvalidPattern";
}

/**
 * Does an EventBridge event pattern match an event? Follows the operators of "Creating Amazon EventBridge event
 * patterns" (EventBridge user guide): values in an array are alternatives, keys of an object must all match, and an
 * array in the event matches when one of its elements does. The whole pattern is checked before it is matched.
 *
 * @throws InvalidPattern
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  const parsed = typeof pattern === "string" ? parseJson(pattern) : pattern;
  if (!isObject(parsed)) throw new InvalidPattern("a pattern is an object");
  assertShallow(parsed);
  const matcher = compileObject(parsed);
  return matcher([typeof event === "string" ? JSON.parse(event) : event]);
}

/** Events have five levels. Without a limit a pattern of many dots would fill the stack, where it is registered or at each event. */
const levelsMax = 32;
const assertShallow = (value: unknown, level = 0): void => {
  if (level > levelsMax) throw new InvalidPattern(`it has more than ${levelsMax} levels`);
  if (Array.isArray(value)) for (const element of value) assertShallow(element, level + 1);
  else if (isObject(value))
    for (const [key, inner] of Object.entries(value)) assertShallow(inner, level + key.split(".").length);
};

/** Matches when the candidates, the values found at one path, satisfy the pattern at that path. */
type Matcher = (candidates: unknown[]) => boolean;
/** Tests the leaf values at a path; `isPresent` distinguishes an empty list from a missing key. */
type Condition = (values: unknown[], isPresent: boolean) => boolean;

const compileObject = (pattern: Record<string, unknown>): Matcher => {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new InvalidPattern("an empty object matches nothing");
  const parts = entries.map(([key, value]) =>
    key === "$or" && isAlternatives(value) ? compileOr(value) : compileKey(key, value),
  );
  return (candidates) => parts.every((part) => part(candidates));
};

const isAlternatives = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.length > 1 && value.every((entry) => isObject(entry) && !isOperatorObject(entry));

const compileOr = (alternatives: Record<string, unknown>[]): Matcher => {
  const matchers = alternatives.map(compileObject);
  return (candidates) => matchers.some((matches) => matches(candidates));
};

const compileKey = (key: string, value: unknown): Matcher => {
  // A dot joins keys, in patterns and in events: "a.b" is b inside a (event-ruler).
  const dot = key.indexOf(".");
  if (dot > 0) return compileKey(key.slice(0, dot), { [key.slice(dot + 1)]: value });
  if (Array.isArray(value)) return compileLeaf(key, value);
  if (!isObject(value)) throw new InvalidPattern(`${key}: a value must be in an array, or be an object`);
  const inner = compileObject(value);
  return (candidates) => {
    const elements = found(candidates, key).flatMap(flatten).filter(isObject);
    // All keys must match within one element of an array; a missing object may still satisfy `exists: false`.
    return elements.length === 0 ? inner([]) : elements.some((element) => inner([element]));
  };
};

const compileLeaf = (key: string, alternatives: unknown[]): Matcher => {
  if (alternatives.length === 0) throw new InvalidPattern(`${key}: an empty array matches nothing`);
  const conditions = alternatives.map(compileCondition);
  return (candidates) => {
    const raw = found(candidates, key);
    const values = raw.flatMap(flatten).filter((value) => !isObject(value));
    const isPresent = values.length > 0;
    return conditions.some((holds) => holds(values, isPresent));
  };
};

const compileCondition = (condition: unknown): Condition => {
  if (Array.isArray(condition)) throw new InvalidPattern("arrays do not nest in a pattern");
  if (!isObject(condition)) return (values) => values.some((value) => value === condition);
  const [entry, ...others] = Object.entries(condition);
  if (!entry || others.length > 0) throw new InvalidPattern("an object must have one operator");
  const [operator, operand] = entry;
  if (operator === "exists") {
    if (typeof operand !== "boolean") throw new InvalidPattern("exists takes true or false");
    return (_, isPresent) => isPresent === operand;
  }
  if (operator === "anything-but") return anythingBut(operand);
  const test = compileTest(operator, operand);
  return (values) => values.some(test);
};

type Test = (value: unknown) => boolean;

const compileTest = (operator: string, operand: unknown): Test => {
  switch (operator) {
    case "prefix":
    case "suffix":
      return affix(operator, operand);
    case "equals-ignore-case":
      return equalsIgnoreCase(operand);
    case "wildcard":
      return wildcard(operand);
    case "numeric":
      return numeric(operand);
    case "cidr":
      return cidr(operand);
    default:
      throw new InvalidPattern(`there is no operator ${operator}`);
  }
};

const affix = (operator: "prefix" | "suffix", operand: unknown): Test => {
  const ignoresCase = isObject(operand);
  if (ignoresCase && (Object.keys(operand).length !== 1 || typeof operand["equals-ignore-case"] !== "string"))
    throw new InvalidPattern(`${operator} takes a string or equals-ignore-case`);
  const expected = ignoresCase ? String(operand["equals-ignore-case"]).toLowerCase() : operand;
  if (typeof expected !== "string") throw new InvalidPattern(`${operator} takes a string`);
  return (value) => {
    if (typeof value !== "string") return false;
    const text = ignoresCase ? value.toLowerCase() : value;
    return operator === "prefix" ? text.startsWith(expected) : text.endsWith(expected);
  };
};

const equalsIgnoreCase = (operand: unknown): Test => {
  if (typeof operand !== "string") throw new InvalidPattern("equals-ignore-case takes a string");
  const expected = operand.toLowerCase();
  return (value) => typeof value === "string" && value.toLowerCase() === expected;
};

const wildcard = (operand: unknown): Test => {
  if (typeof operand !== "string") throw new InvalidPattern("wildcard takes a string");
  const literals = [""];
  for (let at = 0; at < operand.length; at++) {
    const character = operand.charAt(at);
    if (character === "*") {
      if (operand[at + 1] === "*") throw new InvalidPattern("two wildcards in a row");
      literals.push("");
    } else {
      if (character === "\\") at += 1;
      if (character === "\\" && operand[at] !== "*" && operand[at] !== "\\")
        throw new InvalidPattern("a backslash in a wildcard escapes * or \\");
      literals[literals.length - 1] += operand.charAt(at);
    }
  }
  return (value) => typeof value === "string" && matchesLiterals(literals, value);
};

/**
 * The literals must occur in order, the first at the start and the last at the end. Taking the leftmost occurrence of each
 * needs no backtracking, so a pattern with many wildcards stays cheap, unlike a regular expression.
 */
const matchesLiterals = (literals: string[], value: string): boolean => {
  // A wildcard has at least one literal, which may be empty.
  const [first, ...rest] = literals as [string, ...string[]];
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first)) return false;
  let at = first.length;
  for (const literal of rest) {
    const found = value.indexOf(literal, at);
    if (found < 0) return false;
    at = found + literal.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
};

const comparisons: Record<string, (a: number, b: number) => boolean> = {
  "=": (a, b) => a === b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
/** Bounds of EventBridge: five billion, with up to six decimals. */
const numberMax = 5e9;

const numeric = (operand: unknown): Test => {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length > 4 || operand.length % 2 !== 0)
    throw new InvalidPattern("numeric takes one or two pairs of a comparison and a number");
  const bounds: { name: string; limit: number }[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const [name, limit] = [operand[at], operand[at + 1]];
    if (typeof name !== "string" || !Object.hasOwn(comparisons, name))
      throw new InvalidPattern(`numeric has no comparison ${String(name)}`);
    if (typeof limit !== "number" || Math.abs(limit) > numberMax)
      throw new InvalidPattern("numeric compares with a number up to 5e9");
    bounds.push({ name, limit });
  }
  const [first, second] = bounds;
  if (first && second) {
    const isRange = first.name.startsWith(">") && second.name.startsWith("<");
    if (!isRange) throw new InvalidPattern("two comparisons make a range: > or >=, then < or <=");
    if (first.limit >= second.limit) throw new InvalidPattern("the range is empty");
  }
  // Each name was checked above.
  return (value) => typeof value === "number" && bounds.every(({ name, limit }) => comparisons[name]!(value, limit));
};

const cidr = (operand: unknown): Test => {
  if (typeof operand !== "string") throw new InvalidPattern("cidr takes a string");
  let range: [ipaddr.IPv4 | ipaddr.IPv6, number];
  try {
    range = ipaddr.parseCIDR(operand);
  } catch {
    throw new InvalidPattern(`${operand} is no CIDR range`);
  }
  return (value) => {
    if (typeof value !== "string" || !ipaddr.isValid(value)) return false;
    const address = ipaddr.parse(value);
    // The overloads require operands of one type; `kind` compares the types at run time.
    return address.kind() === range[0].kind() && (address as ipaddr.IPv4).match(range as [ipaddr.IPv4, number]);
  };
};

/** True when there is a value, and the excluded values are not all of them. */
const anythingBut = (operand: unknown): Condition => {
  const test = anythingButTest(operand);
  return (values, isPresent) => isPresent && values.some((value) => !test(value));
};

const anythingButTest = (operand: unknown): Test => {
  if (!isObject(operand)) {
    const list: unknown[] = Array.isArray(operand) ? operand : [operand];
    const kinds = new Set(list.map((entry) => typeof entry));
    if (list.length === 0 || kinds.size > 1 || !(kinds.has("string") || kinds.has("number")))
      throw new InvalidPattern("anything-but takes strings or numbers, not both");
    return (value) => list.includes(value);
  }
  const [entry, ...others] = Object.entries(operand);
  if (!entry || others.length > 0) throw new InvalidPattern("anything-but must have one operator");
  const [operator, inner] = entry;
  if (!["prefix", "suffix", "equals-ignore-case", "wildcard", "cidr"].includes(operator))
    throw new InvalidPattern(`anything-but takes no ${operator}`);
  const list = Array.isArray(inner) ? inner : [inner];
  if (list.length === 0) throw new InvalidPattern(`anything-but ${operator} is empty`);
  if (
    list.some(
      (entry) => typeof entry !== "string" || ((operator === "prefix" || operator === "suffix") && entry === ""),
    )
  )
    throw new InvalidPattern(`anything-but ${operator} takes strings`);
  const tests = list.map((entry) => compileTest(operator, entry));
  return (value) => tests.some((test) => test(value));
};

const found = (candidates: unknown[], key: string): unknown[] =>
  candidates.filter(isObject).flatMap((candidate) => {
    const joined = Object.entries(candidate).filter(([name]) => name.startsWith(`${key}.`));
    const nested = joined.map(([name, value]) => ({ [name.slice(key.length + 1)]: value }));
    return Object.hasOwn(candidate, key) ? [candidate[key], ...nested] : nested;
  });

const flatten = (value: unknown): unknown[] => (Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value]);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const operators = new Set([
  "exists",
  "anything-but",
  "prefix",
  "suffix",
  "equals-ignore-case",
  "wildcard",
  "numeric",
  "cidr",
]);
const isOperatorObject = (value: Record<string, unknown>): boolean =>
  Object.keys(value).length === 1 && Object.keys(value).every((key) => operators.has(key));

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidPattern("the pattern is not JSON");
  }
};
