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
  [
    "lines wrapped before a capital letter or a number",
    "Die Kündigung des Vertrags ist nur wirksam mit einer\nFrist von drei Monaten.",
    ["Die Kündigung des Vertrags ist nur wirksam mit einer\nFrist von drei Monaten."],
  ],
  [
    "the sentences of wrapped lines",
    "The contract of the hall was signed by both parties in\nBerlin on 3 May 2031, in the office of the notary there.\nIt ends in 2040.",
    [
      "The contract of the hall was signed by both parties in\nBerlin on 3 May 2031, in the office of the notary there.",
      "It ends in 2040.",
    ],
  ],
  [
    "lines with labels",
    "Office: Heron House, second floor, beside the long stairs\nPhone: +44 1539 555 0171",
    ["Office: Heron House, second floor, beside the long stairs", "Phone: +44 1539 555 0171"],
  ],
  ["short lines", "Brightwater Rentals\nHarbour Road 12", ["Brightwater Rentals", "Harbour Road 12"]],
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
