import type { HtmlElement } from "./tree.ts";

/** The numbers of an ordered list, or the dashes of another one. */
export class ListNumbers {
  readonly #type: string;
  readonly #isOrdered: boolean;
  readonly #step: number;
  #next: number;

  constructor({ name, attributes, children }: HtmlElement, listStyle: string) {
    this.#isOrdered = name === "ol";
    this.#type = types[/[a-z-]+/.exec(listStyle)?.[0] ?? ""] ?? attributes["type"] ?? "1";
    const isReversed = "reversed" in attributes;
    this.#step = isReversed ? -1 : 1;
    const items = children.filter((child) => typeof child !== "string" && child.name === "li").length;
    this.#next = integer(attributes["start"]) ?? (isReversed ? items : 1);
  }

  /** The mark before an item: "3." or "-". */
  mark({ attributes }: HtmlElement): string {
    if (!this.#isOrdered) return "-";
    const number = integer(attributes["value"]) ?? this.#next;
    this.#next = number + this.#step;
    return this.#type === "none" ? "-" : `${numeral(number, attributes["type"] ?? this.#type)}.`;
  }
}

const types: Readonly<Record<string, string>> = {
  decimal: "1",
  "lower-alpha": "a",
  "lower-latin": "a",
  "upper-alpha": "A",
  "upper-latin": "A",
  "lower-roman": "i",
  "upper-roman": "I",
  none: "none",
};

const integer = (value: string | undefined): number | undefined => {
  const number = Number.parseInt(value ?? "", 10);
  return Number.isSafeInteger(number) ? number : undefined;
};

const numeral = (number: number, type: string): string => {
  const text = /^[aA]$/.test(type) ? letters(number) : /^[iI]$/.test(type) ? roman(number) : String(number);
  return /^[AI]$/.test(type) ? text.toUpperCase() : text;
};

const letters = (number: number): string => {
  if (number < 1) return String(number);
  let text = "";
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26))
    text = String.fromCharCode(97 + ((rest - 1) % 26)) + text;
  return text;
};

const romans: readonly (readonly [number, string])[] = [
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

const roman = (number: number): string => {
  if (number < 1 || number > 3999) return String(number);
  let text = "";
  let rest = number;
  for (const [value, sign] of romans) for (; rest >= value; rest -= value) text += sign;
  return text;
};
