/** Reads tables of RTF from the definitions of their rows. */

import type { Cell, TableBlock } from "../model.ts";

/** The definition of a cell: its right edge in twips and how it is merged (RTF 1.9.1, "Table definitions"). */
type CellDefinition = {
  edge: number;
  merge: "first" | "rest" | undefined;
  vertical: "first" | "rest" | undefined;
};

export type RowDefinition = { definitions: CellDefinition[]; isHeader: boolean };

export type Row = RowDefinition & { cells: string[] };

/** Word's maximum is 63. */
const cellsMax = 1000;
const depthMax = 20;

/** The definitions of the rows that are being read, by depth: a row of an inner table is inside a row of the outer one. */
export class RowDefinitions {
  readonly #byDepth: RowDefinition[] = [];
  #merge: Omit<CellDefinition, "edge"> = { merge: undefined, vertical: undefined };

  at(depth: number): RowDefinition {
    return this.#byDepth[Math.min(depth, depthMax)] ?? { definitions: [], isHeader: false };
  }

  /** True for a control word that defines a row or a cell. */
  read(depth: number, word: string, value: number | undefined): boolean {
    const row = this.at(depth);
    switch (word) {
      case "trowd":
        this.#byDepth[Math.min(depth, depthMax)] = { definitions: [], isHeader: false };
        return true;
      case "trhdr":
        row.isHeader = true;
        return true;
      case "clmgf":
      case "clmrg":
        this.#merge.merge = word === "clmgf" ? "first" : "rest";
        return true;
      case "clvmgf":
      case "clvmrg":
        this.#merge.vertical = word === "clvmgf" ? "first" : "rest";
        return true;
      case "cellx":
        if (row.definitions.length < cellsMax) row.definitions.push({ edge: value ?? 0, ...this.#merge });
        this.#merge = { merge: undefined, vertical: undefined };
        return true;
    }
    return false;
  }
}

/** Edges of different rows that are nearer, in twips, are one: authors draw them by hand. */
const edgeTolerance = 60;

/** A table from its rows. A cell's columns follow from its edges, since rows need not have the same cells. */
export const tableOf = (all: readonly Row[]): TableBlock => {
  const rows = all.map(withoutSurplus);
  const isDefined = rows.every(({ cells, definitions }) => definitions.length >= cells.length);
  const columnOf = isDefined ? columnsByEdge(rows) : undefined;
  const placed = rows.map((row) => placedCells(row, columnOf));
  // For each column, from below, how many cells under it continue it.
  const below = new Map<number, number>();
  const result: Cell[][] = [];
  for (const row of placed.toReversed()) {
    const continued = new Map(below);
    below.clear();
    const cells: Cell[] = [];
    for (const { column, columns, text, vertical } of row) {
      if (vertical === "rest") below.set(column, (continued.get(column) ?? 0) + 1);
      else cells.push({ text, columns, rows: vertical === "first" ? (continued.get(column) ?? 0) + 1 : 1 });
    }
    result.push(cells);
  }
  let headerRows = 0;
  while (rows[headerRows]?.isHeader) headerRows += 1;
  return { kind: "table", rows: result.reverse(), ...(headerRows > 0 ? { headerRows } : {}) };
};

/** The row without empty cells that its definition does not have, which some writers add. */
const withoutSurplus = (row: Row): Row => {
  const used = row.cells.findLastIndex((text) => text.trim() !== "") + 1;
  return { ...row, cells: row.cells.slice(0, Math.max(used, row.definitions.length)) };
};

type Placed = { column: number; columns: number; text: string; vertical: "first" | "rest" | undefined };

/** The cells of a row without those that a cell on their left covers. */
const placedCells = ({ cells, definitions }: Row, columnOf: ((edge: number) => number) | undefined): Placed[] => {
  const row: Placed[] = [];
  let column = 0;
  for (const [at, text] of cells.entries()) {
    const definition = definitions[at];
    const columns = definition && columnOf ? Math.max(1, columnOf(definition.edge) - column) : 1;
    const last = row.at(-1);
    if (definition?.merge === "rest" && last) last.columns += columns;
    else row.push({ column, columns, text, vertical: definition?.vertical });
    column += columns;
  }
  return row;
};

/** The number of columns left of an edge, counting the edges of all rows. */
const columnsByEdge = (rows: readonly Row[]): ((edge: number) => number) => {
  const edges = [
    ...new Set(rows.flatMap(({ cells, definitions }) => definitions.slice(0, cells.length).map(({ edge }) => edge))),
  ];
  edges.sort((one, other) => one - other);
  const columns = new Map<number, number>();
  let column = 0;
  let group = Number.NEGATIVE_INFINITY;
  for (const edge of edges) {
    if (edge - group > edgeTolerance) {
      column += 1;
      group = edge;
    }
    columns.set(edge, column);
  }
  return (edge) => columns.get(edge) ?? 0;
};
