import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { defaultLimits } from "../../extraction.ts";
import { read } from "../index.ts";
import { block, written } from "./random-file.ts";
import { cell, field, paragraph, row, run, table, type WordFile, wordFile } from "./testing.ts";

/** Reading ends, one way or the other, within a second of processor time: other tests share the machine. */
const settles = async (bytes: Uint8Array): Promise<void> => {
  const before = process.threadCpuUsage();
  await read(bytes, { name: "a.docx" }, defaultLimits).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(1);
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
