import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { defaultLimits, type Extraction, ExtractionFailure } from "../../extraction.ts";
import { read } from "../index.ts";
import { relationships, type TestBook, type TestCell, type TestSheet, table, xlsx, xlsxParts } from "./testing.ts";

/** Reads on this thread: the limits of the worker are tested elsewhere. */
const readBytes = (
  bytes: Uint8Array,
  hiddenText: "leave-out" | "index" = "leave-out",
  name = "a.bin",
): Promise<Extraction> => read(bytes, { name, reading: { hiddenText } }, defaultLimits);
const readBook = (book: TestBook | TestSheet, hiddenText: "leave-out" | "index" = "leave-out") =>
  readBytes(xlsx(book), hiddenText);
const code = async (bytes: Uint8Array, name = "a.xlsx"): Promise<string> => {
  try {
    return (await readBytes(bytes, "leave-out", name)).text;
  } catch (error) {
    return error instanceof ExtractionFailure ? error.code : "corrupt";
  }
};
const blocks = ({ blocks, text }: Extraction) => blocks.map(({ kind, start, end }) => [kind, text.slice(start, end)]);
const warnings = ({ warnings }: Extraction) => warnings.map(({ code, count, places }) => [code, count, ...places]);
/** The text of one cell with a number format. */
const shown = async (value: number | string, format: string, is1904 = false): Promise<string> => {
  const book = { is1904, sheets: [{ cells: { A1: "x", A2: { value, format } } }] };
  return (await readBook(book)).text.split("\n").at(-1)!;
};

test("dates stand in ISO form, whatever their format, their language and their date system", async () => {
  const formats: [number, string, string][] = [
    [47556, "mm-dd-yy", "2030-03-14"],
    [47556, "[$-407]TT.MM.JJJJ", "2030-03-14"],
    [47556, "jj/mm/aaaa", "2030-03-14"],
    [47556, 'yyyy"年"m"月"d"日"', "2030-03-14"],
    [47556, 'yyyy"年"m"月"', "2030-03"],
    [47556, "mmm\\ yy", "2030-03"],
    [47556, "yyyy", "2030"],
    [47556, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2030-03-14"],
    [47556, '"until "d. mmmm yyyy', "until 2030-03-14"],
    [47556.3125, "dd/mm/yyyy\\ hh:mm", "2030-03-14 07:30"],
    [47556.3125, "yyyy-mm-dd\\Thh:mm:ss", "2030-03-14 07:30:00"],
    [0.3125, "h:mm AM/PM", "07:30"],
    [0.3125, 'h:mm "Uhr"', "07:30 Uhr"],
    [0.75, "dd/mm/yyyy hh:mm", "18:00"],
    [59, "d/m/yyyy", "1900-02-28"],
    [60, "d/m/yyyy", "1900-02-29"],
    [61, "d/m/yyyy", "1900-03-01"],
    [-5, "d/m/yyyy", "-5"],
    [2958466, "d/m/yyyy", "2958466"],
  ];
  for (const [value, format, expected] of formats)
    expect([format, await shown(value, format)]).toEqual([format, expected]);
  expect(await shown(46094, "d/m/yyyy", true)).toBe("2030-03-14");
});

test("numbers stand as the application shows them, and whole numbers keep all digits", async () => {
  const formats: [number, string, string][] = [
    [0.375, "0.0%", "37.5%"],
    [1234.5, '#,##0.00\\ "€"', "1,234.50 €"],
    [1234.5, "[$£-809]#,##0.00", "£1,234.50"],
    [-1234.5, '_-* #,##0.00\\ [$€-407]_-;\\-* #,##0.00\\ [$€-407]_-;_-* "-"??\\ [$€-407]_-', "-1,234.50 €"],
    [1.25, "[h]:mm", "30:00"],
    [-1.25, "[h]:mm", "-30:00"],
    [0.01, "[mm]:ss", "14:24"],
    [420, "00000", "00420"],
    [1.5, "# ?/?", "1 1/2"],
    [123456, "0.00E+00", "1.23E+05"],
    [1234, '#,##0 "kg"', "1,234 kg"],
    [-5, "#,##0;[Red](#,##0)", "(5)"],
    [3, 'General" m"', "3 m"],
    [123456789012, "General", "123456789012"],
    [123456789012345, "General", "123456789012345"],
    [0.1 + 0.2, "General", "0.3"],
    [1 / 3, "General", "0.333333333"],
    [5, "Standard", "5"],
  ];
  for (const [value, format, expected] of formats)
    expect([format, await shown(value, format)]).toEqual([format, expected]);
});

test("booleans, errors, ISO dates, texts of formulas and escaped characters stand as they are shown", async () => {
  const extraction = await readBook({
    cells: {
      A1: { type: "b", value: 1 },
      A2: { type: "e", value: "#DIV/0!" },
      A3: { type: "d", value: "2030-03-14T00:00:00" },
      A4: { type: "str", value: "net_x000D_ price", formula: "B1" },
      A5: { value: "00420" },
      A6: { value: "two\nlines" },
    },
  });
  expect(extraction.text).toBe("Sheet1\n\nTRUE\n#DIV/0!\n2030-03-14\nnet price\n00420\ntwo lines");
});

test("shared strings are read with their runs, and without the reading of their characters", async () => {
  const strings =
    '<si><r><t>Kes</t></r><r><rPr><b/></rPr><t xml:space="preserve">trel </t></r><r><t>Quay</t></r></si><si><t>倉庫</t><rPh sb="0" eb="2"><t>ソウコ</t></rPh><phoneticPr fontId="1"/></si>';
  const cells = { A1: { type: "s", value: 0 }, A2: { type: "s", value: 1 } };
  expect((await readBook({ strings, sheets: [{ cells }] })).text).toBe("Sheet1\n\nKestrel Quay\n\n倉庫");
});

test("a formula without a stored value stands itself in its cell, and is reported", async () => {
  const extraction = await readBook({
    cells: {
      ...table([
        ["Quarter", "Tons"],
        ["Q1", 40],
        ["Q2", 55],
      ]),
      A4: "Total",
      B4: { formula: "SUM(B2:B3)" },
      A5: "Share",
      B5: { xml: '<f t="shared" ref="B5:B6" si="0">B2/$B$4</f>' },
      A6: "Share 2",
      B6: { xml: '<f t="shared" si="0"/><v></v>' },
    },
  });
  expect(extraction.text).toContain("Quarter: Total | Tons: =SUM(B2:B3)");
  expect(extraction.text).toContain("Quarter: Share | Tons: =B2/$B$4");
  expect(extraction.text).toContain("Quarter: Share 2 | Tons: =B3/$B$4");
  expect(warnings(extraction)).toEqual([["formula-uncached", 3, "Sheet1!B4", "Sheet1!B5", "Sheet1!B6"]]);
});

const offer: TestBook = {
  sheets: [
    {
      name: "Offer",
      cells: table([
        ["Item", "Price", "Cost to us"],
        ["Loom A", 510, 322],
        ["Loom B withdrawn", 620, 401],
        ["Loom C", 700, { value: 433, format: ";;;" }],
      ]),
      hiddenRows: [3],
      hiddenColumns: [3],
    },
    { name: "Calc", state: "hidden", cells: { A1: "Discount ladder" } },
    { name: "Deep", state: "veryHidden", cells: { A1: "Ledger key" } },
  ],
};

test("hidden sheets, rows and columns are left out and reported", async () => {
  const extraction = await readBook(offer);
  expect(extraction.text).toBe("Offer\n\nItem: Loom A | Price: 510\nItem: Loom C | Price: 700");
  expect(warnings(extraction)).toEqual([
    ["hidden-sheets-left-out", 2, "Calc", "Deep"],
    ["hidden-cells-left-out", 3, "Offer!C4", "Offer!3:3", "Offer!C:C"],
  ]);
});

test("a tenant that indexes hidden text gets all of it", async () => {
  const extraction = await readBook(offer, "index");
  for (const words of ["Loom B withdrawn", "322", "433", "Discount ladder", "Ledger key"])
    expect(extraction.text).toContain(words);
  expect(extraction.warnings).toEqual([]);
});

test("rows without height, columns without width and values under a merged cell are hidden", async () => {
  const extraction = await readBook({
    before: '<cols><col min="4" max="16384" width="0" customWidth="1"/></cols>',
    cells: {
      ...table([["Van", "Fuel", "Repairs", "secret one"]]),
      A2: "HD-1",
      B2: 5,
      C2: 6,
      A4: "Depot",
      B4: "secret two",
    },
    merges: ["A4:C4"],
    after: "",
  });
  expect(extraction.text).not.toContain("secret");
  expect(warnings(extraction)).toEqual([["hidden-cells-left-out", 2, "Sheet1!B4", "Sheet1!D:D"]]);
});

test("a merged cell whose first column is hidden shows its text in the others", async () => {
  const extraction = await readBook({
    cells: { A1: "Depot North", A2: "a", B2: "b", C2: "c" },
    merges: ["A1:C1"],
    hiddenColumns: [1],
  });
  expect(extraction.text).toBe("Sheet1\n\nDepot North\n\nb | c");
});

test("rows that a filter hides do not tear a table apart", async () => {
  const extraction = await readBook({
    cells: table([
      ["Name", "Sum", "Town"],
      ["a", 1, "x"],
      ["b", 2, "x"],
      ["c", 3, "x"],
      ["d", 4, "x"],
    ]),
    hiddenRows: [3, 4],
    after: '<autoFilter ref="A1:C5"/>',
  });
  expect(extraction.text).toBe("Sheet1\n\nName: a | Sum: 1 | Town: x\nName: d | Sum: 4 | Town: x");
});

test("titles, two header rows and several tables on a sheet are recognised", async () => {
  const extraction = await readBook({
    name: "Fleet",
    cells: {
      A1: "Fleet costs of the depot",
      ...table(
        [
          ["Van", "Costs", "", "Driver"],
          ["", "Fuel", "Repairs"],
          ["HD-211", 340, 1275, "Ilse"],
          ["HD-304", 295, 60, "Tomek"],
        ],
        3,
      ),
      A8: "Sums without tax.",
      ...table(
        [
          ["Fuel card", "Limit"],
          ["FC-9", 800],
        ],
        11,
      ),
    },
    merges: ["A1:D1", "B3:C3"],
  });
  expect(blocks(extraction)).toEqual([
    ["heading", "Fleet"],
    ["caption", "Fleet costs of the depot"],
    [
      "table",
      "Van: HD-211 | Costs / Fuel: 340 | Costs / Repairs: 1275 | Driver: Ilse\nVan: HD-304 | Costs / Fuel: 295 | Costs / Repairs: 60 | Driver: Tomek",
    ],
    ["paragraph", "Sums without tax."],
    ["table", "Fuel card: FC-9 | Limit: 800"],
  ]);
  expect(extraction.blocks[2]).toMatchObject({
    context: "Fleet: Fleet costs of the depot",
    cells: { sheet: "Fleet", columns: ["A", "D"], rows: [5, 6] },
  });
  expect(extraction.blocks[4]).toMatchObject({ cells: { columns: ["A", "B"], rows: [12] } });
});

test("names that run over empty cells name the columns below them as merged ones do", async () => {
  const cells = table([
    ["Van", "Costs", "", "Hours", ""],
    ["", "Fuel", "Repairs", "Day", "Night"],
    ["HD-211", 340, 1275, 8, 2],
  ]);
  expect((await readBook({ cells })).text).toContain(
    "Van: HD-211 | Costs / Fuel: 340 | Costs / Repairs: 1275 | Hours / Day: 8 | Hours / Night: 2",
  );
});

test("tables beside each other are read one after the other, with the titles above them", async () => {
  const cells = {
    A1: "Big towns",
    E1: "Small towns",
    ...table(
      [
        ["Town", "People"],
        ["Oslo", 700],
        ["Rome", 2800],
      ],
      2,
    ),
    ...table(
      [
        ["Town", "People"],
        ["Vik", 3],
        ["Ano", 4],
        ["Elm", 2],
      ],
      2,
      4,
    ),
  };
  expect(blocks(await readBook({ cells })).slice(1)).toEqual([
    ["caption", "Big towns"],
    ["table", "Town: Oslo | People: 700\nTown: Rome | People: 2800"],
    ["caption", "Small towns"],
    ["table", "Town: Vik | People: 3\nTown: Ano | People: 4\nTown: Elm | People: 2"],
  ]);
});

test("an empty column inside a table does not tear its rows apart", async () => {
  const cells = table([
    ["Name", "Town", "", "Owner", "Price"],
    ["Kite", "Ulm", "", "Ada", 5],
    ["Wren", "Bonn", "", "Bob", 6],
  ]);
  expect((await readBook({ cells })).text).toBe(
    "Sheet1\n\nName: Kite | Town: Ulm | Owner: Ada | Price: 5\nName: Wren | Town: Bonn | Owner: Bob | Price: 6",
  );
});

test("groups of a table between empty rows keep the names of its columns", async () => {
  const cells = {
    ...table([
      ["Item", "Q1", "Q2"],
      ["Oil", 4, 5],
      ["Gas", 6, 7],
    ]),
    A5: "North",
    ...table(
      [
        ["Oil", 1, 2],
        ["Gas", 3, 4],
      ],
      6,
    ),
    ...table([["Total", 14, 18]], 9),
  };
  const { text } = await readBook({ cells });
  expect(text).toBe(
    "Sheet1\n\nItem: Oil | Q1: 4 | Q2: 5\nItem: Gas | Q1: 6 | Q2: 7\nItem: North\nItem: Oil | Q1: 1 | Q2: 2\nItem: Gas | Q1: 3 | Q2: 4\nItem: Total | Q1: 14 | Q2: 18",
  );
});

test("a form with labels on the left has no header", async () => {
  const form: TestCell[][] = [
    ["Tenant:", "Bakery Otter"],
    ["Rent:", 900],
    ["Deposit:", 1800],
  ];
  expect((await readBook({ cells: table(form) })).text).toBe(
    "Sheet1\n\nTenant: | Bakery Otter\nRent: | 900\nDeposit: | 1800",
  );
  const bold = (value: string) => ({ value, bold: true });
  const labelled: TestCell[][] = [
    [bold("Tenant"), "Bakery Otter"],
    [bold("Rent"), 900],
    [bold("Deposit"), 1800],
  ];
  expect((await readBook({ cells: table(labelled) })).text).toContain("Tenant | Bakery Otter\nRent | 900");
  const kinds: TestCell[][] = [
    ["Tenant", "Bakery"],
    ["Rent", { value: 900, format: '0 "€"' }],
    ["Start", { value: 47556, format: "d/m/yy" }],
  ];
  expect((await readBook({ cells: table(kinds) })).text).toContain("Rent | 900 €\nStart | 2030-03-14");
});

test("bold names, frozen rows, filters, print rows and defined tables show the header of a table", async () => {
  const words = [
    ["Key", "Meaning"],
    ["a", "first"],
    ["b", "second"],
  ];
  const expected = "Sheet1\n\nKey: a | Meaning: first\nKey: b | Meaning: second";
  const bold = words.map((row, at) => row.map((value) => ({ value, bold: at === 0 })));
  expect((await readBook({ cells: table(bold) })).text).toBe(expected);
  const pane =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>';
  expect((await readBook({ cells: table(words), before: pane })).text).toBe(expected);
  expect((await readBook({ cells: table(words), after: '<autoFilter ref="A1:B3"/>' })).text).toBe(expected);
  const names = '<definedName name="_xlnm.Print_Titles" localSheetId="0">Sheet1!$1:$1</definedName>';
  expect((await readBook({ names, sheets: [{ cells: table(words) }] })).text).toBe(expected);
  const defined = (attributes: string) => ({
    "xl/tables/table1.xml": {
      type: "table",
      xml: `<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="T" displayName="T" ref="A1:B3" ${attributes}/>`,
    },
  });
  expect((await readBook({ cells: table(words), parts: defined("") })).text).toBe(expected);
  const bare = await readBook({
    cells: table([
      ["a", "x", "z"],
      ["b", "y", "w"],
      ["c", "v", "u"],
    ]),
    parts: defined('headerRowCount="0"'),
  });
  expect(bare.text).toContain("a | x\nb | y\nc | v");
});

test("years name columns, and an empty corner does not hide the header", async () => {
  const cells = table([
    ["", 2029, 2030],
    ["Oil", 4, 5],
    ["Gas", 6, 7],
  ]);
  expect((await readBook({ cells })).text).toBe("Sheet1\n\nOil | 2029: 4 | 2030: 5\nGas | 2029: 6 | 2030: 7");
});

test("a label merged over several rows stands in each of them", async () => {
  const cells = table([
    ["Quay", "Berth", "Rent"],
    ["Kestrel", "K1", 5],
    ["", "K2", 6],
    ["Otter", "O1", 7],
  ]);
  const { text } = await readBook({ cells, merges: ["A2:A3"] });
  expect(text).toBe(
    "Sheet1\n\nQuay: Kestrel | Berth: K1 | Rent: 5\nQuay: Kestrel | Berth: K2 | Rent: 6\nQuay: Otter | Berth: O1 | Rent: 7",
  );
});

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
  expect(blocks(extraction).slice(2)).toEqual([
    ["paragraph", "Prices rise in May"],
    ["paragraph", "In a group"],
    ["caption", "Map of the quay"],
    ["paragraph", "Only once"],
    ["caption", "Sales by town\nNet"],
    ["header", "Ferry & Quay"],
  ]);
  expect(warnings(extraction)).toEqual([
    ["hidden-text-left-out", 1, "S: secret"],
    ["comments-left-out", 2, "S"],
    ["images-unread", 1, "S"],
  ]);
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
  const zip = (own: Record<string, string>) =>
    zipSync(Object.fromEntries(Object.entries(own).map(([name, text]) => [name, strToU8(text)])));
  const sheet = "xl/worksheets/sheet1.xml";
  expect(await code(zip({ ...parts, [sheet]: parts[sheet]!.slice(0, -40) }))).toBe("corrupt");
  expect(await code(zip({ ...parts, [sheet]: "" }))).toBe("corrupt");
  expect(await code(zip({ ...parts, "_rels/.rels": "<broken" }))).toContain("One");
  const bomb = parts[sheet]!.replace("One", "a".repeat(50_000_000));
  expect(await code(zip({ ...parts, [sheet]: bomb }))).toBe("decompression-bomb");
  const entities = `<!DOCTYPE x [<!ENTITY e "boom">]>${parts[sheet]!.replace('<?xml version="1.0"?>', "").replace("One", "One&e;")}`;
  expect(await code(zip({ ...parts, [sheet]: entities }))).toBe("Sheet1\n\nOne");
});
