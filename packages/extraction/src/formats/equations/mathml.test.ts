import { expect, test } from "vitest";
import { readAs } from "../testing/read.ts";

const page = (content: string) => readAs(`<!doctype html><body><p>so <math>${content}</math> holds`, "a.html");
const i = (text: string) => `<mi>${text}</mi>`;

test.each([
  ["roots", `<msqrt>${i("x")}<mo>+</mo><mn>1</mn></msqrt><mroot>${i("y")}<mn>3</mn></mroot>`, "√(x+1)∛(y)"],
  ["scripts", `<msubsup>${i("x")}${i("i")}<mn>2</mn></msubsup>`, "x_i^2"],
  ["sums", `<munderover><mo>∑</mo><mrow>${i("i")}<mo>=</mo><mn>1</mn></mrow>${i("n")}</munderover>`, "∑_(i=1)^n"],
  ["marks above and below letters", `<mover>${i("x")}<mo>→</mo></mover><munder>${i("z")}<mo>_</mo></munder>`, "x⃗z̲"],
  ["braces that only group", `<munder><munder>${i("a")}<mo>⏟</mo></munder><mtext>real</mtext></munder>`, "a_real"],
  [
    "matrices",
    `<mfenced open="[" close="]"><mtable><mtr><mtd>${i("a")}</mtd><mtd>${i("b")}</mtd></mtr><mtr><mtd>${i("c")}</mtd><mtd/></mtr></mtable></mfenced>`,
    "[a, b; c]",
  ],
  ["words between formulas", `${i("x")}<mtext>if</mtext>${i("y")}<mspace width="1em"/>${i("z")}`, "x if y z"],
  ["text without a token element", "x + y", "x + y"],
])("an equation of MathML stands in its sentence as a line of text: %s", async (_, content, line) => {
  expect((await page(content)).text).toBe(`so ${line} holds`.normalize("NFC"));
});

test("what is hidden in an equation is left out and reported", async () => {
  const { text, warnings } = await page(
    `${i("a")}<mi style="display:none">secret</mi><mi style="visibility:hidden">too</mi>`,
  );
  expect(text).toBe("so a holds");
  expect(warnings).toMatchObject([{ code: "hidden-text-left-out", count: 2 }]);
});

test("an equation of any depth is read", async () => {
  const { text } = await page(`${"<mrow>".repeat(50_000)}${i("deep")}`);
  expect(text).toContain("deep");
});
