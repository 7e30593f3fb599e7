import { expect, test } from "vitest";
import { defaultLimits, type Extraction, type Reading } from "../../extraction.ts";
import { read } from "../index.ts";
import { line, show, showLines, streamOf, type TestPdf, testPdf } from "./write-pdf.ts";

const readTest = (pdf: TestPdf, reading?: Reading): Promise<Extraction> =>
  read(testPdf(pdf), { name: "a.pdf", ...(reading ? { reading } : {}) }, defaultLimits);
const blocksOf = ({ text, blocks }: Extraction) => blocks.map(({ kind, start, end }) => [kind, text.slice(start, end)]);
const textOf = async (...pages: string[]) => (await readTest({ pages })).text;

const left = [
  "The harbour office keeps",
  "the register of moorings.",
  "Each berth is let for one",
  "season and ends in October.",
];
const right = [
  "Fees are due on the first",
  "Monday of each month. The",
  "late fees grow by nine",
  "percent for every week.",
];

test("columns are read one after the other, and a title across them stays above them", async () => {
  const title = show(60, 760, "Rules of the harbour at Kestrel Quay, for all who have a mooring there", { size: 12 });
  const byRow = left.map((text, at) => show(60, 720 - 14 * at, text) + show(320, 720 - 14 * at, right[at]!)).join("");
  const byColumn = showLines(60, 720, left) + showLines(320, 713, right);
  for (const columns of [byRow, byColumn]) {
    const text = (
      await textOf(
        title + columns + show(60, 600, "All of this holds from the first day of March until further notice."),
      )
    ).replace(/\s+/g, " ");
    expect(text).toBe(
      `Rules of the harbour at Kestrel Quay, for all who have a mooring there ${left.join(" ")} ${right.join(" ")} All of this holds from the first day of March until further notice.`,
    );
  }
});

test("a table without lines becomes rows with column names, and is not torn into columns", async () => {
  const rows = [
    ["Item", "Quantity", "Price"],
    ["Grease drum", "4", "120.00"],
    ["Rope, blue", "120", "96.00"],
    ["Anchor", "1", "310.00"],
  ];
  const content = rows
    .map((row, at) => row.map((text, column) => show([60, 200, 320][column]!, 700 - 16 * at, text)).join(""))
    .join("");
  expect(blocksOf(await readTest({ pages: [show(60, 760, "Costs of the yard in March:") + content] }))).toEqual([
    ["paragraph", "Costs of the yard in March:"],
    [
      "table",
      "Item: Grease drum | Quantity: 4 | Price: 120.00\nItem: Rope, blue | Quantity: 120 | Price: 96.00\nItem: Anchor | Quantity: 1 | Price: 310.00",
    ],
  ]);
});

test("a raised number after a number stays apart from it, and a label that goes on on the next line is one", async () => {
  const raised = show(60, 700, "The fee is 1,200") + show(140, 704, "3", { size: 6.5 }) + show(150, 700, "euros.");
  expect(await textOf(raised)).toBe("The fee is 1,200 3 euros.");
  const rows = [
    ["Cost", "2030", "2031"],
    ["Repairs of boats, engines and", "310", "320"],
    ["Rigging", "", ""],
    ["Fuel", "45", "46"],
    ["Crew", "90", "95"],
  ];
  const table = rows
    .map((row, at) => row.map((text, column) => show([60, 300, 420][column]!, 700 - 16 * at, text)).join(""))
    .join("");
  expect((await textOf(table)).split("\n")[0]).toBe(
    "Cost: Repairs of boats, engines and Rigging | 2030: 310 | 2031: 320",
  );
});

test("a table with lines keeps its merged cells and the lines of a cell together", async () => {
  const lines =
    [700, 680, 640, 620, 600].map((y) => line(y === 620 ? 160 : 60, y, 360, y)).join("") +
    [60, 160, 260, 360].map((x) => line(x, 600, x, 700)).join("");
  const texts: [number, number, string][] = [
    [62, 686, "Boat"],
    [162, 686, "Work"],
    [262, 686, "Hours"],
    [62, 666, "Grebe"],
    [162, 666, "New rudder and"],
    [162, 654, "overhaul"],
    [262, 666, "41"],
    [62, 626, "Heron"],
    [162, 626, "Paint"],
    [262, 626, "12"],
    [162, 606, "Sails"],
    [262, 606, "7"],
  ];
  expect(await textOf(lines + texts.map(([x, y, text]) => show(x, y, text)).join(""))).toBe(
    "Boat: Grebe | Work: New rudder and overhaul | Hours: 41\nBoat: Heron | Work: Paint | Hours: 12\nBoat: Heron | Work: Sails | Hours: 7",
  );
});

test("words that are cut at the end of a line are whole, and compounds keep their hyphen", async () => {
  const text = await textOf(
    showLines(60, 700, [
      "The costs of the mainte-",
      "nance of a twin-",
      "engine boat and its co-",
      "pilot, as of 2031-",
      "2032, are calculated in Ein-",
      "und Ausgang. A co-pilot has COVID-",
      "19 and uses a TraceMon-",
      "key.",
    ]),
  );
  expect(text).toBe(
    "The costs of the maintenance of a twin-engine boat and its co-pilot, as of 2031-2032, are calculated in Ein- und Ausgang. A co-pilot has COVID-19 and uses a TraceMonkey.",
  );
});

/** A font whose codes are numbers of glyphs, without a map to Unicode. */
const glyphFont: TestPdf = {
  pages: [],
  fonts: "/G 100 0 R",
  objects: {
    100: "<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Quarrel /Encoding /Identity-H /DescendantFonts [101 0 R] >>",
    101: "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Quarrel /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 102 0 R /DW 600 >>",
    102: "<< /Type /FontDescriptor /FontName /ABCDEF+Quarrel /Flags 4 /FontBBox [0 -200 1000 800] /Ascent 800 /Descent -200 >>",
  },
};
const glyphs = (y: number, text: string, shift = 29) =>
  `BT /G 12 Tf 60 ${y} Td <${[...text].map((letter) => (letter.charCodeAt(0) - shift).toString(16).padStart(4, "0")).join("")}> Tj ET\n`;

test("text whose font has no map to Unicode is not indexed, and its page is named", async () => {
  const gibberish = glyphs(700, "The deposit is returned within nine days");
  const extraction = await readTest({ ...glyphFont, pages: [show(60, 700, "The first page is fine."), gibberish] });
  expect(extraction.text).toBe("The first page is fine.");
  expect(extraction.warnings).toEqual([{ code: "pages-undecodable", count: 1, places: ["page 2"] }]);
  await expect(readTest({ ...glyphFont, pages: [gibberish] })).rejects.toMatchObject({ code: "no-text" });
  const mixed = await readTest({
    ...glyphFont,
    pages: [
      show(60, 750, "Most of this page can be read, and one line below cannot be.") + glyphs(700, "nine days later"),
    ],
  });
  expect(mixed.text).toBe("Most of this page can be read, and one line below cannot be.");
  expect(mixed.warnings).toMatchObject([{ code: "pages-undecodable" }]);
});

test("a font that maps only its ligatures to control characters stays readable", async () => {
  const map = "1 beginbfrange <0020> <007e> <0020> endbfrange 1 beginbfchar <0001> <0001> endbfchar";
  const cmap = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange ${map} endcmap end end`;
  const objects = {
    ...glyphFont.objects,
    100: `${glyphFont.objects![100]!.slice(0, -2)} /ToUnicode 103 0 R >>`,
    103: streamOf(cmap),
  };
  const pages = [glyphs(700, "The o\u0001ce of the harbour and the o\u0001cer read all letters.", 0)];
  const { text } = await readTest({ ...glyphFont, objects, pages });
  expect(text.replace(/\s+/g, " ")).toMatch(/^The o ?ce of the harbour and the o ?cer read all letters\.$/);
});

test("right-to-left text that the file has as it is seen keeps the order of Latin words and the signs after numbers", async () => {
  const map = "2 beginbfrange <0020> <007e> <0020> <0080> <009a> <05d0> endbfrange";
  const cmap = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange ${map} endcmap end end`;
  const objects = {
    ...glyphFont.objects,
    100: `${glyphFont.objects![100]!.slice(0, -2)} /ToUnicode 103 0 R >>`,
    103: streamOf(cmap),
  };
  const turned = (text: string) => [...text].reverse().join("");
  const asSeen = (text: string) =>
    turned(text)
      .replace(/[A-Za-z0-9](?:[A-Za-z0-9., ]*[A-Za-z0-9])?/g, turned)
      .replace(/[\u05d0-\u05ea]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x5d0 + 0x80));
  const lines = [
    "החוזה מסתיים בשנת 2031.",
    "שלום world peace שלום",
    "המחיר הוא 1,250.50 שקלים.",
    "לפי Windows 11, בשנת 2031. כן",
  ];
  const { text } = await readTest({
    ...glyphFont,
    objects,
    pages: [lines.map((line, at) => glyphs(700 - 20 * at, asSeen(line), 0)).join("")],
  });
  expect(text.split("\n")).toEqual(lines);
});

test("text that is drawn twice to look bold is read once", async () => {
  for (const offset of [0, 0.3, 0.6]) {
    const text = await textOf(
      show(60, 700, "Contact points") + show(60 + offset, 700, "Contact points") + show(60, 650, "End"),
    );
    expect(text, `${offset}`).toBe("Contact points\n\nEnd");
  }
});

test("text in UTF-8 codes without a map to Unicode is decoded", async () => {
  const codes = [...Buffer.from("Взаминвентарный", "utf8")].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const { text } = await readTest({ ...glyphFont, pages: [`BT /G 12 Tf 60 700 Td <${codes}> Tj ET`] });
  expect(text).toBe("Взаминвентарный");
});

test("text that nobody sees is left out, unless the tenant wants it", async () => {
  const pages = [
    show(60, 700, "The loom costs 510.") +
      show(60, 680, "The loom is free.", { state: "3 Tr" }) +
      show(60, 660, "White rebate.", { state: "1 1 1 rg" }) +
      show(60, 640, "Opaque rebate.", { state: "/Clear gs" }) +
      show(700, 620, "Floor price 322.") +
      show(60, 600, "Microscopic rebate.", { size: 0.4 }) +
      "0 0 0 rg 50 500 200 40 re f\n" +
      show(60, 510, "White on black.", { state: "1 1 1 rg" }),
  ];
  const pdf = { pages, resources: "/ExtGState << /Clear << /ca 0 >> >>" };
  const extraction = await readTest(pdf);
  expect(extraction.text).toBe("The loom costs 510.\n\nWhite on black.");
  expect(extraction.warnings).toEqual([{ code: "hidden-text-left-out", count: 13, places: ["page 1"] }]);
  const all = await readTest(pdf, { hiddenText: "index" });
  for (const part of ["loom is free", "White rebate", "Opaque", "Floor price 322", "Microscopic"])
    expect(all.text).toContain(part);
  expect(all.warnings).toEqual([]);
});

test("invisible text over a scan is the text of the page", async () => {
  const scan = {
    resources: "/XObject << /Im 100 0 R >>",
    objects: {
      100: streamOf(
        "\x80",
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray",
      ),
    },
  };
  const text = show(60, 700, "Scanned lease of hall nine.", { state: "3 Tr" });
  const whole = await readTest({ ...scan, pages: [`q 600 0 0 800 0 0 cm /Im Do Q ${text}`] });
  expect(whole.text).toBe("Scanned lease of hall nine.");
  expect(whole.warnings).toEqual([]);
  const strips = Array.from({ length: 8 }, (_, at) => `q 600 0 0 100 0 ${100 * at} cm /Im Do Q`).join(" ");
  expect((await readTest({ ...scan, pages: [`${strips} ${text}`] })).text).toBe("Scanned lease of hall nine.");
  await expect(readTest({ ...scan, pages: [`q 60 0 0 60 0 0 cm /Im Do Q ${text}`] })).rejects.toMatchObject({
    code: "no-text",
  });
});

const body = (page: number) => showLines(60, 680, [`Text of page ${page} about boats`, "and all the rest of it."]);

test("headers and footers that repeat stand once, page numbers not at all", async () => {
  const pages = [1, 2, 3, 4, 5, 6].map(
    (page) =>
      show(60, 770, page < 4 ? `Chapter 1: Ropes ${page}` : `Chapter 2: Sails ${page}`) +
      body(page) +
      show(60, 40, "Kestrel Yard, confidential") +
      show(300, 25, String(page)),
  );
  const blocks = blocksOf(await readTest({ pages })).filter(([kind]) => kind !== "paragraph");
  expect(blocks).toEqual([
    ["header", "Chapter 1: Ropes"],
    ["footer", "Kestrel Yard, confidential"],
    ["header", "Chapter 2: Sails"],
  ]);
});

test("documents of one to three pages have no page numbers either, and their headers and footers once", async () => {
  const forms = [
    (page: number, count: number) => `Page ${page} of ${count}`,
    (page: number, count: number) => `${page}/${count}`,
    (page: number) => `Seite ${page}`,
    (page: number) => `- ${page} -`,
  ];
  const small = { size: 9 };
  for (const [at, form] of forms.entries())
    for (const count of at < 3 ? [1, 2, 3] : [2, 3]) {
      const numbers = Array.from({ length: count }, (_, page) => page + 1);
      const pages = numbers.map((page) => {
        const number = form(page, count);
        const header = show(60, 770, "Doc. QM-17 rev. C", small) + show(480, 770, number, small);
        return header + body(page) + show(60, 40, "Confidential", small) + show(300, 25, number, small);
      });
      const texts = numbers.map((page) => `Text of page ${page} about boats and all the rest of it.`);
      expect((await textOf(...pages)).split("\n\n"), `${form(1, count)}, ${count}`).toEqual([
        "Doc. QM-17 rev. C",
        texts[0],
        "Confidential",
        ...texts.slice(1),
      ]);
    }
});

test("numbers in headers that do not count pages are kept, and two pages with the same title lose nothing", async () => {
  const numbers = ["4711", "4805", "4806", "5120"];
  const invoices = await textOf(...numbers.map((number, at) => show(60, 770, `Invoice ${number}`) + body(at)));
  for (const number of numbers) expect(invoices).toContain(`Invoice ${number}`);
  const two = await textOf(...[1, 2].map((page) => show(60, 770, "Minutes of the board") + body(page)));
  expect(two.match(/Minutes of the board/g)).toHaveLength(2);
});

test("headings, list items and program text are blocks of their own", async () => {
  const content =
    show(60, 700, "Care of ropes", { size: 18 }) +
    showLines(60, 660, ["Ropes last long when they are dry and", "clean, and out of the sun."]) +
    showLines(60, 620, [
      "\x95 Wash them in fresh water once a",
      "  month, without soap.",
      "\x95 Dry them in the shade.",
    ]) +
    showLines(60, 560, ["for rope in ropes:", "    wash(rope)"], { font: "F3" });
  expect(blocksOf(await readTest({ pages: [content] }))).toEqual([
    ["heading", "Care of ropes"],
    ["paragraph", "Ropes last long when they are dry and clean, and out of the sun."],
    ["list", "• Wash them in fresh water once a month, without soap."],
    ["list", "• Dry them in the shade."],
    ["code", "for rope in ropes:\nwash(rope)"],
  ]);
});

test("rotated pages and rotated text are read in the direction of the text", async () => {
  const turned = (degrees: number) => {
    const [cos, sin] = [
      Math.round(Math.cos((degrees * Math.PI) / 180)),
      Math.round(Math.sin((degrees * Math.PI) / 180)),
    ];
    return `BT /F1 11 Tf ${cos} ${sin} ${-sin} ${cos} 300 400 Tm (The crane lifts 48 tons) Tj 0 -14 Td (at the east quay.) Tj ET`;
  };
  for (const degrees of [0, 90, 180, 270])
    for (const page of ["", "/Rotate 90", "/Rotate 270"])
      expect((await readTest({ pages: [turned(degrees)], page })).text.replace("\n", " "), `${degrees} ${page}`).toBe(
        "The crane lifts 48 tons at the east quay.",
      );
});

test("form fields are read, also without an appearance, and check boxes as signs", async () => {
  const field = (rect: string, entries: string) =>
    `<< /Type /Annot /Subtype /Widget /Rect [${rect}] /F 4 ${entries} >>`;
  const appearance = (state: string) =>
    `/FT /Btn /AS /${state} /V /${state} /AP << /N << /Yes 110 0 R /Off 111 0 R >> >>`;
  const { text, warnings } = await readTest({
    pages: [show(60, 700, "Name of the boat:") + show(80, 660, "Insured") + show(80, 640, "On land")],
    catalog: "/AcroForm << /Fields [100 0 R 101 0 R 102 0 R] /DR << /Font << /F1 3 0 R >> >> /DA (/F1 10 Tf) >>",
    page: "/Annots [100 0 R 101 0 R 102 0 R 103 0 R]",
    objects: {
      100: field("170 695 300 712", "/FT /Tx /T (boat) /V (Grebe)"),
      101: field("60 658 72 670", `/T (a) ${appearance("Yes")}`),
      102: field("60 638 72 650", `/T (b) ${appearance("Off")}`),
      103: "<< /Type /Annot /Subtype /Text /Rect [10 10 30 30] /Contents (Ask Ida) >>",
      110: streamOf(
        "q BT /F1 10 Tf 1 1 Td (4) Tj ET Q",
        "/Type /XObject /Subtype /Form /BBox [0 0 12 12] /Resources << /Font << /F1 3 0 R >> >>",
      ),
      111: streamOf("", "/Type /XObject /Subtype /Form /BBox [0 0 12 12]"),
    },
  });
  expect(text.replace(/\s+/g, " ")).toBe("Name of the boat: Grebe ☑ Insured ☐ On land");
  expect(warnings).toEqual([{ code: "comments-left-out", count: 1, places: ["page 1"] }]);
});

test("lists show what is chosen in them, and labels beside check boxes are no table", async () => {
  const field = (rect: string, entries: string) =>
    `<< /Type /Annot /Subtype /Widget /Rect [${rect}] /F 4 ${entries} >>`;
  const boxes = [
    [150, 697],
    [150, 667],
    [150, 637],
    [240, 637],
  ].map(([x, y], at) => [110 + at, field(`${x} ${y} ${x! + 12} ${y! + 12}`, `/FT /Btn /T (b${at}) /V /Off /AS /Off`)]);
  const names = ["100 0 R", "101 0 R", ...boxes.map(([id]) => `${id} 0 R`)].join(" ");
  const { text } = await readTest({
    pages: [
      show(50, 730, "Received by") +
        show(150, 730, "Ida Nowak") +
        show(50, 700, "Fragile") +
        show(50, 670, "Insured") +
        show(50, 640, "Pay") +
        show(110, 640, "cash") +
        show(190, 640, "invoice") +
        show(50, 600, "Country:") +
        show(50, 570, "Services:"),
    ],
    catalog: `/AcroForm << /Fields [${names}] /DR << /Font << /F1 3 0 R >> >> /DA (/F1 10 Tf) >>`,
    page: `/Annots [${names}]`,
    objects: {
      100: field("150 596 300 612", "/FT /Ch /Ff 131072 /T (c) /Opt [[(pl) (Poland)] [(de) (Germany)]] /V (pl)"),
      101: field("150 566 300 582", "/FT /Ch /Ff 2097152 /T (s) /Opt [(Water) (Power) (Wifi)] /V [(Water) (Wifi)]"),
      ...Object.fromEntries(boxes),
    },
  });
  expect(text.split(/\n+/)).toEqual([
    "Received by Ida Nowak",
    "Fragile ☐",
    "Insured ☐",
    "Pay cash ☐ invoice ☐",
    "Country: Poland",
    "Services: Water, Wifi",
  ]);
});

test("embedded files are read, and those that cannot be read are named", async () => {
  const file = (name: string, id: number) => `<< /Type /Filespec /F (${name}) /UF (${name}) /EF << /F ${id} 0 R >> >>`;
  const { text, blocks, warnings } = await readTest({
    pages: [show(60, 700, "See the files.")],
    catalog: "/Names << /EmbeddedFiles << /Names [(a) 100 0 R (b) 101 0 R] >> >>",
    objects: {
      100: file("prices.csv", 102),
      101: file("drawing.bin", 103),
      102: streamOf("boat,price\nGrebe,310\nHeron,120", "/Type /EmbeddedFile"),
      103: streamOf("\x00\x01\x02\x03\xff\xfe\x00\x10", "/Type /EmbeddedFile"),
    },
  });
  expect(text).toBe(
    "See the files.\n\nprices.csv\n\nboat: Grebe | price: 310\nboat: Heron | price: 120\n\ndrawing.bin",
  );
  expect(blocks.map(({ page }) => page)).toEqual([1, undefined, undefined, undefined]);
  expect(warnings).toEqual([{ code: "attachment-unread", count: 1, places: ["drawing.bin"] }]);
});
