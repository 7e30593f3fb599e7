/** Reads the cells of a worksheet's part. */

import { ExtractionFailure } from "../../extraction.ts";
import { formattedText, isHiding, numberText } from "../numbers/cell-number.ts";
import type { TextBuilder } from "../text-builder.ts";
import { isTrue } from "../xml/tree.ts";
import { readEvents } from "./events.ts";
import {
  areaAt,
  cellAt,
  columnAt,
  columnName,
  columnsMax,
  emptySheet,
  rowsMax,
  type Sheet,
  type SheetRow,
} from "./sheet.ts";
import { StringText, unescaped } from "./strings.ts";
import { type CellStyle, plainStyle } from "./styles.ts";

export type Workbook = {
  strings: readonly string[];
  styles: readonly CellStyle[];
  is1904: boolean;
  isHiddenRead: boolean;
  charsMax: number;
};

/** What a sheet's part says beside its cells. */
export type SheetPart = { sheet: Sheet; headersAndFooters: { kind: "header" | "footer"; code: string }[] };

/** Reads a worksheet's part (ECMA-376 part 1, 18.3.1.99). @throws Error when it is not well-formed */
export const readWorksheet = (bytes: Uint8Array, name: string, workbook: Workbook, builder: TextBuilder): SheetPart => {
  const sheet = emptySheet(name);
  const part: SheetPart = { sheet, headersAndFooters: [] };
  const cells = new CellReader(sheet, workbook, builder);
  const text = new StringText();
  let own = "";
  let rowAt = -1;
  let visibleUntil = -1;
  let areRowsHidden = false;
  let row: SheetRow = { at: 0, cells: [] };
  /** Rows without an element have the height of the sheet's default. */
  const hideUntil = (at: number) => {
    if (areRowsHidden) for (let hidden = visibleUntil + 1; hidden < at; hidden++) sheet.hiddenRows.add(hidden);
    visibleUntil = Math.max(visibleUntil, at);
  };
  readEvents(bytes, {
    open: (element, attributes) => {
      own = "";
      switch (element) {
        case "sheetFormatPr":
          areRowsHidden = isTrue(attributes["zeroHeight"]);
          return;
        case "col": {
          const [first, last] = [Number(attributes["min"]) - 1, Math.min(Number(attributes["max"]), columnsMax) - 1];
          const isHidden = isTrue(attributes["hidden"]) || isZero(attributes["width"]);
          if (isHidden && first >= 0 && first <= last) sheet.hiddenColumns.push([first, last]);
          return;
        }
        case "row":
          rowAt = attributes["r"] === undefined ? rowAt + 1 : Number(attributes["r"]) - 1;
          if (!(rowAt >= 0 && rowAt < rowsMax)) throw new Error("a row is outside of the sheet");
          hideUntil(rowAt);
          row = { at: rowAt, cells: [] };
          if (isTrue(attributes["hidden"]) || isZero(attributes["ht"])) sheet.hiddenRows.add(rowAt);
          return;
        case "c":
          cells.begin(attributes, row);
          return;
        case "is":
          text.begin();
          return;
        case "f":
          cells.beginFormula(attributes);
          return;
        case "mergeCell": {
          const area = areaAt(attributes["ref"]);
          if (area) sheet.merges.push(area);
          return;
        }
        case "autoFilter": {
          const area = areaAt(attributes["ref"]);
          if (area) sheet.headerEnds.push({ at: area.top + 1, columns: [area.left, area.right] });
          return;
        }
        case "pane": {
          const rows = Math.floor(Number(attributes["ySplit"]));
          const isFrozen = (attributes["state"] ?? "").startsWith("frozen");
          // The split counts from the first row that is scrolled into view, which is the first one in nearly all files.
          if (isFrozen && rows > 0) sheet.headerEnds.push({ at: rows, columns: [0, columnsMax - 1] });
          return;
        }
        default:
          text.open(element);
      }
    },
    close: (element) => {
      switch (element) {
        case "v":
          cells.value = own;
          break;
        case "f":
          cells.formula = own;
          break;
        case "is":
          cells.inline = text.end();
          break;
        case "c":
          cells.end();
          break;
        case "row":
          if (row.cells.length > 0) sheet.rows.push(row);
          row = { at: 0, cells: [] };
          break;
        default: {
          text.close(element);
          const kind = /^(?:odd|even|first)(Header|Footer)$/.exec(element)?.[1];
          if (kind) part.headersAndFooters.push({ kind: kind === "Header" ? "header" : "footer", code: own });
        }
      }
    },
    text: (more) => {
      own += more;
      text.add(more);
    },
  });
  sheet.rows.sort((a, b) => a.at - b.at);
  return part;
};

/** Turns the elements of a cell into the cell of a row. */
class CellReader {
  readonly #sheet: Sheet;
  readonly #workbook: Workbook;
  readonly #builder: TextBuilder;
  #row: SheetRow = { at: 0, cells: [] };
  #column = 0;
  #type = "n";
  #style: CellStyle = plainStyle;
  #isPicture = false;
  #chars = 0;
  #sharedIndex: string | undefined;
  #shared = new Map<string, { formula: string; row: number; column: number }>();
  value: string | undefined;
  inline: string | undefined;
  formula: string | undefined;

  constructor(sheet: Sheet, workbook: Workbook, builder: TextBuilder) {
    this.#sheet = sheet;
    this.#workbook = workbook;
    this.#builder = builder;
  }

  begin(attributes: Record<string, string>, row: SheetRow): void {
    const at = cellAt(attributes["r"] ?? "");
    // Cells without a reference follow each other.
    this.#column = at?.column ?? (this.#row === row ? this.#column + 1 : 0);
    this.#row = row;
    this.#type = attributes["t"] ?? "n";
    this.#style = this.#workbook.styles[Number(attributes["s"] ?? 0)] ?? plainStyle;
    this.#isPicture = attributes["vm"] !== undefined;
    this.value = undefined;
    this.inline = undefined;
    this.formula = undefined;
    this.#sharedIndex = undefined;
  }

  beginFormula(attributes: Record<string, string>): void {
    this.#sharedIndex = attributes["t"] === "shared" ? attributes["si"] : undefined;
  }

  end(): void {
    if (this.#sharedIndex !== undefined && this.formula)
      this.#shared.set(this.#sharedIndex, { formula: this.formula, row: this.#row.at, column: this.#column });
    if (this.#column >= columnsMax) return;
    const { text, isNumber } = this.#shown();
    if (text.trim() === "") return;
    this.#chars += text.length;
    if (this.#chars > this.#workbook.charsMax) throw new ExtractionFailure("too-large");
    this.#row.cells.push({
      column: this.#column,
      text,
      isNumber,
      isStrong: this.#style.isStrong,
      format: this.#style.format,
    });
  }

  get #place(): string {
    return `${this.#sheet.name}!${columnName(this.#column)}${this.#row.at + 1}`;
  }

  #shown(): { text: string; isNumber: boolean } {
    const { value, inline, formula } = this;
    if (this.#type === "inlineStr" || inline !== undefined) return this.#textShown(inline ?? value ?? "");
    if (value === undefined || (value === "" && this.#type !== "str")) {
      if (formula === undefined) return { text: "", isNumber: false };
      this.#builder.warn("formula-uncached", this.#place);
      // A shared formula is written once, for the first of its cells.
      const first = this.#shared.get(this.#sharedIndex ?? "");
      const written =
        formula === "" && first
          ? shifted(first.formula, this.#row.at - first.row, this.#column - first.column)
          : formula;
      return { text: `=${unescaped(written).trim()}`, isNumber: true };
    }
    switch (this.#type) {
      case "s":
        return this.#textShown(this.#workbook.strings[Number(value)] ?? "");
      case "str":
        return this.#textShown(unescaped(value));
      case "b":
        return { text: value.trim() === "1" || value.trim() === "true" ? "TRUE" : "FALSE", isNumber: true };
      case "e":
        // A picture in a cell is stored as an error that has another value for newer applications.
        if (this.#isPicture && value === "#VALUE!") {
          this.#builder.warn("images-unread", this.#place);
          return { text: "", isNumber: false };
        }
        return { text: value, isNumber: true };
      case "d":
        return { text: isoText(value), isNumber: true };
      default:
        return this.#numberShown(value.trim());
    }
  }

  #textShown(text: string): { text: string; isNumber: boolean } {
    const shown = formattedText(text, this.#style.format);
    if (shown.trim() === "" && text.trim() !== "") return { text: this.#hidden(text), isNumber: false };
    return { text: shown, isNumber: false };
  }

  #numberShown(value: string): { text: string; isNumber: boolean } {
    const number = Number(value);
    if (value === "" || Number.isNaN(number)) return { text: value, isNumber: false };
    const { format } = this.#style;
    if (isHiding(format)) return { text: this.#hidden(numberText(number, "General", false)), isNumber: true };
    return { text: numberText(number, format, this.#workbook.is1904), isNumber: true };
  }

  /** A value whose format shows nothing. */
  #hidden(text: string): string {
    if (this.#workbook.isHiddenRead) return text;
    this.#builder.warn("hidden-cells-left-out", this.#place);
    return "";
  }
}

/** A formula as it stands in a cell further down or to the right: references without "$" move with it. */
const shifted = (formula: string, rows: number, columns: number): string =>
  formula.replace(
    /"[^"]*"|'[^']*'|(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![\w(.])/g,
    (all, fixedColumn?: string, column?: string, fixedRow?: string, row?: string) =>
      column === undefined
        ? all
        : `${fixedColumn}${fixedColumn ? column : columnName(columnAt(column) + columns)}${fixedRow}${fixedRow ? row : Number(row) + rows}`,
  );

const isZero = (value: string | undefined): boolean => value !== undefined && Number(value) === 0;

/** A moment in ISO 8601, without a time of midnight. */
export const isoText = (value: string): string =>
  value
    .trim()
    .replace(/T00:00(:00(\.0+)?)?Z?$/, "")
    .replace(/T(\d\d:\d\d)(?::00(?:\.0+)?)?Z?$/, " $1")
    .replace("T", " ");
