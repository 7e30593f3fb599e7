/** Reads the number formats and emphasis of cell styles. */

import { SSF } from "@e965/xlsx";
import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";

/** How the cells of one style look. */
export type CellStyle = { format: string; isStrong: boolean };

export const plainStyle: CellStyle = { format: "General", isStrong: false };

/** The styles of a workbook's cells by their index (ECMA-376 part 1, 18.8.10). */
export const stylesOf = (sheet: XmlElement | undefined): CellStyle[] => {
  const formats = new Map(
    elementsOf(childOf(sheet, "x:numFmts"), "x:numFmt").map(({ attributes }) => [
      Number(attributes["numFmtId"]),
      attributes["formatCode"] ?? "General",
    ]),
  );
  const isBold = elementsOf(childOf(sheet, "x:fonts"), "x:font").map((font) => isOn(childOf(font, "x:b")));
  const isFilled = elementsOf(childOf(sheet, "x:fills"), "x:fill").map((fill) => {
    const pattern = childOf(fill, "x:patternFill")?.attributes["patternType"] ?? "none";
    return childOf(fill, "x:gradientFill") !== undefined || !(pattern === "none" || pattern === "gray125");
  });
  return elementsOf(childOf(sheet, "x:cellXfs"), "x:xf").map(({ attributes }) => {
    const id = Number(attributes["numFmtId"] ?? 0);
    const isStrong =
      (isBold[Number(attributes["fontId"] ?? 0)] ?? false) || (isFilled[Number(attributes["fillId"] ?? 0)] ?? false);
    return { format: formats.get(id) ?? builtInFormat(id), isStrong };
  });
};

const isOn = (element: XmlElement | undefined): boolean =>
  element !== undefined && !["0", "false"].includes(element.attributes["val"] ?? "1");

/** Formats that a file need not define; those from 27 to 58 are the dates and times of East Asia (18.8.30). */
const builtInFormat = (id: number): string => {
  if ((id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54) || id === 57 || id === 58) return "yyyy-mm-dd";
  if ((id >= 32 && id <= 35) || id === 55 || id === 56) return "hh:mm:ss";
  return (SSF.get_table() as Record<number, string>)[id] ?? "General";
};
