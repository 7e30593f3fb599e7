import { readFileSync } from "node:fs";
import { crc32, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { sharedData } from "../../../scripts/shared-data.ts";
import { failures } from "../../core/src/documents/failures.ts";
import { extract } from "./extract.ts";
import { type Extraction, ExtractionFailure } from "./extraction.ts";

const outcome = async (bytes: Uint8Array, name: string): Promise<Extraction | string> => {
  try {
    return await extract(bytes, { name });
  } catch (error) {
    if (error instanceof ExtractionFailure) return error.code;
    throw error;
  }
};
const text = (content: string) => Buffer.from(content, "utf8");
const slices = (extraction: Extraction) =>
  extraction.blocks.map((block) => [block.kind, extraction.text.slice(block.start, block.end)]);

test("HTML keeps headings, lists and tables, and drops scripts and styles", async () => {
  const html =
    "<!doctype html><html><head><title>x</title><style>p{}</style></head><body><h1>Care</h1><p>Clean&nbsp;lenses <b>daily</b>.</p><script>alert(1)</script><ul><li>Water</li><li>Cloth</li></ul><table><tr><th>Kind</th><th>Price</th></tr><tr><td>A</td><td>3 &euro;</td></tr></table></body></html>";
  const extraction = (await outcome(text(html), "care.bin")) as Extraction;
  expect(extraction.format).toBe("html");
  expect(slices(extraction)).toEqual([
    ["heading", "x"],
    ["heading", "Care"],
    ["paragraph", "Clean lenses daily."],
    ["list", "- Water"],
    ["list", "- Cloth"],
    ["table", "Kind: A | Price: 3 €"],
  ]);
});

test("HTML with unclosed tags, nested tables and line breaks loses no words", async () => {
  const html =
    "<!doctype html><head><title>Prices</title><p>One<br>two<table><caption>List</caption><tr><td>a<td><table><tr><td>in<td>ner</table>after<td>z</table>End";
  const extraction = (await outcome(text(html), "a.html")) as Extraction;
  expect(slices(extraction)).toEqual([
    ["heading", "Prices"],
    ["paragraph", "One\ntwo"],
    ["caption", "List"],
    ["table", "a | in, ner after | z"],
    ["paragraph", "End"],
  ]);
});

test("Markdown headings lose their markup, and bodies keep their source", async () => {
  const extraction = (await outcome(
    text("# Release **2.1**\n\nFixes `crash` & more.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
    "notes.md",
  )) as Extraction;
  expect(slices(extraction)).toEqual([
    ["heading", "Release 2.1"],
    ["paragraph", "Fixes `crash` & more."],
    ["list", "- one\n- two"],
    ["table", "a: 1 | b: 2"],
  ]);
});

test("Markdown front matter becomes a code block, and the content type decides the format when the name does not", async () => {
  const source = "---\r\ntitle: Spec\r\n...\r\n\r\n# One\r\n\r\nbody\r\n\r\n---\r\n";
  const extraction = await extract(text(source), { name: "README", contentType: "text/markdown; charset=utf-8" });
  expect(slices(extraction)).toEqual([
    ["code", "title: Spec"],
    ["heading", "One"],
    ["paragraph", "body"],
  ]);
  expect((await extract(text("# a"), { name: "a.txt", contentType: "text/markdown" })).format).toBe("text");
});

test("each CSV row contains its column names", async () => {
  const extraction = (await outcome(text('article,price\n"Lens, hard",12.50\nFrame,99\n'), "prices.csv")) as Extraction;
  expect(extraction.text).toBe("article: Lens, hard | price: 12.50\narticle: Frame | price: 99");
});

test("text is decoded from UTF-8, UTF-16 and older encodings, without control characters", async () => {
  const samples = [
    text("Größe\u0000 – 5 µm"),
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("Größe – 5 µm", "utf16le")]),
  ];
  expect(((await outcome(samples[0]!, "a.txt")) as Extraction).text).toBe("Größe – 5 µm");
  expect(
    await outcome(
      Uint8Array.from({ length: 4096 }, (_, at) => (at * 167) % 256),
      "a.txt",
    ),
  ).toBe("unsupported-type");
  expect(((await outcome(samples[1]!, "a.txt")) as Extraction).text).toBe("Größe – 5 µm");
  const latin = Buffer.from(
    "Die Größe der Gläser wird beim Händler geprüft, natürlich ohne Gebühren für Stammkunden.",
    "latin1",
  );
  expect(((await outcome(latin, "a.txt")) as Extraction).text).toContain("Größe der Gläser");
});

test("a file without text fails with its reason", async () => {
  expect(await outcome(new Uint8Array(), "a.txt")).toBe("empty");
  expect(await outcome(text("   \n "), "a.txt")).toBe("no-text");
  expect(await outcome(text("%PDF-1.7 nonsense"), "a.pdf")).toBe("corrupt");
  expect(await outcome(text("not a pdf"), "a.pdf")).toBe("corrupt");
  expect(await outcome(Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "a.png")).toBe("no-text");
  expect(await outcome(text("PK\u0003\u0004 broken"), "a.docx")).toBe("corrupt");
});

test("a file that exceeds the time or size limit fails with its reason", async () => {
  const limits = { timeoutSeconds: 0.01, heapMb: 256, charsMax: 1000, pagesMax: 10 };
  await expect(extract(text("hello"), { name: "a.txt" }, limits)).rejects.toMatchObject({ code: "extraction-timeout" });
  await expect(
    extract(text("x".repeat(2000)), { name: "a.txt" }, { ...limits, timeoutSeconds: 20 }),
  ).rejects.toMatchObject({ code: "too-large" });
});

/** An archive of deflated entries; `declaredBytes` may declare a wrong size. */
const zip = (entries: { name: string; content: string; declaredBytes?: number }[]): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, declaredBytes = Buffer.byteLength(content) } of entries) {
    const packed = deflateRawSync(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(declaredBytes, 18);
    shared.writeUInt16LE(name.length, 22);
    const offset = Buffer.alloc(14);
    offset.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\u0001\u0002\u0014\0", "latin1"), shared, offset, Buffer.from(name));
    const local = [Buffer.from("PK\u0003\u0004", "latin1"), shared, Buffer.from(name), packed];
    parts.push(...local);
    at += local.reduce((sum, part) => sum + part.length, 0);
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(
    directory.reduce((sum, part) => sum + part.length, 0),
    8,
  );
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from("PK\u0005\u0006", "latin1"), end]);
};
const docx = (documentXml: string, declaredBytes?: number) =>
  zip([
    {
      name: "[Content_Types].xml",
      content:
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    },
    {
      name: "_rels/.rels",
      content:
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    },
    { name: "word/document.xml", content: documentXml, ...(declaredBytes === undefined ? {} : { declaredBytes }) },
  ]);
const paragraph = (content: string) =>
  `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${content}</w:t></w:r></w:p></w:body></w:document>`;

test("a Word file returns its text, and entities are neither expanded nor fetched", async () => {
  expect(((await outcome(docx(paragraph("Terms &amp; prices")), "a.docx")) as Extraction).text).toBe("Terms & prices");
  const withEntity = `<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>${paragraph("before &e;after")}`;
  expect(((await outcome(docx(withEntity), "a.docx")) as Extraction).text).toBe("before after");
});

test("an archive that unpacks to far more than its size or its declared size is a decompression bomb", async () => {
  const large = paragraph("a".repeat(8_000_000));
  expect(await outcome(docx(large), "a.docx")).toBe("decompression-bomb");
  expect(await outcome(docx(large, 1000), "a.docx")).toBe("decompression-bomb");
  const slide = { name: "ppt/slides/slide1.xml", content: large, declaredBytes: 1000 };
  const presentation = {
    name: "ppt/presentation.xml",
    content:
      '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><p:sldIdLst><p:sldId id="1" r:id="r1"/></p:sldIdLst></p:presentation>',
  };
  const relationships = {
    name: "ppt/_rels/presentation.xml.rels",
    content:
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/slide" Target="slides/slide1.xml"/></Relationships>',
  };
  expect(await outcome(zip([presentation, relationships, slide]), "a.pptx")).toBe("decompression-bomb");
  const slides = Array.from({ length: 5_001 }, (_, n) => ({ name: `ppt/slides/slide${n}.xml`, content: "<p:sld/>" }));
  expect(await outcome(zip([presentation, ...slides]), "a.pptx")).toBe("decompression-bomb");
});

const plain = (value: string) =>
  value
    .normalize("NFKC")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad]/g, "")
    .replace(/\s+/g, " ")
    .trim();

const manifest = sharedData("documents/manifest.tsv");
const rows = manifest
  ? readFileSync(manifest, "utf8")
      .split("\n")
      .slice(1)
      .filter(Boolean)
      .map((line) => line.split("\t"))
  : [];
const formats = new Set(["pdf", "docx", "pptx", "xlsx", "html", "md", "txt", "rst"]);
/** The outcomes that satisfy an expectation. */
const codes: Record<string, string[]> = {
  corrupt: ["corrupt", "no-text"],
  "encrypted-needs-password": ["encrypted"],
  "no-text": ["no-text"],
};

/**
 * Labelled corrupt because poppler refuses their page count; PDFium ignores the count and reads the page that is there.
 * This list may only shrink.
 */
const readAnyway: Record<string, string> = {
  "poppler-67295-0.pdf": "TestString123",
  "poppler-91414-0-53.pdf": "foobar",
};
/** Files whose fonts do not say which characters they show: what poppler reads from them is no text either. */
const undecodable = new Set(["issue5874.pdf"]);
/**
 * How many of a file's phrases are not found: poppler, which chose the phrases, orders or composes these scripts in another
 * way than PDFium does. These numbers may only shrink.
 */
const phrasesMissing: Record<string, number> = {
  "issue13211.pdf": 1,
};
/** Seconds within which every file must be done, one way or the other. */
const secondsMax = 10;

test.skipIf(!manifest).each(rows.filter((row) => formats.has(row[3]!)))(
  "%s gives its text, or fails for the reason that its label says",
  { timeout: 60_000 },
  async (...row) => {
    const [file, , , , , , , , expectation, , , phrases, , , gate] = row as string[];
    const startedAt = performance.now();
    const actual = await outcome(readFileSync(sharedData(`documents/files/${file}`)!), file!);
    // A bomb may be refused, or read within the time limit.
    if (expectation === "bomb") return expect(performance.now() - startedAt).toBeLessThan(secondsMax * 1000);
    if (undecodable.has(file!)) return expect(actual).toBe("no-text");
    if (file! in readAnyway) return expect(actual).toMatchObject({ text: readAnyway[file!] });
    // Files without text that a reader can decode: some readers find a few characters.
    if (gate === "no-crash" && typeof actual !== "string") return expect(plain(actual.text)).not.toBe("");
    if (expectation === "text" || expectation === "security") {
      if (typeof actual === "string") throw new Error(`failed as ${actual}`);
      const found = plain(actual.text);
      const wanted = (phrases ?? "").split("¦").map(plain).filter(Boolean);
      const missing = wanted.filter((phrase) => !found.includes(phrase));
      expect(missing.length, missing.join(" ¦ ")).toBeLessThanOrEqual(phrasesMissing[file!] ?? 0);
      if (expectation === "security") expect(found).not.toMatch(/root:|\/bin\//);
      return undefined;
    }
    return expect(codes[expectation!]).toContain(actual);
  },
);

const hostile = [
  "bomb-60mb.docx",
  "zip-slip.docx",
  "billion-laughs.docx",
  "deep-div.html",
  "flate-bomb-100mb.pdf",
  "not-a-pdf.pdf",
  "polyglot.pdf",
];
test.skipIf(!manifest).each(hostile)(
  "hostile file %s fails with a reason or returns its text",
  { timeout: 60_000 },
  async (file) => {
    const startedAt = performance.now();
    const actual = await outcome(readFileSync(sharedData(`documents/hostile/${file}`)!), file);
    expect(performance.now() - startedAt).toBeLessThan(secondsMax * 1000);
    if (file === "not-a-pdf.pdf") expect(actual).toBe("unsupported-type");
    if (file === "bomb-60mb.docx") expect(actual).toBe("decompression-bomb");
    if (file === "deep-div.html") expect((actual as Extraction).text).toContain("deep needle");
    if (typeof actual === "string") expect(Object.keys(failures)).toContain(actual);
    else expect(actual.text.length).toBeLessThan(1000);
  },
);
