import { CFB } from "@e965/xlsx";
import { expect, test } from "vitest";
import { extract } from "../extract.ts";
import { type Extraction, ExtractionFailure } from "../extraction.ts";
import { archiveOf, relationshipsXml } from "./testing/package.ts";

const read = async (bytes: Uint8Array | string, name: string): Promise<Extraction | string> => {
  try {
    return await extract(typeof bytes === "string" ? Buffer.from(bytes) : bytes, { name });
  } catch (error) {
    if (error instanceof ExtractionFailure) return error.code;
    throw error;
  }
};
const blocks = (outcome: Extraction | string) => {
  if (typeof outcome === "string") throw new Error(`failed as ${outcome}`);
  return outcome.blocks.map(({ kind, level, page, start, end }) => [
    kind,
    outcome.text.slice(start, end),
    ...(level === undefined ? [] : [`level ${level}`]),
    ...(page === undefined ? [] : [`page ${page}`]),
  ]);
};

const shape = (placeholder: string, text: string) =>
  `<p:sp><p:nvSpPr><p:cNvPr id="2" name="x"/><p:cNvSpPr/><p:nvPr>${placeholder}</p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`;
const slide = (title: string, body: string) =>
  `<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:cSld><p:spTree>${shape('<p:ph type="title"/>', title)}${shape("", body)}</p:spTree></p:cSld></p:sld>`;

test("slides of a presentation are pages in order, with their titles as headings", async () => {
  const bytes = archiveOf({
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": relationshipsXml({ r1: ["officeDocument", "ppt/presentation.xml"] }),
    "ppt/presentation.xml":
      '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><p:sldIdLst><p:sldId id="256" r:id="r1"/><p:sldId id="257" r:id="r2"/></p:sldIdLst></p:presentation>',
    "ppt/_rels/presentation.xml.rels": relationshipsXml({
      r1: ["slide", "slides/slide1.xml"],
      r2: ["slide", "slides/slide2.xml"],
    }),
    "ppt/slides/slide1.xml": slide("Plan", "We open in May."),
    "ppt/slides/slide2.xml": slide("Costs", "Nine thousand."),
  });
  const outcome = await read(bytes, "a.bin");
  expect(outcome).toMatchObject({ format: "pptx", pages: 2 });
  expect(blocks(outcome)).toEqual([
    ["heading", "Plan", "level 1", "page 1"],
    ["paragraph", "We open in May.", "page 1"],
    ["heading", "Costs", "level 1", "page 2"],
    ["paragraph", "Nine thousand.", "page 2"],
  ]);
});

test("sheets of a spreadsheet are sections, and rows contain their column names", async () => {
  const cell = (at: string, text: string) =>
    /^\d/.test(text) ? `<c r="${at}"><v>${text}</v></c>` : `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const bytes = archiveOf({
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": relationshipsXml({ r1: ["officeDocument", "xl/workbook.xml"] }),
    "xl/workbook.xml":
      '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Prices" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": relationshipsXml({ r1: ["worksheet", "worksheets/sheet1.xml"] }),
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">${cell("A1", "article")}${cell("B1", "colour")}${cell("C1", "price")}</row><row r="2">${cell("A2", "Lens")}${cell("C2", "12.5")}</row></sheetData></worksheet>`,
  });
  expect(blocks(await read(bytes, "a.bin"))).toEqual([
    ["heading", "Prices", "level 1"],
    ["table", "article | colour | price\narticle: Lens | price: 12.5"],
  ]);
});

const odt = (extra: Record<string, string> = {}) =>
  archiveOf({
    mimetype: "application/vnd.oasis.opendocument.text",
    "content.xml":
      '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body><office:text><text:h text:outline-level="2">Care</text:h><text:p>Clean the lens<text:s/>daily.</text:p></office:text></office:body></office:document-content>',
    ...extra,
  });

test("an OpenDocument text keeps its headings, and an encrypted one fails as encrypted", async () => {
  const outcome = await read(odt(), "a.bin");
  expect(outcome).toMatchObject({ format: "odt", contentType: "application/vnd.oasis.opendocument.text" });
  expect(blocks(outcome)).toEqual([
    ["heading", "Care", "level 2"],
    ["paragraph", "Clean the lens daily."],
  ]);
  const protectedParts = { "META-INF/manifest.xml": "<manifest:encryption-data/>" };
  expect(await read(odt(protectedParts), "a.odt")).toBe("encrypted");
});

test("chapters of an EPUB are in the order of its spine", async () => {
  const chapter = (title: string, text: string) =>
    `<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>${title}</h1><p>${text}</p><script>alert(1)</script></body></html>`;
  const bytes = archiveOf({
    mimetype: "application/epub+zip",
    "META-INF/container.xml":
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile full-path="o/c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    "o/c.opf":
      '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>B</dc:title></metadata><manifest><item id="b" href="b.xhtml" media-type="application/xhtml+xml"/><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
    "o/b.xhtml": chapter("Second", "Then this."),
    "o/a.xhtml": chapter("First", "This."),
  });
  expect(blocks(await read(bytes, "a.bin"))).toEqual([
    ["heading", "First", "level 1"],
    ["paragraph", "This."],
    ["heading", "Second", "level 1"],
    ["paragraph", "Then this."],
  ]);
});

test("RTF text is decoded from each of its encodings", async () => {
  const rtf =
    "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl\\f0 Arial;}\\f0 Gr\\u246?\\'dfe im Caf\\'e9\\par Zweiter Absatz.\\par}";
  expect(blocks(await read(rtf, "a.bin"))).toEqual([
    ["paragraph", "Größe im Café"],
    ["paragraph", "Zweiter Absatz."],
  ]);
});

const mail = (parts: string[]) =>
  [
    "From: Ada <ada@acme.example>",
    "To: bob@acme.example",
    "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=",
    "Date: Mon, 23 Nov 2026 10:00:00 +0000",
    "MIME-Version: 1.0",
    "Content-Type: multipart/mixed; boundary=x",
    "",
    ...parts.flatMap((part) => ["--x", part]),
    "--x--",
    "",
  ].join("\r\n");
const attached = (name: string, bytes: Uint8Array) =>
  `Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(bytes).toString("base64")}`;

test("a mail returns subject, people, body and the text of its attachments, without scripts", async () => {
  const html = "Content-Type: text/html\r\n\r\n<p>See <b>both</b>.</p><script>alert(1)</script>";
  const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
  const source = mail([
    html,
    attached("care.odt", odt()),
    attached("a.png", png),
    attached("p.csv", Buffer.from("a;b\n1;2\n")),
  ]);
  const outcome = await read(source, "no-name");
  expect(outcome).toMatchObject({ format: "mail", contentType: "message/rfc822", pages: null });
  expect(blocks(outcome)).toEqual([
    ["heading", "Grüße", "level 1"],
    ["paragraph", "From: Ada <ada@acme.example>\nTo: bob@acme.example\nDate: 2026-11-23T10:00:00.000Z"],
    ["paragraph", "See both."],
    ["heading", "care.odt", "level 2"],
    ["heading", "Care", "level 2"],
    ["paragraph", "Clean the lens daily."],
    ["heading", "a.png", "level 2"],
    ["heading", "p.csv", "level 2"],
    ["table", "a: 1 | b: 2"],
  ]);
});

test("JSON becomes lines of path and value, and records and NDJSON become a table", async () => {
  const source = { name: "Acme", tags: ["a", "b"], people: [{ name: "Ada", role: { title: "CEO" } }, { name: "Bob" }] };
  expect(blocks(await read(JSON.stringify(source), "a.json"))).toEqual([
    ["paragraph", "name: Acme"],
    ["paragraph", "tags: a, b"],
    ["heading", "people", "level 1"],
    ["table", "name: Ada | role.title: CEO\nname: Bob"],
  ]);
  expect(blocks(await read('{"a":1}\n{"a":2}\n', "a.ndjson"))).toEqual([["table", "a: 1\na: 2"]]);
  expect(await read("{broken", "a.json")).toBe("corrupt");
  const deep = `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`;
  expect(["corrupt"]).not.toContain(await read(deep, "deep.json"));
});

test("the CSV separator is detected and quoted cells stay together", async () => {
  expect(blocks(await read('article;note\nLens;"hard; ""clear"""\nFrame\n', "a.csv"))).toEqual([
    ["table", 'article: Lens | note: hard; "clear"\narticle: Frame'],
  ]);
});

test("an archive that is not a document, a corrupt archive and an image fail with their reasons", async () => {
  expect(await read(archiveOf({ "a.txt": "x" }), "a.zip")).toBe("unsupported-type");
  expect(await read(odt().subarray(0, 200), "a.odt")).toBe("corrupt");
  expect(await read(Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"), "scan.jpg")).toBe("no-text");
});

/** A compound file (MS-CFB) with one stream, and one below it in a folder. */
const compoundFile = (stream: string): Buffer => {
  const file = CFB.utils.cfb_new();
  for (const path of [stream, "Embedded/Workbook"]) CFB.utils.cfb_add(file, path, Buffer.from("x"));
  return Buffer.from(CFB.write(file, { type: "buffer" }) as Uint8Array);
};

test("a Word or PowerPoint file of before 2007 fails as an unsupported type that it names", async () => {
  const failure = (bytes: Buffer) => extract(bytes, { name: "a" }).catch((error: unknown) => error);
  expect(await failure(compoundFile("WordDocument"))).toMatchObject({
    code: "unsupported-type",
    contentType: "application/msword",
  });
  expect(await failure(compoundFile("PowerPoint Document"))).toMatchObject({
    code: "unsupported-type",
    contentType: "application/vnd.ms-powerpoint",
  });
  expect(await failure(compoundFile("EncryptedPackage"))).toMatchObject({ code: "encrypted" });
  expect(await failure(compoundFile("Other"))).toMatchObject({
    code: "unsupported-type",
    contentType: undefined,
  });
});

test("H8: a long run of blanks is read in linear time", async () => {
  const outcome = await read(`a${" \t".repeat(150_000)}b\nc${" ".repeat(300_000)}\nd`, "a.txt");
  expect(blocks(outcome).length).toBeGreaterThan(0);
}, 5_000);
