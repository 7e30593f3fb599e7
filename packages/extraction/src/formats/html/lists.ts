import { listNumber } from "../numbers/list-number.ts";
import type { HtmlElement } from "./tree.ts";

/** The numbers of an ordered list, or the dashes of another one. */
export class ListNumbers {
  readonly #format: string;
  readonly #isOrdered: boolean;
  readonly #step: number;
  #next: number;

  constructor({ name, attributes, children }: HtmlElement, listStyle: string) {
    this.#isOrdered = name === "ol";
    const style = /[a-z-]+/.exec(listStyle)?.[0] ?? "";
    this.#format = formats.get(style) ?? formats.get(attributes["type"] ?? "") ?? "decimal";
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
    const format = formats.get(attributes["type"] ?? "") ?? this.#format;
    return this.#format === "none" ? "-" : `${listNumber(number, format)}.`;
  }
}

/** By the names of styles and the values of the attribute `type`. */
const formats: ReadonlyMap<string, string> = new Map([
  ["none", "none"],
  ["decimal", "decimal"],
  ["decimal-leading-zero", "decimalZero"],
  ["lower-alpha", "lowerAlphabetic"],
  ["lower-latin", "lowerAlphabetic"],
  ["a", "lowerAlphabetic"],
  ["upper-alpha", "upperAlphabetic"],
  ["upper-latin", "upperAlphabetic"],
  ["A", "upperAlphabetic"],
  ["lower-roman", "lowerRoman"],
  ["i", "lowerRoman"],
  ["upper-roman", "upperRoman"],
  ["I", "upperRoman"],
]);

const integer = (value: string | undefined): number | undefined => {
  const number = Number.parseInt(value ?? "", 10);
  return Number.isSafeInteger(number) ? number : undefined;
};
