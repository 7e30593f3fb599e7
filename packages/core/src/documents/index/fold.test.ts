import { expect, test } from "vitest";
import { exactFormOf, spellingsOf, textFormsOf } from "./fold.ts";

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
  ["24.12.2026", []],
  ["5.1", []],
])("%s is also spelled %j", (word, spellings) => {
  expect(spellingsOf(word)).toEqual(spellings);
});

test.each([
  ["24.12.2026", ["2026"]],
  ["2026.12.24", ["2026"]],
  ["v2.1.3", ["2.1.3"]],
  ["müller", ["muller", "mueller"]],
  ["7.100.16", []],
  ["7.1000.16", []],
  ["v7.100.16", ["7.100.16"]],
  ["192.168.100.200", []],
  ["1.2.3.2026", []],
])("%s is found in a text by %j too", (word, forms) => {
  expect(textFormsOf(word)).toEqual(forms);
});

test("only a word with accents has a form that tells them apart", () => {
  expect(["médico", "medico", "мой", "à"].map(exactFormOf)).toEqual(["=médico", undefined, undefined, undefined]);
});

test("H8: a run of marks is no word with other spellings, and costs linear time", () => {
  const run = `a${"\u0300".repeat(1_000_000)}`;
  expect(spellingsOf(run)).toEqual([]);
  expect(exactFormOf(run)).toBeUndefined();
}, 2_000);
