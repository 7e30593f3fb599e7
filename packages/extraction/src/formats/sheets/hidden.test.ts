import { expect, test } from "vitest";
import { readBook, type TestBook, table, warningsOf } from "./testing.ts";

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
  expect(warningsOf(extraction)).toEqual([
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
  expect(warningsOf(extraction)).toEqual([["hidden-cells-left-out", 2, "Sheet1!B4", "Sheet1!D:D"]]);
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
