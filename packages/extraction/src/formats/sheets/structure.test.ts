import { expect, test } from "vitest";
import { blocksOf, readBook, type TestCell, table } from "./testing.ts";

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
  expect(blocksOf(extraction)).toEqual([
    ["heading1", "Fleet"],
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
  expect(blocksOf(await readBook({ cells })).slice(1)).toEqual([
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

test("header rows of any depth name their columns", async () => {
  const cells = table([
    ["Region", "2029", "", "", "2030", ""],
    ["", "H1", "", "H2", "H1", ""],
    ["", "Plan", "Real", "Plan", "Plan", "Real"],
    ["North", 1, 2, 3, 4, 5],
  ]);
  const { text } = await readBook({ cells, merges: ["B1:D1", "E1:F1", "B2:C2", "E2:F2", "A1:A3"] });
  expect(text).toBe(
    "Sheet1\n\nRegion: North | 2029 / H1 / Plan: 1 | 2029 / H1 / Real: 2 | 2029 / H2 / Plan: 3 | 2030 / H1 / Plan: 4 | 2030 / H1 / Real: 5",
  );
});

test("names that an empty row separates from their table name its columns, and so do names below notes", async () => {
  const alone = table([["Item", "Price", "Unit"], [""], ["Rope", 5, "m"], ["Paint", 6, "l"]]);
  expect((await readBook({ cells: alone })).text).toContain("Item: Rope | Price: 5 | Unit: m");
  const notes = table([
    ["we", "write"],
    ["what", "we"],
    ["like", "here"],
    ["Item", "Price", "Unit"],
    ["Rope", 5, "m"],
  ]);
  expect((await readBook({ cells: notes })).text).toContain("Item: Rope | Price: 5 | Unit: m");
});

test("bold names below a table begin another one", async () => {
  const bold = (value: string) => ({ value, bold: true });
  const cells = table([
    [bold("Item"), bold("Price")],
    ["Rope", 5],
    ["Paint", 6],
    [bold("Town"), bold("People")],
    ["Oslo", 700],
  ]);
  expect((await readBook({ cells })).text).toBe(
    "Sheet1\n\nItem: Rope | Price: 5\nItem: Paint | Price: 6\n\nTown: Oslo | People: 700",
  );
});

test("a column without a name does not hide the names of the others, and sparse cells stand once", async () => {
  const words = table([
    ["Product", "Part", "Question", "Answer", ""],
    ["Boat", "Hull", "What", "Wood", "more"],
    ["Boat", "Mast", "Who", "Us", "less"],
  ]);
  expect((await readBook({ cells: words })).text).toContain(
    "Product: Boat | Part: Hull | Question: What | Answer: Wood | more",
  );
  const sparse = table([
    ["ID", "Name", "Note"],
    [1, "alpha", ""],
    [2, "", "foo"],
    [3, "", "bar"],
  ]);
  expect((await readBook({ cells: sparse })).text).toBe(
    "Sheet1\n\nID: 1 | Name: alpha\nID: 2 | Note: foo\nID: 3 | Note: bar",
  );
});

test("a line across a table names the rows below it and no column", async () => {
  const cells = { ...table([["Item", "Price", "Unit"], ["Ropes"], ["Hemp", 1, "m"], ["Paints"], ["Red", 5, "l"]]) };
  expect((await readBook({ cells, merges: ["A2:C2", "A4:C4"] })).text).toBe(
    "Sheet1\n\nRopes\nItem: Hemp | Price: 1 | Unit: m\nPaints\nItem: Red | Price: 5 | Unit: l",
  );
});
