import type { TextBlock } from "./model.ts";

/**
 * The texts of the headers and footers of a document. Files repeat them for every page, section, sheet or slide; each is read
 * once.
 */
export class HeadersAndFooters {
  readonly #known = new Set<string>();
  /** Those that are read after the document's text. */
  readonly atEnd: TextBlock[] = [];

  /** True for a text that was not read yet. Without its page number a footer such as "- 7 -" has no letter or digit. */
  isNew(text: string): boolean {
    const key = text.replace(/\s+/g, " ").trim();
    if (this.#known.has(key) || !/[\p{L}\p{N}]/u.test(key)) return false;
    this.#known.add(key);
    return true;
  }

  addAtEnd(block: TextBlock): void {
    if (this.isNew(block.text)) this.atEnd.push(block);
  }
}
