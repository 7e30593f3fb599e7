/**
 * The texts of headers and footers that were read. Files repeat them for every page, section, sheet or slide; each is read
 * once per document.
 */
export class PageTexts {
  readonly #known = new Set<string>();

  /** True for a text that was not read yet. Signs without a letter or digit are what a left-out page number stood between. */
  isNew(text: string): boolean {
    const key = text.replace(/\s+/g, " ").trim();
    if (this.#known.has(key) || !/[\p{L}\p{N}]/u.test(key)) return false;
    this.#known.add(key);
    return true;
  }
}
