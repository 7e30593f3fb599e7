/** Makes random Word files for tests, and notes what must be found in them. */

import fc from "fast-check";
import { cell, field, paragraph, row, run, table, type WordFile } from "./testing.ts";

/** Contents of a paragraph. `cuts` are where a word is cut into runs. */
type Inline =
  | { is: "word" | "hidden" | "deleted" | "instruction" | "equation"; cuts: number[] }
  | { is: "note" }
  | { is: "box"; blocks: Block[] }
  | { is: "around"; by: number; inner: Inline[] };
export type Block =
  | { is: "paragraph"; inner: Inline[] }
  | { is: "control"; blocks: Block[] }
  | { is: "deletedMark"; before: Inline[] }
  | { is: "table"; columns: number; rows: { hidden: boolean; merge: boolean; cells: Block[][] }[] };

export const { block } = fc.letrec<{ inline: Inline; block: Block }>((tie) => {
  const inlines = fc.array(tie("inline"), { maxLength: 4 });
  const blocks = fc.array(tie("block"), { maxLength: 2 });
  const tableRow = fc.record({
    hidden: fc.boolean(),
    merge: fc.boolean(),
    cells: fc.array(blocks, { minLength: 3, maxLength: 3 }),
  });
  return {
    inline: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({
        is: fc.constantFrom(
          "word" as const,
          "word" as const,
          "hidden" as const,
          "deleted" as const,
          "instruction" as const,
          "equation" as const,
        ),
        cuts: fc.array(fc.nat(6), { maxLength: 3 }),
      }),
      fc.record({ is: fc.constant("note" as const) }),
      fc.record({ is: fc.constant("box" as const), blocks }),
      fc.record({ is: fc.constant("around" as const), by: fc.nat(6), inner: inlines }),
    ),
    block: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({ is: fc.constant("paragraph" as const), inner: inlines }),
      fc.record({ is: fc.constant("deletedMark" as const), before: inlines }),
      fc.record({ is: fc.constant("control" as const), blocks }),
      fc.record({
        is: fc.constant("table" as const),
        columns: fc.integer({ min: 2, max: 3 }),
        rows: fc.array(tableRow, { minLength: 1, maxLength: 3 }),
      }),
    ),
  };
});

/** Writes the model as a file and notes which words must be found, in their order. */
class Writer {
  words: string[] = [];
  unseen: string[] = [];
  /** Pairs of a column's name and a word that must follow it in its row. */
  named: [string, string][] = [];
  footnotes = "";
  #count = 0;
  #noteCount = 1;
  /** Words of text boxes and notes follow their paragraph. */
  #after: string[][] = [];

  word(kind = "w"): string {
    this.#count += 1;
    return `${kind}${this.#count}q`;
  }

  blocks(list: readonly Block[]): string {
    return list.map((one) => this.block(one)).join("");
  }

  block(one: Block): string {
    switch (one.is) {
      case "paragraph":
        return this.#line(one.inner, "");
      case "deletedMark":
        // The text goes on in a paragraph of its own, so that the order of words is known.
        return this.#line(one.before, '<w:rPr><w:del w:id="1"/></w:rPr>') + this.#line([], "");
      case "control":
        return `<w:sdt><w:sdtPr/><w:sdtContent>${this.blocks(one.blocks)}</w:sdtContent></w:sdt>`;
      case "table":
        return this.#table(one);
    }
  }

  #line(inner: readonly Inline[], properties: string): string {
    this.#after.push([]);
    const content = inner.map((one) => this.#inline(one)).join("");
    this.words.push(...this.#after.pop()!);
    return paragraph(content, properties);
  }

  #inline(one: Inline): string {
    switch (one.is) {
      case "word":
        return this.#runs(this.#seen(), one.cuts, "");
      case "equation":
        return ` ${run(" ")}<m:oMath><m:r><m:t>${this.#seen()}</m:t></m:r></m:oMath>${run(" ")}`;
      case "hidden":
        return this.#runs(this.#hidden(), one.cuts, "<w:vanish/>");
      case "deleted":
        return `<w:del w:id="1"><w:r><w:delText>${this.#hidden()}</w:delText></w:r></w:del>`;
      case "instruction":
        return field(` REF ${this.#hidden()} `, this.#runs(this.#seen(), one.cuts, ""));
      case "note": {
        this.#noteCount += 1;
        const text = this.word();
        this.#after.at(-1)!.push(text);
        this.footnotes += `<w:footnote w:id="${this.#noteCount}">${paragraph(run(text))}</w:footnote>`;
        return `<w:r><w:footnoteReference w:id="${this.#noteCount}"/></w:r>`;
      }
      case "box": {
        const outer = this.words;
        this.words = [];
        const content = this.blocks(one.blocks);
        this.#after.at(-1)!.push(...this.words);
        this.words = outer;
        const box = `<w:drawing><wp:inline><wp:docPr id="1" name="x"/><wps:wsp><wps:txbx><w:txbxContent>${content}</w:txbxContent></wps:txbx></wps:wsp></wp:inline></w:drawing>`;
        return `<w:r><mc:AlternateContent><mc:Choice Requires="wps">${box}</mc:Choice><mc:Fallback><w:pict><v:shape/></w:pict></mc:Fallback></mc:AlternateContent></w:r>`;
      }
      case "around": {
        const inner = one.inner.map((each) => this.#inline(each)).join("");
        const name = ["ins", "moveTo", "hyperlink", "smartTag", "bdo", "dir", "fldSimple"][one.by]!;
        return `<w:${name} w:id="1" w:instr="SEQ x">${inner}</w:${name}>`;
      }
    }
  }

  #seen(): string {
    const text = this.word();
    this.words.push(text);
    return text;
  }

  #hidden(): string {
    const text = this.word("hidden");
    this.unseen.push(text);
    return text;
  }

  /** A word with spaces around it, in several runs. */
  #runs(text: string, cuts: readonly number[], properties: string): string {
    const places = [0, ...[...cuts].sort((a, b) => a - b).map((at) => Math.min(at, text.length)), text.length];
    const parts = places.slice(1).map((end, at) => run(text.slice(places[at], end), properties));
    return run(" ", properties) + parts.join("") + run(" ", properties);
  }

  #table({ columns, rows }: Extract<Block, { is: "table" }>): string {
    const names = Array.from({ length: columns }, () => this.word("name"));
    const head = row(names.map((name) => cell(paragraph(run(name)))).join(""), "<w:tblHeader/>");
    let body = "";
    for (const { hidden, merge, cells } of rows) {
      const [seen, after, named] = [this.words, this.#after, this.named];
      if (hidden) [this.words, this.#after, this.named] = [[], [], []];
      const label = this.word();
      this.words.push(label);
      if (!hidden) this.named.push([names[0]!, label]);
      const properties = merge ? '<w:vMerge w:val="restart"/>' : "";
      const others = cells.slice(1, columns).map((content, at) => {
        const text = this.word();
        this.words.push(text);
        if (!hidden) this.named.push([names[at + 1]!, text]);
        return cell(`${paragraph(run(text))}${this.blocks(content)}<w:p/>`);
      });
      body += row(cell(paragraph(run(label)), properties) + others.join(""), hidden ? "<w:hidden/>" : "");
      if (merge && !hidden) {
        const below = Array.from({ length: columns - 1 }, () => this.word());
        this.words.push(...below);
        this.named.push([label, below[0]!]);
        body += row(cell("<w:p/>", "<w:vMerge/>") + below.map((text) => cell(paragraph(run(text)))).join(""));
      }
      if (hidden) {
        this.unseen.push(...this.words);
        [this.words, this.#after, this.named] = [seen, after, named];
      }
    }
    return table(head + body);
  }
}

export const written = (blocks: readonly Block[]): { file: WordFile; writer: Writer } => {
  const writer = new Writer();
  const end = writer.word();
  const body = writer.blocks(blocks) + paragraph(run(end));
  writer.words.push(end);
  return { file: { body, footnotes: writer.footnotes }, writer };
};
