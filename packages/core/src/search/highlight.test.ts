import { expect, test } from "vitest";
import { wordsOf } from "../documents/index.ts";
import { highlighter } from "./highlight.ts";

const marked = (query: string, text: string, positions: number[]) =>
  highlighter(query)(text, positions).map(([start, end]) => text.slice(start, end));

test("the words at the positions are marked, each once and in order", () => {
  expect(marked("lens coating", "Coated lenses, and more lenses.", [5, 2, 1, 2])).toEqual([
    "Coated",
    "lenses",
    "lenses",
  ]);
  // Positions after the text are words of its context.
  expect(marked("lens", "One lens", [2, 7])).toEqual(["lens"]);
});

test("a Chinese word is marked and not the sentence around it", () => {
  // 仓库 库合 合同 同规 规定
  expect(marked("仓库", "仓库合同规定", [1])).toEqual(["仓库"]);
  expect(marked("仓库合同", "仓库合同规定", [1, 2, 3])).toEqual(["仓库合同"]);
  expect(marked("同", "仓库合同规定", [4, 3])).toEqual(["同"]);
});

test.each([
  ["AB-1234/5", "The part AB-1234/5 has 5 holes, and AB pays 1234.", ["AB-1234/5"]],
  ["part AB-1234/5", "The part AB-1234/5 has 5 parts.", ["part", "AB-1234/5"]],
  ["AB-1234/5", "AB pays 1234.", ["AB", "1234"]],
  [
    "m.kowalska@harbour-lab.example",
    "Write to m.kowalska@harbour-lab.example, or to the harbour.",
    ["m.kowalska@harbour-lab.example"],
  ],
  ["https://a.example/b?id=7", "See https://a.example/b?id=7 (7 pages).", ["https://a.example/b?id=7"]],
  ["-40", "He pays 40 pounds, the freezer keeps -40 degrees, and calls +49 40 123 on 2-40.", ["40"]],
  ["-40", "He pays 40 pounds.", ["40"]],
  ["-40 pounds 40", "He pays 40 pounds for -40 degrees.", ["40", "pounds", "40"]],
  ["--no-cache", "Run it with --no-cache, no other cache.", ["no-cache"]],
  ['"pays in Euro"', "Mr Muller pays 40. Frau Mueller pays in Euro.", ["pays", "Euro"]],
  ['"pays in Euro" Muller', "Mr Muller pays 40. Frau Mueller pays in Euro.", ["Muller", "pays", "Euro"]],
  ['"pays in Euro" pays', "Mr Muller pays 40. Frau Mueller pays in Euro.", ["pays", "pays", "Euro"]],
  ['"pays in Euro"', "Mr Muller pays 40.", ["pays"]],
  ["กรุงเทพ", "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย", ["กรุงเทพ"]],
  ["เท", "กรุงเทพ", ["เท"]],
  ["7.100.15", "The part 7.100.16 replaces part 7.100.15.", ["7.100.15"]],
])("%s in “%s” marks %j", (query, text, expected) => {
  const stopWords = new Set(["in", "a"]);
  const words = new Set(wordsOf(query));
  const positions = wordsOf(text).flatMap((word, at) => (words.has(word) && !stopWords.has(word) ? [at + 1] : []));
  expect(marked(query, text, positions)).toEqual(expected);
});

test("at most 50 words are marked", () => {
  const positions = Array.from({ length: 80 }, (_, n) => n + 1);
  expect(marked("lens", "lens ".repeat(80), positions)).toHaveLength(50);
});
