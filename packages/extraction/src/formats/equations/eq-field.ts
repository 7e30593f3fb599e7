/** Reads the EQ fields of Word and RTF. */

import { fraction, grouped, root } from "./linear.ts";

/** Nested arguments deeper than this are read as text. */
const depthMax = 50;

/** What an EQ field shows, and the readings that it writes above words. */
export type EquationField = { text: string; readings: string[] };

/**
 * An EQ field, which has no result of its own, in a line of text: `EQ \f(a,b)` is a/b (ECMA-376 part 1, 17.16.5). The overlay
 * of a raised text and a base is how older files write readings above characters.
 */
export const equationField = (code: string): EquationField => {
  const text = code.replace(/^\s*EQ\s*/i, "").replace(/\\\*\s*("[^"]*"|\w+)(\s*"[^"]*")?/g, "");
  const readings: string[] = [];
  let at = 0;

  /** Reads until one of the ending characters, which is not consumed. */
  const sequence = (ends: string, depth: number): string => {
    let out = "";
    while (at < text.length && !ends.includes(text[at]!)) {
      if (text[at] !== "\\") out += text[at++];
      else if (depth < depthMax && /[a-z]/i.test(text[at + 1] ?? "")) out += command(depth);
      else {
        out += text[at + 1] ?? "";
        at += 2;
      }
    }
    return out;
  };

  const command = (depth: number): string => {
    // A command may have options, each with a backslash and digits or another character: `\s\up 9(text)`, `\b\bc\{(x)`.
    const found = /^\\[a-z]+(?:\s*\d+|\s*\\(?:[^a-z\s]|[a-z]+)\s*\d*)*\s*/i.exec(text.slice(at, at + 200))?.[0] ?? "\\";
    at += found.length;
    if (text[at] !== "(") return "";
    const parts: string[] = [];
    const isRaised: boolean[] = [];
    do {
      at += 1;
      isRaised.push(/^\s*\\s\s*\\up/i.test(text.slice(at, at + 20)));
      parts.push(sequence(",;)", depth + 1).trim());
    } while (at < text.length && text[at] !== ")");
    at += 1;
    const [first = "", second = "", third = ""] = parts;
    switch (found[1]?.toLowerCase()) {
      case "f":
        return fraction(first, second);
      case "r":
        return parts.length > 1 ? root(second, first) : root(first);
      case "b":
        return `(${first})`;
      case "i":
        return `∫_${grouped(first)}^${grouped(second)} ${third}`;
      case "o":
        if (parts.length === 1) return first;
        readings.push(...parts.filter((part, index) => isRaised[index] && part !== ""));
        return parts.filter((_, index) => !isRaised[index]).join("");
      case "s":
        return parts.join(" ");
      default:
        return parts.join(", ");
    }
  };

  let out = "";
  while (at < text.length) {
    out += sequence("", 0);
  }
  return { text: out.trim(), readings };
};
