import fc from "fast-check";
import { countTokens as reference } from "gpt-tokenizer";
import { expect, test } from "vitest";
import { countTokens, tokenCounter } from "./tokens.ts";

const asWords = { disallowedSpecial: new Set<string>() };

const pieces = fc.constantFrom(
  " ",
  "  ",
  "\n",
  "\r\n",
  "\t",
  "don't",
  "It'S",
  "1234567",
  "ABCdef",
  "...(",
  "//",
  "通知期間",
);
const texts = fc
  .array(fc.oneof(pieces, fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" })), { maxLength: 20 })
  .map((parts) => parts.join(""));

test("any text has the tokens that the encoder of the model gives it", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(countTokens(text)).toBe(reference(text, asWords));
    }),
    { numRuns: 2000, seed: 7 },
  );
});

test("any piece of a text has the tokens that it has alone", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const count = tokenCounter(text);
      // Pieces begin and end between characters.
      const places = [0, ...Array.from(text, (character) => character.length)];
      for (let n = 1; n < places.length; n++) places[n]! += places[n - 1]!;
      for (const [n, start] of places.entries())
        for (const end of places.slice(n))
          expect(count(start, end), JSON.stringify([text, start, end])).toBe(countTokens(text.slice(start, end)));
    }),
    { numRuns: 400, seed: 7 },
  );
});

test("of a long word the count is at most a tenth above that of the encoder, for the whole and for its pieces", () => {
  const text = `a ${"b7".repeat(2_000)} ${"Donaudampfschiff".repeat(100)} ${"通知期間".repeat(300)} c`;
  const count = tokenCounter(text);
  expect(count(0, text.length)).toBe(countTokens(text));
  for (const [start, end] of [
    [0, text.length],
    [0, 3_000],
    [1_700, 5_000],
    [4_500, 6_000],
  ] as const) {
    const exact = reference(text.slice(start, end), asWords);
    expect(count(start, end)).toBeGreaterThanOrEqual(exact);
    expect(count(start, end)).toBeLessThanOrEqual(exact * 1.1 + 2);
  }
});

test("the control words of language models count as words", () => {
  for (const text of ["a <|endoftext|> b", "<|im_start|>", "<|endoftext"])
    expect(countTokens(text)).toBe(reference(text, asWords));
});
