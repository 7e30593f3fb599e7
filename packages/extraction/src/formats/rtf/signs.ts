/** How the parts of a formula are written in one line, by their control word. */
const formulaParts: Readonly<Record<string, (text: string) => string>> = {
  mnum: (text) => `${grouped(text)}/`,
  mden: (text) => grouped(text),
  msup: (text) => `^${grouped(text)}`,
  msub: (text) => `_${grouped(text)}`,
  mdeg: (text) => text,
  mrad: (text) => `√${grouped(text)}`,
  md: (text) => `(${text})`,
};

export const formulaPart = (word: string): ((text: string) => string) | undefined =>
  Object.hasOwn(formulaParts, word) ? formulaParts[word] : undefined;

/** In brackets, unless it is one number or word. */
const grouped = (text: string): string => (/^(\w|\p{L})+$|^\([^()]*\)$/u.test(text) ? text : `(${text})`);

/** The number of a list item. A bullet says nothing; Word draws one as the letter o. */
export const shownLabel = (label: string): string => {
  const text = label.replace(/\s+/g, " ").trim();
  return /[\p{L}\p{N}]/u.test(text) && text !== "o" ? text : "";
};

/**
 * What a field EQ shows, which has no result of its own: a word with its reading above, a fraction, a root. Undefined for
 * other fields, whose result the file contains.
 */
export const equationField = (instruction: string): { text: string; reading?: string } | undefined => {
  const equation = /^\s*EQ\s([\s\S]{1,2000})$/.exec(instruction)?.[1];
  if (equation === undefined) return undefined;
  const ruby = /\\s\s*\\up\s*\d+\s*\(([^()]*)\)\s*[,;]([^()]*)\)\s*$/.exec(equation);
  if (ruby) return { text: ruby[2] ?? "", reading: ruby[1] ?? "" };
  const text = equation
    .replace(/\\\*\s*("[^"]*"|\w+)(\s*"[^"]*")?/g, "")
    .replace(
      /\\f\s*\(([^(),;]*)[,;]([^(),;]*)\)/g,
      (_, above, below) => `${grouped(above.trim())}/${grouped(below.trim())}`,
    )
    .replace(/\\r\s*\(([^(),;]*)(?:[,;]([^(),;]*))?\)/g, (_, first, second) =>
      second === undefined ? `√${grouped(first)}` : `${first}√${grouped(second)}`,
    )
    .replace(/\\[a-z]+\d*/gi, "")
    .trim();
  return { text };
};
