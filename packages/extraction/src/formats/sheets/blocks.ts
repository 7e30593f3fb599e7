import type { Cell, TableBlock, TextBlock } from "../model.ts";
import { guessedHeaderRows } from "../table.ts";
import type { TextBuilder } from "../text-builder.ts";
import { headerRowsOf, typedHeaderRows, withOverflow } from "./headers.ts";
import { columnsOf, regionsOf } from "./regions.ts";
import { columnName, type Sheet } from "./sheet.ts";
import { type TitledTable, withTitles } from "./titles.ts";
import { type VisibleRow, type VisibleSheet, visiblePart } from "./visible.ts";

/** Adds the blocks of a sheet: its name as a heading, then its titles, tables and notes. Returns true when it has text. */
export const addSheet = (sheet: Sheet, isHiddenRead: boolean, builder: TextBuilder): boolean => {
  const visible = visiblePart(sheet, isHiddenRead, builder);
  if (visible.rows.length === 0) return false;
  builder.add({ kind: "heading", text: sheet.name, level: 1 });
  for (const region of withTitles(regionsOf(visible)))
    if (region.kind === "line")
      builder.add({ kind: "paragraph", text: region.cell.text, sheet: placeOf([region.row], visible) });
    else builder.add(tableBlock(region, visible));
  return true;
};

/** Adds texts that lie over the cells of a sheet. The first one gets the sheet's name as its heading, if no cell has. */
export const textAdder = (builder: TextBuilder, sheet: string, hasHeading: boolean): ((block: TextBlock) => void) => {
  let isHeaded = hasHeading;
  return (block) => {
    if (block.text.trim() === "") return;
    if (!isHeaded) builder.add({ kind: "heading", text: sheet, level: 1 });
    isHeaded = true;
    builder.add(block);
  };
};

const tableBlock = ({ rows: own, headerRows, title }: TitledTable, sheet: VisibleSheet): TableBlock => {
  const rows = headerRows === undefined ? withOverflow(own) : own;
  const cells = cellRows(rows);
  const known = headerRows ?? headerRowsOf(rows, sheet.headerEnds);
  // Two columns may be a form; the kinds of values show that better than the words.
  const areKindsKnown = rows.slice(1).some(({ cells: [, value] }) => value?.isNumber);
  const guessed = areKindsKnown && cells.every((row) => row.length <= 2) ? 0 : guessedHeaderRows(cells);
  const count = known ?? (guessed || typedHeaderRows(rows));
  return { kind: "table", rows: cells, headerRows: count, caption: title, sheet: placeOf(rows, sheet) };
};

const placeOf = (rows: readonly VisibleRow[], sheet: VisibleSheet): NonNullable<TableBlock["sheet"]> => {
  const [first, last] = columnsOf(rows);
  return {
    name: sheet.name,
    columns: [columnName(sheet.columnAt(first)), columnName(sheet.columnAt(last))],
    rows: rows.map(({ at }) => sheet.rowAt(at) + 1),
  };
};

/**
 * The rows in the form of the model, in which a merged cell's extent counts the rows of the table. Columns without any cell
 * are left out, and a gap is one wide empty cell, so that a distant cell costs no memory.
 */
const cellRows = (rows: readonly VisibleRow[]): Cell[][] => {
  const { count, indexOf } = usedColumns(rows);
  /** By column, the position of the last row that a cell from above covers. */
  const covered = new Int32Array(count).fill(-1);
  let isAnyCovered = false;
  return rows.map(({ at, cells }, index) => {
    const row: Cell[] = [];
    let column = 0;
    const fillTo = (end: number) => {
      let width = isAnyCovered ? 0 : end - column;
      if (isAnyCovered) for (let under = column; under < end; under++) if (covered[under]! < at) width += 1;
      for (; width > 0; width -= gapMax)
        row.push(width === 1 ? { text: "" } : { text: "", columns: Math.min(width, gapMax) });
    };
    for (const cell of cells) {
      const start = indexOf(cell.column);
      fillTo(start);
      const width = indexOf(cell.column + cell.width) - start;
      const height = cell.height > 1 ? rowsWithin(rows, index, at + cell.height) : 1;
      const text = cell.text.replace(/\s+/g, " ").trim();
      row.push({ text, ...(width > 1 ? { columns: width } : {}), ...(height > 1 ? { rows: height } : {}) });
      if (height > 1) {
        covered.fill(at + cell.height - 1, start, start + width);
        isAnyCovered = true;
      }
      column = start + width;
    }
    return row;
  });
};

/** The largest extent that a cell of a table may have. */
const gapMax = 1000;

/** Numbers the columns in which rows have cells. */
const usedColumns = (rows: readonly VisibleRow[]): { count: number; indexOf(column: number): number } => {
  const [first, last] = columnsOf(rows);
  const isUsed = new Uint8Array(last - first + 1);
  for (const { cells } of rows)
    for (const { column, width } of cells) {
      if (width === 1) isUsed[column - first] = 1;
      else isUsed.fill(1, column - first, column - first + width);
    }
  const indexes = new Int32Array(isUsed.length + 1);
  for (let column = 0; column < isUsed.length; column++) indexes[column + 1] = indexes[column]! + isUsed[column]!;
  return { count: indexes[isUsed.length]!, indexOf: (column) => indexes[Math.min(column - first, isUsed.length)]! };
};

/** How many rows from an index on lie above a position. */
const rowsWithin = (rows: readonly VisibleRow[], index: number, end: number): number => {
  let count = 0;
  while (index + count < rows.length && rows[index + count]!.at < end) count += 1;
  return count;
};
