import fc from "fast-check";
import { countTokens as reference } from "gpt-tokenizer";
import { expect, test } from "vitest";
import { countTokens } from "./tokens.ts";

const asWords = { disallowedSpecial: new Set<string>() };

test("any text has the tokens that the encoder of the model gives it", () => {
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
    "...",
    "//",
    "通知期間",
  );
  const texts = fc.array(fc.oneof(pieces, fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" })), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(texts, (parts) => {
      const text = parts.join("");
      expect(countTokens(text)).toBe(reference(text, asWords));
    }),
    { numRuns: 2000, seed: 7 },
  );
});

test("the control words of language models count as words", () => {
  for (const text of ["a <|endoftext|> b", "<|im_start|>", "<|endoftext"])
    expect(countTokens(text)).toBe(reference(text, asWords));
});
