import { expect, test } from "vitest";
import { exactFormOf, spellingsOf } from "./fold.ts";

test.each([
  ["müller", ["muller", "mueller"]],
  ["straße", ["strasse"]],
  ["łódź", ["lodz"]],
  ["żółw", ["zolw"]],
  ["peña", ["pena"]],
  ["œuvre", ["oeuvre"]],
  ["ærø", ["aero", "aeroe"]],
  ["þór", ["thor"]],
  ["việt", ["viet"]],
  ["diyarbakır", ["diyarbakir"]],
  ["όνομα", ["ονομα"]],
  // The dots of ё may be left out; й and ї are letters of their own.
  ["ёлка", ["елка"]],
  ["мой", []],
  ["їжак", []],
  ["أحمد", ["احمد"]],
  ["كِتاب", ["كتاب"]],
  ["مدرسة", ["مدرسه"]],
  ["שָׁלוֹם", ["שלום"]],
  ["ज़मीन", ["जमीन"]],
  // Vowels are marks in these scripts.
  ["हिन्दी", []],
  ["ภาษาไทย", []],
  ["ガラス", []],
  ["한국어", []],
  ["muller", []],
  ["à", []],
  ["v2.1.3", ["2.1.3"]],
  ["24.12.2026", ["2026"]],
  ["5.1", []],
])("%s is also spelled %j", (word, spellings) => {
  expect(spellingsOf(word)).toEqual(spellings);
});

test("only a word with accents has a form that tells them apart", () => {
  expect(["médico", "medico", "мой", "à"].map(exactFormOf)).toEqual(["=médico", undefined, undefined, undefined]);
});

test("H8: a run of marks is no word with other spellings, and costs linear time", () => {
  const run = `a${"\u0300".repeat(1_000_000)}`;
  expect(spellingsOf(run)).toEqual([]);
  expect(exactFormOf(run)).toBeUndefined();
}, 2_000);
