import { type Fault, Problem } from "@resolve/core/platform/problems";
import type { MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";

/** Levels of objects and arrays in a body. The deepest schema has 6; deeper JSON overflows the stack of recursive readers. */
const depthMax = 64;

/**
 * Refuses JSON that would be stored or understood differently from how it was written, and names the place:
 * text that PostgreSQL cannot store, the name `__proto__`, which object schemas drop silently, a name that stands twice in
 * one object, of which only the last would count, numbers that JavaScript cannot keep, and nesting beyond `depthMax`.
 * Linear in the size of the body.
 */
export const checkBody: MiddlewareHandler<Env> = async function checkBody(c, next) {
  const text = await c.req.text();
  if (text === "") return next();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // The schema validation that follows answers `invalid-json`.
    return next();
  }
  const errors = faultsOf(body, text);
  if (errors.length > 0) throw new Problem("invalid-request", undefined, { errors });
  return next();
};

/** For routes that take no body: one that is sent was meant for another route. The adapter drops the body of a GET, not its length. */
export const refuseBody: MiddlewareHandler<Env> = async function refuseBody(c, next) {
  const hasBody = ["GET", "HEAD"].includes(c.req.method)
    ? Number(c.req.header("content-length") ?? 0) > 0
    : (await c.req.text()) !== "";
  if (!hasBody) return next();
  throw new Problem("invalid-request", undefined, { errors: [{ path: "/", message: "is not taken by this route" }] });
};

/** Iterates instead of recursing: the body may be nested deeper than the stack. */
const faultsOf = (body: unknown, text: string): Fault[] => {
  const errors: Fault[] = [];
  const names = new Map<string, number>();
  for (const { name, number } of tokensOf(text)) {
    if (name !== undefined) names.set(name, (names.get(name) ?? 0) + 1);
    else if (!isExact(number))
      errors.push({
        path: "/",
        message: `has the number ${number.slice(0, 40)}, which cannot be kept; send it as text`,
      });
  }
  const open: [value: unknown, path: string, depth: number][] = [[body, "", 1]];
  for (const [value, path, depth] of open) {
    if (typeof value === "string" && isUnstorable(value))
      errors.push({ path: path || "/", message: "contains a NUL or half of a surrogate pair, which cannot be stored" });
    if (value === null || typeof value !== "object") continue;
    if (depth > depthMax) return [{ path, message: `is nested deeper than ${depthMax} levels` }];
    for (const [name, inner] of Object.entries(value)) {
      const place = `${path}/${name}`;
      if (isUnstorable(name))
        errors.push({ path: path || "/", message: "has a name with a NUL or half of a surrogate pair" });
      if (name === "__proto__") errors.push({ path: place, message: "is not allowed as a name" });
      if (!Array.isArray(value)) names.set(name, (names.get(name) ?? 0) - 1);
      open.push([inner, place, depth + 1]);
    }
  }
  // What is left was written in the text and is not in the parsed body: a later property of the same name replaced it.
  const repeated = [...names].filter(([, count]) => count > 0).map(([name]) => name);
  return [...errors, ...repeated.map((name) => ({ path: "/", message: `has the name "${name}" twice in one object` }))];
};

const isUnstorable = (text: string): boolean => !text.isWellFormed() || text.includes("\0");

/** Of an integer every digit counts; a number must neither become infinite nor vanish. */
const isExact = (literal: string): boolean => {
  const value = Number(literal);
  if (!Number.isFinite(value)) return false;
  if (value === 0) return !/^[^eE]*[1-9]/.test(literal);
  return /[.eE]/.test(literal) || Number.isSafeInteger(value);
};

type Token = { name: string; number?: never } | { name?: never; number: string };

/** The names of all properties and all numbers, as often as they are written. `text` is valid JSON: a string before a colon is a name. */
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
