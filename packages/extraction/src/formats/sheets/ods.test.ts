import { expect, test } from "vitest";
import type { Extraction } from "../../extraction.ts";
import { archiveOf } from "../testing/package.ts";
import { readAs } from "../testing/read.ts";

const namespaces = ["office", "style", "text", "table"]
  .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .join(" ");
const others =
  'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"';
const styles =
  '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style><style:style style:name="bold" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>';

const ods = (tables: string, extra: Record<string, string> = {}): Uint8Array => {
  const parts: Record<string, string> = {
    mimetype: "application/vnd.oasis.opendocument.spreadsheet",
    "content.xml": `<office:document-content ${namespaces} ${others}><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:spreadsheet>${tables}</office:spreadsheet></office:body></office:document-content>`,
    ...extra,
  };
  return archiveOf(parts);
};
const sheet = (rows: string, name = "S", attributes = "") =>
  `<table:table table:name="${name}" ${attributes}>${rows}</table:table>`;
const row = (cells: string, attributes = "") => `<table:table-row ${attributes}>${cells}</table:table-row>`;
const words = (text: string, attributes = "") =>
  `<table:table-cell office:value-type="string" ${attributes}><text:p>${text}</text:p></table:table-cell>`;
const value = (type: string, attributes: string, text?: string) =>
  `<table:table-cell office:value-type="${type}" ${attributes}>${text === undefined ? "" : `<text:p>${text}</text:p>`}</table:table-cell>`;
const readOds = (bytes: Uint8Array, hiddenText: "leave-out" | "index" = "leave-out"): Promise<Extraction> =>
  readAs(bytes, "a.ods", { reading: { hiddenText } });
const textOf = async (tables: string) => (await readOds(ods(tables))).text;
const warnings = ({ warnings }: Extraction) => warnings.map(({ code, count, places }) => [code, count, ...places]);

test("values of OpenDocument stand as they are shown, dates and times in ISO form", async () => {
  const values: [string, string][] = [
    [value("date", 'office:date-value="2030-03-14"', "14.03.30"), "2030-03-14"],
    [value("date", 'office:date-value="2030-03-14T07:30:00"', "14. März 2030"), "2030-03-14 07:30"],
    [value("date", 'office:date-value="2030-03-14"', "2030"), "2030"],
    [value("time", 'office:time-value="PT07H30M00S"', "7:30 AM"), "07:30"],
    [value("time", 'office:time-value="PT30H00M00S"', "30:00"), "30:00"],
    [value("time", 'office:time-value="PT07H30M15S"'), "07:30:15"],
    [value("percentage", 'office:value="0.375"', "37,5 %"), "37,5 %"],
    [value("percentage", 'office:value="0.375"'), "37.5%"],
    [value("currency", 'office:value="1234.5" office:currency="EUR"', "1.234,50 €"), "1.234,50 €"],
    [value("float", 'office:value="420"', "00420"), "00420"],
    [value("boolean", 'office:boolean-value="true"'), "TRUE"],
    [value("string", 'table:formula="of:=1/0" office:string-value=""', "#DIV/0!"), "#DIV/0!"],
    [
      words("two<text:line-break/>lines<text:s text:c='3'/>and <text:span>run<text:span>s</text:span></text:span>"),
      "two lines and runs",
    ],
    [
      words("<text:ruby><text:ruby-base>倉庫</text:ruby-base><text:ruby-text>ソウコ</text:ruby-text></text:ruby>"),
      "倉庫",
    ],
  ];
  for (const [cell, expected] of values) expect(await textOf(sheet(row(cell)))).toBe(`S\n\n${expected}`);
});

test("a formula without a value stands itself, and a value that its format hides is left out", async () => {
  const formula = '<table:table-cell table:formula="of:=SUM([.B2:.B3])"/>';
  const extraction = await readOds(
    ods(sheet(row(words("Total") + formula) + row(value("float", 'office:value="5"', "") + words("shown")))),
  );
  expect(extraction.text).toBe("S\n\nTotal | =SUM(B2:B3)\nshown");
  expect(warnings(extraction)).toEqual([
    ["hidden-cells-left-out", 1, "S!A2"],
    ["formula-uncached", 1, "S!B1"],
  ]);
});

const parts =
  sheet(
    `<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column table:number-columns-repeated="16382"/>${row(words("Item") + words("Cost") + words("Price"))}${row(words("Loom A") + words("322") + words("510"))}${row(words("Loom B") + words("401") + words("620"), 'table:visibility="filter"')}${row(words("Loom C") + words("433") + words("700"))}`,
    "Offer",
  ) + sheet(row(words("Ladder")), "Calc", 'table:style-name="hidden"');

test("hidden sheets, rows and columns of OpenDocument are left out and reported, or read when a tenant wants them", async () => {
  const extraction = await readOds(ods(parts));
  expect(extraction.text).toBe("Offer\n\nItem: Loom A | Price: 510\nItem: Loom C | Price: 700");
  expect(warnings(extraction)).toEqual([
    ["hidden-sheets-left-out", 1, "Calc"],
    ["hidden-cells-left-out", 2, "Offer!3:3", "Offer!B:B"],
  ]);
  const all = await readOds(ods(parts), "index");
  expect(all.text).toBe(
    "Offer\n\nItem: Loom A | Cost: 322 | Price: 510\nItem: Loom B | Cost: 401 | Price: 620\nItem: Loom C | Cost: 433 | Price: 700\n\nCalc\n\nLadder",
  );
  expect(all.warnings).toEqual([]);
});

test("repeated rows and cells are there, and repetitions to the end of the sheet cost nothing", async () => {
  const startedAt = performance.now();
  const repeated = row(
    words("Kite", 'table:number-columns-repeated="2"') + words("5"),
    'table:number-rows-repeated="2"',
  );
  const end = row('<table:table-cell table:number-columns-repeated="16384"/>', 'table:number-rows-repeated="1048576"');
  expect(await textOf(sheet(repeated + end))).toBe("S\n\nKite | Kite | 5\nKite | Kite | 5");
  const hostile = row(words("x", 'table:number-columns-repeated="16384"'), 'table:number-rows-repeated="1048576"');
  await expect(textOf(sheet(hostile))).rejects.toMatchObject({ code: "too-large" });
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

test("merged cells, header rows and the words under them are read by the rules of all spreadsheets", async () => {
  const rows = `<table:table-header-rows>${row(words("Quay") + words("Berth"))}</table:table-header-rows>${row(words("Kestrel", 'table:number-rows-spanned="2"') + words("K1"))}${row("<table:covered-table-cell><text:p>covered</text:p></table:covered-table-cell>" + words("K2"))}`;
  const extraction = await readOds(ods(sheet(rows)));
  expect(extraction.text).toBe("S\n\nQuay: Kestrel | Berth: K1\nQuay: Kestrel | Berth: K2");
  expect(warnings(extraction)).toEqual([["hidden-cells-left-out", 1, "S!A3"]]);
});

test("comments and deleted contents are no text; shapes, described pictures, chart titles and page headers are", async () => {
  const shapes = `<table:shapes><draw:custom-shape><text:p>In a box</text:p></draw:custom-shape><draw:frame><draw:image xlink:href="p.png"/><svg:desc>Map of the quay</svg:desc></draw:frame><draw:frame><draw:image xlink:href="q.png"/></draw:frame><draw:frame><draw:object xlink:href="./Object 1"/><draw:image xlink:href="r.png"/></draw:frame></table:shapes>`;
  const cell = `<table:table-cell office:value-type="string"><office:annotation><text:p>note to self</text:p></office:annotation><text:p>One</text:p></table:table-cell>`;
  const before = `<table:tracked-changes><table:deletion><text:p>deleted</text:p></table:deletion></table:tracked-changes><table:content-validations><table:content-validation><table:help-message><text:p>help</text:p></table:help-message></table:content-validation></table:content-validations>`;
  const extraction = await readOds(
    ods(before + sheet(shapes + row(cell)), {
      "Object 1/content.xml": `<office:document-content ${namespaces} xmlns:chart="urn:oasis:names:tc:opendocument:xmlns:chart:1.0"><office:body><office:chart><chart:chart><chart:title><text:p>Sales by town</text:p></chart:title></chart:chart></office:chart></office:body></office:document-content>`,
      "styles.xml": `<office:document-styles ${namespaces}><office:master-styles><style:master-page><style:header><text:p><text:sheet-name>???</text:sheet-name></text:p></style:header><style:footer><text:p>Ferry office, page no. <text:page-number>1</text:page-number></text:p></style:footer></style:master-page></office:master-styles></office:document-styles>`,
    }),
  );
  expect(extraction.text).toBe("S\n\nOne\n\nIn a box\n\nMap of the quay\n\nSales by town\n\nFerry office, page no.");
  expect(warnings(extraction)).toEqual([
    ["comments-left-out", 1, "S"],
    ["images-unread", 1, "S"],
  ]);
});
