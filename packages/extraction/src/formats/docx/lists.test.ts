import { expect, test } from "vitest";
import { listNumber } from "../numbers/list-number.ts";
import { blocksOf, paragraph, run, words } from "./testing.ts";

const level = (at: number, format: string, text: string, more = "") =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${more}<w:lvlText w:val="${text}"/></w:lvl>`;
const definition = (id: number, levels: string) => `<w:abstractNum w:abstractNumId="${id}">${levels}</w:abstractNum>`;
const list = (id: number, of: number, overrides = "") =>
  `<w:num w:numId="${id}"><w:abstractNumId w:val="${of}"/>${overrides}</w:num>`;
const item = (text: string, numId: number, at = 0, more = "") =>
  words(text, `<w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="${numId}"/></w:numPr>${more}`);
const texts = async (body: string, numbering: string, styles?: string) =>
  (await blocksOf({ body, numbering, ...(styles === undefined ? {} : { styles }) })).map((block) =>
    block.replace(/^\w+: /, ""),
  );

const legal =
  level(0, "upperRoman", "Article %1.") + level(1, "decimal", "%1.%2", "<w:isLgl/>") + level(2, "lowerLetter", "(%3)");

test("paragraphs of a list begin with the number that Word displays", async () => {
  const body =
    item("one", 1) +
    item("a", 1, 1) +
    item("i", 1, 2) +
    item("j", 1, 2) +
    item("b", 1, 1) +
    item("k", 1, 2) +
    item("two", 1) +
    item("c", 1, 1);
  expect(await texts(body, definition(0, legal) + list(1, 0))).toEqual([
    "Article I. one",
    "1.1 a",
    "(a) i",
    "(b) j",
    "1.2 b",
    "(a) k",
    "Article II. two",
    "2.1 c",
  ]);
});

test("lists of one definition continue each other, and an override of the start restarts once", async () => {
  const override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="10"/></w:lvlOverride>';
  const numbering = definition(0, level(0, "decimal", "%1)")) + list(1, 0) + list(2, 0) + list(3, 0, override);
  const body = item("a", 1) + item("b", 2) + item("c", 3) + item("d", 3) + item("e", 1);
  expect(await texts(body, numbering)).toEqual(["1) a", "2) b", "10) c", "11) d", "12) e"]);
});

test("a level restarts as it says: after every higher level, after one of them, or never", async () => {
  const levels = (restart: string) =>
    level(0, "decimal", "%1") + level(1, "decimal", "%1.%2") + level(2, "decimal", "%3", restart);
  const body =
    item("a", 1) +
    item("b", 1, 1) +
    item("c", 1, 2) +
    item("d", 1, 1) +
    item("e", 1, 2) +
    item("f", 1) +
    item("g", 1, 2);
  const numbers = async (restart: string) =>
    (await texts(body, definition(0, levels(restart)) + list(1, 0))).filter((text) => /[ceg]$/.test(text));
  expect(await numbers("")).toEqual(["1 c", "1 e", "1 g"]);
  expect(await numbers('<w:lvlRestart w:val="1"/>')).toEqual(["1 c", "2 e", "1 g"]);
  expect(await numbers('<w:lvlRestart w:val="0"/>')).toEqual(["1 c", "2 e", "3 g"]);
});

test("a skipped level counts as used once", async () => {
  const levels = level(0, "decimal", "%1") + level(1, "decimal", "%1.%2") + level(2, "decimal", "%1.%2.%3");
  const body = item("a", 1) + item("b", 1, 2) + item("c", 1, 1) + item("d", 1) + item("e", 1, 1);
  const shown = ["1 a", "1.1.1 b", "1.2 c", "2 d", "2.1 e"];
  expect(await texts(body, definition(0, levels) + list(1, 0))).toEqual(shown);
});

test("a paragraph is numbered through its style, and the list 0 removes its number", async () => {
  const style = (id: string, name: string, content: string) =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/><w:pPr>${content}</w:pPr></w:style>`;
  const numPr = '<w:numPr><w:numId w:val="1"/></w:numPr>';
  const styles =
    style("H1", "heading 1", numPr) +
    style("H2", "heading 2", numPr) +
    `<w:style w:type="paragraph" w:styleId="Sub"><w:basedOn w:val="H2"/></w:style>`;
  const linked = (at: number, text: string, id: string) => level(at, "decimal", text, `<w:pStyle w:val="${id}"/>`);
  const styled = (text: string, id: string, more = "") => words(text, `<w:pStyle w:val="${id}"/>${more}`);
  const body =
    styled("Scope", "H1") +
    styled("Parties", "H2") +
    styled("Preface", "H1", '<w:numPr><w:numId w:val="0"/></w:numPr>') +
    styled("Terms", "Sub") +
    styled("Price", "H1");
  expect(
    await texts(body, definition(0, linked(0, "%1", "H1") + linked(1, "%1.%2", "H2")) + list(1, 0), styles),
  ).toEqual(["1 Scope", "1.1 Parties", "Preface", "1.2 Terms", "2 Price"]);
});

test("a list that refers to a numbering style has the levels of that style's list", async () => {
  const numbering =
    definition(0, `<w:styleLink w:val="Own"/>${level(0, "decimal", "§ %1")}`) +
    definition(1, '<w:numStyleLink w:val="Own"/>') +
    list(1, 0) +
    list(2, 1);
  const styles =
    '<w:style w:type="numbering" w:styleId="Own"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>';
  expect(await texts(item("a", 2) + item("b", 2), numbering, styles)).toEqual(["§ 1 a", "§ 2 b"]);
});

test("bullets are signs, an empty or hidden number is none, and empty items count without a line", async () => {
  const bullet = (font: string, sign: string) =>
    `<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="${sign}"/><w:rPr><w:rFonts w:ascii="${font}"/></w:rPr></w:lvl>`;
  const numbering =
    definition(0, bullet("Symbol", "\uf0b7")) +
    definition(1, bullet("Courier New", "o")) +
    definition(2, bullet("Wingdings", "\uf0fc")) +
    definition(3, level(0, "none", "")) +
    definition(4, level(0, "decimal", "%1.", '<w:suff w:val="nothing"/>')) +
    definition(5, level(0, "decimal", "%1.", "<w:rPr><w:vanish/></w:rPr>")) +
    definition(6, bullet("Arial", " ")) +
    [0, 1, 2, 3, 4, 5, 6].map((id) => list(id + 1, id)).join("");
  const body = [1, 2, 3, 4, 5, 6, 7].map((id) => item("x", id)).join("") + item(" ", 5) + item("y", 5);
  expect(await texts(body, numbering)).toEqual(["• x", "• x", "✓ x", "x", "1.x", "x", "x", "3.y"]);
});

test("deleted paragraphs do not count in a list", async () => {
  const deleted = '<w:rPr><w:del w:id="1"/></w:rPr>';
  const numPr = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>';
  const body =
    item("a", 1) +
    paragraph('<w:del w:id="2"><w:r><w:delText>gone</w:delText></w:r></w:del>', numPr + deleted) +
    paragraph(`<w:ins w:id="3">${run("b")}</w:ins>`, numPr);
  expect(await texts(body, definition(0, level(0, "decimal", "%1.")) + list(1, 0))).toEqual(["1. a", "2. b"]);
});

test("numbers are written in the formats of Word", () => {
  const cases: [number, string, string][] = [
    [27, "lowerLetter", "aa"],
    [28, "upperLetter", "BB"],
    [1994, "lowerRoman", "mcmxciv"],
    [4, "decimalZero", "04"],
    [22, "ordinal", "22nd"],
    [112, "ordinal", "112th"],
    [21, "ordinalText", "Twenty-first"],
    [40, "cardinalText", "Forty"],
    [5, "chicago", "**"],
    [3, "decimalEnclosedCircle", "③"],
    [21, "japaneseCounting", "二十一"],
    [105, "chineseCounting", "一百零五"],
    [2, "ganada", "나"],
    [1, "numberInDash", "- 1 -"],
    [9, "unheardOf", "9"],
    [999999, "lowerRoman", "999999"],
    [999999, "lowerLetter", "999999"],
  ];
  for (const [value, format, shown] of cases) expect(listNumber(value, format)).toBe(shown);
  expect(listNumber(7, "custom", "001, 002, 003, ...")).toBe("007");
});
