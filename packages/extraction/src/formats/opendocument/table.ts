/** Reads tables of OpenDocument texts and slides. */

import type { Cell, TableBlock } from "../model.ts";
import { elementsOf, type XmlElement } from "../xml/tree.ts";

/** Repetitions that a file declares are written out up to this number per table, against files that declare millions. */
const copiesMax = 10_000;

type TableContext = {
  cellText: (cell: XmlElement) => string;
  isHiddenRead: boolean;
  warnHidden: () => void;
};

/** A table (OpenDocument 1.3 part 3, 9), or undefined when all of it is empty. */
export const tableOf = (table: XmlElement, context: TableContext): TableBlock | undefined => {
  const rows: Cell[][] = [];
  let headerRows = 0;
  let copiesLeft = copiesMax;
  const addRow = (row: XmlElement, isHeader: boolean): void => {
    const { "table:visibility": visibility = "visible", "table:number-rows-repeated": repeated } = row.attributes;
    const cells: Cell[] = [];
    for (const cell of elementsOf(row, "table:table-cell")) {
      const columns = positive(cell.attributes["table:number-columns-spanned"]);
      const covered = positive(cell.attributes["table:number-rows-spanned"]);
      const text = context.cellText(cell) || cellValue(cell);
      const copies = positive(cell.attributes["table:number-columns-repeated"]);
      if (text === "" && copies > 1) cells.push({ text, columns: copies });
      else
        for (let copy = 0; copy < copies && (copy === 0 || copiesLeft-- > 0); copy++)
          cells.push({ text, columns, rows: covered });
    }
    const isEmpty = cells.every(({ text }) => text === "");
    if (visibility !== "visible" && !context.isHiddenRead) {
      if (!isEmpty) context.warnHidden();
      return;
    }
    const copies = isEmpty ? 1 : positive(repeated);
    for (let copy = 0; copy < copies && (copy === 0 || copiesLeft-- > 0); copy++) {
      rows.push(cells);
      if (isHeader) headerRows += 1;
    }
  };
  const visit = (element: XmlElement, isHeader: boolean): void => {
    for (const child of elementsOf(element))
      if (child.name === "table:table-row") addRow(child, isHeader);
      else if (/^table:table-(header-rows|rows|row-group)$/.test(child.name))
        visit(child, isHeader || child.name === "table:table-header-rows");
  };
  visit(table, false);
  if (rows.every((row) => row.every(({ text }) => text === ""))) return undefined;
  // A table without marked header rows may still have one.
  return { kind: "table", rows, ...(headerRows > 0 ? { headerRows } : {}) };
};

/** The value of a cell without text, as in the data of a chart; a spreadsheet writes at most 15 digits. */
const cellValue = ({ attributes }: XmlElement): string => {
  const value =
    attributes["office:value"] ?? attributes["office:string-value"] ?? attributes["office:date-value"] ?? "";
  if (value === "NaN") return "";
  return /^-?\d+\.\d{12,}$/.test(value) ? String(Number(Number(value).toPrecision(15))) : value;
};

const positive = (value: string | undefined): number => Math.max(1, Math.trunc(Number(value)) || 1);
