import fc from "fast-check";
import { expect, test } from "vitest";
import { dashedIn, tokensOf, wordSpansOf, wordsOf } from "./words.ts";

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
  ["6½ l\u02BChomme م\u0640رحبا क्\u200Dय", ["6", "1", "2", "l", "homme", "مرحبا", "क्य"]],
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

test.each([
  ["tar -xvf pump.tar --no-cache", ["-xvf", "-no-cache"]],
  ["down to -40, (-0.5) and \u22127", ["-40", "-0.5", "-7"]],
  ["PPR-9087, G-40, e-mail, a - b, 1--2", []],
  ["-Ü -東京", ["-ü", "-東京"]],
  [`-${"x".repeat(100)}`, []],
])("%s has the words with a dash %j", (text, forms) => {
  expect(dashedIn(text)).toEqual(forms);
});

test("a word with a dash and the last character of a run without spaces are forms of the word at their place", () => {
  expect(tokensOf("tar -xvf")).toEqual({ words: ["tar", "xvf"], forms: new Map([[1, ["-xvf"]]]) });
  expect(tokensOf("东京都。--no-x")).toEqual({
    words: ["东京", "京都", "no", "x"],
    forms: new Map([[1, ["都"]]]),
  });
  expect(tokensOf("東京 -京都")).toEqual({
    words: ["東京", "京都"],
    forms: new Map([
      [0, ["京"]],
      [1, ["-京都", "都"]],
    ]),
  });
});

test("each word has a span of the text, in which the text contains it", () => {
  const spans = (text: string) => wordSpansOf(text).map(([start, end]) => text.slice(start, end));
  expect(spans("Cafe\u0301 e\uFB03cient co\u00ADop 6½ İz")).toEqual([
    "Cafe\u0301",
    "e\uFB03cient",
    "co\u00ADop",
    "6",
    "½",
    "½",
    "İz",
  ]);
  expect(spans("在东京都，𠀀𠀁")).toEqual(["在东", "东京", "京都", "𠀀𠀁"]);
  expect(spans("ｶﾞｽ ΟΔΟΣ")).toEqual(["ｶﾞｽ", "ΟΔΟΣ"]);
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary-ascii" }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const found = wordSpansOf(text);
      expect(found).toHaveLength(wordsOf(text).length);
      expect(tokensOf(text).words).toEqual(wordsOf(text));
      for (const [start, end] of found) expect(start < end && end <= text.length).toBe(true);
    }),
    { numRuns: 500 },
  );
});
