/** Collects the paragraphs and tables of RTF. */

import type { DocumentBlock } from "../model.ts";
import { blockText } from "../table.ts";
import { type Row, type RowDefinition, tableOf } from "./table.ts";

export type ParagraphFormat = {
  /** From 1; undefined for a paragraph that is no heading. */
  headingLevel: number | undefined;
  isList: boolean;
  /** Depth of tables: 0 outside, 1 in a table, 2 in a table inside a cell. */
  tableDepth: number;
};

type OpenTable = { rows: Row[]; cells: string[] };
/** Tables inside tables beyond this depth belong to the one above. */
const tableDepthMax = 20;

/** A sequence of paragraphs and tables: the body, a note, a header, or a text box. */
export class Flow {
  readonly #blocks: DocumentBlock[] = [];
  /** Blocks of notes and text boxes that follow the paragraph or table in which they are anchored. */
  readonly #after: DocumentBlock[] = [];
  /** Open tables, the outermost first. */
  readonly #tables: OpenTable[] = [];
  #text = "";
  #last = "";
  /** Readings of words, which follow the paragraph's text: in the middle they would break the words. */
  readonly #readings: string[] = [];
  /** Paragraphs of the open cell of each depth. */
  readonly #cells: string[] = [];
  label = "";

  get lastCharacter(): string {
    return this.#last;
  }

  add(text: string): void {
    this.#text += text;
    this.#last = text.slice(-1);
  }

  addReading(reading: string): void {
    this.#readings.push(reading);
  }

  addAfter(blocks: readonly DocumentBlock[]): void {
    for (const block of blocks) this.#after.push(block);
  }

  endParagraph({ headingLevel, isList, tableDepth }: ParagraphFormat): void {
    const text = this.#takeLabelled();
    const depth = Math.min(tableDepth, tableDepthMax);
    this.#endTables(depth);
    if (depth > 0) {
      this.#addToCell(depth, text);
      return;
    }
    if (text.trim() !== "")
      this.#blocks.push(
        headingLevel === undefined
          ? { kind: isList ? "list" : "paragraph", text }
          : { kind: "heading", level: headingLevel, text },
      );
    this.#flushAfter();
  }

  endCell(depth: number): void {
    const at = Math.min(Math.max(1, depth), tableDepthMax);
    this.#endTables(at);
    while (this.#tables.length < at) this.#tables.push({ rows: [], cells: [] });
    this.#addToCell(at, this.#takeLabelled());
    this.#tables[at - 1]!.cells.push(this.#cells[at - 1]!.trim());
    this.#cells[at - 1] = "";
  }

  #addToCell(depth: number, text: string): void {
    this.#cells[depth - 1] = `${this.#cells[depth - 1] ?? ""}${text}\n`;
  }

  endRow(depth: number, definition: RowDefinition): void {
    const at = Math.min(Math.max(1, depth), tableDepthMax);
    this.#endTables(at);
    const table = this.#tables[at - 1];
    if (!table || table.cells.length === 0) return;
    table.rows.push({ cells: table.cells, ...definition });
    table.cells = [];
  }

  finish(format: ParagraphFormat): DocumentBlock[] {
    if (format.tableDepth > 0 && (this.#text !== "" || this.#cells.some((text) => text.trim() !== "")))
      this.endCell(format.tableDepth);
    this.endParagraph({ ...format, tableDepth: 0 });
    return this.#blocks;
  }

  #takeLabelled(): string {
    this.#last = "";
    if (this.#readings.length > 0) this.#text += ` (${this.#readings.splice(0).join(", ")})`;
    const text = this.label !== "" && this.#text.trim() !== "" ? `${this.label} ${this.#text}` : this.#text;
    this.#text = "";
    this.label = "";
    return text;
  }

  /** Ends the tables below a depth. A table inside a cell becomes text of the cell. */
  #endTables(depth: number): void {
    while (this.#tables.length > depth) {
      // Paragraphs whose cell does not end, as where a depth is skipped.
      const rest = this.#cells[this.#tables.length - 1]?.trim() ?? "";
      this.#cells[this.#tables.length - 1] = "";
      const { rows, cells } = this.#tables.pop()!;
      if (rest !== "") cells.push(rest);
      if (cells.length > 0) rows.push({ cells, definitions: [], isHeader: false });
      if (rows.length === 0) continue;
      const table = tableOf(rows);
      const outer = this.#tables.length;
      if (outer > 0) this.#addToCell(outer, blockText(table));
      else {
        this.#blocks.push(table);
        this.#flushAfter();
      }
    }
  }

  #flushAfter(): void {
    for (const block of this.#after.splice(0)) this.#blocks.push(block);
  }
}

/** The blocks of a note or a header as one text. */
export const textOf = (blocks: readonly DocumentBlock[]): string => blocks.map((block) => blockText(block)).join("\n");

/** The number of a list item. A bullet says nothing; Word draws one as the letter o. */
export const shownLabel = (label: string): string => {
  const text = label.replace(/\s+/g, " ").trim();
  return /[\p{L}\p{N}]/u.test(text) && text !== "o" ? text : "";
};
