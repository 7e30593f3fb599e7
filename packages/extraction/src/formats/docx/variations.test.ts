import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { defaultLimits } from "../../extraction.ts";
import { read } from "../index.ts";
import { cell, field, paragraph, readWord, row, run, table, type WordFile, wordFile } from "./fixture.ts";

/** Contents of a paragraph. `cuts` are where a word is cut into runs. */
type Inline =
  | { is: "word" | "hidden" | "deleted" | "instruction" | "equation"; cuts: number[] }
  | { is: "note" }
  | { is: "box"; blocks: Block[] }
  | { is: "around"; by: number; inner: Inline[] };
type Block =
  | { is: "paragraph"; inner: Inline[] }
  | { is: "control"; blocks: Block[] }
  | { is: "deletedMark"; before: Inline[] }
  | { is: "table"; columns: number; rows: { hidden: boolean; merge: boolean; cells: Block[][] }[] };

const { block } = fc.letrec<{ inline: Inline; block: Block }>((tie) => {
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

const written = (blocks: readonly Block[]): { file: WordFile; writer: Writer } => {
  const writer = new Writer();
  const end = writer.word();
  const body = writer.blocks(blocks) + paragraph(run(end));
  writer.words.push(end);
  return { file: { body, footnotes: writer.footnotes }, writer };
};

/** Notes stand after the table that refers to them, so their place among its words is not compared. */
const hasNotes = (file: WordFile) => file.footnotes !== "";

test("every visible word is in the text once and in order, and nothing hidden is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(block, { maxLength: 5 }), async (blocks) => {
      const { file, writer } = written(blocks);
      const { text } = await readWord(file);
      const found = text.match(/\bw\d+q\b/g) ?? [];
      const first = [...new Set(found)];
      if (hasNotes(file)) expect([...first].sort()).toEqual([...writer.words].sort());
      else expect(first).toEqual(writer.words);
      expect(text).not.toContain("hidden");
      for (const unseen of writer.unseen) expect(text).not.toMatch(new RegExp(`\\b${unseen}\\b`));
      // Only labels of merged cells are repeated.
      const labels = new Set(writer.named.map(([name]) => name));
      const once = found.filter((word) => !labels.has(word));
      expect(new Set(once).size).toBe(once.length);
      const lines = text.split("\n");
      for (const [name, word] of writer.named) {
        const line = lines.find((one) => new RegExp(`\\b${word}\\b`).test(one)) ?? "";
        expect(line.indexOf(name)).toBeGreaterThanOrEqual(0);
        expect(line.indexOf(name)).toBeLessThan(line.indexOf(word));
      }
    }),
    { numRuns: 150 },
  );
});

/** The outcome of reading within the time that a damaged file may cost. */
const settles = async (bytes: Uint8Array): Promise<void> => {
  const startedAt = performance.now();
  await read(bytes, { name: "a.docx" }, defaultLimits).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
  expect(performance.now() - startedAt).toBeLessThan(1000);
};

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.nat(2),
  value: fc.nat(255),
  length: fc.integer({ min: 1, max: 60 }),
});

const edited = (
  bytes: Uint8Array,
  edits: readonly { at: number; kind: number; value: number; length: number }[],
): Uint8Array => {
  let out = Buffer.from(bytes);
  for (const { at, kind, value, length } of edits) {
    const place = Math.floor(at * out.length);
    if (kind === 0 && place < out.length) out[place] = value;
    else if (kind === 1) out = Buffer.concat([out.subarray(0, place), out.subarray(place + length)]);
    else
      out = Buffer.concat([
        out.subarray(0, place),
        out.subarray(Math.max(0, place - length), place),
        out.subarray(place),
      ]);
  }
  return out;
};

test("a damaged file gives a text or an error within a second", async () => {
  const edits = fc.array(edit, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(block, { minLength: 1, maxLength: 4 }),
      edits,
      fc.boolean(),
      async (blocks, changes, isInside) => {
        const bytes = wordFile({ ...written(blocks).file, numbering: "", styles: "" });
        if (!isInside) return settles(edited(bytes, changes));
        // Damage inside the archive, which packing would otherwise hide from the reader.
        const parts = unzipSync(bytes);
        parts["word/document.xml"] = edited(parts["word/document.xml"]!, changes);
        return settles(zipSync(parts));
      },
    ),
    { numRuns: 200 },
  );
});

test("elements in the wrong places give a text or an error within a second", async () => {
  const tags =
    "w:p w:r w:tbl w:tr w:tc w:sdt w:sdtContent w:fldSimple w:del w:ins w:drawing w:pict w:txbxContent m:oMath m:f m:nary m:d mc:AlternateContent mc:Choice mc:Fallback w:ruby w:rubyBase w:object w:pPr w:sectPr".split(
      " ",
    );
  const tree = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom(
        "<w:t>x</w:t>",
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:fldChar w:fldCharType="end"/>',
        '<w:footnoteReference w:id="1"/>',
        "<w:vMerge/>",
      ),
      fc
        .tuple(fc.constantFrom(...tags), fc.array(tie("node"), { maxLength: 4 }))
        .map(([tag, inner]) => `<${tag}>${inner.join("")}</${tag}>`),
    ),
  })).node;
  await fc.assert(
    fc.asyncProperty(fc.array(tree, { maxLength: 6 }), (nodes) => settles(wordFile({ body: nodes.join("") }))),
    { numRuns: 150 },
  );
});

test("deep nesting and large extents are read in bounded time", async () => {
  const deep = (tag: string, depth: number, inner: string) =>
    `<${tag}>`.repeat(depth) + inner + `</${tag}>`.repeat(depth);
  const nestedTables = `${"<w:tbl><w:tr><w:tc>".repeat(320)}<w:p><w:r><w:t>core</w:t></w:r></w:p>${"</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>".repeat(320)}`;
  const bodies = [
    deep("w:smartTag", 900, run("x")),
    deep("w:sdt", 900, run("x")),
    nestedTables,
    paragraph(`<m:oMath>${deep("m:f", 900, "<m:r><m:t>x</m:t></m:r>")}</m:oMath>`),
    paragraph(`<w:r>${deep("mc:AlternateContent", 900, "<w:t>x</w:t>")}</w:r>`),
    paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>'.repeat(20_000) + run("x")),
    table(
      Array.from({ length: 2_000 }, () =>
        row(cell(paragraph(run("x")), '<w:gridSpan w:val="999999"/><w:vMerge/>'), '<w:gridBefore w:val="999999"/>'),
      ).join(""),
    ),
    paragraph(
      `<w:r><w:instrText>${"\\f(".repeat(50_000)}</w:instrText></w:r>${field(`EQ ${"\\f(".repeat(50_000)}`, undefined)}`,
    ),
  ];
  for (const body of bodies) await settles(wordFile({ body }));
});

test("damaged parts beside the document give a text or an error", async () => {
  const file: WordFile = {
    body: paragraph(run("x"), '<w:pStyle w:val="S"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
    styles: '<w:style w:type="paragraph" w:styleId="S"><w:name w:val="heading 1"/><w:basedOn w:val="S"/></w:style>',
    numbering:
      '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
  };
  const parts = unzipSync(wordFile(file));
  const names = Object.keys(parts);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), fc.array(edit, { minLength: 1, maxLength: 4 }), (name, changes) =>
      settles(zipSync({ ...parts, [name]: edited(parts[name]!, changes) })),
    ),
    { numRuns: 150 },
  );
});
