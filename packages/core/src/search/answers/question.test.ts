import { expect, test } from "vitest";
import { expectedOf, hasUnit, unitOf } from "./question.ts";
import { tokensOf } from "./tokens.ts";

test.each([
  ["In what year did the mill close?", "date"],
  ["كم كانت رسوم القنوات السنوية؟", "amount"],
  ["ما الأمر الذي رفعت بشأنه دعاوى بالمحكمة؟", "other"],
  ["في أي عام اكتشف الأكسجين؟", "date"],
  ["من هو الحاكم الذي دعاهم للهجرة؟", "person"],
  ["वर्षा-वन में कितने जीव रहते हैं?", "amount"],
  ["संगीत किसने लिखा?", "person"],
  ["कौन सा भाग जर्मन में था?", "other"],
  ["Сколько лет ему было?", "amount"],
  ["Как называется этот набор?", "other"],
  ["氧气在哪一年被发现？", "date"],
  ["这个表达式被称为什么？", "other"],
  ["城堡在哪里？", "place"],
  ["有几支球队参加？", "amount"],
])("%s asks for: %s", (question, expected) => {
  expect(expectedOf(question)).toBe(expected);
});

test("the words of a Chinese sentence are told apart, with their numbers and dates", () => {
  const tokens = tokensOf("拉瓦锡在1774年发现了氧气，有两支球队参加。");
  expect(tokens.length).toBeGreaterThan(8);
  expect(tokens.filter(({ isNumber }) => isNumber).map(({ small }) => small)).toEqual(["1774", "两"]);
  expect(tokens.filter(({ isDate }) => isDate).map(({ small }) => small)).toEqual(["1774"]);
});

test.each([
  ["weight", "The office is in Boston, and the program begins in the library."],
  ["duration", "The stage of the village shows games of all times, and cannot be planned."],
  ["money", "The center of Europe has the freedom of rubber; the century ends."],
  ["length", "The copies of the milestones are occupied by entrepreneurs."],
  ["age", "The NATO plans an alternative for Walter."],
  ["temperature", "The graduates are gradually paid."],
  ["duration", "The filter is cleaned every two weeks, the tank once a year."],
  ["share", "The grant pays the costs of 3 partners, £3,000 each."],
] as const)("a word that contains a unit of %s is none", (unit, text) => {
  expect(hasUnit(text, unit)).toBe(false);
});

test.each([
  ["weight", "It weighs two tons."],
  ["duration", "Die Frist beträgt zehn Werktage."],
  ["duration", "Срок составляет пять дней."],
  ["money", "It costs 12 euros."],
  ["length", "The well is nine miles long."],
  ["age", "Das Mindestalter ist 18."],
  ["temperature", "Höchstens 30 Grad."],
  ["share", "One in four pays nothing."],
  ["day", "Reports are due within ten working days."],
] as const)("a unit of %s is recognised: %s", (unit, text) => {
  expect(hasUnit(text, unit)).toBe(true);
});

test("a question about feet or a Grand Prix asks for no price", () => {
  expect(unitOf("How many feet tall is the mast?")).toBeUndefined();
  expect(unitOf("Who won the Monaco Grand Prix?")).toBeUndefined();
  expect(unitOf("What is the fee?")).toBe("money");
});
