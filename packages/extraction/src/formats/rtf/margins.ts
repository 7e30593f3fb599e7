import type { TextBlock } from "../model.ts";
import type { TextBuilder } from "../text-builder.ts";

/** Headers and footers, which repeat in each section and are read once: a header where it is, the footers at the end. */
export class Margins {
  readonly #known = new Set<string>();
  readonly #footers: TextBlock[] = [];
  readonly #builder: TextBuilder;

  constructor(builder: TextBuilder) {
    this.#builder = builder;
  }

  add(kind: "header" | "footer", text: string): void {
    const key = `${kind} ${text.trim()}`;
    // A page number leaves the signs around it.
    if (this.#known.has(key) || !/[\p{L}\p{N}]/u.test(text)) return;
    this.#known.add(key);
    if (kind === "header") this.#builder.add({ kind, text });
    else this.#footers.push({ kind, text });
  }

  finish(): void {
    for (const footer of this.#footers) this.#builder.add(footer);
  }
}
