import { utils, type WorkBook, write } from "@e965/xlsx";
import { expect, test } from "vitest";
import { defaultLimits, type Extraction, ExtractionFailure } from "../../extraction.ts";
import { read } from "../index.ts";

const readBytes = (
  bytes: Uint8Array,
  name = "a.bin",
  hiddenText: "leave-out" | "index" = "leave-out",
): Promise<Extraction> => read(bytes, { name, reading: { hiddenText } }, defaultLimits);
const warnings = ({ warnings }: Extraction) => warnings.map(({ code, count, places }) => [code, count, ...places]);

const workbook = (): WorkBook => {
  const book = utils.book_new();
  const sheet = utils.aoa_to_sheet([
    ["Leases of 2030"],
    [],
    ["Tenant", "Starts", "Share", "Hours", "Secret"],
    ["Bäckerei Łódź", 47556, 0.375, 1.25, "not for you"],
    ["Print shop", 47587, 0.08, 2, "nor this"],
  ]);
  for (const row of [4, 5]) {
    sheet[`B${row}`].z = "dd/mm/yyyy";
    sheet[`C${row}`].z = "0.0%";
    sheet[`D${row}`].z = "[h]:mm";
  }
  sheet["!merges"] = [utils.decode_range("A1:E1")];
  sheet["!cols"] = [{}, {}, {}, {}, { hidden: true }];
  utils.book_append_sheet(book, sheet, "Leases");
  utils.book_append_sheet(book, utils.aoa_to_sheet([["Ladder"]]), "Calc");
  book.Workbook = { Sheets: [{}, { Hidden: 1 }] };
  return book;
};

const expected =
  "Leases\n\nLeases of 2030\n\nTenant: Bäckerei Łódź | Starts: 2030-03-14 | Share: 37.5% | Hours: 30:00\nTenant: Print shop | Starts: 2030-04-14 | Share: 8.0% | Hours: 48:00";

test.each([
  ["xls", "biff8", "xls"],
  ["xlsb", "xlsb", "xlsb"],
  ["SpreadsheetML 2003", "xlml", "xls"],
] as const)("%s is read by the rules of all spreadsheets, without its hidden parts", async (_, bookType, format) => {
  const bytes: Buffer = write(workbook(), { type: "buffer", bookType });
  const extraction = await readBytes(bytes);
  expect(extraction.format).toBe(format);
  expect(extraction.text).toBe(expected);
  expect(extraction.blocks[2]).toMatchObject({ cells: { sheet: "Leases", columns: ["A", "D"], rows: [4, 5] } });
  expect(warnings(extraction)).toEqual([
    ["hidden-sheets-left-out", 1, "Calc"],
    ["hidden-cells-left-out", 1, "Leases!E:E"],
  ]);
  const all = await readBytes(bytes, "a.bin", "index");
  expect(all.text).toContain("Secret: not for you");
  expect(all.text).toContain("Ladder");
});

test("days of the 1904 date system in .xls are the right ones", async () => {
  const book = utils.book_new();
  const sheet = utils.aoa_to_sheet([["Day"], [46094]]);
  sheet["A2"].z = "d/m/yy";
  utils.book_append_sheet(book, sheet, "S");
  book.Workbook = { WBProps: { date1904: true } };
  expect((await readBytes(write(book, { type: "buffer", bookType: "biff8" }))).text).toBe("S\n\nDay\n\n2030-03-14");
});

test("a damaged .xls is corrupt, and one inside another container is not a workbook", async () => {
  const bytes: Buffer = write(workbook(), { type: "buffer", bookType: "biff8" });
  const outcome = await readBytes(bytes.subarray(0, 600), "a.xls").catch((error: unknown) =>
    error instanceof ExtractionFailure ? error.code : "corrupt",
  );
  expect(["corrupt", "unsupported-type"]).toContain(outcome);
});
