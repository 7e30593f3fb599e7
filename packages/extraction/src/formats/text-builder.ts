import { type Block, type Extraction, ExtractionFailure, type Format, type PageSource } from "../extraction.ts";
import { type WarningCode, Warnings } from "../warnings.ts";
import { contentTypes } from "./content-types.ts";
import type { DocumentBlock, TableBlock } from "./model.ts";
import { tableLines } from "./table.ts";

/** Few enough rows per block that a chunk contains whole rows. */
const rowsPerBlock = 20;

/**
 * The one serializer: turns the blocks of a document into its canonical text, in Unicode's composed form (NFC), without
 * control characters, with one blank line between blocks.
 */
export class TextBuilder {
  readonly #charsMax: number;
  readonly #parts: string[] = [];
  readonly #blocks: Block[] = [];
  readonly #warnings = new Warnings();
  readonly #sources: PageSource[] = [];
  #length = 0;

  constructor(charsMax: number) {
    this.#charsMax = charsMax;
  }

  /** Adds a block, unless it has no text. @throws ExtractionFailure `too-large` */
  add(block: DocumentBlock): void {
    if (block.kind === "table") this.#addTable(block);
    else {
      const { text, sheet, ...rest } = block;
      this.#warnOfTags(text);
      const cells = sheet && { sheet: sheet.name, columns: sheet.columns, rows: [...sheet.rows] };
      this.#append(clean(text), { ...rest, ...(cells ? { cells } : {}) });
    }
  }

  /** Notes that something was not read or was left out: what, where, and how often. */
  warn(code: WarningCode, place?: string, count = 1): void {
    this.#warnings.add(code, place, count);
  }

  /** Notes where the text of the next page is. */
  addSource(source: PageSource): void {
    this.#sources.push(source);
    if (source.warning) this.warn(source.warning, `page ${this.#sources.length}`);
  }

  /** The same builder for a file inside the file, without page numbers, which would refer to the wrong file. */
  withoutPages(): TextBuilder {
    const inner: TextBuilder = Object.create(this);
    inner.add = ({ page: _page, ...block }) => this.add(block);
    inner.warn = (code, place, count) => this.warn(code, place, count);
    inner.addSource = ({ warning }) => warning && this.warn(warning);
    return inner;
  }

  finish(): Pick<Extraction, "text" | "blocks" | "warnings" | "sources"> {
    const sources = this.#sources.length > 0 ? { sources: this.#sources } : {};
    return { text: this.#parts.join(""), blocks: this.#blocks, warnings: this.#warnings.list(), ...sources };
  }

  /** Adds the rows of a table with their column names, and its caption before them. */
  #addTable({ page, caption = "", sheet, ...table }: TableBlock): void {
    const position = page === undefined ? {} : { page };
    const title = clean(caption);
    this.#append(title, { kind: "caption", ...position });
    const about = title.replaceAll("\n", " ");
    const context = [sheet?.name ?? "", about].filter(Boolean).join(": ").slice(0, contextCharsMax).toWellFormed();
    for (const row of table.rows) for (const cell of row) this.#warnOfTags(cell.text);
    const lines = tableLines(table).flatMap(({ row, text }) => {
      const line = clean(text).replaceAll("\n", " ");
      return line === "" ? [] : [{ row, line }];
    });
    for (let start = 0; start < lines.length; start += rowsPerBlock) {
      const part = lines.slice(start, start + rowsPerBlock);
      this.#append(part.map(({ line }) => line).join("\n"), {
        kind: "table",
        ...position,
        ...(context === "" ? {} : { context }),
        ...(sheet
          ? { cells: { sheet: sheet.name, columns: sheet.columns, rows: part.map(({ row }) => sheet.rows[row] ?? 0) } }
          : {}),
      });
    }
  }

  /** Tag characters are invisible: they can carry instructions to a language model. */
  #warnOfTags(text: string): void {
    const tags = text.match(tagCharacters)?.length ?? 0;
    if (tags > 0) this.warn("hidden-text-left-out", undefined, tags);
  }

  #append(text: string, block: Omit<Block, "start" | "end">): void {
    if (text === "") return;
    if (this.#length > 0) {
      this.#parts.push("\n\n");
      this.#length += 2;
    }
    if (this.#length + text.length > this.#charsMax) throw new ExtractionFailure("too-large");
    this.#blocks.push({ ...block, start: this.#length, end: this.#length + text.length });
    this.#parts.push(text);
    this.#length += text.length;
  }
}

const contextCharsMax = 400;

/** The extraction of a file. @throws ExtractionFailure when it has no text */
export const finished = (format: Format, builder: TextBuilder, pages: number | null): Extraction => {
  const { text, ...rest } = builder.finish();
  if (text.trim() === "") throw new ExtractionFailure("no-text", { contentType: contentTypes[format] });
  return { format, contentType: contentTypes[format], text, pages, ...rest };
};

/** Copies of ASCII that no font shows (Unicode, 23.9). */
const tagCharacters = /[\u{e0000}-\u{e007f}]/gu;

/**
 * Text that PostgreSQL and JSON accept: no control characters except line ends and tabs, no lone surrogates, no soft
 * hyphens, tags, marks of direction or other invisible characters; composed, so that a word typed on another system is the same word.
 */
const clean = (text: string): string =>
  text
    .toWellFormed()
    .normalize("NFC")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are removed here.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff\u00ad\u2060\ufffe]/g, "")
    .replace(tagCharacters, "")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    // In scripts without blanks between words it separates them; elsewhere it only allows a line break.
    .replace(/(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b/g, "")
    // Without the look-behind a run of blanks is searched from each of its blanks.
    .replace(/(?<![ \t])[ \t]+\n/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
