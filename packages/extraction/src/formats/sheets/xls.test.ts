import { CFB, utils, type WorkBook, write } from "@e965/xlsx";
import { unzipSync, zipSync } from "fflate";
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

/** The same workbook with changed records of its stream. */
const withStream = (bytes: Buffer, change: (stream: Buffer) => Buffer): Uint8Array => {
  const container = CFB.read(bytes, { type: "buffer" });
  const entry = CFB.find(container, "/Workbook")!;
  entry.content = change(Buffer.from(entry.content as Uint8Array));
  entry.size = entry.content.length;
  return CFB.write(container, { type: "buffer" }) as Buffer;
};
const record = (type: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
};

test("an encrypted .xls fails as encrypted", async () => {
  const bytes: Buffer = write(workbook(), { type: "buffer", bookType: "biff8" });
  const encrypted = withStream(bytes, (stream) => {
    const first = 4 + stream.readUInt16LE(2);
    return Buffer.concat([stream.subarray(0, first), record(0x2f, Buffer.alloc(6)), stream.subarray(first)]);
  });
  await expect(readBytes(encrypted, "a.xls")).rejects.toMatchObject({ code: "encrypted" });
});

test("page headers and texts of charts in .xls are read", async () => {
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet([["One"]]), "S");
  const header = Buffer.concat([Buffer.from([11, 0, 0]), Buffer.from("&LFerry &&Q", "latin1")]);
  const begin = Buffer.alloc(16);
  begin.writeUInt16LE(0x600, 0);
  begin.writeUInt16LE(0x20, 2);
  const title = Buffer.concat([Buffer.from([0, 0, 5, 1]), Buffer.from("Łódź!", "utf16le")]);
  const added = [record(0x14, header), record(0x809, begin), record(0x100d, title), record(0x0a, Buffer.alloc(0))];
  const bytes = withStream(write(book, { type: "buffer", bookType: "biff8" }), (stream) => {
    // The last record ends the sheet.
    const end = stream.lastIndexOf(Buffer.from([0x0a, 0, 0, 0]));
    return Buffer.concat([stream.subarray(0, end), ...added, stream.subarray(end)]);
  });
  expect((await readBytes(bytes)).text).toBe("S\n\nOne\n\nŁódź!\n\nFerry &Q");
});

test("an .xlsb that unpacks to far more than its size is a decompression bomb", async () => {
  const bytes: Buffer = write(workbook(), { type: "buffer", bookType: "xlsb", compression: true });
  const parts = unzipSync(bytes);
  const sheet = Buffer.concat([parts["xl/worksheets/sheet1.bin"]!, Buffer.alloc(30_000_000)]);
  await expect(readBytes(zipSync({ ...parts, "xl/worksheets/sheet1.bin": sheet }))).rejects.toMatchObject({
    code: "decompression-bomb",
  });
});
