import { type Block, type Extraction, ExtractionFailure, type Format } from "../extraction.ts";
import { contentTypes } from "./format.ts";

/** Collects blocks into the canonical text: without control characters, with one blank line between blocks. */
export class TextBuilder {
  readonly #charsMax: number;
  readonly #parts: string[] = [];
  readonly #blocks: Block[] = [];
  #length = 0;

  constructor(charsMax: number) {
    this.#charsMax = charsMax;
  }

  add(kind: Block["kind"], raw: string, position: { level?: number; page?: number } = {}): void {
    const text = clean(raw);
    if (text === "") return;
    if (this.#length > 0) {
      this.#parts.push("\n\n");
      this.#length += 2;
    }
    if (this.#length + text.length > this.#charsMax) throw new ExtractionFailure("too-large");
    this.#blocks.push({ kind, ...position, start: this.#length, end: this.#length + text.length });
    this.#parts.push(text);
    this.#length += text.length;
  }

  /** The same builder for an attachment, without page numbers, which would refer to the wrong file. */
  withoutPages(): TextBuilder {
    const inner: TextBuilder = Object.create(this);
    inner.add = (kind, raw, { level } = {}) => this.add(kind, raw, level === undefined ? {} : { level });
    return inner;
  }

  finish(): { text: string; blocks: Block[] } {
    return { text: this.#parts.join(""), blocks: this.#blocks };
  }
}

/** The extraction of a file. @throws ExtractionFailure when it has no text */
export const finished = (format: Format, builder: TextBuilder, pages: number | null): Extraction => {
  const { text, blocks } = builder.finish();
  if (text.trim() === "") throw new ExtractionFailure("no-text", { contentType: contentTypes[format] });
  return { format, contentType: contentTypes[format], text, pages, blocks };
};

/**
 * Text that PostgreSQL and JSON accept: no control characters except line ends and tabs, no lone surrogates, no soft
 * hyphens.
 */
const clean = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are removed here.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff\u00ad\ufffe]/g, "")
    .replace(/[ \t]+\n/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
