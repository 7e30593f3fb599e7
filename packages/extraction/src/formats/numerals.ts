/** Displays of list numbers, as office applications write them. */
export type NumeralStyle = "arabic" | "alpha" | "alpha-repeated" | "roman";

/** A number in a style, in lower case. Numbers that a style cannot show are arabic. */
export const numeral = (value: number, style: NumeralStyle): string => {
  if (style === "roman") return value > 0 && value < 4000 ? roman(value) : String(value);
  if (style === "arabic" || value < 1) return String(value);
  return style === "alpha" ? alphabetic(value) : repeated(value);
};

/** a … z, aa, ab … */
const alphabetic = (value: number): string => {
  let letters = "";
  for (let left = value; left > 0; left = Math.floor((left - 1) / 26))
    letters = String.fromCharCode(97 + ((left - 1) % 26)) + letters;
  return letters;
};

/** a … z, aa, bb …; after 20 letters arabic, which nobody writes but a hostile start value asks for. */
const repeated = (value: number): string => {
  const times = Math.ceil(value / 26);
  return times > 20 ? String(value) : String.fromCharCode(97 + ((value - 1) % 26)).repeat(times);
};

const romanDigits: readonly (readonly [number, string])[] = [
  [1000, "m"],
  [900, "cm"],
  [500, "d"],
  [400, "cd"],
  [100, "c"],
  [90, "xc"],
  [50, "l"],
  [40, "xl"],
  [10, "x"],
  [9, "ix"],
  [5, "v"],
  [4, "iv"],
  [1, "i"],
];

const roman = (value: number): string => {
  let left = value;
  let text = "";
  for (const [size, digit] of romanDigits)
    while (left >= size) {
      text += digit;
      left -= size;
    }
  return text;
};
