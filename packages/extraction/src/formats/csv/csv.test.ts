import fc from "fast-check";
import { expect, test } from "vitest";
import { expectAnswerWhenDamaged, words } from "../testing/arbitrary.ts";
import { blocksOf, processorMs, readAs, warningsOf } from "../testing/read.ts";

const csv = (source: string | Uint8Array) => readAs(source, "a.csv");
const textOf = async (source: string | Uint8Array) => (await csv(source)).text;

test.each([
  ["sep=;", "\ufeffsep=;\r\nName;Fee\r\nIda;12,50\r\n"],
  ["semicolons and decimal commas", "Name;Fee\nIda;12,50\nPer;9,00\n"],
  ["tabs", "Name\tFee\nIda\t12,50\n"],
  ["bars", "Name|Fee\nIda|12,50\n"],
  ["line ends of old Macs", "Name;Fee\rIda;12,50\r"],
  ["empty lines and columns first", "\n\n;Name;Fee\n;Ida;12,50\n"],
  ["UTF-16", Buffer.from("\ufeffName\tFee\r\nIda\t12,50\r\n", "utf16le")],
])("values are named by their columns: %s", async (_, source) => {
  expect((await textOf(source)).split("\n")[0]).toBe("Name: Ida | Fee: 12,50");
});

test("quotes hold delimiters, quotes and line ends, also in the names of columns", async () => {
  expect(await textOf('"Name, given";"Fee\nEUR"\n"Nowak; Ida";"say ""hi"""\n')).toBe(
    'Name, given: Nowak; Ida | Fee EUR: say "hi"',
  );
  expect(await textOf('a, "b, c"\n1, "2, 3"\n')).toBe("a: 1 | b, c: 2, 3");
});

test("titles above the names of columns are a caption", async () => {
  expect(blocksOf(await csv("Fees 2031\nQuay;Ustka\n\nName;Town;Fee;Day\nIda;U;1;2\nPer;B;3;4\n"))).toEqual([
    ["caption", "Fees 2031\nQuay Ustka"],
    ["table", "Name: Ida | Town: U | Fee: 1 | Day: 2\nName: Per | Town: B | Fee: 3 | Day: 4"],
  ]);
});

test("a table after an empty line has its own names of columns", async () => {
  expect(await textOf("Region;Q1\nNorth;1\nSouth;3\n\nCosts\nKind;Sum\nRent;100\nPower;50\n")).toBe(
    "Region: North | Q1: 1\nRegion: South | Q1: 3\n\nCosts\n\nKind: Rent | Sum: 100\nKind: Power | Sum: 50",
  );
  expect(await textOf("Region;Q1\nNorth;1\n\nSouth;3\nWest;4\n")).toBe(
    "Region: North | Q1: 1\nRegion: South | Q1: 3\nRegion: West | Q1: 4",
  );
});

test("a file without names of columns has none, and years are names", async () => {
  expect(await textOf("1,2\n3,4\n")).toBe("1 | 2\n3 | 4");
  expect(await textOf("Ida\nPer\n")).toBe("Ida\nPer");
  expect(await textOf("ida@x.example;3\nper@x.example;4\n")).toBe("ida@x.example | 3\nper@x.example | 4");
  expect(await textOf("Site,2029,2030\nQuay,1,2\n")).toBe("Site: Quay | 2029: 1 | 2030: 2");
  expect(await textOf("April 15, 2023;25.00;Ray;\nApril 14, 2023;25.00;Scott\n")).toContain(
    "April 15, 2023 | 25.00 | Ray",
  );
});

test("a quote in the middle of a value does not join lines, and the line is named", async () => {
  const extraction = await csv('name,size\n"5" disk,2\nLens "L",4\n"open,3\n"fine, ok",5\n');
  expect(extraction.text).toBe(
    'name: 5" disk | size: 2\nname: Lens "L" | size: 4\nname: open | size: 3\nname: fine, ok | size: 5',
  );
  expect(extraction.warnings).toEqual([{ code: "lines-malformed", count: 2, places: ["line 2", "line 4"] }]);
});

test("rows with more values than columns are kept and named", async () => {
  const extraction = await csv("a,b\n1,2,3,4\n5,6,,\n7\n");
  expect(extraction.text).toBe("a: 1 | b: 2 | 3 | 4\na: 5 | b: 6\na: 7");
  expect(extraction.warnings).toEqual([{ code: "lines-malformed", count: 1, places: ["line 2"] }]);
});

test("uneven rows do not change the delimiter, which commas within values and quotes show", async () => {
  const rows = ["Bolt;10;1,50", "Nut;5;0,80", "Ring;4;0,20", "Pin;7;0,10", "Washer;7", "Screw;9;2,10;extra"];
  const odd = 'Item;Qty;"Price, net"\nBolt M8;10;"1,50"\n"Nut ""A""; M8";5;0,80\nWasher;7\nScrew;9;2,10;extra\n';
  expect(await textOf(odd)).toBe(
    'Item: Bolt M8 | Qty: 10 | Price, net: 1,50\nItem: Nut "A"; M8 | Qty: 5 | Price, net: 0,80\nItem: Washer | Qty: 7\nItem: Screw | Qty: 9 | Price, net: 2,10 | extra',
  );
  for (const head of ["Item;Qty;Price, net", "Item;Qty;Price,net"])
    expect((await textOf([head, ...rows].join("\n"))).split("\n")[0]).toBe(
      `Item: Bolt | Qty: 10 | ${head.slice(9)}: 1,50`,
    );
  expect((await textOf("Item,Note\nBolt,a;b\nNut,c;d\nRing,e;f\nPin;g,h\n")).split("\n")[0]).toBe(
    "Item: Bolt | Note: a;b",
  );
});

test("a million cells are read in seconds", async () => {
  const startedAt = processorMs();
  expect((await textOf(`${"a,".repeat(9)}b\n${"x,".repeat(9)}y\n`.repeat(50_000))).length).toBeGreaterThan(1_000_000);
  expect(processorMs() - startedAt).toBeLessThan(5_000);
});

test("any values survive any delimiter, with the names of their columns", async () => {
  const value = fc.string({
    unit: fc.constantFrom("a", "é", ",", ";", "\t", "|", '"', "\n", " ", "z", "字"),
    maxLength: 12,
  });
  const table = fc
    .integer({ min: 2, max: 5 })
    .chain((columns) =>
      fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { minLength: 2, maxLength: 8 }),
    );
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom(",", ";", "\t", "|"),
      fc.constantFrom("\n", "\r\n"),
      async (rows, delimiter, lineEnd) => {
        const header = words(rows[0]!.length, "Name");
        const quoted = [header, ...rows]
          .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(delimiter))
          .join(lineEnd);
        const { text } = await csv(`${quoted}${lineEnd}`);
        const clean = (one: string) => one.replace(/\s+/g, " ").trim();
        const expected = rows.map((row) =>
          row.flatMap((one, column) => (clean(one) === "" ? [] : [`${header[column]}: ${clean(one)}`])).join(" | "),
        );
        for (const line of expected.filter(Boolean)) expect(text).toContain(line);
      },
    ),
    { numRuns: 200 },
  );
});

test("a damaged file gives a result within a second", async () => {
  const source = 'Title\n\n"a, b",c;d\n"1 ""x""",2\n'.repeat(40);
  await expectAnswerWhenDamaged(source, "a.csv", 200);
  expect(warningsOf(await csv(source))).toBeDefined();
});
