/** Nested arguments deeper than this are read as text. */
const depthMax = 50;

/**
 * An EQ field in a line of text: `EQ \f(a,b)` is a/b. The overlay of a raised text and a base is how older files write
 * readings above characters; there, only the base is text.
 */
export const equationText = (code: string): string => {
  const text = code.replace(/^\s*EQ\s*/i, "").replace(/\\\*\s*("[^"]*"|\w+)/g, "");
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
    // A command may have options, each with a backslash and digits or a sign: `\s\up 9(text)`, `\b\bc\{(x)`.
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
        return `${bracketed(first)}/${bracketed(second)}`;
      case "r":
        return parts.length > 1 ? `√(${first}&${second})` : `√(${first})`;
      case "b":
        return `(${first})`;
      case "i":
        return `∫_${bracketed(first)}^${bracketed(second)} ${third}`;
      case "o":
        return parts.filter((_, index) => parts.length === 1 || !isRaised[index]).join("");
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
  return out.trim();
};

const bracketed = (text: string): string => (/^[\p{L}\p{N}.]*$/u.test(text) ? text : `(${text})`);
