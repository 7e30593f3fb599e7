/**
 * How the parts of an equation are written in a line of text, in the way in which one types them: `a/b`, `x_i^2`, `√(x)`. All
 * formats of equations write their parts with these functions.
 */

export const fraction = (above: string, below: string): string => `${grouped(above)}/${grouped(below)}`;

export const scripts = (base: string, sub: string, sup: string): string =>
  `${base === "" ? "" : grouped(base)}${sub === "" ? "" : `_${grouped(sub)}`}${sup === "" ? "" : `^${grouped(sup)}`}`;

export const root = (inner: string, degree = ""): string => {
  const sign = { "": "√", "2": "√", "3": "∛", "4": "∜" }[degree];
  return sign === undefined ? `√(${degree}&${inner})` : `${sign}(${inner})`;
};

/** The rows of a matrix or of equations below each other. */
export const matrix = (rows: readonly (readonly string[])[]): string => rows.map((row) => row.join(", ")).join("; ");

/** Words and numbers, which need no brackets. */
const isSimple = (text: string): boolean => /^(?:[\p{L}\p{N}\p{M}.,′'∞]+|.?)$/su.test(text);

export const grouped = (text: string): string => (isSimple(text) || isGroup(text) ? text : `(${text})`);

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "|": "|" };

/** True when one pair of brackets encloses the whole text. */
export const isGroup = (text: string): boolean => {
  const close = closing[text[0] ?? ""];
  if (close === undefined || text.length < 2 || !text.endsWith(close)) return false;
  if (close === "|") return !text.slice(1, -1).includes("|");
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === text[0]) depth += 1;
    else if (text[at] === close) depth -= 1;
    if (depth === 0) return at === text.length - 1;
  }
  return false;
};

/** A combining mark follows one letter; over more than one it would be on the last. */
export const accented = (text: string, mark: string): string =>
  [...text].length === 1 ? text + mark : `${grouped(text)}${/^\p{M}$/u.test(mark) ? "" : mark}`;

/**
 * The letters of Unicode that exist only in a mathematical type face are the same letters to a reader. Invisible operators,
 * such as that between a function and its argument, are none.
 */
export const plainLetters = (text: string): string =>
  text.replace(/[\u2061-\u2064]/g, "").replace(/[\u{1d400}-\u{1d7ff}]/gu, (letter) => letter.normalize("NFKC"));
