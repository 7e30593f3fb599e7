import { strFromU8, unzipSync } from "fflate";
import { expect, test } from "vitest";
import { defaultLimits } from "../../extraction.ts";
import { read } from "../index.ts";
import { archiveOf } from "../testing/package.ts";
import { blocksOf, cell, field, paragraph, readWord, row, run, table, warningsOf, wordFile, words } from "./testing.ts";

test("inserted and moved text is kept, deleted text is left out and reported", async () => {
  const change = (name: string, content: string) => `<w:${name} w:id="1" w:author="A">${content}</w:${name}>`;
  const deletedRun = "<w:r><w:delText>nine</w:delText></w:r>";
  const mark = '<w:rPr><w:del w:id="2"/></w:rPr>';
  const body =
    paragraph(
      `${run("For ")}${change("del", deletedRun)}${change("ins", run("ten"))}${change("moveFrom", run(" old"))}`,
    ) +
    paragraph(`${run("days, ")}`, mark) +
    paragraph(change("del", deletedRun), mark) +
    paragraph(change("moveTo", run("moved here"))) +
    table(
      row(cell(words("kept"))) +
        row(cell(words("gone")), '<w:del w:id="3"/>') +
        row(cell(words("new")), '<w:ins w:id="4"/>'),
    );
  expect(await blocksOf({ body })).toEqual(["paragraph: For ten", "paragraph: days, moved here", "table: kept\nnew"]);
  expect(await warningsOf({ body })).toEqual({ "deleted-text-left-out": 4 });
});

test("hidden text is left out and counted in words, by its own properties, its styles and the defaults", async () => {
  const style = (id: string, type: string, content: string) =>
    `<w:style w:type="${type}" w:styleId="${id}"><w:name w:val="${id}"/>${content}</w:style>`;
  const vanish = "<w:rPr><w:vanish/></w:rPr>";
  const styles =
    style("Ghost", "character", vanish) +
    style("Spirit", "character", '<w:basedOn w:val="Ghost"/>') +
    style("Loop", "character", '<w:basedOn w:val="Loop"/>') +
    style("Notes", "paragraph", vanish);
  const body =
    paragraph(
      run("open ") +
        run("one two", "<w:vanish/>") +
        run("shown", '<w:vanish w:val="0"/>') +
        run(" web", "<w:webHidden/>"),
    ) +
    paragraph(run("a") + run("three", '<w:rStyle w:val="Spirit"/>') + run("b", '<w:rStyle w:val="Loop"/>')) +
    words("four", '<w:pStyle w:val="Notes"/>') +
    words("after") +
    table(row(cell(words("x"))) + row(cell(words("secret")), "<w:hidden/>"));
  expect(await blocksOf({ body, styles })).toEqual([
    "paragraph: open shown web",
    "paragraph: ab",
    "paragraph: after",
    "paragraph: x",
  ]);
  expect(await warningsOf({ body, styles })).toEqual({ "hidden-text-left-out": 5 });
  const all = (await readWord({ body, styles }, { hiddenText: "index" })).text;
  for (const word of ["one two", "three", "four", "secret"]) expect(all).toContain(word);
  const byDefault = { styles: `<w:docDefaults><w:rPrDefault>${vanish}</w:rPrDefault></w:docDefaults>` };
  const shown = paragraph(run("seen", '<w:vanish w:val="off"/>') + run("unseen"));
  expect(await blocksOf({ ...byDefault, body: shown })).toEqual(["paragraph: seen"]);
});

test("signs of symbol fonts are the characters of Unicode that look alike, and other private characters are dropped", async () => {
  const symbol = (font: string, code: string) => `<w:r><w:sym w:font="${font}" w:char="${code}"/></w:r>`;
  const fonts = (font: string) => `<w:rFonts w:ascii="${font}" w:hAnsi="${font}"/>`;
  const body =
    paragraph(
      symbol("Wingdings", "F0FE") + symbol("Wingdings", "F0A8") + symbol("Wingdings 2", "0052") + run(" boxes"),
    ) +
    paragraph(`${symbol("Symbol", "F0B3") + symbol("Symbol", "F057")}${symbol("Wingdings", "F0E0")}`) +
    paragraph(
      run("R", fonts("Wingdings 2")) +
        run("\uf06d", fonts("Symbol")) +
        run("m\ue123 ", fonts("Arial")) +
        run("Word", fonts("Symbol")),
    );
  expect(await blocksOf({ body })).toEqual(["paragraph: ☑◻☑ boxes", "paragraph: ≥Ω→", "paragraph: ☑μm Word"]);
});

test("tabs, breaks, hyphens and directions of writing keep words apart and together", async () => {
  const body =
    paragraph(
      "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t><w:ptab/><w:t>e</w:t></w:r>",
    ) +
    paragraph("<w:r><w:t>twin</w:t><w:noBreakHyphen/><w:t>en</w:t><w:softHyphen/><w:t>gine</w:t></w:r>") +
    paragraph(`<w:bdo w:val="rtl">${run("שלום ")}</w:bdo><w:dir w:val="rtl">${run("עולם", "<w:rtl/>")}</w:dir>`) +
    paragraph(
      `<w:smartTag>${run("San ")}</w:smartTag><w:customXml>${run("Ma")}</w:customXml><w:hyperlink>${run("rino")}</w:hyperlink>`,
    ) +
    words(" \t ") +
    paragraph(run("T"), '<w:framePr w:dropCap="drop"/>') +
    words("he harbour");
  expect(await blocksOf({ body })).toEqual([
    "paragraph: a\tb\nc\nd\te",
    "paragraph: twin-engine",
    "paragraph: שלום עולם",
    "paragraph: San Marino",
    "paragraph: The harbour",
  ]);
});

test("readings above characters are left out, so that the words below them stay whole", async () => {
  const body = paragraph(
    `<w:r><w:ruby><w:rt>${run("さくらじま")}</w:rt><w:rubyBase>${run("桜島")}</w:rubyBase></w:ruby></w:r>${run("倉庫")}`,
  );
  expect(await blocksOf({ body })).toEqual(["paragraph: 桜島倉庫"]);
  expect(await warningsOf({ body })).toEqual({ "readings-left-out": 1 });
});

test("headings are found by outline level and by the English name of a style, whatever its id", async () => {
  const style = (id: string, name: string, content = "") =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${content}</w:style>`;
  const styles =
    style("berschrift2", "heading 2") +
    style("Titel", "Title") +
    style("Beschriftung", "caption") +
    style("Own", "Own", '<w:basedOn w:val="berschrift2"/>') +
    style("TOCHeading", "TOC Heading", '<w:basedOn w:val="berschrift2"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>');
  const styled = (text: string, id: string) => words(text, `<w:pStyle w:val="${id}"/>`);
  const body =
    styled("Title", "Titel") +
    styled("Two", "berschrift2") +
    styled("Derived", "Own") +
    styled("Contents", "TOCHeading") +
    styled("By id", "Heading3") +
    words("Outline", '<w:outlineLvl w:val="0"/>') +
    styled("Figure 1", "Beschriftung");
  const { blocks } = await readWord({ body, styles });
  expect(blocks.map(({ kind, level }) => `${kind} ${level ?? ""}`.trim())).toEqual([
    "heading 1",
    "heading 2",
    "heading 2",
    "paragraph",
    "heading 3",
    "heading 1",
    "caption",
  ]);
});

test("paragraphs of source code are the lines of one block, with their indentation", async () => {
  const code = (text: string) => words(text, '<w:pStyle w:val="SourceCode"/>');
  const styles = '<w:style w:type="paragraph" w:styleId="SourceCode"><w:name w:val="Source Code"/></w:style>';
  const body = words("Run:") + code("if (wet) {") + code("  tie();") + code("}") + words("Done.");
  expect(await blocksOf({ body, styles })).toEqual([
    "paragraph: Run:",
    "code: if (wet) {\n  tie();\n}",
    "paragraph: Done.",
  ]);
});

test("comments are left out and counted, and properties of the document are no text", async () => {
  const body = paragraph(
    `<w:commentRangeStart w:id="0"/>${run("text")}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>`,
  );
  const file = { body, comments: `<w:comment w:id="0">${words("Why?")}</w:comment>` };
  expect(await blocksOf(file)).toEqual(["paragraph: text"]);
  expect(await warningsOf(file)).toEqual({ "comments-left-out": 1 });
});

test("strict files are read like transitional ones", async () => {
  const body = paragraph(run("on ") + run("hidden", '<w:vanish w:val="true"/>') + field("DATE", run("14 March")));
  expect(await blocksOf({ body, strict: true })).toEqual(["paragraph: on 14 March"]);
});

test("a raised number after a number stays apart from it", async () => {
  const raised = (text: string) => run(text, '<w:vertAlign w:val="superscript"/>');
  const body = paragraph(run("10") + raised("-6") + run(" m") + raised("2") + run(", 1") + raised("st"));
  expect(await blocksOf({ body })).toEqual(["paragraph: 10^-6 m2, 1st"]);
});

test("templates, files with macros, and files with other names of parts are read", async () => {
  const body = words("text");
  const renamed = (name: (old: string) => string, type?: string) => {
    const parts = unzipSync(wordFile({ body }));
    return archiveOf(
      Object.fromEntries(
        Object.entries(parts).map(([old, content]) => {
          const xml = strFromU8(content).replaceAll("word/document.xml", name("word/document.xml"));
          const typed =
            type === undefined
              ? xml
              : xml.replace("</Types>", `<Override PartName="/x" ContentType="${type}"/></Types>`);
          return [name(old), old.includes("Types") ? typed : xml];
        }),
      ),
    );
  };
  const files = [
    renamed(
      (old) => old.replace("document.xml", "Main.xml"),
      "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    ),
    renamed(
      (old) => old.replace("document.xml", "Main.xml"),
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    ),
    renamed((old) => old.replace("document.xml", "document22.xml")),
    renamed((old) => (old.startsWith("word/") ? old.replaceAll("/", "\\") : old)),
    renamed((old) => (old.startsWith("word/") ? `/${old}` : old)),
  ];
  for (const bytes of files)
    expect(await read(bytes, { name: "a.docm" }, defaultLimits)).toMatchObject({ text: "text", format: "docx" });
});
