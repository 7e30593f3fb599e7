import { amounts, dates, names, persons, places, reasons, units } from "./vocabulary.ts";

/** What a question asks for: the kind of words that its answer contains. */
export type Expected = "amount" | "date" | "person" | "place" | "reason" | "name" | "other";
/** The unit of an amount that the question asks for: _how deep_ is a length. */
export type Unit = keyof typeof units;

const patterns: readonly (readonly [Expected, RegExp])[] = [
  ["date", dates],
  ["amount", amounts],
  ["person", persons],
  ["place", places],
  ["reason", reasons],
  ["name", names],
];

/** What a question asks for, by its first interrogative word. */
export const expectedOf = (question: string): Expected => {
  let first: { at: number; expected: Expected } | undefined;
  for (const [expected, pattern] of patterns) {
    const at = pattern.exec(question)?.index;
    if (at !== undefined && (!first || at < first.at)) first = { at, expected };
  }
  return first?.expected ?? "other";
};

/** The unit that an amount must have, when the question implies one. */
export const unitOf = (question: string): Unit | undefined => {
  for (const [unit, { asked }] of Object.entries(units)) {
    // Object.entries widens the keys of a literal object.
    if (asked.test(question)) return unit as Unit;
  }
  return undefined;
};

export const hasUnit = (text: string, unit: Unit): boolean => units[unit].written.test(text);
