import { expect, test } from "vitest";
import { blocksOf, paragraph, run } from "./testing.ts";

const r = (text: string) => `<m:r><m:t>${text}</m:t></m:r>`;
const e = (content: string) => `<m:e>${content}</m:e>`;
const part = (name: string, content: string, properties = "") =>
  `<m:${name}>${properties === "" ? "" : `<m:${name}Pr>${properties}</m:${name}Pr>`}${content}</m:${name}>`;
const value = (name: string, text: string) => `<m:${name} m:val="${text}"/>`;
const fraction = (top: string, bottom: string) => part("f", `<m:num>${top}</m:num><m:den>${bottom}</m:den>`);
const sup = (content: string) => `<m:sup>${content}</m:sup>`;
const sub = (content: string) => `<m:sub>${content}</m:sub>`;

test.each([
  ["a product with a power", r("0.52·ρ·") + part("sSup", e(r("v")) + sup(r("2"))), "0.52·ρ·v^2"],
  [
    "fractions with and without brackets",
    fraction(r("a+b"), r("2")) + r("+") + fraction(r("Wout"), r("Qin")),
    "(a+b)/2+Wout/Qin",
  ],
  ["a fraction raised to a power", part("sSup", e(fraction(r("x"), r("y"))) + sup(r("n+1"))), "(x/y)^(n+1)"],
  [
    "indexes",
    part("sSub", e(r("x")) + sub(r("i"))) + part("sSubSup", e(r("y")) + sub(r("0")) + sup(r("2"))),
    "x_iy_0^2",
  ],
  [
    "roots",
    part("rad", "<m:deg/>" + e(r("x+1")), value("degHide", "1")) +
      part("rad", `<m:deg>${r("3")}</m:deg>${e(r("y"))}`) +
      part("rad", `<m:deg>${r("n")}</m:deg>${e(r("z"))}`),
    "√(x+1)∛(y)√(n&z)",
  ],
  [
    "a sum",
    part("nary", sub(r("i=1")) + sup(r("n")) + e(part("sSub", e(r("x")) + sub(r("i")))), value("chr", "∑")),
    "∑_(i=1)^n x_i",
  ],
  ["an integral, the default", part("nary", sub(r("0")) + sup(r("∞")) + e(r("f"))), "∫_0^∞ f"],
  [
    "brackets, also none on one side",
    part("d", e(r("a")) + e(r("b"))) +
      part("d", e(part("eqArr", e(r("&amp;x")) + e(r("y")))), value("begChr", "{") + value("endChr", "")),
    "(a|b){x; y",
  ],
  [
    "a matrix",
    part(
      "d",
      e(part("m", part("mr", e(r("1")) + e(r("2"))) + part("mr", e(r("3")) + e(r("4"))))),
      value("begChr", "[") + value("endChr", "]"),
    ),
    "[1, 2; 3, 4]",
  ],
  [
    "accents and bars",
    part("acc", e(r("x")), value("chr", "\u20d7")) +
      part("acc", e(r("y"))) +
      part("bar", e(r("z")), value("pos", "top")),
    "x\u20d7ŷz\u0305",
  ],
  [
    "functions and limits",
    part("func", `<m:fName>${part("limLow", `${e(r("lim"))}<m:lim>${r("x→0")}</m:lim>`)}</m:fName>${e(r("f"))}`) +
      part("func", `<m:fName>${r("sin")}</m:fName>${e(part("d", e(r("x"))))}`),
    "lim_(x→0) fsin(x)",
  ],
  [
    "a binomial and a script before",
    part("f", `<m:num>${r("n")}</m:num><m:den>${r("k")}</m:den>`, value("type", "noBar")) +
      part("sPre", sub(r("2")) + sup(r("4")) + e(r("He"))),
    "n¦k_2^4He",
  ],
  ["letters of mathematical type faces", r("𝑥=𝟐\u2062"), "x=2"],
  ["missing parts and unknown structures", part("f", "") + part("unheard", e(r("k"))) + part("sSup", e(r("v"))), "/kv"],
  ["deleted parts", `${r("a")}<w:del w:id="1">${r("b")}</w:del>`, "a"],
])("an equation stands in its sentence as a line of text: %s", async (_, content, linear) => {
  const body = paragraph(`${run("so ")}<m:oMath>${content}</m:oMath>${run(" holds")}`);
  expect(await blocksOf({ body })).toEqual([`paragraph: so ${linear} holds`.normalize("NFC")]);
});
