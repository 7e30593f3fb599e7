import { type Fault, Problem } from "@resolve/core/platform/problems";
import type { MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";

/** Levels of objects and arrays in a body. The deepest schema has 6; deeper JSON overflows the stack of recursive readers. */
const depthMax = 64;

/**
 * Refuses JSON that would be stored or understood differently from how it was written, and names the place:
 * text that PostgreSQL cannot store, the name `__proto__`, which object schemas drop silently, a name that stands twice in
 * one object, of which only the last would count, and nesting beyond `depthMax`. Linear in the size of the body.
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

/** Iterates instead of recursing: the body may be nested deeper than the stack. */
const faultsOf = (body: unknown, text: string): Fault[] => {
  const errors: Fault[] = [];
  const names = new Map<string, number>();
  for (const name of namesIn(text)) names.set(name, (names.get(name) ?? 0) + 1);
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

/** The names of all properties, as often as they are written. `text` is valid JSON, so a string before a colon is a name. */
function* namesIn(text: string): Generator<string> {
  let start = text.indexOf('"');
  while (start !== -1) {
    let end = start + 1;
    while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    let next = end + 1;
    while (/\s/.test(text[next] ?? "")) next += 1;
    if (text[next] === ":") yield JSON.parse(text.slice(start, end + 1));
    start = text.indexOf('"', end + 1);
  }
}
