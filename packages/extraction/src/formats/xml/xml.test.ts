import fc from "fast-check";
import { expect, test } from "vitest";
import { expectAnswerWhenDamaged, words } from "../testing/arbitrary.ts";
import { blocksOf, readAs, warningsOf } from "../testing/read.ts";

const xml = (body: string) => readAs(`<?xml version="1.0"?>${body}`, "a.xml");
const textOf = async (body: string) => (await xml(body)).text;

test("names of elements and namespaces are not text, and values of attributes are", async () => {
  const text = await textOf(
    '<r:rates xmlns:r="urn:x-rates" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"><r:rate town="Łódź"><r:fee>120</r:fee></r:rate></r:rates>',
  );
  expect(text).toBe("Łódź\n120");
});

test("records of the same shape are a table whose columns are elements and attributes", async () => {
  const order = (id: string, name: string) =>
    `<order id="${id}"><fee unit="EUR">12</fee><who><name>${name}</name></who></order>`;
  expect(await textOf(`<orders>${order("A1", "Ida")}${order("A2", "Per")}</orders>`)).toBe(
    "id: A1 | fee unit: EUR | fee: 12 | who name: Ida\nid: A2 | fee unit: EUR | fee: 12 | who name: Per",
  );
});

test("entities of the document type and of HTML are characters, and none is fetched or expanded again", async () => {
  const doctype =
    '<!DOCTYPE r [<!ENTITY unit "z&#322;"><!ENTITY a "&b;&b;"><!ENTITY b "boom"><!ENTITY f SYSTEM "file:///etc/passwd">]>';
  expect(await textOf(`${doctype}<r>120 &unit; &mdash; &a;&f;end</r>`)).toBe("120 zł — end");
});

test("mixed content is running text, and titles of documents are headings", async () => {
  const book =
    '<book xmlns="http://docbook.org/ns/docbook"><title>Guide</title><chapter><title>One</title><para>Some <emphasis>run</emphasis>ning text.</para><table><title>Tab</title><tgroup><thead><row><entry>A</entry><entry>B</entry></row></thead><tbody><row><entry>1</entry><entry>2</entry></row></tbody></tgroup></table></chapter></book>';
  expect(blocksOf(await xml(book))).toEqual([
    ["heading1", "Guide"],
    ["heading1", "One"],
    ["paragraph", "Some running text."],
    ["caption", "Tab"],
    ["table", "A: 1 | B: 2"],
  ]);
});

test("HTML inside of a feed is read as HTML", async () => {
  const feed =
    "<rss><channel><title>News</title><item><title>One</title><description>&lt;p&gt;Hi &lt;b&gt;there&lt;/b&gt;&lt;p hidden&gt;no</description></item><item><title>Two</title><content><![CDATA[<ul><li>x</li></ul>]]></content></item></channel></rss>";
  expect(blocksOf(await xml(feed))).toEqual([
    ["heading1", "News"],
    ["heading2", "One"],
    ["paragraph", "Hi there"],
    ["heading2", "Two"],
    ["list", "- x"],
  ]);
});

test("a spreadsheet in one XML file keeps its sheets and columns", async () => {
  const cell = (text: string, more = "") => `<Cell ${more}><Data ss:Type="String">${text}</Data></Cell>`;
  const workbook = `<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:Name="Normal"/></Styles><Worksheet ss:Name="Fees"><Table><Row>${cell("Name")}${cell("Town")}${cell("Fee")}</Row><Row>${cell("Ida")}${cell("3", 'ss:Index="3"')}</Row><Row>${cell("Per")}${cell("Ustka")}${cell("4")}</Row></Table></Worksheet></Workbook>`;
  expect(blocksOf(await readAs(`<?xml version="1.0"?>${workbook}`, "export.xls"))).toEqual([
    ["heading1", "Fees"],
    ["table", "Name: Ida | Fee: 3\nName: Per | Town: Ustka | Fee: 4"],
  ]);
});

test("a drawing gives its title and its words", async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg"><title>Plan</title><defs><text>no</text></defs><g><text>Quay <tspan>4</tspan></text><text>Gate</text></g></svg>';
  expect(await textOf(svg)).toBe("Plan Quay 4 Gate");
});

test("a damaged file keeps its words, and the line is named", async () => {
  const extraction = await readAs("<rates>\n<fee>12</fee>\n<note>Ida & Per <b>x</note>\n</rates>", "a.xml");
  expect(extraction.text.replace(/\s+/g, " ")).toBe("12 Ida & Per x");
  // The parser notices it at the end of the element or of the next one.
  expect(extraction.warnings).toEqual([
    { code: "lines-malformed", count: 1, places: [expect.stringMatching(/^line [34]$/)] },
  ]);
});

test("pictures as text are left out", async () => {
  expect(
    await textOf(`<r><name>Ida</name><photo>data:image/png;base64,AAAA</photo><raw>${"aB3+".repeat(200)}</raw></r>`),
  ).toBe("Ida");
});

type Node = { name: string; attribute: boolean; children: (Node | "text")[] };
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.record({
    name: fc.constantFrom("alpha", "beta", "item", "row", "n:gamma", "section", "title", "p"),
    attribute: fc.boolean(),
    children: fc.array(fc.oneof({ depthSize: "small" }, fc.constant("text" as const), tie("node")), { maxLength: 4 }),
  }),
}));

test("in any tree each word of the text is there once, and no name of an element outside of records", async () => {
  await fc.assert(
    fc.asyncProperty(node, async (root) => {
      const names = words(300);
      const expected: string[] = [];
      const word = () => {
        expected.push(names[expected.length % names.length]!);
        return expected.at(-1)!;
      };
      // Attributes inside of running text are links and styles, which are not read.
      const render = ({ name, attribute, children }: Node, isInText: boolean): string => {
        const note = attribute && !isInText ? ` note="${word()}"` : "";
        const hasText = isInText || children.includes("text");
        const inner = children.map((one) => (one === "text" ? ` ${word()} ` : render(one, hasText)));
        return `<${name}${note}>${inner.join("")}</${name}>`;
      };
      const source = `<top xmlns:n="urn:n"><first>${word()}</first>${render(root, false)}</top>`;
      const { text } = await xml(source);
      expect((text.match(/w\d+[a-jü]+/g) ?? []).toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 200 },
  );
});

test("a damaged file gives a result within a second", async () => {
  const source = `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY u "x">]><rates xmlns="urn:x">${'<rate id="1"><fee>12 &u;</fee><![CDATA[<b>x</b>]]></rate>'.repeat(20)}</rates>`;
  await expectAnswerWhenDamaged(source, "a.xml", 200);
});

test("nesting of a hundred thousand elements is read", async () => {
  const extraction = await xml(`${"<a>".repeat(100_000)}deep${"</a>".repeat(100_000)}`);
  expect(extraction.text).toBe("deep");
  expect(Object.keys(warningsOf(extraction))).toEqual(["lines-malformed"]);
});
