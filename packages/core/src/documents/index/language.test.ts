import { expect, test } from "vitest";
import { languageOf } from "./language.ts";

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
