import fc from "fast-check";
import { expect, test } from "vitest";
import type { Reading } from "../../extraction.ts";
import { expectAnswerWhenDamaged } from "../testing/arbitrary.ts";
import { archiveOf } from "../testing/package.ts";
import { linesOf, readAs } from "../testing/read.ts";

const vocabularies = [
  "office",
  "text",
  "table",
  "drawing draw",
  "presentation",
  "style",
  "xsl-fo-compatible fo",
  "svg-compatible svg",
];
const namespaces = [
  ...vocabularies.map((one) => {
    const [name = "", prefix = name] = one.split(" ");
    return `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`;
  }),
  'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:math="http://www.w3.org/1998/Math/MathML" xmlns:dc="http://purl.org/dc/elements/1.1/"',
].join(" ");

type Parts = { styles?: string; common?: string; masters?: string; parts?: Record<string, string> };
const content = (body: string, styles = "") =>
  `<office:document-content ${namespaces}><office:automatic-styles>${styles}</office:automatic-styles><office:body>${body}</office:body></office:document-content>`;
const archive = (
  kind: "text" | "presentation",
  body: string,
  { styles, common = "", masters = "", parts = {} }: Parts,
) => {
  const all = {
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    "content.xml": content(`<office:${kind}>${body}</office:${kind}>`, styles),
    "styles.xml": `<office:document-styles ${namespaces}><office:styles>${common}</office:styles><office:master-styles>${masters}</office:master-styles></office:document-styles>`,
    ...parts,
  };
  return archiveOf(all);
};
const odt = (body: string, parts: Parts = {}) => archive("text", body, parts);
const odp = (body: string, parts: Parts = {}) => archive("presentation", body, parts);

const reading = (bytes: Uint8Array, hiddenText: Reading["hiddenText"] = "leave-out", name = "a.odt") =>
  readAs(bytes, name, { reading: { hiddenText } });
const lines = async (bytes: Uint8Array, hiddenText?: Reading["hiddenText"]) =>
  linesOf(await reading(bytes, hiddenText));
const warningsOf = async (bytes: Uint8Array) =>
  Object.fromEntries((await reading(bytes)).warnings.map(({ code, count, places }) => [code, [count, ...places]]));
const p = (text: string, style = "") => `<text:p text:style-name="${style}">${text}</text:p>`;

test("spaces, tabs and line breaks are those that the file declares", async () => {
  const body = p(
    '\n  Clean   the<text:span> lens</text:span> <text:s text:c="2"/>daily<text:tab/>now.<text:line-break/>\n Then<text:soft-page-break/> dry. ',
  );
  expect((await reading(odt(body))).text).toBe("Clean the lens   daily\tnow.\nThen dry.");
});

const level = (at: number, format: string, rest = "") =>
  `<text:list-level-style-number text:level="${at}" style:num-format="${format}" ${rest}/>`;
const listStyle = `<text:list-style style:name="L">${level(1, "1", 'style:num-suffix="."')}${level(2, "a", 'style:num-prefix="(" style:num-suffix=")"')}${level(3, "1", 'text:display-levels="3" style:num-suffix="."')}<text:list-level-style-bullet text:level="4"/></text:list-style>`;
const item = (inner: string, rest = "") => `<text:list-item ${rest}>${inner}</text:list-item>`;
const list = (inner: string, rest = 'text:style-name="L"') => `<text:list ${rest}>${inner}</text:list>`;

test("list items show their numbers: formats, levels, starts, continued lists, headers without a number", async () => {
  const body = [
    list(
      item(p("one") + list(item(p("sub")) + item(p("sub two") + list(item(p("deep")), "")), "")) +
        item(p("two") + p("second paragraph")),
    ),
    p("between"),
    list(
      `<text:list-header>${p("header")}</text:list-header>${item(p("three"))}`,
      'text:style-name="L" text:continue-numbering="true" xml:id="x"',
    ),
    list(item(p("new")) + item(p("nine"), 'text:start-value="9"')),
    list(item(p("four")), 'text:style-name="L" text:continue-list="x"'),
    list(item(p("bullet")), 'text:style-name="B"'),
  ].join("");
  expect((await reading(odt(body, { styles: listStyle }))).text.split("\n\n")).toEqual([
    "1. one",
    "(a) sub",
    "(b) sub two",
    "1.b.1. deep",
    "2. two",
    "second paragraph",
    "between",
    "header",
    "3. three",
    "1. new",
    "9. nine",
    "4. four",
    "bullet",
  ]);
});

test("a list in another style shows the numbers of the list around it", async () => {
  const other = `<text:list-style style:name="M">${level(1, "1")}${level(2, "1", 'text:display-levels="2" style:num-suffix="."')}</text:list-style>`;
  const below = list(item(p("below")), 'text:style-name="M"');
  const body = list(item(p("one")) + item(p("seven") + below, 'text:start-value="7"'));
  const { text } = await reading(odt(body, { styles: listStyle + other }));
  expect(text.split("\n\n")).toEqual(["1. one", "7. seven", "7.1. below"]);
});

test("headings have their level and the number of the outline", async () => {
  const outline = `<text:outline-style><text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/><text:outline-level-style text:level="2" style:num-format="1" style:num-list-format="%1%-%2%)"/></text:outline-style><style:style style:name="Plain" style:family="paragraph" style:list-style-name=""/>`;
  const h = (at: number, text: string, rest = "") => `<text:h text:outline-level="${at}" ${rest}>${text}</text:h>`;
  const body =
    h(1, "Rules") + h(2, "Care") + h(2, "Storage") + h(1, "Preface", 'text:style-name="Plain"') + h(1, "Prices");
  expect(await lines(odt(body, { common: outline }))).toEqual([
    "heading1: I. Rules",
    "heading2: I-1) Care",
    "heading2: I-2) Storage",
    "heading1: Preface",
    "heading1: II. Prices",
  ]);
});

test("hidden words, paragraphs and sections and deleted words are left out and counted", async () => {
  const styles =
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style><style:style style:name="H2" style:family="text" style:parent-style-name="H"/><style:style style:name="HP" style:family="paragraph"><style:text-properties text:display="none"/></style:style>';
  const deleted = `<text:tracked-changes><text:changed-region><text:deletion>${p("struck out")}</text:deletion></text:changed-region><text:changed-region><text:insertion/></text:changed-region></text:tracked-changes>`;
  const body = [
    deleted,
    p(
      'Price<text:span text:style-name="H2"> secret</text:span> 9<text:change/> <text:change-start/>new<text:change-end/>',
    ),
    p("gone", "HP"),
    p(
      '<text:hidden-text text:is-hidden="true" text:string-value="cloak">cloak</text:hidden-text><text:hidden-text>shown</text:hidden-text>',
    ),
    p('<text:hidden-paragraph text:is-hidden="true"/>vanished'),
    `<text:section text:name="Draft" text:display="none">${p("draft")}</text:section>`,
    `<text:section text:name="Open">${p("open")}</text:section>`,
  ].join("");
  expect((await reading(odt(body, { styles }))).text).toBe("Price 9 new\n\nshown\n\nopen");
  expect(await warningsOf(odt(body, { styles }))).toEqual({
    "hidden-text-left-out": [5, "Draft"],
    "deleted-text-left-out": [1],
  });
  const { text } = await reading(odt(body, { styles }), "index");
  for (const word of ["secret", "gone", "cloak", "vanished", "draft"]) expect(text).toContain(word);
  expect(text).not.toContain("struck");
});

test("notes follow their paragraph, comments are counted, and a reading does not break its word", async () => {
  const note = `<text:note><text:note-citation>1</text:note-citation><text:note-body>${p("A note.")}</text:note-body></text:note>`;
  const comment = `<office:annotation><dc:creator>Ann</dc:creator>${p("why?")}</office:annotation>`;
  const body =
    p(`Berth${note} three${comment}.`) +
    p("<text:ruby><text:ruby-base>桜島</text:ruby-base><text:ruby-text>さくらじま</text:ruby-text></text:ruby>倉庫");
  expect(await lines(odt(body))).toEqual([
    "paragraph: Berth three.",
    "note: A note.",
    "paragraph: 桜島倉庫 (さくらじま)",
  ]);
  expect(await warningsOf(odt(body))).toEqual({ "comments-left-out": [1] });
});

const cell = (inner: string, rest = "") => `<table:table-cell ${rest}>${inner}</table:table-cell>`;
const row = (inner: string, rest = "") => `<table:table-row ${rest}>${inner}</table:table-row>`;
const covered = "<table:covered-table-cell/>";

test("tables keep merged cells, header rows, lists in cells and repeated cells, and hide hidden rows", async () => {
  const table = `<table:table><table:table-header-rows>${row(cell(p("Quay"), 'table:number-rows-spanned="2"') + cell(p("Fee"), 'table:number-columns-spanned="2"') + covered)}${row(covered + cell(p("Summer")) + cell(p("Winter")))}</table:table-header-rows>${row(cell(p("East")) + cell(p("5"), 'table:number-columns-repeated="2"'), 'table:number-rows-repeated="2"')}${row(cell(list(item(p("a")) + item(p("b")))) + cell("", 'table:number-columns-repeated="16382"'))}${row(cell(p("secret")), 'table:visibility="collapse"')}${row(cell(""), 'table:number-rows-repeated="1048570"')}</table:table>`;
  expect(await lines(odt(table, { styles: listStyle }))).toEqual([
    "table: Quay: East | Fee / Summer: 5 | Fee / Winter: 5\nQuay: East | Fee / Summer: 5 | Fee / Winter: 5\nQuay: 1. a 2. b",
  ]);
  expect(await warningsOf(odt(table))).toEqual({ "hidden-cells-left-out": [1] });
});

test("text boxes, descriptions of pictures, formulas and charts are read, other objects are reported", async () => {
  const frame = (inner: string) => `<draw:frame>${inner}</draw:frame>`;
  const body = [
    p(`Where ${frame('<draw:object xlink:href="./Object 1"/><draw:image xlink:href="x.png"/>')} holds.`),
    p(`Before${frame(`<draw:text-box>${p("boxed")}</draw:text-box>`)} after`),
    p(frame("<draw:image/><svg:title>Crane</svg:title><svg:desc>A crane lifts a boat</svg:desc>")),
    p(frame("<draw:image/>")),
    p(frame('<draw:object xlink:href="./Object 2"/>')),
    p(frame('<draw:object-ole xlink:href="./list.csv"/><draw:image/>')),
    p(frame('<draw:plugin xlink:href="Media/tour.mp4"/>')),
    `<draw:custom-shape>${p("drawn")}</draw:custom-shape>`,
  ].join("");
  const math =
    '<math:math xmlns:math="http://www.w3.org/1998/Math/MathML"><math:semantics><math:mrow><math:mi>v</math:mi><math:mo>=</math:mo><math:mfrac><math:mi>s</math:mi><math:msup><math:mi>t</math:mi><math:mn>2</math:mn></math:msup></math:mfrac></math:mrow><math:annotation>v = s over t^2</math:annotation></math:semantics></math:math>';
  const chart = `<office:document-content ${namespaces} xmlns:chart="urn:oasis:names:tc:opendocument:xmlns:chart:1.0"><office:body><office:chart><chart:chart><chart:title>${p("Berths let")}</chart:title><table:table><table:table-header-rows>${row(cell("") + cell(p("Let")))}</table:table-header-rows>${row(cell(p("May")) + cell("", 'office:value="12.300000000000001"'))}</table:table></chart:chart></office:chart></office:body></office:document-content>`;
  const bytes = odt(body, {
    parts: { "Object 1/content.xml": math, "Object 2/content.xml": chart, "list.csv": "a,b\n1,2\n" },
  });
  expect(await lines(bytes)).toEqual([
    "paragraph: Where v=s/(t^2) holds.",
    "paragraph: Before after",
    "paragraph: boxed",
    "caption: Crane: A crane lifts a boat",
    "paragraph: Berths let",
    "table: May | Let: 12.3",
    "table: a: 1 | b: 2",
    "paragraph: drawn",
  ]);
  expect(await warningsOf(bytes)).toEqual({ "images-unread": [1], "embedded-object-unread": [1, "tour.mp4"] });
});

test("headers and footers of the pages that are used are there once", async () => {
  const page = (name: string, inner: string, next = "") =>
    `<style:master-page style:name="${name}" ${next}>${inner}</style:master-page>`;
  const masters = [
    page(
      "Standard",
      `<style:header>${p("Order 7")}</style:header><style:header-left style:display="false">${p("left")}</style:header-left><style:footer>${p("Page <text:page-number>1</text:page-number>")}</style:footer>`,
      'style:next-style-name="Next"',
    ),
    page("Next", `<style:header>${p("Order 7")}</style:header><style:footer>${p("Valid until May")}</style:footer>`),
    page("Unused", `<style:header>${p("unused")}</style:header>`),
  ].join("");
  expect(await lines(odt(p("Body"), { masters }))).toEqual([
    "header: Order 7",
    "paragraph: Body",
    "footer: Page",
    "footer: Valid until May",
  ]);
});

test("labels and values of form controls stand where the controls are", async () => {
  const form =
    '<office:forms xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0"><form:form><form:fixed-text xml:id="c1" form:label="Name of the boat"/><form:text xml:id="c2" form:current-value="Marigold" form:value="old"/><form:password xml:id="c3" form:current-value="secret"/></form:form></office:forms>';
  const body = `${form}${p('<draw:control draw:control="c1"/>')}${p('<draw:control draw:control="c2"/><draw:control draw:control="c3"/>')}`;
  expect(await lines(odt(body))).toEqual(["paragraph: Name of the boat", "paragraph: Marigold"]);
});

test("a flat file is read like an archive", async () => {
  const flat = `<?xml version="1.0"?><office:document ${namespaces} office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>${p("Flat")}</office:text></office:body></office:document>`;
  const outcome = await reading(Buffer.from(flat), "leave-out", "a.xml");
  expect(outcome).toMatchObject({ format: "odt", text: "Flat" });
});

test("slides keep their numbers; hidden slides, prompts and shapes beside the slide are left out; notes and footers are read", async () => {
  const styles =
    '<style:style style:name="hidden" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>';
  const common =
    '<style:page-layout style:name="P"><style:page-layout-properties fo:page-width="28cm" fo:page-height="21cm"/></style:page-layout>';
  const masters = '<style:master-page style:name="M" style:page-layout-name="P"/>';
  const frame = (text: string, rest = "", x = "1cm", y = "1cm") =>
    `<draw:frame svg:x="${x}" svg:y="${y}" svg:width="5cm" svg:height="1cm" ${rest}><draw:text-box>${p(text)}</draw:text-box></draw:frame>`;
  const page = (inner: string, style = "") =>
    `<draw:page draw:style-name="${style}" draw:master-page-name="M" presentation:use-footer-name="f">${inner}</draw:page>`;
  const body = [
    '<presentation:footer-decl presentation:name="f">Board</presentation:footer-decl>',
    page(
      frame("low", "", "1cm", "9cm") +
        frame("high", "", "1cm", "4cm") +
        frame("Title", 'presentation:class="title"', "1cm", "12cm") +
        frame("beside", "", "40cm"),
    ),
    page(frame("secret"), "hidden"),
    page(
      `${frame("Click", 'presentation:placeholder="true"')}<draw:g>${frame("grouped")}</draw:g><presentation:notes>${frame("Say it", 'presentation:class="notes"')}${frame("9", 'presentation:class="page-number"')}</presentation:notes>`,
    ),
  ].join("");
  const bytes = odp(body, { styles, common, masters });
  expect(await lines(bytes)).toEqual([
    "heading1 1: Title",
    "paragraph 1: high",
    "paragraph 1: low",
    "footer 1: Board",
    "paragraph 3: grouped",
    "note 3: Say it",
  ]);
  expect(await warningsOf(bytes)).toEqual({
    "hidden-slides-left-out": [1, "slide 2"],
    "hidden-text-left-out": [1, "slide 1"],
  });
  expect((await reading(bytes)).pages).toBe(3);
});

test("items of a slide that are lists of their own are numbered on, and text between them ends the numbers", async () => {
  const box = `<draw:frame svg:x="1cm" svg:y="1cm"><draw:text-box>${["one", "two"].map((text) => list(item(p(text)))).join("")}${list(item(list(item(p("sub")), "")))}${list(item(p("three")))}${p("text")}${list(item(p("anew")))}</draw:text-box></draw:frame>`;
  const { text } = await reading(odp(`<draw:page>${box}</draw:page>`, { styles: listStyle }));
  expect(text.split("\n\n")).toEqual(["1. one", "2. two", "(a) sub", "3. three", "text", "1. anew"]);
});

const word = fc.integer({ min: 0, max: 999_999 }).map((number) => `w${number.toString(36)}x`);
type Node =
  | { word: string; how: "plain" | "hidden" | "note" | "box" }
  | { items: Node[] }
  | { section: Node[] }
  | { cells: string[][] };
const node: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.record({ word, how: fc.constantFrom("plain", "hidden", "note", "box") }),
    fc.record({ cells: fc.array(fc.array(word, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 4 }) }),
    fc.record({ items: fc.array(tie("node"), { maxLength: 4 }) }),
    fc.record({ section: fc.array(tie("node"), { maxLength: 4 }) }),
  ),
})).node;

test("whatever the nesting, visible words are there once and in order, hidden ones are not, and rows name their columns", async () => {
  const styles = `${listStyle}<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>`;
  const write = (one: Node): string => {
    if ("items" in one) return list(one.items.map((inner) => item(write(inner))).join(""));
    if ("section" in one) return `<text:section>${one.section.map(write).join("")}</text:section>`;
    if ("cells" in one)
      return `<table:table><table:table-header-rows>${row((one.cells[0] ?? []).map((text) => cell(p(text))).join(""))}</table:table-header-rows>${one.cells
        .slice(1)
        .map((texts) => row(texts.map((text) => cell(p(text))).join("")))
        .join("")}</table:table>`;
    const cut = Math.floor(one.word.length / 2);
    const split = `<text:span>${one.word.slice(0, cut)}</text:span>${one.word.slice(cut)}`;
    if (one.how === "hidden") return p(`<text:span text:style-name="H">${split}</text:span>`);
    if (one.how === "note") return p(`<text:note><text:note-body>${p(split)}</text:note-body></text:note>`);
    return one.how === "box" ? p(`<draw:frame><draw:text-box>${p(split)}</draw:text-box></draw:frame>`) : p(split);
  };
  await fc.assert(
    fc.asyncProperty(fc.array(node, { maxLength: 6 }), async (nodes) => {
      const expected: string[] = ["anchor"];
      const collect = (one: Node): void => {
        if ("items" in one) one.items.forEach(collect);
        else if ("section" in one) one.section.forEach(collect);
        else if ("cells" in one) {
          const [head = [], ...rows] = one.cells;
          for (const texts of rows) expected.push(texts.map((text, at) => `${head[at]}: ${text}`).join(" | "));
        } else if (one.how !== "hidden") expected.push(one.word);
      };
      nodes.forEach(collect);
      const { text } = await reading(odt(p("anchor") + nodes.map(write).join(""), { styles }));
      const lines = text.split(/\n+/).map((line) => line.replace(/^(\(?[\d.a-z]+[.)]) /, ""));
      expect(lines).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});

test("damaged files give a result or an error, quickly", async () => {
  const base = odt(p("One") + list(item(p("Two"))), { styles: listStyle });
  const flat = Buffer.from(content(`<office:text>${p("One")}${list(item(p("Two")))}</office:text>`, listStyle));
  await expectAnswerWhenDamaged(base, "a.odt");
  await expectAnswerWhenDamaged(flat, "a.fodt");
});

test("declared repetitions and deep nesting cost little", { timeout: 30_000 }, async () => {
  const repeated = `<table:table>${row(cell(p("x"), 'table:number-columns-repeated="999999999"'), 'table:number-rows-repeated="999999999"')}</table:table>`;
  const startedAt = performance.now();
  const spaces = p('a<text:s text:c="999999999"/>b');
  expect((await reading(odt(repeated + spaces))).text.length).toBeLessThan(10_000_000);
  const deep = `${"<text:section>".repeat(900)}${p("deep")}${"</text:section>".repeat(900)}`;
  expect((await reading(odt(deep))).text).toBe("deep");
  expect(performance.now() - startedAt).toBeLessThan(8000);
});
