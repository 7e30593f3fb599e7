import { expect, test } from "vitest";
import { ExtractionFailure } from "../../extraction.ts";
import { archiveOf } from "../testing/package.ts";
import { blocksOf, readBook, readBytes, relationships, type TestCell, warningsOf, xlsx, xlsxParts } from "./testing.ts";

const code = async (bytes: Uint8Array, name = "a.xlsx"): Promise<string> => {
  try {
    return (await readBytes(bytes, "leave-out", name)).text;
  } catch (error) {
    return error instanceof ExtractionFailure ? error.code : "corrupt";
  }
};

const a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"';
const xdr = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"';
const r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const shape = (name: string, text: string, attributes = "") =>
  `<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="1" name="${name}" ${attributes}/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></xdr:txBody></xdr:sp>`;
const picture = (attributes: string) =>
  `<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="p" ${attributes}/></xdr:nvPicPr></xdr:pic>`;

test("text boxes, charts, described pictures and page headers are read; comments and other pictures are counted", async () => {
  const c = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"';
  const anchor = (content: string) => `<xdr:twoCellAnchor>${content}</xdr:twoCellAnchor>`;
  const drawing = `<xdr:wsDr ${xdr} ${a} ${r} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">${[
    shape("box", "Prices rise in May"),
    shape("secret", "Do not show", 'hidden="1"'),
    `<xdr:grpSp>${shape("inner", "In a group")}</xdr:grpSp>`,
    picture('descr="Map of the quay"'),
    picture(""),
    `<mc:AlternateContent><mc:Choice Requires="x">${shape("new", "Only once")}</mc:Choice><mc:Fallback>${shape("old", "Only once")}</mc:Fallback></mc:AlternateContent>`,
    `<xdr:graphicFrame><xdr:nvGraphicFramePr><xdr:cNvPr id="5" name="c"/></xdr:nvGraphicFramePr><a:graphic><a:graphicData><c:chart ${c} r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>`,
  ]
    .map(anchor)
    .join("")}</xdr:wsDr>`;
  const chart = `<c:chartSpace ${c} ${a}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Sales by town</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:f>S!B1</c:f><c:strCache><c:pt idx="0"><c:v>Net</c:v></c:pt></c:strCache></c:strRef></c:tx><c:val><c:numRef><c:numCache><c:pt idx="0"><c:v>99</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>`;
  const comments = `<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>Ada</author><author>tc={1}</author></authors><commentList><comment ref="A1" authorId="0"><text><t>check this</t></text></comment><comment ref="A2" authorId="1"><text><t>again</t></text></comment></commentList></comments>`;
  const threaded = `<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="A2" id="{1}"><text>again</text></threadedComment></ThreadedComments>`;
  const extraction = await readBook({
    sheets: [
      {
        name: "S",
        cells: { A1: "One" },
        after:
          '<headerFooter><oddHeader>&amp;L&amp;"Arial,Bold"&amp;12Ferry &amp;&amp; Quay&amp;R&amp;A</oddHeader><oddFooter>&amp;CPage &amp;P of &amp;N</oddFooter></headerFooter>',
        parts: {
          "xl/drawings/drawing1.xml": { type: "drawing", xml: drawing },
          "xl/comments1.xml": { type: "comments", xml: comments },
          "xl/threadedComments/t1.xml": { type: "threadedComment", xml: threaded },
        },
      },
    ],
    parts: {
      "xl/charts/chart1.xml": chart,
      "xl/drawings/_rels/drawing1.xml.rels": relationships([
        { id: "rId1", type: "chart", target: "../charts/chart1.xml" },
      ]),
    },
  });
  expect(blocksOf(extraction).slice(2)).toEqual([
    ["paragraph", "Prices rise in May"],
    ["paragraph", "In a group"],
    ["caption", "Map of the quay"],
    ["paragraph", "Only once"],
    ["caption", "Sales by town\nNet"],
    ["header", "Ferry & Quay"],
  ]);
  expect(warningsOf(extraction)).toEqual([
    ["hidden-text-left-out", 1, "S: secret"],
    ["comments-left-out", 2, "S"],
    ["images-unread", 1, "S"],
  ]);
});

test("a sheet without cells has its heading above its text boxes", async () => {
  const drawing = `<xdr:wsDr ${xdr} ${a}><xdr:twoCellAnchor>${shape("box", "Only a box")}</xdr:twoCellAnchor></xdr:wsDr>`;
  const extraction = await readBook({
    sheets: [
      { name: "Cells", cells: { A1: "One" } },
      { name: "Plan", cells: {}, parts: { "xl/drawings/drawing1.xml": { type: "drawing", xml: drawing } } },
      { name: "Empty", cells: {} },
    ],
  });
  expect(extraction.text).toBe("Cells\n\nOne\n\nPlan\n\nOnly a box");
});

test("cells far apart and declared sizes cost nothing", async () => {
  const startedAt = performance.now();
  const cells: Record<string, TestCell> = { A1: "first", XFD1048576: "last" };
  const extraction = await readBook({
    before: '<dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" style="1" hidden="0"/></cols>',
    cells,
  });
  expect(extraction.text).toBe("Sheet1\n\nfirst\n\nlast");
  expect(extraction.blocks[2]).toMatchObject({ cells: { columns: ["XFD", "XFD"], rows: [1_048_576] } });
  const wide = await readBook({ cells: { A1: "first", XFD1: "last", A2: 1, XFD2: 2 } });
  expect(wide.text).toContain("first");
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

test("100,000 cells are read in seconds", async () => {
  const cells: Record<string, TestCell> = {};
  for (let row = 1; row <= 20_000; row++)
    Object.assign(cells, {
      [`A${row}`]: `Thing ${row}`,
      [`B${row}`]: row,
      [`C${row}`]: "x",
      [`D${row}`]: { value: row, format: "d/m/yy" },
      [`E${row}`]: row,
    });
  const bytes = xlsx({ cells });
  const startedAt = performance.now();
  const { text } = await readBytes(bytes);
  expect(text).toContain("Thing 20000");
  // 0.9 s when the machine does nothing else.
  expect(performance.now() - startedAt).toBeLessThan(8000);
}, 20_000);

test("a damaged workbook is corrupt, an incomplete package is read, and a bomb is refused", async () => {
  const parts = xlsxParts({ sheets: [{ cells: { A1: "One" } }] });
  const sheet = "xl/worksheets/sheet1.xml";
  expect(await code(archiveOf({ ...parts, [sheet]: parts[sheet]!.slice(0, -40) }))).toBe("corrupt");
  expect(await code(archiveOf({ ...parts, [sheet]: "" }))).toBe("corrupt");
  expect(await code(archiveOf({ ...parts, "_rels/.rels": "<broken" }))).toContain("One");
  const bomb = parts[sheet]!.replace("One", "a".repeat(50_000_000));
  expect(await code(archiveOf({ ...parts, [sheet]: bomb }))).toBe("decompression-bomb");
  const entities = `<!DOCTYPE x [<!ENTITY e "boom">]>${parts[sheet]!.replace('<?xml version="1.0"?>', "").replace("One", "One&e;")}`;
  expect(await code(archiveOf({ ...parts, [sheet]: entities }))).toBe("Sheet1\n\nOne");
});
