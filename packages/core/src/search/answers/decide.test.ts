import { expect, test } from "vitest";
import { isPair, wordsOf } from "../../documents/index.ts";
import { decide } from "./decide.ts";
import { type Evidence, type Source, wordStartsOf } from "./evidence.ts";

const stopWords = new Set(["a", "the", "of", "is", "do", "i", "how", "where", "what", "in"]);

/** The decision from hits of one chunk each. Words match when they are equal. */
const decided = (question: string, ...texts: string[]) => {
  const words = [...new Set(wordsOf(question))];
  const language = words.some(isPair) ? "simple" : "english";
  const sources = texts.map((text, n): Source => {
    const written = wordsOf(text);
    // The fields that are read.
    const chunk = { id: `chunk ${n}`, text, charStart: 9, context: null, headings: [] };
    const hit = { score: 0.5, scores: {}, document: { id: `document ${n}`, name: "note" }, chunk };
    return {
      hit: hit as unknown as Source["hit"],
      wordStarts: wordStartsOf(text),
      marks: text.includes(" | ") ? [{ kind: "table", start: 0, end: text.length }] : [],
      language,
      createdAt: new Date(0),
      positions: words.map((word) => written.flatMap((own, at) => (own === word ? [at + 1] : []))),
    };
  });
  const rarities = words.map((word) => (stopWords.has(word) ? undefined : 2));
  return decide(question, {
    words,
    rarities: new Map([[language, rarities]]),
    labels: new Map(),
    sources,
  } satisfies Evidence);
};

test("a quote has the words of the question that are in it, around it and missing", () => {
  const text = "Blue lenses are sold here. The warranty is three years. Returns are free.";
  const { quotes, related } = decided("How long is the warranty of blue lenses in Sweden?", text);
  const [nearest] = quotes.length > 0 ? quotes : related;
  expect([nearest, ...related].map((one) => one?.source.hit.chunk.text.includes(one.text))).not.toContain(false);
  const of = (start: string) => [...quotes, ...related].find((one) => one.text.startsWith(start));
  const around = of("The warranty") ?? of("Blue");
  expect(new Set([...around!.words, ...around!.wordsAround])).toEqual(new Set(["warranty", "blue", "lenses"]));
  expect(around!.words.every((word) => around!.text.toLowerCase().includes(word))).toBe(true);
  expect(around!.wordsAround.some((word) => around!.text.toLowerCase().includes(word))).toBe(false);
  expect(around!.missing).toEqual(["sweden"]);
});

test("the nearest sentences are those with words of the question, also when a rule excludes them", () => {
  const { support, related } = decided(
    "Where do I find the serial number?",
    "Part: label | Price: 1.20",
    "The number of guests is limited.",
    "Where is the serial number?\n\nOn the silver label.",
  );
  expect(support).toBeLessThan(0.3);
  expect(related.map(({ text, words, wordsAround, missing }) => ({ text, words, wordsAround, missing }))).toEqual([
    { text: "On the silver label.", words: [], wordsAround: ["serial", "number"], missing: ["find"] },
    { text: "The number of guests is limited.", words: ["number"], wordsAround: [], missing: ["find", "serial"] },
  ]);
});

test.each([
  ["How heavy is the boiler?", "The boiler holds water.", "number"],
  ["How heavy is the boiler?", "The boiler was made in 12 days.", "unit"],
  ["How heavy is the boiler?", "The boiler weighs 12 kg.", null],
  ["When was the boiler made?", "The boiler was made by hand.", "date"],
])("%s lacks, in “%s”: %s", (question, text, expected) => {
  const { quotes, related } = decided(question, text);
  expect([...quotes, ...related].map(({ lacks }) => lacks)[0]).toBe(expected);
});

const inFiveLanguages =
  "北京的夏天很热，我们在图书馆学习中文。\n\n東京タワーの高さは333メートルです。ラーメンが好きです。\n\nกรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย\n\nالعقد ينتهي في شهر مارس.\n\n서울타워의 높이는 236미터입니다. 냉면을 좋아합니다.\n\nThe party serves pizza on Friday.";

test.each([
  ["東京タワーの高さは？", "東京タワーの高さは333メートルです。"],
  ["東京タワーの高さは何メートルですか", "東京タワーの高さは333メートルです。"],
  ["東京タワーの高さはいくらですか？", "東京タワーの高さは333メートルです。"],
  ["北京的夏天？", "北京的夏天很热，我们在图书馆学习中文。"],
  ["เมืองหลวงของประเทศไทย?", "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย"],
  ["서울타워의 높이는?", "서울타워의 높이는 236미터입니다."],
  ["متى ينتهي العقد؟", "العقد ينتهي في شهر مارس."],
])("%s is answered by its sentence alone, among sentences of other languages", (question, sentence) => {
  const { support, quotes } = decided(question, inFiveLanguages);
  expect(support).toBeGreaterThan(0.5);
  expect(quotes.map(({ text }) => text)).toEqual([sentence]);
});

test.each(["東京タワーの高さは？", "北京的夏天？", "เมืองหลวงของประเทศไทย?", "서울타워의 높이는?", "متى ينتهي العقد؟"])(
  "%s is not answered by the sentences beside the right one",
  (question) => {
    const others = "ラーメンが好きです。 กรุงเทพอากาศร้อน أحب الأرز. 냉면을 좋아합니다. 我喜欢拉面。";
    expect(decided(question, `Pizza is served.\n\n${others}`, inFiveLanguages.split("\n\n").at(-1)!).support).toBe(0);
  },
);
