import { expect, test } from "vitest";
import { blocksOf, cell, paragraph, readWord, row, run, table, warningsOf, words } from "./testing.ts";

const span = (columns: number) => `<w:gridSpan w:val="${columns}"/>`;
const restart = '<w:vMerge w:val="restart"/>';
const plain = (...texts: string[]) => row(texts.map((text) => cell(words(text))).join(""));
const header = (...texts: string[]) => row(texts.map((text) => cell(words(text))).join(""), "<w:tblHeader/>");

test("a merged cell stands in each row that it covers, and cells stay below the names of their columns", async () => {
  const body = table(
    row(cell(words("Cargo")) + cell(words("Volume"), span(2)), "<w:tblHeader/>") +
      row(cell(words("")) + cell(words("May")) + cell(words("June")), "<w:tblHeader/>") +
      row(cell(words("Grain"), restart) + cell(words("63")) + cell(words("71"))) +
      row(cell("<w:p/>", "<w:vMerge/>") + cell(words("64")) + cell(words("72"))) +
      row(cell(words("99")), '<w:gridBefore w:val="2"/>') +
      row(
        cell(words("Ore"), '<w:hMerge w:val="restart"/>') +
          cell("<w:p/>", '<w:hMerge w:val="continue"/>') +
          cell(words("5")),
      ),
  );
  expect(await blocksOf({ body })).toEqual([
    "table: Cargo: Grain | Volume / May: 63 | Volume / June: 71\nCargo: Grain | Volume / May: 64 | Volume / June: 72\nVolume / June: 99\nCargo: Ore | Volume / June: 5",
  ]);
});

test("text in a cell that a merged one covers, and a deleted cell, are left out and reported", async () => {
  const body = table(
    row(cell(words("a"), restart) + cell(words("b"))) +
      row(cell(words("covered"), "<w:vMerge/>") + cell(words("c"))) +
      row(cell(words("cut"), '<w:cellDel w:id="1"/>') + cell(words("d")) + cell(words("e"))),
  );
  expect(await blocksOf({ body })).toEqual(["table: a | b\na | c\nd | e"]);
  expect(await warningsOf({ body })).toEqual({ "deleted-text-left-out": 1, "hidden-text-left-out": 1 });
});

test("rows marked as header name the columns of every chunk, and the caption is the table's context", async () => {
  const rows = Array.from({ length: 30 }, (_, at) => plain(`P${at}`, String(at))).join("");
  const body = words("Table 1. Parts", '<w:pStyle w:val="Caption"/>') + table(header("Part", "Price") + rows);
  const { text, blocks } = await readWord({ body });
  expect(blocks.map(({ kind, context }) => [kind, context])).toEqual([
    ["caption", undefined],
    ["table", "Table 1. Parts"],
    ["table", "Table 1. Parts"],
  ]);
  expect(text).toContain("Part: P29 | Price: 29");
  expect(text.match(/Table 1/g)).toHaveLength(1);
  const titled = table(
    header("A", "B") + plain("1", "2"),
    '<w:tblCaption w:val="Rates"/><w:tblDescription w:val="By month"/>',
  );
  expect(await blocksOf({ body: titled })).toEqual(["caption: Rates. By month", "table: A: 1 | B: 2"]);
});

test("a table inside a cell is read in its cell, and one that only frames others is not a table", async () => {
  const inner = table(header("Size", "Price") + plain("S", "4") + plain("M", "5"));
  const nested = table(plain("Shoe", "x") + row(cell(words("Boot")) + cell(words("see") + inner + "<w:p/>")));
  expect(await blocksOf({ body: nested })).toEqual([
    "table: Shoe | x\nBoot | see Size: S | Price: 4; Size: M | Price: 5",
  ]);
  const frame = table(row(cell(words("Intro") + inner)) + plain("Outro"));
  expect(await blocksOf({ body: frame })).toEqual([
    "paragraph: Intro",
    "table: Size: S | Price: 4\nSize: M | Price: 5",
    "paragraph: Outro",
  ]);
});

test("lists, notes and pictures in cells are words of their cells", async () => {
  const numbering =
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>';
  const numbered = '<w:numPr><w:numId w:val="1"/></w:numPr>';
  const note = '<w:r><w:footnoteReference w:id="2"/></w:r>';
  const body = table(row(cell(words("one", numbered) + words("two", numbered)) + cell(paragraph(run("x") + note))));
  const footnotes = `<w:footnote w:id="2">${words("why")}</w:footnote>`;
  expect(await blocksOf({ body, numbering, footnotes })).toEqual(["table: 1. one 2. two | x", "note: why"]);
});

test("tables nested a hundred deep keep every word once", async () => {
  let body = words("core");
  for (let depth = 0; depth < 100; depth++) body = table(row(cell(words(`w${depth}`)) + cell(`${body}<w:p/>`)));
  const { text } = await readWord({ body });
  for (const word of ["core", "w0", "w50", "w99"]) expect(text.match(new RegExp(`\\b${word}\\b`, "g"))).toHaveLength(1);
});
