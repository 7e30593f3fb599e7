import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import { test } from "vitest";
import { mutations } from "../testing/arbitrary.ts";
import { mutated, outcomeWithin } from "../testing/read.ts";
import { block, written } from "./random-file.ts";
import { cell, field, paragraph, row, run, table, type WordFile, wordFile } from "./testing.ts";

const settles = (bytes: Uint8Array) => outcomeWithin(bytes, "a.docx");

test("a damaged file gives a text or an error within a second", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(block, { minLength: 1, maxLength: 4 }),
      mutations,
      fc.boolean(),
      async (blocks, changes, isInside): Promise<void> => {
        const bytes = wordFile({ ...written(blocks).file, numbering: "", styles: "" });
        if (!isInside) {
          await settles(mutated(bytes, changes));
          return;
        }
        // Damage inside the archive, which packing would otherwise hide from the reader.
        const parts = unzipSync(bytes);
        parts["word/document.xml"] = mutated(parts["word/document.xml"]!, changes);
        await settles(zipSync(parts));
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
    fc.asyncProperty(
      fc.array(tree, { maxLength: 6 }),
      async (nodes) => void (await settles(wordFile({ body: nodes.join("") }))),
    ),
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
    fc.asyncProperty(
      fc.constantFrom(...names),
      mutations,
      async (name, changes) => void (await settles(zipSync({ ...parts, [name]: mutated(parts[name]!, changes) }))),
    ),
    { numRuns: 150 },
  );
});
