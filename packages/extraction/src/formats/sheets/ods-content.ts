/** Reads the sheets of OpenDocument in one pass. */

import { ExtractionFailure } from "../../extraction.ts";
import type { TextBuilder } from "../text-builder.ts";
import { readEvents } from "./events.ts";
import { filterOf, isHidden, repeats } from "./ods-repeats.ts";
import { shownValue } from "./ods-value.ts";
import { columnName, columnsMax, emptySheet, rowsMax, type Sheet, type SheetCell } from "./sheet.ts";

export type OdsSheet = {
  sheet: Sheet;
  isHidden: boolean;
  comments: number;
  /** Pictures without a description. */
  pictures: number;
  /** Texts of shapes, and descriptions of pictures. */
  texts: string[];
  /** Part names of embedded objects, such as charts. */
  objects: string[];
};

/** Elements whose text is not shown: comments, deleted contents, help for input, readings of words. */
const unread: ReadonlySet<string> = new Set([
  "annotation",
  "tracked-changes",
  "content-validations",
  "dde-links",
  "forms",
  "ruby-text",
  "scripts",
]);

/** Rows and cells with text that repeats may make; a file with more is too large to be read. */
const cellsMax = 5_000_000;

type Attributes = Record<string, string>;

/** Reads content.xml from its beginning to its end: styles come before the sheets. */
export class OdsContent {
  readonly #isHiddenRead: boolean;
  readonly #builder: TextBuilder;
  readonly #sheets: OdsSheet[] = [];
  readonly #hiddenStyles = new Set<string>();
  readonly #strongStyles = new Set<string>();
  #style = "";
  #unreadDepth = 0;
  #current: OdsSheet | undefined;
  #row = 0;
  #rowRepeat = 1;
  #isRowHidden = false;
  #column = 0;
  #columnAt = 0;
  #cells: SheetCell[] = [];
  #cell: Attributes | undefined;
  #paragraphs = 0;
  #hasParagraph = false;
  #text = "";
  #shapeDepth = 0;
  #shape = { text: "", description: "", isPicture: false };
  #isDescription = false;
  #count = 0;

  constructor(isHiddenRead: boolean, builder: TextBuilder) {
    this.#isHiddenRead = isHiddenRead;
    this.#builder = builder;
  }

  read(content: Uint8Array): OdsSheet[] {
    readEvents(content, {
      open: (name, attributes) => {
        if (this.#unreadDepth > 0 || unread.has(name)) this.#unreadDepth += 1;
        if (name === "annotation" && this.#unreadDepth === 1 && this.#current) this.#current.comments += 1;
        if (this.#unreadDepth === 0) this.#open(name, attributes);
      },
      close: (name) => {
        if (this.#unreadDepth > 0) this.#unreadDepth -= 1;
        else this.#close(name);
      },
      text: (text) => {
        if (this.#unreadDepth === 0) this.#add(text);
      },
    });
    return this.#sheets;
  }

  #add(text: string): void {
    if (this.#isDescription) this.#shape.description += text;
    else if (this.#paragraphs === 0) return;
    else if (this.#shapeDepth > 0) this.#shape.text += text;
    else this.#text += text;
  }

  #open(name: string, attributes: Attributes): void {
    switch (name) {
      case "style":
        this.#style = attributes["style:name"] ?? "";
        return;
      case "table-properties":
        if (attributes["table:display"] === "false") this.#hiddenStyles.add(this.#style);
        return;
      case "table-cell-properties":
        if (!["transparent", undefined].includes(attributes["fo:background-color"]))
          this.#strongStyles.add(this.#style);
        return;
      case "text-properties":
        if (attributes["fo:font-weight"] === "bold") this.#strongStyles.add(this.#style);
        return;
      case "table":
        if (!this.#current) this.#openSheet(attributes);
        return;
      case "table-column":
        this.#addColumns(attributes);
        return;
      case "table-row":
        this.#openRow(attributes);
        return;
      case "table-cell":
      case "covered-table-cell":
        this.#cell = attributes;
        this.#text = "";
        this.#hasParagraph = false;
        return;
      case "database-range":
        this.#addFilter(attributes);
        return;
      case "p":
      case "h":
        if (this.#paragraphs === 0 && this.#text !== "") this.#text += "\n";
        if (this.#shapeDepth > 0 && this.#shape.text !== "") this.#shape.text += "\n";
        this.#paragraphs += 1;
        if (this.#shapeDepth === 0) this.#hasParagraph = true;
        return;
      case "s":
      case "tab":
      case "line-break":
        this.#add(" ");
        return;
      case "image":
        if (this.#shapeDepth > 0) this.#shape.isPicture = true;
        return;
      case "object":
      case "object-ole":
        this.#addObject(attributes["xlink:href"] ?? "");
        return;
      case "title":
      case "desc":
        this.#isDescription = this.#shapeDepth > 0;
        return;
      default:
        if (shapes.has(name) && this.#current) {
          this.#shapeDepth += 1;
          if (this.#shapeDepth === 1) this.#shape = { text: "", description: "", isPicture: false };
        }
    }
  }

  #close(name: string): void {
    switch (name) {
      case "table":
        this.#current = undefined;
        return;
      case "table-header-rows":
        this.#current?.sheet.headerEnds.push({ at: this.#row, columns: [0, columnsMax - 1] });
        return;
      case "table-row":
        this.#closeRow();
        return;
      case "table-cell":
      case "covered-table-cell":
        this.#closeCell(name);
        return;
      case "p":
      case "h":
        this.#paragraphs = Math.max(0, this.#paragraphs - 1);
        return;
      case "title":
      case "desc":
        this.#isDescription = false;
        return;
      default:
        if (shapes.has(name) && this.#shapeDepth > 0) {
          this.#shapeDepth -= 1;
          if (this.#shapeDepth === 0) this.#closeShape();
        }
    }
  }

  #openSheet(attributes: Attributes): void {
    const sheet = emptySheet(attributes["table:name"] ?? "");
    const isHidden = this.#hiddenStyles.has(attributes["table:style-name"] ?? "");
    this.#current = { sheet, isHidden, comments: 0, pictures: 0, texts: [], objects: [] };
    this.#sheets.push(this.#current);
    this.#row = 0;
    this.#columnAt = 0;
  }

  #addColumns(attributes: Attributes): void {
    const count = repeats(attributes["table:number-columns-repeated"], columnsMax - this.#columnAt);
    if (isHidden(attributes)) this.#current?.sheet.hiddenColumns.push([this.#columnAt, this.#columnAt + count - 1]);
    this.#columnAt += count;
  }

  #openRow(attributes: Attributes): void {
    this.#rowRepeat = repeats(attributes["table:number-rows-repeated"], rowsMax - this.#row);
    this.#isRowHidden = isHidden(attributes);
    this.#column = 0;
    this.#cells = [];
  }

  #closeRow(): void {
    const sheet = this.#current?.sheet;
    const cells = this.#cells;
    if (sheet && cells.length > 0) {
      this.#count += cells.length * this.#rowRepeat;
      if (this.#count > cellsMax) throw new ExtractionFailure("too-large");
      for (let at = this.#row; at < this.#row + this.#rowRepeat; at++) sheet.rows.push({ at, cells });
    }
    if (sheet && this.#isRowHidden)
      for (let at = this.#row; at < this.#row + this.#rowRepeat; at++) sheet.hiddenRows.add(at);
    this.#row += this.#rowRepeat;
  }

  #closeCell(name: string): void {
    const attributes = this.#cell ?? {};
    this.#cell = undefined;
    const count = repeats(attributes["table:number-columns-repeated"], columnsMax - this.#column);
    const [width, height] = [
      repeats(attributes["table:number-columns-spanned"]),
      repeats(attributes["table:number-rows-spanned"]),
    ];
    const [row, left] = [this.#row, this.#column];
    if (name === "table-cell" && width * height > 1)
      this.#current?.sheet.merges.push({ top: row, left, bottom: row + height - 1, right: left + width - 1 });
    const { text, isNumber, isHidden, isUncached } = shownValue(attributes, this.#text, this.#hasParagraph);
    this.#text = "";
    this.#column += count;
    if (text.trim() === "" || this.#current === undefined) return;
    if (this.#current.isHidden && !this.#isHiddenRead) return;
    const place = `${this.#current.sheet.name}!${columnName(left)}${row + 1}`;
    if (isUncached) this.#builder.warn("formula-uncached", place, count * this.#rowRepeat);
    if (isHidden && !this.#isHiddenRead) {
      this.#builder.warn("hidden-cells-left-out", place, count * this.#rowRepeat);
      return;
    }
    const style = attributes["table:style-name"] ?? "";
    const format = attributes["office:value-type"] ?? "";
    const cell = { text, isNumber, isStrong: this.#strongStyles.has(style), format };
    this.#count += count;
    if (this.#count > cellsMax) throw new ExtractionFailure("too-large");
    for (let column = left; column < left + count; column++) this.#cells.push({ ...cell, column });
  }

  #addFilter(attributes: Attributes): void {
    const filter = filterOf(attributes);
    const sheet = this.#sheets.find((one) => one.sheet.name === filter?.sheetName)?.sheet;
    if (filter) sheet?.headerEnds.push(filter.end);
  }

  #addObject(href: string): void {
    if (href !== "" && !/^\w+:/.test(href)) this.#current?.objects.push(href.replace(/^\.\/|\/$/g, ""));
    // The picture beside an object shows it for applications that cannot.
    this.#shape.isPicture = false;
    this.#shape.description += " ";
  }

  #closeShape(): void {
    const { text, description, isPicture } = this.#shape;
    const words = [text, description].map((part) => part.trim()).filter(Boolean);
    this.#current?.texts.push(...words);
    if (isPicture && words.length === 0 && description === "" && this.#current) this.#current.pictures += 1;
  }
}

const shapes: ReadonlySet<string> = new Set([
  "frame",
  "custom-shape",
  "rect",
  "ellipse",
  "circle",
  "line",
  "polyline",
  "polygon",
  "path",
  "connector",
  "caption",
  "measure",
  "g",
]);
