import fc from "fast-check";
import { expect, test } from "vitest";
import { sentencesOf } from "./sentences.ts";

const textsOf = (text: string) => sentencesOf(text).map(({ start, end }) => text.slice(start, end));

test.each([
  ["English", " It lasts 3.5 years. Who pays?  The buyer! ", ["It lasts 3.5 years.", "Who pays?", "The buyer!"]],
  ["Chinese", "东京是首都。大阪是第二大城市。", ["东京是首都。", "大阪是第二大城市。"]],
  ["Hindi", "यह पहला है। यह दूसरा है।", ["यह पहला है।", "यह दूसरा है।"]],
  ["Arabic", "ما هي المدة؟ ثلاثة أشهر.", ["ما هي المدة؟", "ثلاثة أشهر."]],
  ["wrapped lines", "It lasts\nthree years.\nWho pays?", ["It lasts\nthree years.", "Who pays?"]],
  ["rows", "HL-001,CR-39\nHL-002,CR-39", ["HL-001,CR-39", "HL-002,CR-39"]],
])("%s", (_, text, sentences) => {
  expect(textsOf(text)).toEqual(sentences);
});

const pieces = fc.constantFrom(
  "word",
  "Word",
  ".",
  "?",
  "。",
  "।",
  " ",
  "\n",
  "\u2029",
  "3",
  "(",
  "”",
  "😀",
  "é",
  "的",
);
const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(pieces).map((parts) => parts.join("")),
);

test("sentences are disjoint slices in order, without surrounding white space, and only white space is between them", () => {
  fc.assert(
    fc.property(texts, (text) => {
      let at = 0;
      let between = "";
      for (const { start, end } of sentencesOf(text)) {
        expect(start).toBeGreaterThanOrEqual(at);
        between += text.slice(at, start);
        const sentence = text.slice(start, end);
        expect(sentence).toBe(sentence.trim());
        expect(sentence).not.toBe("");
        at = end;
      }
      expect((between + text.slice(at)).trim()).toBe("");
    }),
  );
});
