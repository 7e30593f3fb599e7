import { expect, test } from "vitest";
import { dotsOf } from "../../../../core/src/testing/scans.ts";
import { renderPages } from "../../extract.ts";
import { defaultLimits, type Extraction, type Reading } from "../../extraction.ts";
import { read } from "../index.ts";
import { line, show, showLines, streamOf, type TestPdf, testPdf } from "./write-pdf.ts";

const readTest = (pdf: TestPdf, reading?: Reading): Promise<Extraction> =>
  read(testPdf(pdf), { name: "a.pdf", ...(reading ? { reading } : {}) }, defaultLimits);

test("each page says whether the file contains its text, whether it is a scan, and whether only OCR can read it", async () => {
  const picture = "q 600 0 0 800 0 0 cm /I Do Q ";
  const objects = {
    100: streamOf("x", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"),
  };
  const long = showLines(60, 700, Array(4).fill("The harbour office keeps the register of moorings."));
  const { sources, warnings } = await readTest({
    objects,
    resources: "/XObject << /I 100 0 R >>",
    pages: [
      show(60, 700, "A title"),
      picture,
      picture + show(60, 20, "Stamp 17"),
      picture + show(60, 700, "A layer of recognised text", { state: "3 Tr" }),
      picture + long,
      "0 0 m 100 200 300 300 500 0 c f",
      "",
    ],
  });
  expect(sources).toEqual([
    { hasText: true, isScan: false },
    { hasText: false, isScan: true, warning: "pages-without-text", needsOcr: true },
    { hasText: true, isScan: true, warning: "images-unread", needsOcr: true },
    { hasText: true, isScan: true },
    { hasText: true, isScan: false },
    { hasText: false, isScan: false, warning: "pages-without-text", needsOcr: true },
    { hasText: false, isScan: false },
  ]);
  expect(warnings).toEqual([
    { code: "pages-without-text", count: 2, places: ["page 2", "page 6"] },
    { code: "images-unread", count: 1, places: ["page 3"] },
  ]);
});

test("pages are drawn as grey pictures of 200 dots per inch, and a large page as one that OCR accepts", async () => {
  const bytes = testPdf({ pages: ["", "0 g 0 400 600 400 re f"] });
  const huge = Buffer.from(bytes.toString("latin1").replace("[0 0 600 800]", "[0 0 9000 9000]"), "latin1");
  const [small, large] = [await renderPages(bytes, [2, 9]), await renderPages(huge, [1])];
  expect([...small.keys()]).toEqual([2]);
  const { width, height, dots } = dotsOf(small.get(2)!);
  expect([width, height]).toEqual([1666, 2222]);
  expect([dots[width * 100 + 800], dots[width * (height - 100) + 800]]).toEqual([0, 255]);
  const drawn = dotsOf(large.get(1)!);
  expect(drawn.width).toBe(drawn.height);
  expect(drawn.width * drawn.height).toBeLessThan(5_000_000);
});

/** A table with lines: its upper left corner, the widths of its columns, and rows of 20 points. */
const ruled = (top: number, rows: readonly (readonly string[])[], widths = [150, 150, 150]): string => {
  const xs = [60, ...widths.map((_, at) => widths.slice(0, at + 1).reduce((sum, width) => sum + width, 60))];
  const ys = rows.map((_, at) => top - 20 * at).concat(top - 20 * rows.length);
  return [
    ...xs.map((x) => line(x, top, x, ys.at(-1)!)),
    ...ys.map((y) => line(60, y, xs.at(-1)!, y)),
    ...rows.flatMap((row, at) =>
      row.map((text, column) => show(xs[column]! + 4, top - 14 - 20 * at, text, { size: 9 })),
    ),
  ].join("");
};

test("a table that goes on on the next page keeps the names of its columns, and a repeated header stands once", async () => {
  const head = ["Part", "Store", "Price"];
  const footer = (page: number) => show(280, 30, `Page ${page} of 4`);
  const page = (number: number, content: string) => content + footer(number);
  const extraction = await readTest({
    pages: [
      page(
        1,
        show(60, 760, "Parts of the yard") +
          ruled(200, [head, ["Anchor", "Quay", "310"], ["Rope, which is", "Shed", "12"]]),
      ),
      page(
        2,
        ruled(740, [
          ["", "and loft", ""],
          ["Buoy", "Pier", "45"],
          ["Lamp", "", "8"],
        ]),
      ),
      page(3, ruled(740, [head, ["Chain", "Quay", "77"]]) + show(60, 600, "All prices are in euros.")),
      // A table with other columns at the same place.
      page(
        4,
        ruled(740, [
          ["Berth", "Owner", "Metres"],
          ["North 4", "Orla", "12"],
          ["South 1", "Piet", "9"],
        ]),
      ),
    ],
  });
  const { text, blocks } = extraction;
  expect(
    blocks.filter(({ kind }) => kind === "table").map(({ page, start, end }) => [page, text.slice(start, end)]),
  ).toEqual([
    [1, "Part: Anchor | Store: Quay | Price: 310\nPart: Rope, which is | Store: Shed and loft | Price: 12"],
    [2, "Part: Buoy | Store: Pier | Price: 45\nPart: Lamp | Price: 8"],
    [3, "Part: Chain | Store: Quay | Price: 77"],
    [4, "Berth: North 4 | Owner: Orla | Metres: 12\nBerth: South 1 | Owner: Piet | Metres: 9"],
  ]);
});

const tablesOf = ({ text, blocks }: Extraction) =>
  blocks.filter(({ kind }) => kind === "table").map(({ page, start, end }) => [page, text.slice(start, end)]);
/** Rows without lines, whose third column ends at the same place. */
const aligned = (top: number, rows: readonly (readonly string[])[]): string =>
  rows
    .flatMap((row, at) =>
      row.map((text, column) => show(column === 2 ? 380 - 6.1 * text.length : 60 + 140 * column, top - 16 * at, text)),
    )
    .join("");

test("a few last rows on the next page belong to the table, with lines or without, and so do rows with an empty column", async () => {
  const head = ["Part", "Store", "Price"];
  const rows = [
    ["Anchor", "Quay", "310"],
    ["Rope, blue", "Shed", "120"],
    ["Mast", "Pier", "905"],
  ];
  for (const table of [ruled, aligned]) {
    const first = show(60, 760, "Parts of the yard") + table(200, [head, ...rows]);
    const text = async (...rest: string[]) => tablesOf(await readTest({ pages: [first, ...rest] })).slice(1);
    expect(await text(table(740, [["Chain", "Quay", "77"]]))).toEqual([[2, "Part: Chain | Store: Quay | Price: 77"]]);
    expect(await text(table(740, [head, ["Chain", "Quay", "77"]]))).toEqual([
      [2, "Part: Chain | Store: Quay | Price: 77"],
    ]);
    expect(
      await text(
        table(740, [
          ["Chain", "Quay", "77"],
          ["Lamp", "Loft", "8"],
        ]) + show(60, 640, "All prices are in euros."),
      ),
    ).toEqual([[2, "Part: Chain | Store: Quay | Price: 77\nPart: Lamp | Store: Loft | Price: 8"]]);
    expect(
      await text(
        table(740, [
          ["Chain", "", "77"],
          ["Lamp", "", "8"],
          ["Oar", "", "19"],
        ]),
      ),
    ).toEqual([[2, "Part: Chain | Price: 77\nPart: Lamp | Price: 8\nPart: Oar | Price: 19"]]);
    expect(await text(show(60, 740, "Notes") + show(60, 724, "The harbour office keeps the prices."))).toEqual([]);
  }
});

test("page numbers, headers, small notes and a note that it goes on do not end a table", async () => {
  const rows = (from: number) => Array.from({ length: 3 }, (_, n) => [`Berth ${from + n}`, "Quay", `${100 + n}`]);
  const page = (number: number, content: string) =>
    show(60, 780, `Harbour office, list ${number}`) + content + show(280, 30, `Page ${number} of 2`);
  const tables = tablesOf(
    await readTest({
      pages: [
        page(
          1,
          showLines(60, 740, ["These are the berths", "of the harbour."]) +
            ruled(200, [["Berth", "Store", "Fee"], ...rows(1)]) +
            show(60, 104, "1 Without tax.", { size: 7 }) +
            show(60, 90, "Continued on next page", { size: 9 }),
        ),
        page(2, ruled(740, rows(4))),
      ],
    }),
  );
  expect(tables[1]).toEqual([
    2,
    "Berth: Berth 4 | Store: Quay | Fee: 100\nBerth: Berth 5 | Store: Quay | Fee: 101\nBerth: Berth 6 | Store: Quay | Fee: 102",
  ]);
});

test("notes and small print at the foot of a page do not cut a sentence that goes on, and marks do not stick to words", async () => {
  const small = { size: 7 };
  const text = [
    "The harbour office weighed each sample on a balance, and",
    "the losses grew by 41 per cent.2 Depths are given in metres1",
    "and follow the gauge of the old quay. See Fig.2 there, as",
    "the error is dominated by the cleaning of the samples and",
  ];
  const feet = [
    "1 Converted from the mass with a density of",
    "nine grams per litre.",
    "2 The operator stopped in March 2019.",
  ];
  const first =
    showLines(60, 700, text) +
    feet.map((line, at) => show(60, 130 - 9 * at, line, small)).join("") +
    show(60, 40, "Preprint of the office", small);
  const second = showLines(60, 700, ["by the drift of the balance. A second office", "found the same values."]);
  expect((await readTest({ pages: [first, second] })).blocks.map(({ kind, page }) => [page, kind])).toEqual([
    [1, "paragraph"],
    [1, "note"],
    [1, "note"],
    [1, "paragraph"],
    [2, "paragraph"],
  ]);
  expect((await readTest({ pages: [first, second] })).text.split("\n\n")).toEqual([
    "The harbour office weighed each sample on a balance, and the losses grew by 41 per cent. Depths are given in metres and follow the gauge of the old quay. See Fig.2 there, as the error is dominated by the cleaning of the samples and by the drift of the balance.",
    feet.slice(0, 2).join(" "),
    feet[2],
    "Preprint of the office",
    "A second office found the same values.",
  ]);
  // Two columns with a note below each of them, and small print without marks.
  const columns =
    showLines(
      60,
      700,
      text.map((line) => line.slice(0, 30)),
    ) +
    showLines(
      320,
      700,
      text.map((line) => line.slice(0, 30)),
    );
  const notes =
    show(60, 60, "3 A silver electrode.", small) +
    show(320, 60, "4 The board", small) +
    show(320, 52, "of the office.", small);
  expect(tail(await readTest({ pages: [columns + notes] }), 2)).toEqual([
    "3 A silver electrode.",
    "4 The board of the office.",
  ]);
});

const tail = ({ text }: Extraction, count: number): string[] => text.split("\n\n").slice(-count);

test("the label of a row that a page break cuts is whole", async () => {
  const head = ["Cost", "Store", "Price"];
  const tables = tablesOf(
    await readTest({
      pages: [
        ruled(200, [head, ["Mooring", "Quay", "310"], ["Repairs of boats and", "Shed", "12"]]),
        ruled(740, [head, ["their engines", "", ""], ["Fuel", "Pier", "45"]]),
      ],
    }),
  );
  expect(tables).toEqual([
    [1, "Cost: Mooring | Store: Quay | Price: 310\nCost: Repairs of boats and their engines | Store: Shed | Price: 12"],
    [2, "Cost: Fuel | Store: Pier | Price: 45"],
  ]);
});

test("text in a layer that is off, outside of its clipping path or under an opaque area is left out and reported", async () => {
  const objects = {
    100: "<< /Type /OCG /Name (Drafts) >>",
    101: "<< /Type /OCG /Name (Final) >>",
    102: streamOf("x", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"),
    103: "<< /Type /ExtGState /ca 0.3 >>",
  };
  const pdf: TestPdf = {
    objects,
    catalog: "/OCProperties << /OCGs [100 0 R 101 0 R] /D << /OFF [100 0 R] /ON [101 0 R] >> >>",
    resources: "/Properties << /MC0 100 0 R /MC1 101 0 R >> /XObject << /I 102 0 R >> /ExtGState << /G0 103 0 R >>",
    pages: [
      [
        show(60, 740, "The quay opens at six."),
        `/OC /MC0 BDC ${show(60, 700, "Draft fee quillwort")} EMC `,
        `/OC /MC1 BDC ${show(60, 660, "The final fee is nine.")} EMC `,
        `q 60 600 400 40 re W n ${show(60, 615, "Inside of the frame.")} ${show(60, 560, "Outside samphire")} Q `,
        `${show(60, 500, "Covered marram")} q 1 g 50 490 300 30 re f Q ${show(60, 498, "Painted over it.")}`,
        `${show(60, 440, "Below a photo sedge")} q 300 0 0 40 50 425 cm /I Do Q `,
        `${show(60, 380, "Marked with a pen.")} q /G0 gs 1 1 0 rg 50 370 300 30 re f Q `,
      ].join(""),
    ],
  };
  const { text, warnings } = await readTest(pdf);
  for (const shown of [
    "opens at six",
    "final fee is nine",
    "Inside of the frame",
    "Painted over it",
    "Marked with a pen",
  ])
    expect(text).toContain(shown);
  for (const hidden of ["quillwort", "samphire", "marram", "sedge"]) expect(text).not.toContain(hidden);
  expect(warnings).toEqual([{ code: "hidden-text-left-out", count: 11, places: ["page 1"] }]);
  const all = await readTest(pdf, { hiddenText: "index" });
  for (const hidden of ["quillwort", "samphire", "marram", "sedge"]) expect(all.text).toContain(hidden);
});

test("text in the colour of the area or the paper below it is left out and reported, other colours are kept", async () => {
  const colored = (y: number, text: string, area: string, color: string) =>
    `q ${area} rg 50 ${y - 10} 300 30 re f Q ${show(60, y, text, { state: `${color} rg` })}`;
  const { text, warnings } = await readTest({
    pages: [
      colored(740, "White on a dark bar.", "0 0 .6", "1 1 1") +
        colored(700, "Blue porcupines.", "0 0 .6", "0 0 .6") +
        colored(660, "Nearly blue pangolins.", "0 0 .6", "0.01 0 .59") +
        colored(620, "Grey on light grey.", ".9 .9 .9", ".6 .6 .6") +
        `0 0 .6 rg 40 560 400 50 re f\n${colored(580, "White box in a bar.", "1 1 1", "1 1 1")}` +
        show(60, 520, "Nearly white zeppelins.", { state: ".99 .99 .99 rg" }) +
        `.5 0 0 rg 50 470 80 30 re f\n${show(60, 480, "Longer than the area below it.", { state: ".5 0 0 rg" })}` +
        show(60, 440, "Light grey remark.", { state: ".75 .75 .75 rg" }),
    ],
  });
  expect(text.split(/\n+/)).toEqual([
    "White on a dark bar.",
    "Grey on light grey.",
    "Longer than the area below it.",
    "Light grey remark.",
  ]);
  expect(warnings).toEqual([{ code: "hidden-text-left-out", count: 13, places: ["page 1"] }]);
});

test("a page with nothing but a table has text, and entries of a table of contents are lines of their own", async () => {
  const contents = [
    "1 Introduction ........................ 3",
    "2 Berths and moorings ............. 12",
    "3 Fees . . . . . . . . . . . . . . . . 27",
  ];
  const initial = show(60, 680, "T", { size: 36 }) + show(84, 696, "he harbour opened in spring.");
  const { text, warnings, sources } = await readTest({
    pages: [
      ruled(740, [
        ["Item", "Store", "Price"],
        ["Rope", "Shed", "12"],
        ["Lamp", "Quay", "8"],
      ]),
      showLines(60, 700, contents),
      initial,
    ],
  });
  expect(warnings).toEqual([]);
  expect(sources?.every(({ hasText, needsOcr }) => hasText && !needsOcr)).toBe(true);
  for (const entry of contents) expect(text.split("\n")).toContain(entry);
  expect(text).toContain("The harbour opened");
});
