import { expect, test } from "vitest";
import { countOf, positionsOf, termsOf, tsvectorOf, type Word, weigh } from "./lexicon.ts";

const [lens, coat] = [
  { lexeme: "len", term: 9 },
  { lexeme: "coat", term: 4 },
];
const stop: Word = { forms: [] };

test("a text becomes positions of lexemes, and stop words leave gaps", () => {
  const reading = positionsOf([
    { lexeme: coat, forms: [] },
    { lexeme: lens, forms: [] },
    stop,
    stop,
    { lexeme: lens, forms: [] },
  ]);
  expect(reading.lexemes).toBe(3);
  expect(tsvectorOf(reading).trim()).toBe("'coat':1 'len':2,5");
  // 2.2 tf / (tf + 1.2 (0.25 + 0.75 · 3 / 6)), in ascending terms.
  expect(termsOf(reading, 6)).toBe("{4:125714e-5,9:160000e-5}/536870912");
  const nothing = positionsOf([stop, stop]);
  expect(nothing).toEqual({ positions: new Map(), forms: new Map(), accented: new Set(), lexemes: 0 });
  // An empty text would be lost in a list of texts.
  expect(tsvectorOf(nothing)).toBe(" ");
});

test("another form of a word is at its place, has less weight, and is no part of the length", () => {
  const reading = positionsOf([
    { lexeme: lens, forms: [coat] },
    { lexeme: coat, forms: [], losesAccents: true },
    { lexeme: lens, forms: [coat] },
  ]);
  expect(reading.lexemes).toBe(3);
  expect(tsvectorOf(reading).trim()).toBe("'len':1,3 'coat':2B,1C,3C");
  expect([countOf(0, 1, 0), countOf(0, 1_000, 0) < 0.5, countOf(1, 0, 1)]).toEqual([1 / 3, true, 0.95]);
});

test("a lexeme has at most 255 positions, as in PostgreSQL", () => {
  const { positions, lexemes } = positionsOf(new Array(300).fill({ lexeme: lens, forms: [] }));
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
