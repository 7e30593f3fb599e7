import { expect, test } from "vitest";
import { languageOf, pairs } from "./language.ts";

test.each([
  ["Lens 5 is serviced in May.", "english"],
  ["Die Kündigungsfrist beträgt drei Monate.", "german"],
  ["El período de aviso es de tres meses", "spanish"],
  ["نص عربي قصير", "arabic"],
  ["यह हिन्दी में है", "hindi"],
  ["Это короткий текст", "russian"],
  ["东京是日本的首都", "simple"],
  ["한국어 문장", "simple"],
  ["", "english"],
  ["12345 67890", "english"],
])("%s is read as %s", async (text, configuration) => {
  expect(await languageOf(text)).toBe(configuration);
});

test("scripts without spaces become overlapping pairs, and nothing else changes", () => {
  expect(pairs("Lens 東京都 A").split(/\s+/)).toEqual(["Lens", "東京", "京都", "A"]);
  expect(pairs("中").trim()).toBe("中");
  expect(pairs("𠀀𠀁")).toBe(" 𠀀𠀁 ");
  expect(pairs("Straße, naïve — no change.")).toBe("Straße, naïve — no change.");
});
