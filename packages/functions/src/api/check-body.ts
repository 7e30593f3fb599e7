import { type Fault, Problem } from "@resolve/core/platform/problems";
import type { MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";

/** The largest nesting of objects and arrays. The deepest schema has 6 levels; far deeper JSON overflows the stack of recursive code. */
const depthMax = 64;

/**
 * Refuses JSON that would be stored or parsed with another meaning, and names the position: text that PostgreSQL cannot
 * store, the name `__proto__`, which object schemas drop, a name that occurs twice in one object, of which only the last
 * would count, numbers that JavaScript cannot represent, and nesting beyond `depthMax`. Takes linear time.
 */
export const checkBody: MiddlewareHandler<Env> = async function checkBody(c, next) {
  const text = await c.req.text();
  if (text === "") return next();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // The next validation refuses it with `invalid-json`.
    return next();
  }
  const errors = jsonFaults(body, text);
  if (errors.length > 0) throw new Problem("invalid-request", undefined, { errors });
  return next();
};

/** For routes that take no body: one that is sent was meant for another route. The handler drops the body of a GET, not its length. */
export const refuseBody: MiddlewareHandler<Env> = async function refuseBody(c, next) {
  const hasBody = ["GET", "HEAD"].includes(c.req.method)
    ? Number(c.req.header("content-length") ?? 0) > 0
    : (await c.req.text()) !== "";
  if (!hasBody) return next();
  throw new Problem("invalid-request", undefined, { errors: [{ path: "/", message: "is not taken by this route" }] });
};

/** Iterates instead of recursing, because the nesting may exceed the stack. */
const jsonFaults = (body: unknown, text: string): Fault[] => {
  const errors: Fault[] = [];
  const names = new Map<string, number>();
  for (const { name, number } of tokensOf(text)) {
    if (name !== undefined) names.set(name, (names.get(name) ?? 0) + 1);
    else if (!isExact(number))
      errors.push({
        path: "/",
        message: `has the number ${number.slice(0, 40)}, which cannot be stored exactly; send it as text`,
      });
  }
  const open: [value: unknown, path: string, depth: number][] = [[body, "", 1]];
  for (const [value, path, depth] of open) {
    if (typeof value === "string" && isUnstorable(value))
      errors.push({ path: path || "/", message: "contains a NUL or half of a surrogate pair, which cannot be stored" });
    if (value === null || typeof value !== "object") continue;
    if (depth > depthMax) return [{ path, message: `is nested deeper than ${depthMax} levels` }];
    for (const [name, inner] of Object.entries(value)) {
      const innerPath = `${path}/${name}`;
      if (isUnstorable(name))
        errors.push({ path: path || "/", message: "has a name with a NUL or half of a surrogate pair" });
      if (name === "__proto__") errors.push({ path: innerPath, message: "is not allowed as a name" });
      if (!Array.isArray(value)) names.set(name, (names.get(name) ?? 0) - 1);
      open.push([inner, innerPath, depth + 1]);
    }
  }
  // A remaining name occurs in the text but not in the parsed body, because a later property of the same name replaced it.
  const repeated = [...names].filter(([, count]) => count > 0).map(([name]) => name);
  return [...errors, ...repeated.map((name) => ({ path: "/", message: `has the name "${name}" twice in one object` }))];
};

const isUnstorable = (text: string): boolean => !text.isWellFormed() || text.includes("\0");

/** A finite number of 64 bits has at most 309 digits before its point. */
const literalMax = 400;

/** A large number must keep every digit, however it is written; a fraction is rounded, but does not become zero. */
const isExact = (literal: string): boolean => {
  const value = Number(literal);
  if (!Number.isFinite(value)) return false;
  if (value === 0) return !/^[^eE]*[1-9]/.test(literal);
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return true;
  if (literal.length > literalMax) return false;
  const [, whole = "", fraction = "", exponent = "0"] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const shift = Number(exponent) - fraction.length;
  const [written, stored] = [BigInt(whole + fraction), BigInt(Math.abs(value))];
  return shift < 0 ? written === stored * 10n ** BigInt(-shift) : written * 10n ** BigInt(shift) === stored;
};

type Token = { name: string; number?: never } | { name?: never; number: string };

/** All property names and numbers of a JSON text, with repetitions. In valid JSON a string before a colon is a name. */
function* tokensOf(text: string): Generator<Token> {
  let outside = 0;
  for (let start = text.indexOf('"'); start !== -1; start = text.indexOf('"', outside)) {
    yield* numbersIn(text.slice(outside, start));
    let end = start + 1;
    while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    outside = end + 1;
    let next = outside;
    while (/\s/.test(text[next] ?? "")) next += 1;
    if (text[next] === ":") yield { name: JSON.parse(text.slice(start, outside)) };
  }
  yield* numbersIn(text.slice(outside));
}

function* numbersIn(punctuation: string): Generator<Token> {
  for (const [number] of punctuation.matchAll(/-?\d[\d.eE+-]*/g)) yield { number };
}
