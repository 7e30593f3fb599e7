import { expect, test } from "vitest";
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

test("at most 50 words are marked", () => {
  const positions = Array.from({ length: 80 }, (_, n) => n + 1);
  expect(marked("lens", "lens ".repeat(80), positions)).toHaveLength(50);
});
