import type { TextBuilder } from "../text-builder.ts";

/** Adds the page headers and footers of a workbook, each text once, after the cells: applications repeat them for every sheet. */
export class PageTexts {
  readonly #builder: TextBuilder;
  readonly #seen = new Set<string>();
  readonly #texts: { kind: "header" | "footer"; text: string }[] = [];

  constructor(builder: TextBuilder) {
    this.#builder = builder;
  }

  add(kind: "header" | "footer", text: string): void {
    const key = text.trim();
    if (key === "" || this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#texts.push({ kind, text: key });
  }

  finish(): void {
    for (const block of this.#texts) this.#builder.add(block);
  }
}

/** The words of a page header's or footer's code (ECMA-376 part 1, 18.3.1.46): fonts, page numbers and dates are no words. */
export const pageText = (code: string): string =>
  code
    .replace(/&&|&"[^"]*"|&K(?:[0-9A-F]{6}|\d\d[+-]\d{3})|&\d{1,3}|&[LCR]|&[A-Z]/gi, (all) =>
      all === "&&" ? "&" : /^&[LCR]$/i.test(all) ? "\n" : "",
    )
    .split("\n")
    .map((part) => part.replace(/\s+/g, " ").trim())
    .filter((part) => /[\p{L}\p{N}]/u.test(part) && !/^(page|seite|of|von|sur|de|\/|-|\s)+$/i.test(part))
    .join(" | ");
