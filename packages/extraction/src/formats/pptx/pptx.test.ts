import fc from "fast-check";
import { expect, test } from "vitest";
import type { Reading } from "../../extraction.ts";
import { expectAnswerWhenDamaged } from "../testing/arbitrary.ts";
import { archiveOf, escapeXml, relationshipsXml } from "../testing/package.ts";
import { linesOf, readAs } from "../testing/read.ts";

const namespaces =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"';
type Slide = {
  shapes: string;
  show?: string;
  notes?: string;
  relationships?: Record<string, readonly [string, string]>;
};
const tree = (shapes: string) => `<p:cSld><p:spTree><p:nvGrpSpPr/><p:grpSpPr/>${shapes}</p:spTree></p:cSld>`;
const pptx = (slides: Slide[], extra: Record<string, string> = {}, change = (xml: string) => xml) => {
  const parts: Record<string, string> = {
    "_rels/.rels": relationshipsXml({ r1: ["officeDocument", "ppt/presentation.xml"] }),
    "ppt/presentation.xml": `<p:presentation ${namespaces}><p:sldIdLst>${slides.map((_, at) => `<p:sldId id="${at}" r:id="s${at}"/>`).join("")}</p:sldIdLst><p:sldSz cx="9000000" cy="6000000"/></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": relationshipsXml(
      Object.fromEntries(
        slides.map((_, at) => [`s${at}`, ["slide", `slides/slide${slides.length - at}.xml`] as const]),
      ),
    ),
    "ppt/slideLayouts/layout.xml": `<p:sldLayout ${namespaces}>${tree(`${shape("prompt", { ph: 'type="body" idx="7"', at: [0, 4_000_000] })}`)}</p:sldLayout>`,
    "ppt/slideLayouts/_rels/layout.xml.rels": relationshipsXml({ m: ["slideMaster", "../master.xml"] }),
    "ppt/master.xml": `<p:sldMaster ${namespaces}>${tree("")}<p:txStyles><p:bodyStyle><a:lvl1pPr><a:buChar char="-"/></a:lvl1pPr><a:lvl2pPr><a:buAutoNum type="alphaLcParenR"/></a:lvl2pPr></p:bodyStyle></p:txStyles></p:sldMaster>`,
    ...extra,
  };
  for (const [at, { shapes, show, notes, relationships = {} }] of slides.entries()) {
    const name = `slide${slides.length - at}`;
    parts[`ppt/slides/${name}.xml`] =
      `<p:sld ${namespaces}${show === undefined ? "" : ` show="${show}"`}>${tree(shapes)}</p:sld>`;
    parts[`ppt/slides/_rels/${name}.xml.rels`] = relationshipsXml({
      l: ["slideLayout", "../slideLayouts/layout.xml"],
      ...(notes === undefined ? {} : { n: ["notesSlide", `../notes/${name}.xml`] as const }),
      ...relationships,
    });
    if (notes !== undefined)
      parts[`ppt/notes/${name}.xml`] =
        `<p:notes ${namespaces}>${tree(`${shape("Page 9", { ph: 'type="sldNum"' })}${shape(notes, { ph: 'type="body" idx="1"' })}`)}</p:notes>`;
  }
  return archiveOf(Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, change(xml)])));
};

type Look = {
  ph?: string;
  at?: readonly [number, number];
  size?: readonly [number, number];
  extra?: string;
  properties?: string;
};
const frame = ({ at, size = [1_000_000, 400_000] }: Look, prefix = "a") =>
  at
    ? `<${prefix}:xfrm><a:off x="${at[0]}" y="${at[1]}"/><a:ext cx="${size[0]}" cy="${size[1]}"/></${prefix}:xfrm>`
    : "";
const paragraph = (content: string, properties = "") =>
  `<a:p>${properties}${content.startsWith("<") ? content : `<a:r><a:t>${escapeXml(content)}</a:t></a:r>`}</a:p>`;
const shape = (content: string, look: Look = {}) =>
  `<p:sp><p:nvSpPr><p:cNvPr id="1" name="x" ${look.extra ?? ""}/><p:cNvSpPr/><p:nvPr>${look.ph === undefined ? "" : `<p:ph ${look.ph}/>`}</p:nvPr></p:nvSpPr><p:spPr>${frame(look)}</p:spPr><p:txBody><a:bodyPr/>${content.startsWith("<a:p>") ? content : paragraph(content, look.properties)}</p:txBody></p:sp>`;
const graphic = (content: string, look: Look = {}) =>
  `<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="1" name="x" ${look.extra ?? ""}/><p:nvPr/></p:nvGraphicFramePr>${frame(look, "p")}<a:graphic><a:graphicData uri="u">${content}</a:graphicData></a:graphic></p:graphicFrame>`;
const picture = (attributes: string, media = "") =>
  `<p:pic><p:nvPicPr><p:cNvPr id="1" name="Picture 1" ${attributes}/><p:cNvPicPr/><p:nvPr>${media}</p:nvPr></p:nvPicPr><p:spPr/></p:pic>`;

const reading = (bytes: Uint8Array, hiddenText: Reading["hiddenText"] = "leave-out") =>
  readAs(bytes, "a.pptx", { reading: { hiddenText } });
const lines = async (bytes: Uint8Array, hiddenText?: Reading["hiddenText"]) =>
  linesOf(await reading(bytes, hiddenText));
const warningsOf = async (bytes: Uint8Array) =>
  Object.fromEntries((await reading(bytes)).warnings.map(({ code, count, places }) => [code, [count, ...places]]));

test("slides come in the order of the show, and a hidden one keeps its number and is left out", async () => {
  const bytes = pptx([
    { shapes: shape("First") },
    { shapes: shape("Secret"), show: "0" },
    { shapes: shape("Third"), notes: "Say this" },
  ]);
  expect(await lines(bytes)).toEqual(["paragraph 1: First", "paragraph 3: Third", "note 3: Say this"]);
  expect(await warningsOf(bytes)).toEqual({ "hidden-slides-left-out": [1, "slide 2"] });
  expect((await reading(bytes)).pages).toBe(3);
  expect(await lines(bytes, "index")).toContain("paragraph 2: Secret");
});

test("the title comes first, then columns stay together whatever the order of drawing is", async () => {
  const at = (x: number, y: number) => ({
    at: [x * 1_000_000, y * 1_000_000] as const,
    size: [3_000_000, 900_000] as const,
  });
  const shapes = [
    shape("right body", at(5, 2)),
    shape("left body", at(1, 2)),
    shape("closing line", { at: [1_000_000, 4_500_000], size: [7_000_000, 500_000] }),
    shape("right head", at(5, 1.1)),
    shape("left head", at(1, 1.1)),
    shape("Title", { ph: 'type="title"' }),
  ].join("");
  expect(await lines(pptx([{ shapes }]))).toEqual([
    "heading1 1: Title",
    "paragraph 1: left head",
    "paragraph 1: left body",
    "paragraph 1: right head",
    "paragraph 1: right body",
    "paragraph 1: closing line",
  ]);
});

test("a placeholder takes its position and its bullets from layout and master", async () => {
  const body =
    paragraph("one") +
    paragraph("two", '<a:pPr lvl="1"/>') +
    paragraph("three", '<a:pPr lvl="1"/>') +
    paragraph("four", "<a:pPr><a:buNone/></a:pPr>");
  const shapes = shape(body, { ph: 'idx="7"' }) + shape("above", { at: [0, 1_000_000] });
  expect(await lines(pptx([{ shapes }]))).toEqual([
    "paragraph 1: above",
    "list 1: one",
    "list 1: a) two",
    "list 1: b) three",
    "paragraph 1: four",
  ]);
});

test("numbered lists show their numbers in their scheme, level and start", async () => {
  const numbered = (text: string, type: string, rest = "", level = 0) =>
    paragraph(text, `<a:pPr lvl="${level}"><a:buAutoNum type="${type}" ${rest}/></a:pPr>`);
  const body = [
    numbered("a", "arabicPeriod", 'startAt="3"'),
    numbered("b", "romanUcPeriod", "", 1),
    numbered("c", "romanUcPeriod", "", 1),
    paragraph(""),
    numbered("d", "arabicPeriod", 'startAt="3"'),
    numbered("e", "romanUcPeriod", "", 1),
    paragraph("plain"),
    numbered("f", "alphaUcParenBoth", 'startAt="28"'),
    numbered("g", "arabicPlain"),
  ].join("");
  const { text } = await reading(pptx([{ shapes: shape(body) }]));
  expect(text.split("\n\n")).toEqual(["3. a", "I. b", "II. c", "4. d", "I. e", "plain", "(BB) f", "1 g"]);
});

test("grouped shapes are read where the group stands, moved and scaled as the group is", async () => {
  const group = (inner: string, x: number) =>
    `<p:grpSp><p:nvGrpSpPr><p:cNvPr id="1" name=""/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="${x}" y="1000000"/><a:ext cx="2000000" cy="1000000"/><a:chOff x="50000000" y="0"/><a:chExt cx="4000000" cy="2000000"/></a:xfrm></p:grpSpPr>${inner}</p:grpSp>`;
  const inner = shape("lower", { at: [50_000_000, 1_500_000] }) + shape("upper", { at: [50_000_000, 0] });
  const bytes = pptx([
    {
      shapes:
        group(inner, 3_000_000) +
        group(shape("away", { at: [50_000_000, 0] }), -9_000_000) +
        shape("before", { at: [0, 1_200_000] }),
    },
  ]);
  expect(await lines(bytes)).toEqual(["paragraph 1: before", "paragraph 1: upper", "paragraph 1: lower"]);
  expect(await warningsOf(bytes)).toEqual({ "hidden-text-left-out": [1, "slide 1"] });
});

test("hidden shapes and shapes beside the slide are left out and counted, and a title there is read", async () => {
  const shapes = [
    shape("hidden one", { extra: 'hidden="1"' }),
    shape("beside", { at: [9_500_000, 0] }),
    shape("partly visible", { at: [8_500_000, 0] }),
    shape("Title for screen readers", { ph: 'type="title"', at: [0, -900_000] }),
  ].join("");
  expect(await lines(pptx([{ shapes }]))).toEqual([
    "heading1 1: Title for screen readers",
    "paragraph 1: partly visible",
  ]);
  expect(await warningsOf(pptx([{ shapes }]))).toEqual({ "hidden-text-left-out": [2, "slide 1"] });
  expect(await lines(pptx([{ shapes }]), "index")).toHaveLength(4);
});

test("each row of a table has its column names, and merged labels stand in the rows that they cover", async () => {
  const cell = (text: string, attributes = "") => `<a:tc ${attributes}><a:txBody>${paragraph(text)}</a:txBody></a:tc>`;
  const rows = [
    [cell("Quay", 'rowSpan="2"'), cell("Fee", 'gridSpan="2"'), cell("", 'hMerge="1"')],
    [cell("", 'vMerge="1"'), cell("Summer"), cell("Winter")],
    [cell("East", 'rowSpan="2"'), cell("11"), cell("7")],
    [cell("", 'vMerge="1"'), cell("12"), cell("8")],
  ];
  const table = `<a:tbl><a:tblPr firstRow="1"/>${rows.map((row) => `<a:tr>${row.join("")}</a:tr>`).join("")}</a:tbl>`;
  expect(await lines(pptx([{ shapes: graphic(table) }]))).toEqual([
    "table 1: Quay: East | Fee / Summer: 11 | Fee / Winter: 7\nQuay: East | Fee / Summer: 12 | Fee / Winter: 8",
  ]);
});

test("breaks, fields, raised numbers and formulas are in their sentence", async () => {
  const fraction =
    "<m:oMath><m:r><m:t>v=</m:t></m:r><m:f><m:num><m:r><m:t>s+1</m:t></m:r></m:num><m:den><m:r><m:t>t</m:t></m:r></m:den></m:f></m:oMath>";
  const content = [
    "<a:r><a:t>1.0·10</a:t></a:r>",
    '<a:r><a:rPr baseline="30000"/><a:t>-3</a:t></a:r>',
    "<a:br/>",
    '<a:fld type="datetime1"><a:t>3 May</a:t></a:fld><a:fld type="slidenum"><a:t>7</a:t></a:fld>',
    "<a:r><a:t>_x000B_end </a:t></a:r>",
    `<mc:AlternateContent><mc:Choice Requires="a14"><a14:m>${fraction}</a14:m></mc:Choice><mc:Fallback><a:r><a:t>picture</a:t></a:r></mc:Fallback></mc:AlternateContent>`,
  ].join("");
  expect((await reading(pptx([{ shapes: shape(paragraph(content)) }]))).text).toBe("1.0·10^-3\n3 May\nend v=(s+1)/t");
});

test("a SmartArt graphic gives each of its texts once, parents before their children", async () => {
  const point = (id: string, text: string, rest = "", set = "") =>
    `<dgm:pt modelId="${id}" ${rest}><dgm:prSet ${set}/><dgm:t>${paragraph(text)}</dgm:t></dgm:pt>`;
  const connection = (from: string, to: string, order: number) =>
    `<dgm:cxn srcId="${from}" destId="${to}" srcOrd="${order}"/>`;
  const model = `<dgm:dataModel ${namespaces}><dgm:ptLst>${point("d", "", 'type="doc"')}${point("2", "Second")}${point("1", "First")}${point("3", "Child of first")}${point("p", "First", 'type="pres"')}${point("h", "[Text]", "", 'phldr="1"')}</dgm:ptLst><dgm:cxnLst>${connection("d", "2", 1)}${connection("d", "1", 0)}${connection("1", "3", 0)}${connection("3", "1", 0)}</dgm:cxnLst></dgm:dataModel>`;
  const bytes = pptx(
    [{ shapes: graphic('<dgm:relIds r:dm="x"/>'), relationships: { x: ["diagramData", "../diagrams/d.xml"] } }],
    { "ppt/diagrams/d.xml": model },
  );
  expect(await lines(bytes)).toEqual(["list 1: First", "list 1: Child of first", "list 1: Second"]);
});

test("a chart is a table of its categories and series with values as they are shown", async () => {
  const cache = (values: string[], code = "General") =>
    `<c:formatCode>${code}</c:formatCode><c:ptCount val="99999999"/>${values.map((value, at) => `<c:pt idx="${at}"><c:v>${value}</c:v></c:pt>`).join("")}`;
  const series = (name: string, values: string[], code?: string) =>
    `<c:ser><c:tx><c:strRef><c:strCache>${cache([name])}</c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache>${cache(["Q1", "Q2"])}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache>${cache(values, code)}</c:numCache></c:numRef></c:val></c:ser>`;
  const title = (text: string) => `<c:title><c:tx><c:rich>${paragraph(text)}</c:rich></c:tx></c:title>`;
  const chart = `<c:chartSpace ${namespaces}><c:chart>${title("Berths")}<c:plotArea><c:barChart>${series("Let", ["0.25", "0.5"], "0%")}${series("Free", ["3", "0.30000000000000004"])}</c:barChart><c:valAx>${title("Share")}</c:valAx></c:plotArea></c:chart></c:chartSpace>`;
  const bytes = pptx([{ shapes: graphic('<c:chart r:id="x"/>'), relationships: { x: ["chart", "../charts/c.xml"] } }], {
    "ppt/charts/c.xml": chart,
  });
  expect(await lines(bytes)).toEqual([
    "caption 1: Berths",
    "table 1: Q1 | Let: 25% | Free: 3\nQ2 | Let: 50% | Free: 0.3",
    "caption 1: Share",
  ]);
});

test("categories of a chart with several levels and days are unambiguous in each row", async () => {
  const level = (points: Record<number, string>) =>
    `<c:lvl>${Object.entries(points)
      .map(([at, text]) => `<c:pt idx="${at}"><c:v>${text}</c:v></c:pt>`)
      .join("")}</c:lvl>`;
  const values =
    '<c:val><c:numRef><c:numCache><c:pt idx="0"><c:v>1.0</c:v></c:pt><c:pt idx="1"><c:v>2</c:v></c:pt></c:numCache></c:numRef></c:val>';
  const levels = `<c:cat><c:multiLvlStrRef><c:multiLvlStrCache>${level({ 0: "East", 1: "West" })}${level({ 0: "Harbour" })}</c:multiLvlStrCache></c:multiLvlStrRef></c:cat>`;
  const days =
    '<c:cat><c:numRef><c:numCache><c:formatCode>m/d/yy</c:formatCode><c:pt idx="0"><c:v>37261</c:v></c:pt></c:numCache></c:numRef></c:cat>';
  const chart = `<c:chartSpace ${namespaces}><c:chart><c:plotArea><c:lineChart><c:ser>${levels}${values}</c:ser><c:ser>${days}${values}</c:ser></c:lineChart></c:plotArea></c:chart></c:chartSpace>`;
  const bytes = pptx([{ shapes: graphic('<c:chart r:id="x"/>'), relationships: { x: ["chart", "../charts/c.xml"] } }], {
    "ppt/charts/c.xml": chart,
  });
  expect(await lines(bytes)).toEqual(["table 1: Harbour East | 1\nHarbour West | 2", "table 1: 2002-01-05 | 1\n2"]);
});

test("descriptions of pictures are text, and other pictures, sounds and comments are reported", async () => {
  const shapes = [
    picture('descr="A crane lifts a boat"'),
    picture('descr="image12.png"'),
    picture(""),
    picture("", '<a:videoFile r:link="v"/>'),
    shape("words"),
  ].join("");
  const comments = `<p:cmLst ${namespaces}><p:cm><p:text>no</p:text></p:cm><p:cm/></p:cmLst>`;
  const bytes = pptx(
    [{ shapes, relationships: { v: ["video", "../media/tour.mp4"], c: ["comments", "../comments/c.xml"] } }],
    { "ppt/comments/c.xml": comments },
  );
  expect((await lines(bytes)).toSorted()).toEqual(["caption 1: A crane lifts a boat", "paragraph 1: words"]);
  expect(await warningsOf(bytes)).toEqual({
    "images-unread": [2, "slide 1"],
    "embedded-object-unread": [1, "tour.mp4"],
    "comments-left-out": [2, "slide 1"],
  });
});

test("an embedded file is read, and one that cannot be read is reported by its name", async () => {
  const object = (id: string) =>
    `<mc:AlternateContent><mc:Choice Requires="v"><p:oleObj r:id="${id}"/></mc:Choice><mc:Fallback><p:oleObj r:id="${id}">${picture("")}</p:oleObj></mc:Fallback></mc:AlternateContent>`;
  const bytes = pptx(
    [
      {
        shapes: graphic(object("x")) + graphic(object("y")) + shape("s"),
        relationships: { x: ["package", "../embeddings/list.csv"], y: ["oleObject", "../embeddings/o.bin"] },
      },
    ],
    { "ppt/embeddings/list.csv": "berth,fee\nEast,12\n", "ppt/embeddings/o.bin": "\u0001\u0002\u0003\u0004" },
  );
  expect((await lines(bytes)).toSorted()).toEqual(["paragraph 1: s", "table: berth: East | fee: 12"]);
  expect(await warningsOf(bytes)).toEqual({ "embedded-object-unread": [1, "o.bin"] });
});

test("a footer is read once per document, and slide numbers are no text", async () => {
  const footer =
    shape("Harbour board", { ph: 'type="ftr" idx="11"' }) +
    shape('<a:fld type="slidenum"><a:t>4</a:t></a:fld>', { ph: 'type="sldNum" idx="12"' });
  expect(await lines(pptx([{ shapes: footer }, { shapes: footer + shape("x") }]))).toEqual([
    "footer 1: Harbour board",
    "paragraph 2: x",
  ]);
});

test("a damaged layout, chart or note does not make the slides unreadable, and what is unread is reported", async () => {
  const bytes = pptx(
    [
      {
        shapes: shape("Words", { ph: 'type="body"' }) + graphic('<c:chart r:id="x"/>'),
        notes: "<",
        relationships: { x: ["chart", "../charts/c.xml"] },
      },
    ],
    { "ppt/charts/c.xml": "<c:chartSpace", "ppt/slideLayouts/layout.xml": "", "ppt/master.xml": "<p:x>" },
    (xml) => xml.replace("<a:t>&lt;</a:t>", "<a:t>"),
  );
  expect(await lines(bytes)).toEqual(["paragraph 1: Words"]);
  expect(await warningsOf(bytes)).toEqual({ "embedded-object-unread": [2, "slide 1", "notes of slide 1"] });
});

test("a file in the strict form of the standard is read alike", async () => {
  const table = `<a:tbl><a:tblPr firstRow="1"/>${[
    ["A", "B"],
    ["1", "2"],
  ]
    .map((row) => `<a:tr>${row.map((text) => `<a:tc><a:txBody>${paragraph(text)}</a:txBody></a:tc>`).join("")}</a:tr>`)
    .join("")}</a:tbl>`;
  const bytes = pptx([{ shapes: shape("T", { ph: 'type="title"' }) + graphic(table), notes: "N" }], {}, (xml) =>
    xml
      .replaceAll("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main")
      .replaceAll(
        "http://schemas.openxmlformats.org/presentationml/2006/main",
        "http://purl.oclc.org/ooxml/presentationml/main",
      )
      .replaceAll(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
      ),
  );
  expect(await lines(bytes)).toEqual(["heading1 1: T", "table 1: A: 1 | B: 2", "note 1: N"]);
});

const word = fc.integer({ min: 0, max: 999_999 }).map((number) => `w${number.toString(36)}x`);
type Node = { word: string; hidden: boolean } | { group: Node[] } | { cells: string[][] };
const node: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.record({ word, hidden: fc.boolean() }),
    fc.record({ cells: fc.array(fc.array(word, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 4 }) }),
    fc.record({ group: fc.array(tie("node"), { maxLength: 4 }) }),
  ),
})).node;

test("whatever the nesting, visible words are there once, hidden ones are not, and rows name their columns", async () => {
  const write = (one: Node, left: number): string => {
    if ("group" in one)
      return `<p:grpSp><p:nvGrpSpPr><p:cNvPr id="1" name=""/></p:nvGrpSpPr><p:grpSpPr/>${one.group.map((inner) => write(inner, left)).join("")}</p:grpSp>`;
    if ("cells" in one)
      return graphic(
        `<a:tbl><a:tblPr firstRow="1"/>${one.cells.map((row) => `<a:tr>${row.map((text) => `<a:tc><a:txBody>${paragraph(text)}</a:txBody></a:tc>`).join("")}</a:tr>`).join("")}</a:tbl>`,
      );
    const cut = Math.floor(one.word.length / 2);
    const runs = [one.word.slice(0, cut), one.word.slice(cut)].map((part) => `<a:r><a:t>${part}</a:t></a:r>`).join("");
    return shape(paragraph(runs), { at: [left, left], ...(one.hidden ? { extra: 'hidden="1"' } : {}) });
  };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(node, { maxLength: 4 }), { minLength: 1, maxLength: 3 }), async (slides) => {
      const visible: string[] = [];
      const hidden = new Set<string>();
      const tables: string[][][] = [];
      const collect = (one: Node): void => {
        if ("group" in one) one.group.forEach(collect);
        else if ("cells" in one) tables.push(one.cells);
        else if (one.hidden) hidden.add(one.word);
        else visible.push(one.word);
      };
      slides.flat().forEach(collect);
      const bytes = pptx([
        { shapes: shape("anchor") },
        ...slides.map((nodes, at) => ({ shapes: nodes.map((one) => write(one, at * 9)).join("") })),
      ]);
      const { text } = await reading(bytes);
      const lines = text.split(/\n+/);
      for (const one of visible)
        expect(lines.filter((line) => line === one)).toHaveLength(visible.filter((other) => other === one).length);
      for (const one of hidden) if (!visible.includes(one)) expect(lines).not.toContain(one);
      for (const [head = [], ...body] of tables)
        for (const row of body) expect(lines).toContain(row.map((value, at) => `${head[at]}: ${value}`).join(" | "));
    }),
    { numRuns: 60 },
  );
});

test("damaged files give a result or an error, quickly", async () => {
  const base = pptx([{ shapes: shape("One", { ph: 'type="title"' }) + shape("Two"), notes: "Three" }]);
  await expectAnswerWhenDamaged(base, "a.pptx");
});

test("a slide of ten thousand shapes is read quickly", { timeout: 30_000 }, async () => {
  const shapes = Array.from({ length: 10_000 }, (_, at) =>
    shape(`w${at}`, { at: [(at * 37) % 8_000_000, (at * 91) % 5_000_000] }),
  ).join("");
  const startedAt = performance.now();
  const { blocks } = await reading(pptx([{ shapes }]));
  expect(blocks).toHaveLength(10_000);
  expect(performance.now() - startedAt).toBeLessThan(8000);
});
