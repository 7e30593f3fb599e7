/** Tells tables of data from tables of layout, and collects the rows of the former. */

import type { Cell, TableBlock } from "../model.ts";
import { tableLines } from "../table.ts";
import type { Page } from "./shown.ts";
import { type HtmlElement, walk } from "./tree.ts";

/** A cell with more letters than this is a part of a page's layout, when nothing else says that the table has data. */
const cellSizeMax = 1500;

/** The tables of a page that arrange other content. Their cells are read like other parts of the page. */
export const layoutTables = (root: HtmlElement, page: Page): ReadonlySet<HtmlElement> => {
  const layout = new Set<HtmlElement>();
  const open: { table: HtmlElement; columnsMax: number; columns: number; isLayout: boolean; isData: boolean }[] = [];
  walk(root, {
    enter: (element) => {
      const { name, attributes } = element;
      const top = open.at(-1);
      if (name === "table") {
        if (top) top.isLayout = true;
        const isLayout = /^(presentation|none)$/.test(attributes["role"] ?? "");
        open.push({ table: element, columnsMax: 0, columns: 0, isLayout, isData: false });
      } else if (top && name === "tr") top.columns = 0;
      else if (top && (name === "td" || name === "th")) {
        top.columns += 1;
        top.columnsMax = Math.max(top.columnsMax, top.columns);
        if (name === "th") top.isData = true;
        if (page.sizeOf(element) > cellSizeMax) top.isLayout = true;
      } else if (top && (name === "caption" || name === "thead")) top.isData = true;
      else if (top && /^(h[1-6]|article|main)$/.test(name)) top.isLayout = true;
      return true;
    },
    text: () => undefined,
    leave: (element) => {
      if (element.name !== "table") return;
      const { isLayout, isData, columnsMax } = open.pop()!;
      const isMarked = /^(presentation|none)$/.test(element.attributes["role"] ?? "");
      if (isMarked || columnsMax < 2 || (isLayout && !isData)) layout.add(element);
    },
  });
  return layout;
};

/** Places that merged cells may cover below their own row: each costs time, and a page can declare millions with few bytes. */
const placesMax = 100_000;

type Section = { kind: "head" | "body" | "foot"; rows: { cells: Cell[]; isHeader: boolean; hasLabel: boolean }[] };

/** Collects the rows of one table. */
export class TableRows {
  readonly #sections: Section[] = [];
  caption = "";

  startSection(name: string): void {
    this.#sections.push({ kind: name === "thead" ? "head" : name === "tfoot" ? "foot" : "body", rows: [] });
  }

  startRow(): void {
    if (this.#sections.length === 0) this.startSection("tbody");
    this.#sections.at(-1)!.rows.push({ cells: [], isHeader: true, hasLabel: false });
  }

  addCell({ name, attributes }: HtmlElement, text: string): void {
    if ((this.#sections.at(-1)?.rows.length ?? 0) === 0) this.startRow();
    const row = this.#sections.at(-1)!.rows.at(-1)!;
    row.cells.push({ text, columns: extent(attributes["colspan"]), rows: extent(attributes["rowspan"], 0) });
    // An empty corner above row labels is often no `th`.
    if (name !== "th" && text !== "") row.isHeader = false;
    if (name === "th") row.hasLabel = true;
  }

  /** Undefined when no cell has text. */
  block(): TableBlock | undefined {
    const first = this.#sections.findIndex(({ kind }) => kind === "head");
    const head = first < 0 ? [] : [this.#sections[first]!];
    // Footers are drawn below, wherever they stand (CSS tables, 17.2).
    const rest = this.#sections.filter((section) => section !== head[0]);
    const sections = [
      ...head,
      ...rest.filter(({ kind }) => kind !== "foot"),
      ...rest.filter(({ kind }) => kind === "foot"),
    ];
    let placesLeft = placesMax;
    const rows = sections.flatMap((section) =>
      section.rows.map((row, at) => ({
        ...row,
        // A cell ends with its section (HTML standard, 4.9.12); 0 means until there.
        cells: row.cells.map((cell) => {
          const left = section.rows.length - at;
          const height = cell.rows === 0 ? left : Math.min(cell.rows ?? 1, left);
          if (height > 1) placesLeft -= height * (cell.columns ?? 1);
          return { ...cell, rows: placesLeft < 0 ? 1 : height };
        }),
      })),
    );
    let caption = this.caption;
    let headerRows = head[0]?.rows.length ?? 0;
    // Labels of rows say that there are no names of columns, unless the first row has none of them.
    const isMarked = headerRows > 0 || rows[0]?.hasLabel === true;
    if (headerRows === 0 && isMarked)
      while (headerRows < rows.length - 1 && isHeaderRow(rows[headerRows]!)) headerRows += 1;
    // A title above the names of the columns covers all of them.
    const width = Math.max(
      ...rows.slice(0, headerRows + 1).map(({ cells }) => cells.reduce((sum, { columns = 1 }) => sum + columns, 0)),
      0,
    );
    while (headerRows > 1 && rows[0]!.cells.length === 1 && width > 1 && (rows[0]!.cells[0]!.columns ?? 1) >= width) {
      caption = [caption, rows.shift()!.cells[0]!.text].filter(Boolean).join("\n");
      headerRows -= 1;
    }
    if (!rows.some(({ cells }) => cells.some(({ text }) => text !== "")) && caption === "") return undefined;
    return {
      kind: "table",
      rows: rows.map(({ cells }) => cells),
      ...(isMarked ? { headerRows } : {}),
      ...(caption === "" ? {} : { caption }),
    };
  }

  /** The rows as one text, for a table inside a cell. */
  line(): string {
    const block = this.block();
    if (!block) return "";
    return [block.caption ?? "", ...tableLines(block).map(({ text }) => text.replaceAll(" | ", ", "))]
      .filter(Boolean)
      .join("; ");
  }
}

const isHeaderRow = ({ cells, isHeader }: Section["rows"][number]): boolean =>
  isHeader && cells.some(({ text }) => text !== "");

/** The number of columns or rows that a cell covers (HTML standard, 4.9.11). */
const extent = (value: string | undefined, min = 1): number => {
  const number = Number.parseInt(value ?? "1", 10);
  return Number.isNaN(number) || number < min ? 1 : Math.min(number, 65_534);
};
