import { expect, test } from "vitest";
import { wordsOf } from "../../documents/index.ts";
import { candidatesOf } from "./candidates.ts";
import type { Evidence, Source } from "./evidence.ts";
import { askedOf, featureNames, measure } from "./features.ts";

const stopWords = new Set(["a", "the", "of", "is", "was", "for", "do", "does", "at", "to", "how", "who", "what", "in"]);

/** What is measured of the sentences of a text that is the only hit. Words match when they are equal. */
const measured = (question: string, text: string) => {
  const words = [...new Set(wordsOf(question))];
  const written = wordsOf(text);
  // The fields that are measured.
  const chunk = { id: "one", text, charStart: 9, context: null, headings: [] };
  const hit = { score: 0.5, scores: { keyword: 0.5, vector: 0.5 }, document: { id: "one", name: "note" }, chunk };
  const source: Source = {
    hit: hit as unknown as Source["hit"],
    marks: text.includes(" | ") ? [{ kind: "table", start: 0, end: text.length }] : [],
    language: "english",
    createdAt: new Date(0),
    positions: words.map((word) => written.flatMap((own, at) => (own === word ? [at + 1] : []))),
  };
  const rarities = words.map((word) => (stopWords.has(word) ? undefined : 2));
  const evidence: Evidence = {
    words,
    rarities: new Map([["english", rarities]]),
    labels: new Map(),
    sources: [source],
  };
  return measure(evidence, askedOf(question, evidence), candidatesOf(source));
};

test.each([
  ["Who signs the contract?", "The contract begins in May.", true],
  ["Who signs the contract?", "Marta Lindgren runs the office and the contract.", true],
  ["Who signs the contract of employees?", "Employees may end the contract at any time.", true],
  ["Who signs the contract of employees?", "The contract of employees goes to Marta Lindgren.", false],
  ["Who is the forwarder?", "The forwarder takes three days.", true],
  ["Who is the forwarder?", "The forwarder is Ostara Cargo.", false],
  ["Where does Ines Voss live?", "Kind regards, Ines Voss", true],
  ["When was order 4712 paid?", "The order 4711 was paid in May.", true],
  ["When was order 4711 paid?", "The order 4711 was paid in May.", false],
  ["How heavy is the grinder?", "Model: grinder | Price in EUR: 12", true],
  ["How heavy is the grinder?", "Model: grinder | Weight in kg: 12", false],
  ["What is the price of HL-9?", "Model: HL-8 | Price in EUR: 12", true],
])("%s | %s | is of something else: %s", (question, text, expected) => {
  expect(measured(question, text).map(({ isOfOther }) => isOfOther)).toEqual([expected]);
});

test("the question above a sentence may be the same, or only share words", () => {
  const isSame = featureNames.indexOf("the question above is the same");
  const text = "Do blue lenses change colours?\n\nSlightly towards yellow.";
  const of = (question: string) => measured(question, text).map(({ features }) => features[isSame]);
  expect(of("Do blue lenses change colours?")).toEqual([1]);
  expect(of("Do lenses change colours?")).toEqual([0]);
  expect(of("Do blue lenses change prices?")).toEqual([0]);
});
