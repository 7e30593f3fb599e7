import type { TextBuilder } from "../text-builder.ts";
import {
  type Area,
  columnName,
  columnsMax,
  type DefinedTable,
  type HeaderEnd,
  type Sheet,
  type SheetCell,
  type SheetRow,
} from "./sheet.ts";

/**
 * The part of a sheet that is shown. Rows and columns are counted without the hidden ones, so that neighbours on the screen
 * are neighbours here.
 */
export type VisibleSheet = {
  name: string;
  rows: VisibleRow[];
  tables: DefinedTable[];
  headerEnds: HeaderEnd[];
  /** The row of the file, from 0. */
  rowAt(position: number): number;
  columnAt(position: number): number;
};
export type VisibleRow = { at: number; cells: VisibleCell[] };
export type VisibleCell = SheetCell & { width: number; height: number };

/** Merged areas of a hostile file may cover the same columns again and again; beyond this they are read as single cells. */
const mergedColumnsMax = 5_000_000;

/** Leaves out hidden rows, hidden columns and what merged cells cover, and says so. */
export const visiblePart = (sheet: Sheet, isHiddenRead: boolean, builder: TextBuilder): VisibleSheet => {
  const rowAxis = isHiddenRead ? axis([]) : axis([...sheet.hiddenRows].sort((a, b) => a - b));
  const columnAxis = isHiddenRead ? axis([]) : axis(columnsOf(sheet.hiddenColumns));
  const merged = new Merged(isHiddenRead ? withoutText(sheet) : withVisibleAnchors(sheet, rowAxis, columnAxis));
  const leftOut = new Set<number>();
  const rows: VisibleRow[] = [];
  for (const row of sheet.rows) {
    merged.startRow(row.at);
    if (rowAxis.isHidden(row.at)) {
      builder.warn("hidden-cells-left-out", `${sheet.name}!${row.at + 1}:${row.at + 1}`);
      continue;
    }
    const cells: VisibleCell[] = [];
    for (const cell of row.cells) {
      if (columnAxis.isHidden(cell.column)) {
        leftOut.add(cell.column);
        continue;
      }
      const area = merged.areaAt(row.at, cell.column);
      const isAnchor = area?.top === row.at && area.left === cell.column;
      if (area && !isAnchor) {
        builder.warn("hidden-cells-left-out", `${sheet.name}!${columnName(cell.column)}${row.at + 1}`);
        continue;
      }
      const column = columnAxis.position(cell.column);
      const width = area ? columnAxis.position(area.right + 1) - column : 1;
      const height = area ? rowAxis.position(area.bottom + 1) - rowAxis.position(row.at) : 1;
      cells.push({ ...cell, column, width, height });
    }
    cells.sort((a, b) => a.column - b.column);
    if (cells.length > 0) rows.push({ at: rowAxis.position(row.at), cells });
  }
  for (const column of [...leftOut].sort((a, b) => a - b))
    builder.warn("hidden-cells-left-out", `${sheet.name}!${columnName(column)}:${columnName(column)}`);
  const moved = ({ top, left, bottom, right }: Area): Area => ({
    top: rowAxis.position(top),
    left: columnAxis.position(left),
    bottom: rowAxis.position(bottom + 1) - 1,
    right: columnAxis.position(right + 1) - 1,
  });
  return {
    name: sheet.name,
    rows,
    tables: sheet.tables.map(({ area, headerRows }) => ({ area: moved(area), headerRows })),
    headerEnds: sheet.headerEnds.map(({ at, columns: [first, last] }) => ({
      at: rowAxis.position(at),
      columns: [columnAxis.position(first), columnAxis.position(last + 1) - 1],
    })),
    rowAt: rowAxis.original,
    columnAt: columnAxis.original,
  };
};

/** Counts along one side of a sheet without its hidden rows or columns, which are sorted. */
const axis = (hidden: readonly number[]) => {
  const isHiddenAt = new Set(hidden);
  /** How many hidden ones are before it. */
  const before = (at: number): number => {
    let [low, high] = [0, hidden.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (hidden[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    isHidden: (at: number) => isHiddenAt.has(at),
    position: (at: number) => at - before(at),
    original: (position: number) => {
      let [low, high] = [0, hidden.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (hidden[middle]! - middle <= position) low = middle + 1;
        else high = middle;
      }
      return position + low;
    },
  };
};
type Axis = ReturnType<typeof axis>;

const columnsOf = (intervals: Sheet["hiddenColumns"]): number[] => {
  const hidden = new Set<number>();
  for (const [first, last] of intervals.slice(0, columnsMax))
    for (let column = first; column <= last && hidden.size < columnsMax; column++) hidden.add(column);
  return [...hidden].sort((a, b) => a - b);
};

/** A merged cell whose first row or column is hidden shows its text in the part that is visible. */
const withVisibleAnchors = (sheet: Sheet, rowAxis: Axis, columnAxis: Axis): Area[] => {
  const isCut = ({ top, left }: Area) => rowAxis.isHidden(top) || columnAxis.isHidden(left);
  if (!sheet.merges.some(isCut)) return sheet.merges;
  const byNumber = new Map(sheet.rows.map((row) => [row.at, row]));
  const rowOf = (at: number): SheetRow => {
    const row = byNumber.get(at) ?? { at, cells: [] };
    if (!byNumber.has(at)) {
      byNumber.set(at, row);
      sheet.rows.push(row);
    }
    return row;
  };
  const areas = sheet.merges.map((area) => {
    if (!isCut(area)) return area;
    const top = rowAxis.original(rowAxis.position(area.top));
    const left = columnAxis.original(columnAxis.position(area.left));
    const row = byNumber.get(area.top);
    const at = row?.cells.findIndex(({ column }) => column === area.left) ?? -1;
    if (top > area.bottom || left > area.right || !row || at < 0) return area;
    const cell = row.cells[at];
    row.cells = row.cells.filter((other) => other !== cell);
    const target = rowOf(top);
    target.cells = [...target.cells.filter(({ column }) => column !== left), { ...cell!, column: left }];
    return { ...area, top, left };
  });
  sheet.rows.sort((a, b) => a.at - b.at);
  return areas;
};

/** The merged areas that cover no text: where covered text is read, its cells stand alone. */
const withoutText = ({ merges, rows }: Sheet): Area[] => {
  const merged = new Merged(merges);
  const withText = new Set<Area>();
  for (const { at, cells } of rows) {
    merged.startRow(at);
    for (const { column } of cells) {
      const area = merged.areaAt(at, column);
      if (area && !(area.top === at && area.left === column)) withText.add(area);
    }
  }
  return merges.filter((area) => !withText.has(area));
};

/** The merged areas of the row that is being read, by column. Rows come in their order. */
class Merged {
  readonly #areas: Area[];
  readonly #byColumn: (Area | undefined)[] = [];
  #next = 0;
  #left = mergedColumnsMax;

  constructor(areas: readonly Area[]) {
    this.#areas = areas.filter((area) => area.right < columnsMax).sort((a, b) => a.top - b.top);
  }
  startRow(at: number): void {
    for (; (this.#areas[this.#next]?.top ?? at + 1) <= at; this.#next += 1) {
      const area = this.#areas[this.#next]!;
      this.#left -= area.right - area.left + 1;
      if (this.#left < 0 || area.bottom < at) continue;
      for (let column = area.left; column <= area.right; column++) this.#byColumn[column] = area;
    }
  }
  areaAt(row: number, column: number): Area | undefined {
    const area = this.#byColumn[column];
    return area && area.bottom >= row ? area : undefined;
  }
}
