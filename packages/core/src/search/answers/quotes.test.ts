import { expect, test } from "vitest";
import type { Mark } from "../../documents/index.ts";
import { candidatesOf } from "./candidates.ts";
import { type Source, wordStartsOf } from "./evidence.ts";
import { featureNames } from "./features.ts";
import { quotesOf } from "./quotes.ts";
import type { Ranked } from "./support.ts";
import { tokensOf } from "./tokens.ts";

const marks: Mark[] = [];
const lacking = featureNames.indexOf("lacks what is asked for");

/** A sentence of a chunk, by default its first one, and whether it lacks what the question asks for. */
const ranked = (text: string, likelihood: number, lacks: 0 | 1, at = 0): Ranked => {
  // The fields that candidates and quotes are made of.
  const hit = { document: { id: "one" }, chunk: { id: text, text, charStart: 9, context: null, headings: [] } };
  const source = {
    hit,
    wordStarts: wordStartsOf(text),
    marks,
    language: "english",
    createdAt: new Date(0),
    positions: [],
  } as unknown as Source;
  const features = featureNames.map((_, at) => (at === lacking ? lacks : 0));
  return {
    candidate: candidatesOf(source)[at]!,
    features,
    likelihood,
    logit: 0,
    supporting: [0],
    excludedBy: undefined,
  };
};
const textsOf = (...all: Ranked[]) => quotesOf(all).map(({ text }) => text);

test("the number of a clause is no number or date of its sentence, and the word after it is no name", () => {
  const typesOf = (text: string) =>
    tokensOf(text).flatMap(({ small, isNumber, isDate, isName }) => (isNumber || isDate || isName ? [small] : []));
  expect(typesOf("1.1 The supplier delivers lenses.")).toEqual([]);
  expect(typesOf("6.1 The contract begins on 1 February 2026.")).toEqual(["1", "february", "2026"]);
  expect(typesOf("19.30 Uhr ist Einlass.")).toContain("19.30");
  expect(typesOf("12.5 percent of it is paid.")).toEqual(["12.5"]);
});

test("an exception that is quoted already becomes one quote with the sentence before it", () => {
  const text = "The ferry costs 5 EUR. Except for members, who pay nothing.";
  expect(textsOf(ranked(text, 0.5, 0, 1), ranked(text, 0.4, 0))).toEqual([text]);
});

test("a sentence that has what the question asks for is quoted before one that lacks it", () => {
  const [terms, dates] = ["1.2 Terms of the customer do not apply.", "6.1 The contract ends on 31 January 2028."];
  expect(textsOf(ranked(terms, 0.5, 1), ranked(dates, 0.4, 0))).toEqual([dates, terms]);
  expect(textsOf(ranked(terms, 0.5, 0), ranked(dates, 0.4, 0))).toEqual([terms, dates]);
});
