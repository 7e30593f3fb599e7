/** Reads binary workbooks (.xls, .xlsb) and SpreadsheetML 2003. */

import { type CellObject, CFB, parse_zip, read, set_cptable, type WorkBook, type WorkSheet } from "@e965/xlsx";
import iconv from "iconv-lite";
import { ExtractionFailure } from "../../extraction.ts";
import { HeadersAndFooters } from "../headers-and-footers.ts";
import type { TextBlock } from "../model.ts";
import { formattedText, isHiding, numberText } from "../numbers/cell-number.ts";
import { Package } from "../package/package.ts";
import type { Reader } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { type BiffSheet, biffSheetsOf } from "./biff.ts";
import { addSheet, textAdder } from "./blocks.ts";
import { addDrawings } from "./drawings.ts";
import { pageText } from "./header-codes.ts";
import { areaAt, columnName, columnsMax, type Sheet, type SheetCell, type SheetRow } from "./sheet.ts";
import { sheetPartsOf } from "./xlsb.ts";
import { mainPart } from "./xlsx.ts";

declare module "@e965/xlsx" {
  /** Missing from the library's types: reads an archive whose entries are unpacked. */
  function parse_zip(archive: { FullPaths: string[]; FileIndex: unknown[] }, options: unknown): WorkBook;
}

/** Old files store text in the code page of their computer; the library asks these functions for it. */
set_cptable({
  utils: {
    decode: (codePage: number, bytes: ArrayLike<number>) => iconv.decode(Buffer.from(bytes), encodingOf(codePage)),
    encode: (codePage: number, text: string) => iconv.encode(text, encodingOf(codePage)),
  },
});

const encodingOf = (codePage: number): string => {
  const known: Record<number, string> = {
    1200: "utf16le",
    1201: "utf16be",
    65001: "utf8",
    10000: "macintosh",
    20127: "latin1",
    28591: "latin1",
  };
  const name = known[codePage] ?? `cp${codePage}`;
  return iconv.encodingExists(name) ? name : "cp1252";
};

/** `cellStyles` makes it read hidden rows and columns; `dense` keeps sparse sheets small. */
const options = {
  cellStyles: true,
  cellNF: true,
  cellText: false,
  cellFormula: false,
  cellHTML: false,
  dense: true,
} as const;

/** Reads .xls (BIFF) and SpreadsheetML 2003. */
export const readXls: Reader = async (bytes, builder, { reading }) => {
  const isHiddenRead = reading.hiddenText === "index";
  const workbook = opened(() => read(bytes, { ...options, type: "buffer" }));
  const details = opened(() => biffSheets(bytes));
  const pageTexts = new HeadersAndFooters();
  for (const [index, name] of shownSheets(workbook, isHiddenRead, builder)) {
    const detail = details[index];
    addWorksheet({ workbook, name, detail, isHiddenRead, builder });
    for (const { kind, code } of detail?.headersAndFooters ?? []) pageTexts.addAtEnd({ kind, text: pageText(code) });
  }
  for (const block of pageTexts.atEnd) builder.add(block);
  return null;
};

/** Reads .xlsb ([MS-XLSB]), whose parts are unpacked within the limits of archives before the library reads them. */
export const readXlsb: Reader = async (bytes, builder, { reading, readInner }) => {
  const isHiddenRead = reading.hiddenText === "index";
  const file = new Package(bytes);
  const parts = file.names.filter(
    (name) => /\.(bin|rels|xml)$/.test(name) && !/vbaProject|printerSettings|media\//.test(name),
  );
  const archive = {
    FullPaths: parts.map((name) => `Root Entry/${name}`),
    FileIndex: parts.map((name) => ({ name, type: 2, content: Buffer.from(file.bytes(name) ?? []) })),
  };
  const workbook = opened(() => parse_zip(archive, { ...options }));
  const main = mainPart(file);
  const targets = sheetPartsOf(file, main);
  const seen = new Set<string>();
  for (const [, name] of shownSheets(workbook, isHiddenRead, builder)) {
    const add = addWorksheet({ workbook, name, detail: undefined, isHiddenRead, builder });
    const part = targets.get(name);
    if (part) await addDrawings({ file, part, sheet: name, isHiddenRead, builder, add, readInner, seen });
  }
  return null;
};

/** The library throws texts as well as errors. */
const opened = <Result>(open: () => Result): Result => {
  try {
    return open();
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (/password|encrypt/i.test(error.message)) throw new ExtractionFailure("encrypted", { cause: error });
    throw error;
  }
};

/** The library leaves out a sheet that it cannot read. */
const contentOf = (workbook: WorkBook, name: string): Content => {
  const content = workbook.Sheets[name];
  if (!content) throw new Error("a sheet is missing");
  return content;
};

const biffSheets = (bytes: Uint8Array): BiffSheet[] => {
  if (bytes[0] !== 0xd0) return [];
  const stream = CFB.find(CFB.read(bytes, { type: "buffer" }), "/Workbook")?.content;
  return stream ? biffSheetsOf(Uint8Array.from(stream)) : [];
};

function* shownSheets(workbook: WorkBook, isHiddenRead: boolean, builder: TextBuilder): Generator<[number, string]> {
  for (const [index, name] of workbook.SheetNames.entries()) {
    if (workbook.Workbook?.Sheets?.[index]?.Hidden && !isHiddenRead) builder.warn("hidden-sheets-left-out", name);
    else yield [index, name];
  }
}

/** What the library's types leave out. */
type Drawn = { cmo?: number[]; TxO?: { t?: string } } | null;
type Content = WorkSheet & { "!data"?: (CellObject | undefined)[][]; "!objects"?: Drawn[]; "!type"?: string };

/** A sheet of a workbook and how it is read. `detail` has what the library does not read of .xls. */
type Source = {
  workbook: WorkBook;
  name: string;
  detail: BiffSheet | undefined;
  isHiddenRead: boolean;
  builder: TextBuilder;
};

/** Kinds of drawn objects ([MS-XLS] 2.5.143). */
const objectKinds = { chart: 5, picture: 8, comment: 25 };

/** Adds a sheet's cells and the texts over them. Returns how further texts of the sheet are added. */
const addWorksheet = (source: Source): ((block: TextBlock) => void) => {
  const { workbook, name, detail, isHiddenRead, builder } = source;
  const content = contentOf(workbook, name);
  // The cells of a chart sheet are those that its chart shows.
  const hasHeading = content["!type"] !== "chart" && addSheet(sheetOf(source, content), isHiddenRead, builder);
  const add = textAdder(builder, name, hasHeading);
  for (const object of content["!objects"] ?? []) {
    const kind = object?.cmo?.[1];
    if (kind === objectKinds.picture) builder.warn("images-unread", name);
    else if (kind !== objectKinds.comment) add({ kind: "paragraph", text: object?.TxO?.t ?? "" });
  }
  add({ kind: "caption", text: [...new Set(detail?.chartTexts ?? [])].join("\n") });
  return add;
};

const sheetOf = ({ workbook, name, detail, isHiddenRead, builder }: Source, content: Content): Sheet => {
  const is1904 = workbook.Workbook?.WBProps?.date1904 ?? false;
  const rows: SheetRow[] = [];
  for (const [at, cells] of Object.entries(content["!data"] ?? [])) {
    const row: SheetRow = { at: Number(at), cells: [] };
    for (const [column, cell] of Object.entries(cells ?? [])) {
      const shown = cell && shownCell(cell, Number(column), is1904);
      if (cell?.c?.length) builder.warn("comments-left-out", name, cell.c.length);
      if (!shown) continue;
      if (shown.isHidden && !isHiddenRead)
        builder.warn("hidden-cells-left-out", `${name}!${columnName(Number(column))}${row.at + 1}`);
      else row.cells.push(shown.cell);
    }
    if (row.cells.length > 0) rows.push(row);
  }
  const hidden = (list: readonly ({ hidden?: boolean | undefined; hpt?: number; wpx?: number } | undefined)[] = []) =>
    Object.entries(list).flatMap(([at, one]) => (one?.hidden || one?.hpt === 0 || one?.wpx === 0 ? [Number(at)] : []));
  const area = areaAt(content["!autofilter"]?.ref);
  return {
    name,
    rows,
    hiddenRows: new Set(hidden(content["!rows"])),
    hiddenColumns: hidden(content["!cols"]).map((column) => [column, column]),
    merges: (content["!merges"] ?? []).map(({ s, e }) => ({ top: s.r, left: s.c, bottom: e.r, right: e.c })),
    tables: [],
    headerEnds: [
      ...(area ? [{ at: area.top + 1, columns: [area.left, area.right] as const }] : []),
      ...(detail?.frozenRows ? [{ at: detail.frozenRows, columns: [0, columnsMax - 1] as const }] : []),
    ],
  };
};

const shownCell = (
  { t, v, w, z, s }: CellObject,
  column: number,
  is1904: boolean,
): { cell: SheetCell; isHidden: boolean } | undefined => {
  const format = String(z ?? "General");
  const isStrong = s?.fgColor !== undefined && s?.patternType === "solid";
  const cell = (text: string, isNumber: boolean, isHidden = false) =>
    text.trim() === "" ? undefined : { cell: { column, text, isNumber, isStrong, format }, isHidden };
  if (v === undefined || t === "z") return undefined;
  if (t === "b") return cell(v ? "TRUE" : "FALSE", true);
  if (t === "e") return cell(w ?? errors[Number(v)] ?? "#VALUE!", true);
  if (typeof v === "number") {
    const isHidden = isHiding(format);
    return cell(numberText(v, isHidden ? "General" : format, is1904), true, isHidden);
  }
  const text = v instanceof Date ? v.toISOString().slice(0, 10) : String(v);
  const shown = formattedText(text, format);
  return shown.trim() === "" ? cell(text, false, true) : cell(shown, false);
};

/** The errors of formulas by their code ([MS-XLS] 2.5.10). */
const errors: Record<number, string> = {
  0: "#NULL!",
  7: "#DIV/0!",
  15: "#VALUE!",
  23: "#REF!",
  29: "#NAME?",
  36: "#NUM!",
  42: "#N/A",
};
