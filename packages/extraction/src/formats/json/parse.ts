/** Parses JSON without losing digits of numbers, values of repeated keys, or what follows a fault. */

/** A value with its text as written: numbers keep all of their digits. */
export type Json =
  | { type: "object"; entries: [key: string, value: Json][] }
  | { type: "array"; items: Json[] }
  /** A string, or the literal of another value; null has no text. */
  | { type: "value"; text: string };

/** @throws SyntaxError */
const fail = (at: number): never => {
  throw new SyntaxError(`unexpected character at ${at}`);
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: U+001E separates the values of a JSON text sequence (RFC 7464).
const blanks = /(?:[\s\ufeff\u001e]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#![^\n]*)*/y;
const literal =
  /[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|Infinity|NaN)|true|false|null|undefined/y;
const identifier = /[\p{L}_$][\p{L}\p{N}_$-]*/uy;

/**
 * Parses the values of a text, one after the other: JSON, concatenated JSON, and what hand-written files contain, such as
 * comments, trailing commas and single quotes (JSON5). Keys that occur twice are both kept. Iterative, because the file may
 * be nested arbitrarily deep.
 *
 * @throws SyntaxError
 */
export const parseJson = (text: string): Json[] => {
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const string = (): string => {
    const quote = text[at]!;
    const start = ++at;
    let isPlain = true;
    for (; at < text.length && text[at] !== quote; at++) {
      if (text[at] === "\\") {
        isPlain = false;
        at += 1;
      }
    }
    if (at >= text.length) fail(start);
    const inner = text.slice(start, at++);
    return isPlain ? inner : inner.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])/g, unescaped);
  };
  const roots: Json[] = [];
  const open: Extract<Json, { type: "object" | "array" }>[] = [];
  for (;;) {
    match(blanks);
    const parent = open.at(-1);
    if (at >= text.length) {
      if (parent) fail(at);
      return roots;
    }
    const character = text[at]!;
    if (parent && character === (parent.type === "object" ? "}" : "]")) {
      at += 1;
      open.pop();
      endValue();
      continue;
    }
    let key: string | undefined;
    if (parent?.type === "object") {
      key = character === '"' || character === "'" ? string() : (match(identifier) ?? match(literal) ?? fail(at));
      match(blanks);
      if (text[at] !== ":") fail(at);
      at += 1;
      match(blanks);
    }
    const value = readValue();
    if (!parent) roots.push(value);
    else if (parent.type === "object") parent.entries.push([key ?? "", value]);
    else parent.items.push(value);
    if (value.type === "value") endValue();
    else open.push(value);
  }

  function readValue(): Json {
    const character = text[at];
    if (character === "{" || character === "[") {
      at += 1;
      return character === "{" ? { type: "object", entries: [] } : { type: "array", items: [] };
    }
    if (character === '"' || character === "'") return { type: "value", text: string() };
    const written = match(literal) ?? fail(at);
    return { type: "value", text: written === "null" || written === "undefined" ? "" : written };
  }

  /** A comma follows every value but the last one; values of the file need none. */
  function endValue(): void {
    match(blanks);
    const parent = open.at(-1);
    if (text[at] === "," && parent) at += 1;
    else if (parent && text[at] !== (parent.type === "object" ? "}" : "]")) fail(at);
  }
};

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: " ", f: "\n", v: "\n", 0: "" };

const unescaped = (_: string, code: string): string => {
  if (code.length > 1 && /^[ux]/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  if (code === "\n" || code === "\r\n") return "";
  return escapes[code] ?? code;
};
