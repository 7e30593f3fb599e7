import { HeadersAndFooters } from "../headers-and-footers.ts";
import { Package } from "../package/package.ts";
import type { Reader } from "../reader.ts";
import { childOf, elementsOf, isTrue, textIn, type XmlElement } from "../xml/tree.ts";
import { addSheet, textAdder } from "./blocks.ts";
import { addDrawings } from "./drawings.ts";
import { pageText } from "./header-codes.ts";
import { areaAt, columnsMax, type DefinedTable, type HeaderEnd } from "./sheet.ts";
import { sharedStringsOf } from "./strings.ts";
import { stylesOf } from "./styles.ts";
import { readWorksheet, type Workbook } from "./worksheet.ts";

/** Reads .xlsx, .xlsm and .xltx (ECMA-376 part 1, 18). */
export const readXlsx: Reader = async (bytes, builder, { limits, reading, readInner }) => {
  const file = new Package(bytes);
  const main = mainPart(file);
  const tree = file.xml(main);
  if (!tree) throw new Error("no workbook");
  const targets = new Map(file.relationships(main).map((relationship) => [relationship.id, relationship]));
  const partOf = (type: string) => [...targets.values()].find((one) => one.type === type)?.target;
  const workbook: Workbook = {
    strings: sharedStringsOf(file.bytes(partOf("sharedStrings") ?? "xl/sharedStrings.xml")),
    styles: stylesOf(file.xml(partOf("styles") ?? "xl/styles.xml")),
    is1904: isTrue(childOf(tree, "x:workbookPr")?.attributes["date1904"]),
    isHiddenRead: reading.hiddenText === "index",
    charsMax: limits.charsMax,
  };
  const seen = new Set<string>();
  const pageTexts = new HeadersAndFooters();
  const titles = printTitles(tree);
  const sheets = elementsOf(childOf(tree, "x:sheets"), "x:sheet");
  for (const [index, { attributes }] of sheets.entries()) {
    const name = attributes["name"] ?? "";
    if (isHiddenState(attributes["state"]) && !workbook.isHiddenRead) {
      builder.warn("hidden-sheets-left-out", name);
      continue;
    }
    const part = targets.get(attributes["r:id"] ?? "");
    if (!part || seen.has(part.target)) throw new Error("a sheet has no part of its own");
    seen.add(part.target);
    const content = file.bytes(part.target);
    if (!content) throw new Error("a sheet is missing");
    let hasHeading = false;
    if (part.type === "worksheet" || part.type === "xlMacrosheet") {
      const { sheet, headersAndFooters } = readWorksheet(content, name, workbook, builder);
      sheet.tables = definedTables(file, part.target);
      sheet.headerEnds.push(...(titles.get(index) ?? []));
      hasHeading = addSheet(sheet, workbook.isHiddenRead, builder);
      for (const { kind, code } of headersAndFooters) pageTexts.addAtEnd({ kind, text: pageText(code) });
    }
    await addDrawings({
      file,
      part: part.target,
      sheet: name,
      isHiddenRead: workbook.isHiddenRead,
      builder,
      add: textAdder(builder, name, hasHeading),
      readInner,
      seen,
    });
  }
  for (const block of pageTexts.atEnd) builder.add(block);
  return null;
};

/** The part that relationships name; damaged packages without them are read by the part's usual name. */
export const mainPart = (file: Package): string => {
  let main: string | undefined;
  try {
    main = file.mainPart;
  } catch {
    main = undefined;
  }
  if (main !== undefined && file.names.includes(main)) return main;
  return file.names.find((name) => /^xl\/workbook\d*\.(xml|bin)$/.test(name)) ?? "";
};

const isHiddenState = (state: string | undefined): boolean => state === "hidden" || state === "veryHidden";

const definedTables = (file: Package, part: string): DefinedTable[] =>
  file.relationships(part).flatMap(({ type, target }) => {
    if (type !== "table" || !target.endsWith(".xml")) return [];
    const attributes = file.xml(target)?.attributes;
    const area = areaAt(attributes?.["ref"]);
    return area ? [{ area, headerRows: Number(attributes?.["headerRowCount"] ?? 1) }] : [];
  });

/** Rows that are printed on each page, by the index of their sheet (18.2.5, `_xlnm.Print_Titles`). */
const printTitles = (workbook: XmlElement): Map<number, HeaderEnd[]> => {
  const titles = new Map<number, HeaderEnd[]>();
  for (const name of elementsOf(childOf(workbook, "x:definedNames"), "x:definedName")) {
    if (name.attributes["name"] !== "_xlnm.Print_Titles") continue;
    const last = /\$(\d+):\$(\d+)/.exec(textIn(name))?.[2];
    if (last) titles.set(Number(name.attributes["localSheetId"]), [{ at: Number(last), columns: [0, columnsMax - 1] }]);
  }
  return titles;
};
