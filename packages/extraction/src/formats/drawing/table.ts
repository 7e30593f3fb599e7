import type { Cell, TableBlock } from "../model.ts";
import { childOf, elementsOf, isTrue, type XmlElement } from "../xml/tree.ts";
import { paragraphsOf } from "./text.ts";

/** A table of DrawingML (ISO 29500-1, 21.1.3). */
export const tableOf = (table: XmlElement): TableBlock => {
  const rows = elementsOf(table, "a:tr").map((row) => elementsOf(row, "a:tc").flatMap(cellOf));
  const firstRow = childOf(table, "a:tblPr")?.attributes["firstRow"];
  if (firstRow === undefined) return { kind: "table", rows };
  const isHeader = firstRow === "1" || firstRow === "true";
  return { kind: "table", rows, headerRows: isHeader ? headerRows(rows) : 0 };
};

/** A cell that another one covers is not shown and has no entry. */
const cellOf = (cell: XmlElement): Cell[] => {
  const { gridSpan, rowSpan, hMerge, vMerge } = cell.attributes;
  if (isTrue(hMerge) || isTrue(vMerge)) return [];
  const text = paragraphsOf(childOf(cell, "a:txBody"))
    .map((paragraph) => paragraph.text)
    .join("\n");
  return [{ text, columns: Number(gridSpan) || 1, rows: Number(rowSpan) || 1 }];
};

/** PowerPoint marks one row; a header of several rows has a wide cell in it, and the cells beside that are as high as the header. */
const headerRows = ([first = []]: Cell[][]): number => {
  const isWide = ({ columns = 1, rows = 1 }: Cell) => columns > 1 && rows === 1;
  const height = first.reduce((most, { rows = 1 }) => Math.max(most, rows), 1);
  return first.some(isWide) ? Math.min(height, 4) : 1;
};
