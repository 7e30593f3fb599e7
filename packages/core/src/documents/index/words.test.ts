import fc from "fast-check";
import { expect, test } from "vitest";
import { positionsOf, termsOf, tsvectorOf, weigh, wordsOf } from "./words.ts";

test.each([
  ["state-of-the-art lens", ["state", "of", "the", "art", "lens"]],
  ["Don't, l’homme!", ["don", "t", "l", "homme"]],
  ["v1.2.3, 3.14 and 1,000; 1.Intro", ["v1.2.3", "3.14", "and", "1", "000", "1", "intro"]],
  ["2026-11-05T10:30", ["2026", "11", "05t10", "30"]],
  ["https://a.com/b?c=1 foo_bar me@x.org", ["https", "a", "com", "b", "c", "1", "foo", "bar", "me", "x", "org"]],
  ["e\uFB03cient co\u00ADoperation cafe\u0301 \uFF21\uFF22", ["efficient", "cooperation", "café", "ab"]],
  ["İstanbul ISTANBUL Straße", ["istanbul", "istanbul", "straße"]],
  ["यह हिन्दी में", ["यह", "हिन्दी", "में"]],
  ["Lens 東京都 A中データ", ["lens", "東京", "京都", "a", "中デ", "デー", "ータ"]],
  ["中 𠀀𠀁", ["中", "𠀀𠀁"]],
  ["— … !", []],
])("%s is the words %j", (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test("an ASCII text is split like any other text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
      // The letter at the end is not ASCII.
      expect(wordsOf(`${text} ß`)).toEqual([...wordsOf(text), "ß"]);
    }),
  );
});

test("a word does not depend on its position, and splitting it again returns it unchanged", () => {
  const words = fc.array(fc.string({ unit: "grapheme", maxLength: 8 }), { maxLength: 8 });
  fc.assert(
    fc.property(words, (texts) => {
      const together = wordsOf(texts.join(" | "));
      expect(together).toEqual(texts.flatMap(wordsOf));
      // No character needs an escape in a tsvector or in an array of the database.
      for (const word of together) expect(word).toMatch(/^[\p{L}\p{M}\p{N}.]+$/u);
    }),
  );
});

const [lens, coat] = [
  { lexeme: "len", term: 9 },
  { lexeme: "coat", term: 4 },
];
const stop = {};

test("a text becomes positions of lexemes, and stop words leave gaps", () => {
  const reading = positionsOf([{ lexeme: coat }, { lexeme: lens }, stop, stop, { lexeme: lens }]);
  expect(reading.lexemes).toBe(3);
  expect(tsvectorOf(reading).trim()).toBe("'coat':1 'len':2,5");
  // 2.2 tf / (tf + 1.2 (0.25 + 0.75 · 3 / 6)), in ascending terms.
  expect(termsOf(reading, 6)).toBe("{4:125714e-5,9:160000e-5}/536870912");
  const nothing = positionsOf([stop, stop]);
  expect(nothing).toEqual({ positions: new Map(), lexemes: 0 });
  // An empty text would be lost in a list of texts.
  expect(tsvectorOf(nothing)).toBe(" ");
});

test("a lexeme has at most 255 positions, as in PostgreSQL", () => {
  const { positions, lexemes } = positionsOf(new Array(300).fill({ lexeme: lens }));
  expect([positions.get(lens)!.length, lexemes]).toEqual([255, 255]);
});

test("two lexemes with the same term id have one weight", () => {
  const twice = [
    [7, 1],
    [7, 1],
  ] as const;
  // The weight of a lexeme that occurs twice: 2.2 · 2 / (2 + 1.2).
  expect(weigh(twice, 2, 2)).toBe("{7:137500e-5}/536870912");
});
