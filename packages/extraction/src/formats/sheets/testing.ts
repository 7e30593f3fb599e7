/** Makes workbooks for tests. */

import type { Extraction } from "../../extraction.ts";
import { archiveOf, escapeXml, relationshipsXml } from "../testing/package.ts";
import { readAs } from "../testing/read.ts";

export { blocksOf } from "../testing/read.ts";

/** A cell of a test's workbook: a text, a number, or the attributes and content of its element. */
export type TestCell =
  | string
  | number
  | { value?: string | number; type?: string; format?: string; bold?: boolean; formula?: string; xml?: string };

export type TestSheet = {
  name?: string;
  /** Cells by reference. */
  cells: Record<string, TestCell>;
  state?: "hidden" | "veryHidden";
  hiddenRows?: number[];
  /** Columns such as 3, from 1. */
  hiddenColumns?: number[];
  merges?: string[];
  /** XML before and after the cells. */
  before?: string;
  after?: string;
  /** Further parts, with the type of their relationship. */
  parts?: Record<string, { type: string; xml: string }>;
};

export type TestBook = {
  sheets: TestSheet[];
  is1904?: boolean;
  names?: string;
  parts?: Record<string, string>;
  strings?: string;
};

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
export const relationships = (list: { id: string; type: string; target: string }[]): string =>
  relationshipsXml(Object.fromEntries(list.map(({ id, type, target }) => [id, [type, target] as const])));

const contentTypes = (sheets: number): string => {
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const part = (name: string, kind: string) =>
    `<Override PartName="/xl/${name}.xml" ContentType="${type}.${kind}+xml"/>`;
  const parts = Array.from({ length: sheets }, (_, at) => part(`worksheets/sheet${at + 1}`, "worksheet"));
  return `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part("workbook", "sheet.main")}${part("styles", "styles")}${parts.join("")}</Types>`;
};

/** The parts of an .xlsx file. */
export const xlsxParts = ({
  sheets,
  is1904 = false,
  names = "",
  parts = {},
  strings,
}: TestBook): Record<string, string> => {
  const styles: string[] = ["General "];
  const styleOf = (format = "General", bold = false): number => {
    const key = `${format} ${bold ? "b" : ""}`;
    if (!styles.includes(key)) styles.push(key);
    return styles.indexOf(key);
  };
  const result: Record<string, string> = { "[Content_Types].xml": contentTypes(sheets.length), ...parts };
  for (const [index, sheet] of sheets.entries()) {
    const path = `xl/worksheets/sheet${index + 1}.xml`;
    result[path] = sheetXml(sheet, styleOf);
    const own = Object.entries(sheet.parts ?? {});
    for (const [name, { xml }] of own) result[name] = xml;
    const targets = own.map(([name, { type }], at) => ({ id: `rId${at + 1}`, type, target: `/${name}` }));
    if (own.length > 0) result[`xl/worksheets/_rels/sheet${index + 1}.xml.rels`] = relationships(targets);
  }
  result["_rels/.rels"] = relationships([{ id: "r1", type: "officeDocument", target: "xl/workbook.xml" }]);
  result["xl/_rels/workbook.xml.rels"] = relationships([
    ...sheets.map((_, at) => ({ id: `r${at + 1}`, type: "worksheet", target: `worksheets/sheet${at + 1}.xml` })),
    { id: "rs", type: "styles", target: "styles.xml" },
    ...(strings === undefined ? [] : [{ id: "rt", type: "sharedStrings", target: "sharedStrings.xml" }]),
  ]);
  if (strings !== undefined) result["xl/sharedStrings.xml"] = `<sst xmlns="${main}">${strings}</sst>`;
  const list = sheets.map(
    ({ name, state }, at) =>
      `<sheet name="${escapeXml(name ?? `Sheet${at + 1}`)}" sheetId="${at + 1}"${state ? ` state="${state}"` : ""} r:id="r${at + 1}"/>`,
  );
  result["xl/workbook.xml"] =
    `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${is1904 ? ' date1904="1"' : ""}/><sheets>${list.join("")}</sheets><definedNames>${names}</definedNames></workbook>`;
  const formats = styles.map((key) => key.slice(0, key.lastIndexOf(" ")));
  result["xl/styles.xml"] =
    `<styleSheet xmlns="${main}"><numFmts>${formats.map((format, at) => `<numFmt numFmtId="${200 + at}" formatCode="${escapeXml(format)}"/>`).join("")}</numFmts><fonts><font/><font><b/></font></fonts><cellXfs>${styles.map((key, at) => `<xf numFmtId="${200 + at}" fontId="${key.endsWith(" b") ? 1 : 0}"/>`).join("")}</cellXfs></styleSheet>`;
  return result;
};

export const xlsx = (book: TestBook | TestSheet): Uint8Array => {
  return archiveOf(xlsxParts("sheets" in book ? book : { sheets: [book] }));
};

const sheetXml = (sheet: TestSheet, styleOf: (format?: string, bold?: boolean) => number): string => {
  const rows = new Map<number, string[]>();
  for (const row of sheet.hiddenRows ?? []) rows.set(row, []);
  for (const [reference, cell] of Object.entries(sheet.cells)) {
    const row = Number(/\d+/.exec(reference)![0]);
    const list = rows.get(row) ?? [];
    rows.set(row, list);
    list.push(cellXml(reference, cell, styleOf));
  }
  const data = [...rows]
    .sort(([a], [b]) => a - b)
    .map(
      ([row, cells]) =>
        `<row r="${row}"${sheet.hiddenRows?.includes(row) ? ' hidden="1"' : ""}>${cells.join("")}</row>`,
    );
  const columns = (sheet.hiddenColumns ?? []).map(
    (column) => `<col min="${column}" max="${column}" width="9" hidden="1"/>`,
  );
  const merges = (sheet.merges ?? []).map((area) => `<mergeCell ref="${area}"/>`);
  return `<?xml version="1.0"?><worksheet xmlns="${main}" xmlns:r="${office}">${sheet.before ?? ""}${columns.length > 0 ? `<cols>${columns.join("")}</cols>` : ""}<sheetData>${data.join("")}</sheetData>${merges.length > 0 ? `<mergeCells>${merges.join("")}</mergeCells>` : ""}${sheet.after ?? ""}</worksheet>`;
};

const cellXml = (reference: string, cell: TestCell, styleOf: (format?: string, bold?: boolean) => number): string => {
  const { value, type, format, bold, formula, xml } =
    typeof cell === "object" ? cell : ({ value: cell } as Exclude<TestCell, string | number>);
  const style = ` s="${styleOf(format, bold)}"`;
  const f = formula === undefined ? "" : `<f>${escapeXml(formula)}</f>`;
  if (xml !== undefined) return `<c r="${reference}"${style}${type ? ` t="${type}"` : ""}>${xml}</c>`;
  if (typeof value === "string" && type === undefined)
    return `<c r="${reference}"${style} t="inlineStr"><is><t xml:space="preserve">${escapeXml(value)}</t></is></c>`;
  return `<c r="${reference}"${style}${type ? ` t="${type}"` : ""}>${f}${value === undefined ? "" : `<v>${value}</v>`}</c>`;
};

/** Cells of rows from A1 on; empty strings are no cells. */
export const table = (rows: TestCell[][], top = 1, left = 0): Record<string, TestCell> =>
  Object.fromEntries(
    rows.flatMap((row, at) =>
      row.flatMap((cell, column) =>
        cell === "" ? [] : [[`${String.fromCharCode(65 + left + column)}${top + at}`, cell] as const],
      ),
    ),
  );

type HiddenText = "leave-out" | "index";

/** Reads on this thread: the limits of the worker are tested elsewhere. */
export const readBytes = (
  bytes: Uint8Array,
  hiddenText: HiddenText = "leave-out",
  name = "a.bin",
): Promise<Extraction> => readAs(bytes, name, { reading: { hiddenText } });
export const readBook = (book: TestBook | TestSheet, hiddenText: HiddenText = "leave-out"): Promise<Extraction> =>
  readBytes(xlsx(book), hiddenText);
export const warningsOf = ({ warnings }: Extraction): (string | number)[][] =>
  warnings.map(({ code, count, places }) => [code, count, ...places]);
