import { listNumber } from "../numbers/list-number.ts";
import type { ListLevel } from "./styles.ts";

/** The numbers of one list, or of the headings. Levels are counted from 1. */
export class Numbering {
  readonly #levelOf: (level: number) => ListLevel | undefined;
  readonly #counters: number[] = [];

  /** `outer`: the list around it, whose numbers it may show before its own. */
  constructor(levelOf: (level: number) => ListLevel | undefined, outer?: Numbering) {
    this.#levelOf = levelOf;
    if (outer) this.#counters.push(...outer.#counters);
  }

  /** The next number at a level, as displayed; empty when the level shows none. */
  next(level: number, start?: number): string {
    const style = this.#levelOf(level);
    const counters = this.#counters;
    const last = counters[level];
    counters[level] = start ?? (last === undefined ? (style?.start ?? 1) : last + 1);
    counters.length = level + 1;
    return style ? this.#label(style, level) : "";
  }

  #label(style: ListLevel, level: number): string {
    const show = (at: number): string => {
      const shown = at === level ? style : this.#levelOf(at);
      if (!shown || shown.format === "") return "";
      return displayed(this.#counters[at] ?? shown.start, shown);
    };
    if (style.format === "") return "";
    // A template names the levels that it shows.
    if (style.template)
      return style.template.slice(0, 200).replace(/%(\d+)%/g, (_, at) => show(Math.min(Number(at), level)));
    const numbers: string[] = [];
    for (let at = Math.max(1, level - style.shownLevels + 1); at <= level; at++) numbers.push(show(at));
    return `${style.prefix}${numbers.filter(Boolean).join(".")}${style.suffix}`;
  }
}

const displayed = (value: number, { format, isRepeated }: ListLevel): string =>
  listNumber(value, (isRepeated ? repeatedLetters[format] : undefined) ?? formats[format] ?? "decimal");

const formats: Readonly<Record<string, string>> = {
  a: "lowerAlphabetic",
  A: "upperAlphabetic",
  i: "lowerRoman",
  I: "upperRoman",
};
/** After "z" follows "aa", then "bb". */
const repeatedLetters: Readonly<Record<string, string>> = { a: "lowerLetter", A: "upperLetter" };
