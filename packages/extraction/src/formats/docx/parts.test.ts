import { CFB } from "@e965/xlsx";
import { strToU8 } from "fflate";
import { expect, test } from "vitest";
import { blocksOf, cell, field, paragraph, readWord, row, run, table, warningsOf, wordFile, words } from "./testing.ts";

const drawing = (graphic: string, properties = "", holder = "inline") =>
  `<w:r><w:drawing><wp:${holder}><wp:docPr id="1" name="x" ${properties}/><a:graphic><a:graphicData>${graphic}</a:graphicData></a:graphic></wp:${holder}></w:drawing></w:r>`;
const box = (content: string) => `<wps:wsp><wps:txbx><w:txbxContent>${content}</w:txbxContent></wps:txbx></wps:wsp>`;
const picture = (description = "") =>
  `<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p.png" descr="${description}"/></pic:nvPicPr></pic:pic>`;
const vml = (content: string, attributes = "") =>
  `<w:r><w:pict><v:shape ${attributes}>${content}</v:shape></w:pict></w:r>`;

test("a text box is read once after its paragraph, in either language and in groups", async () => {
  const old = vml(`<v:textbox><w:txbxContent>${words("both")}</w:txbxContent></v:textbox>`);
  const both = `<w:r><mc:AlternateContent><mc:Choice Requires="wps">${drawing(box(words("both"))).slice(5, -6)}</mc:Choice><mc:Fallback>${old.slice(5, -6)}</mc:Fallback></mc:AlternateContent></w:r>`;
  const unknown = `<w:r><mc:AlternateContent><mc:Choice Requires="new"><w:drawing/></mc:Choice><mc:Fallback>${vml(`<v:textbox><w:txbxContent>${words("fallback")}</w:txbxContent></v:textbox>`).slice(5, -6)}</mc:Fallback></mc:AlternateContent></w:r>`;
  const body =
    paragraph(`${run("be")}${both}${run("fore")}`) +
    paragraph(unknown) +
    paragraph(
      drawing(
        `<wpg:wgp xmlns:wpg="g">${box(words("first"))}<wpg:grpSp>${box(words("second") + table(row(cell(words("t")) + cell(words("u")))))}</wpg:grpSp></wpg:wgp>`,
      ),
    ) +
    paragraph(vml('<v:textpath string="DRAFT"/>'));
  expect(await blocksOf({ body })).toEqual([
    "paragraph: before",
    "paragraph: both",
    "paragraph: fallback",
    "paragraph: first",
    "paragraph: second",
    "table: t | u",
    "paragraph: DRAFT",
  ]);
});

test("a picture is its description; one without is counted, unless it is decoration or a preview", async () => {
  const decorative = drawing(picture()).replace(
    /<wp:docPr ([^>]*)\/>/,
    '<wp:docPr $1><a:extLst><a:ext uri="u"><d:decorative xmlns:d="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst></wp:docPr>',
  );
  const body =
    paragraph(`${run("Press")}${drawing(picture(), 'descr="the Save icon"')}${run("now")}`) +
    paragraph(drawing(picture(), 'title="Plan" descr="Ground floor"', "anchor")) +
    paragraph(drawing(picture("left") + picture("right"))) +
    paragraph(vml('<v:imagedata r:id="x"/>', 'alt="A seal"')) +
    paragraph(decorative) +
    paragraph(drawing(picture(), 'descr="C:\\scans\\page 1.jpg"') + vml('<v:imagedata r:id="x"/>')) +
    paragraph(drawing(box(words("Box text")), 'descr="Box text"'));
  expect(await blocksOf({ body })).toEqual([
    "paragraph: Press the Save icon now",
    "paragraph: Plan: Ground floor",
    "paragraph: left",
    "paragraph: right",
    "paragraph: A seal",
    "paragraph: Box text",
  ]);
  expect(await warningsOf({ body })).toEqual({ "images-unread": 2 });
});

test("hidden drawings are left out", async () => {
  const body =
    paragraph(run("x") + drawing(box(words("ghost")), 'hidden="1"')) +
    paragraph(
      vml(`<v:textbox><w:txbxContent>${words("ghost")}</w:txbxContent></v:textbox>`, 'style="visibility:hidden"'),
    );
  expect(await blocksOf({ body })).toEqual(["paragraph: x"]);
  expect((await readWord({ body }, { hiddenText: "index" })).text.match(/ghost/g)).toHaveLength(2);
});

test("a chart is its titles and a table of its values, and the workbook behind it is not read", async () => {
  const cache = (kind: string, values: string[], code = "") =>
    `<c:${kind}Ref><c:${kind}Cache>${code}${values.map((v, at) => `<c:pt idx="${at}"><c:v>${v}</c:v></c:pt>`).join("")}</c:${kind}Cache></c:${kind}Ref>`;
  const series = (name: string, values: string[], code = "") =>
    `<c:ser><c:tx>${cache("str", [name])}</c:tx><c:cat>${cache("str", ["May", "June"])}</c:cat><c:val>${cache("num", values, code)}</c:val></c:ser>`;
  const title = (text: string) =>
    `<c:title><c:tx><c:rich><a:p><a:r><a:t>${text}</a:t></a:r></a:p></c:rich></c:tx></c:title>`;
  const content = `<c:chartSpace><c:chart>${title("Berths")}<c:plotArea><c:barChart>${series("Let", ["4", "6.4000000000000004"])}${series("Share", ["0.4", "0.655"], "<c:formatCode>0.0%</c:formatCode>")}</c:barChart><c:valAx>${title("Number")}</c:valAx></c:plotArea></c:chart><c:externalData r:id="book"/></c:chartSpace>`;
  const links = {
    "charts/chart1.xml": { type: "chart", content },
    "embeddings/book.xlsx": { type: "package", content: strToU8("not read"), from: "word/charts/chart1.xml" },
  };
  const body =
    paragraph(drawing('<c:chart r:id="charts/chart1.xml"/>')) + paragraph(drawing('<c:chart r:id="missing"/>'));
  expect(await blocksOf({ body, links })).toEqual([
    "caption: Berths",
    "table: May | Let: 4 | Share: 40.0%\nJune | Let: 6.4 | Share: 65.5%",
    "caption: Number",
  ]);
  expect(await warningsOf({ body, links })).toEqual({ "embedded-object-unread": 1 });
});

test("a SmartArt diagram is the text of its points in their order", async () => {
  const point = (id: string, text: string, type = "node") =>
    `<dgm:pt modelId="${id}" type="${type}"><dgm:t><a:p><a:r><a:t>${text.split(" ")[0]}</a:t></a:r><a:br/><a:r><a:t>${text.split(" ")[1] ?? ""}</a:t></a:r></a:p></dgm:t></dgm:pt>`;
  const link = (from: string, to: string, order: number) =>
    `<dgm:cxn srcId="${from}" destId="${to}" srcOrd="${order}"/>`;
  const content = `<dgm:dataModel><dgm:ptLst>${point("3", "second")}${point("0", "", "doc")}${point("2", "first step")}${point("4", "child")}${point("9", "layout", "pres")}</dgm:ptLst><dgm:cxnLst>${link("0", "3", 1)}${link("0", "2", 0)}${link("2", "4", 0)}${link("4", "2", 0)}</dgm:cxnLst></dgm:dataModel>`;
  const links = { "data1.xml": { type: "diagramData", content } };
  const body = paragraph(drawing('<dgm:relIds r:dm="data1.xml"/>'));
  expect(await blocksOf({ body, links })).toEqual(["list: first\nstep", "list: child", "list: second"]);
});

test("each line of headers and footers is read once per document, where a section first shows it", async () => {
  const reference = (side: string, type: string, id: string) => `<w:${side}Reference w:type="${type}" r:id="${id}"/>`;
  const part = (side: string, text: string, more = "") => ({
    type: side,
    content: `<w:${side === "header" ? "hdr" : "ftr"}>${words(text)}${more}</w:${side === "header" ? "hdr" : "ftr"}>`,
  });
  const page = paragraph(
    run("Page ") +
      field(" PAGE ", run("7")) +
      run(" of ") +
      '<w:fldSimple w:instr="NUMPAGES">' +
      run("9") +
      "</w:fldSimple>",
  );
  const links = {
    "h1.xml": part("header", "Order WO-1", page),
    "h2.xml": part("header", "Order WO-1", words("Annex")),
    "first.xml": part("header", "Cover only"),
    "even.xml": part("header", "Never shown"),
    "unused.xml": part("header", "Unused"),
    "f1.xml": part("footer", "Revision G"),
  };
  const body =
    words("one") +
    paragraph(
      run("end one"),
      `<w:sectPr>${reference("header", "default", "h1.xml") + reference("header", "first", "first.xml") + reference("header", "even", "even.xml") + reference("footer", "default", "f1.xml")}</w:sectPr>`,
    ) +
    words("two") +
    `<w:sectPr>${reference("header", "default", "h2.xml")}<w:titlePg/></w:sectPr>`;
  expect(await blocksOf({ body, links })).toEqual([
    "header: Order WO-1\nPage  of",
    "paragraph: one",
    "paragraph: end one",
    "footer: Revision G",
    "header: Cover only",
    "header: Annex",
    "paragraph: two",
  ]);
  const even = await readWord({ body, links, settings: "<w:evenAndOddHeaders/>" });
  expect(even.text).toContain("Never shown");
  expect(even.text).not.toContain("Unused");
});

test("footnotes stand after their paragraph and endnotes at the end, each once and without marks", async () => {
  const reference = (kind: string, id: number, more = "") =>
    `<w:r><w:${kind}Reference w:id="${id}"${more}/>${more && "<w:t>*</w:t>"}</w:r>`;
  const note = (kind: string, id: number, text: string, type = "") =>
    `<w:${kind} w:id="${id}"${type}>${paragraph(`<w:r><w:${kind}Ref/></w:r>${run(` ${text}`)}`)}</w:${kind}>`;
  const body =
    paragraph(run("war") + reference("footnote", 2) + run("ranty") + reference("endnote", 1)) +
    paragraph(run("starred") + reference("footnote", 3, ' w:customMarkFollows="1"') + reference("footnote", 2)) +
    paragraph(`<w:del w:id="9">${reference("footnote", 4)}</w:del>${run("last")}`);
  const footnotes =
    note("footnote", 0, "separator", ' w:type="separator"') +
    [2, 3, 4].map((id) => note("footnote", id, `foot ${id}`)).join("");
  expect(await blocksOf({ body, footnotes, endnotes: note("endnote", 1, "end 1") })).toEqual([
    "paragraph: warranty",
    "note: foot 2",
    "paragraph: starred",
    "note: foot 3",
    "paragraph: last",
    "note: end 1",
  ]);
});

test("inserted files and embedded objects are read in their place, and reported when they cannot be", async () => {
  const object = (id: string) =>
    `<w:r><w:object><v:shape><v:imagedata r:id="preview"/></v:shape><o:OLEObject Type="Embed" ProgID="Word.Document.12" r:id="${id}"/></w:object></w:r>`;
  const links = {
    "chunk.dat": { type: "aFChunk", content: strToU8("<html><body><p>From a page</p></body></html>") },
    "embeddings/inner.docx": { type: "package", content: wordFile({ body: words("From a file") }) },
    "embeddings/equation.bin": { type: "oleObject", content: strToU8("\u0000\u0001binary\u0002\u0003") },
  };
  const body =
    words("before") +
    '<w:altChunk r:id="chunk.dat"/>' +
    paragraph(run("object ") + object("embeddings/inner.docx") + object("embeddings/equation.bin")) +
    words("after");
  expect(await blocksOf({ body, links })).toEqual([
    "paragraph: before",
    "paragraph: From a page",
    "paragraph: object",
    "paragraph: From a file",
    "paragraph: after",
  ]);
  const { warnings } = await readWord({ body, links });
  expect(warnings).toEqual([{ code: "embedded-object-unread", count: 1, places: ["equation.bin"] }]);
});

test("a file that was inserted as an object is read out of its container", async () => {
  const container = CFB.utils.cfb_new();
  const bytes = (text: string) => [...Buffer.from(text, "latin1")];
  const length = (value: number) => [value & 255, value >> 8, 0, 0];
  const file = "Tide tables of the harbour";
  const path = "C:\\tides.txt\0";
  const native = [
    0,
    0,
    0,
    0,
    2,
    0,
    ...bytes(`tides.txt\0${path}`),
    0,
    0,
    3,
    0,
    ...length(path.length),
    ...bytes(path),
    ...length(file.length),
    ...bytes(file),
  ];
  CFB.utils.cfb_add(container, "/\u0001Ole10Native", native);
  const content = Uint8Array.from(CFB.write(container, { type: "array" }) as number[]);
  const links = { "embeddings/oleObject1.bin": { type: "oleObject", content } };
  const body = paragraph(
    '<w:r><w:object><o:OLEObject ProgID="Package" r:id="embeddings/oleObject1.bin"/></w:object></w:r>',
  );
  expect(await blocksOf({ body, links })).toEqual([`paragraph: ${file}`]);
  expect(await warningsOf({ body, links })).toEqual({});
});

test("warnings say under which heading something was left out", async () => {
  const body =
    words("Prices", '<w:pStyle w:val="Heading1"/>') + words("secret", "") + paragraph(run("floor", "<w:vanish/>"));
  expect((await readWord({ body })).warnings).toEqual([{ code: "hidden-text-left-out", count: 1, places: ["Prices"] }]);
});
