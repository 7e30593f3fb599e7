import { inflateRawSync } from "node:zlib";
import { type PDFiumDocument, PDFiumLibrary } from "@hyzyla/pdfium";
import chardet from "chardet";
import { fileTypeFromBuffer } from "file-type";
import { Parser } from "htmlparser2";
import iconv from "iconv-lite";
import mammoth from "mammoth";
import { marked, type Token, type Tokens } from "marked";
import { type Block, type Extraction, ExtractionFailure, type ExtractionLimits, type Format } from "./extract.ts";

/** What the sender says of the file; it only tells flavours of plain text apart. */
export type Hint = { name: string; contentType?: string | undefined };

/** Reads the file on this thread. @throws ExtractionFailure, or whatever a reader throws at a damaged file. */
export async function read(bytes: Uint8Array, hint: Hint, limits: ExtractionLimits): Promise<Extraction> {
  const format = await formatOf(bytes, hint);
  const builder = new TextBuilder(limits.charsMax);
  const pages = await readers[format](bytes, builder, limits);
  const { text, blocks } = builder.finish();
  if (text.trim() === "") throw new ExtractionFailure("no-text");
  return { format, contentType: contentTypes[format], text, pages, blocks };
}

const contentTypes: Record<Format, string> = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  html: "text/html",
  markdown: "text/markdown",
  text: "text/plain",
  csv: "text/csv",
};

const formatOf = async (bytes: Uint8Array, { name, contentType = "" }: Hint): Promise<Format> => {
  // PDF readers accept some bytes before the header (ISO 32000-1, Annex H note 13).
  if (Buffer.from(bytes.subarray(0, 1024)).includes("%PDF-")) return "pdf";
  const sniffed = await fileTypeFromBuffer(bytes);
  if (sniffed?.mime === contentTypes.docx) return "docx";
  // Old Office files and protected new ones share this container; a protected one names its parts.
  if (sniffed?.ext === "cfb") throw new ExtractionFailure(isProtectedOffice(bytes) ? "encrypted" : "unsupported-type");
  if (sniffed?.ext === "zip" && isDocx(bytes)) return "docx";
  if (sniffed && !sniffed.mime.startsWith("text/") && sniffed.ext !== "xml")
    throw new ExtractionFailure(looksLikeZip(bytes) && /\.docx$/i.test(name) ? "corrupt" : "unsupported-type");
  if (looksLikeZip(bytes)) throw new ExtractionFailure("corrupt");
  if (isBinary(bytes)) throw new ExtractionFailure("unsupported-type");
  if (/\.pdf$/i.test(name)) throw new ExtractionFailure("corrupt");
  const beginning = decode(bytes.subarray(0, 4096));
  if (
    /^\s*(<!doctype html|<html|<head|<body|<!--[\s\S]*?-->\s*<(!doctype|html))/i.test(beginning) ||
    (/\.x?html?$/i.test(name) && /<\w+[^>]*>/.test(beginning))
  )
    return "html";
  const isNamed = /\.(txt|md|markdown|csv|tsv)$/i.test(name);
  if (isNamed ? /\.(md|markdown)$/i.test(name) : /^text\/(x-)?markdown\b/i.test(contentType)) return "markdown";
  if (isNamed ? /\.(csv|tsv)$/i.test(name) : /^text\/(csv|tab-separated-values)\b/i.test(contentType)) return "csv";
  return "text";
};

const looksLikeZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;
const isDocx = (bytes: Uint8Array): boolean =>
  zipEntries(bytes)?.some(({ name }) => name === "word/document.xml") ?? false;
const isProtectedOffice = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes).includes(Buffer.from("EncryptedPackage", "utf16le"));

/** Share of control bytes above which a file is no text (chance alone gives a tenth); fewer are accidents, taken out. */
const controlShareMax = 0.08;

const isBinary = (bytes: Uint8Array): boolean => {
  const hasMark = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const sample = bytes.subarray(0, 8192);
  // 0x1b starts the shifts of ISO-2022 encodings.
  const isControl = (byte: number) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b;
  return !hasMark && sample.filter(isControl).length > sample.length * controlShareMax;
};

type Reader = (
  bytes: Uint8Array,
  builder: TextBuilder,
  limits: ExtractionLimits,
) => Promise<number | null> | number | null;

const readPdf: Reader = async (bytes, builder, limits) => {
  const library = await PDFiumLibrary.init();
  let document: Awaited<ReturnType<typeof library.loadDocument>>;
  try {
    document = await library.loadDocument(bytes);
  } catch (error) {
    // The wrapper has no codes; PDFium's error 4 is the password.
    throw new ExtractionFailure(
      error instanceof Error && /password|security/i.test(error.message) ? "encrypted" : "corrupt",
      { cause: error },
    );
  }
  const pages = document.getPageCount();
  if (pages === 0) throw new ExtractionFailure("corrupt");
  if (pages > limits.pagesMax) throw new ExtractionFailure("too-many-pages");
  for (let number = 0; number < pages; number++) {
    const text = pageText(document, number);
    for (const paragraph of text.replaceAll("\r\n", "\n").split(/\n\s*\n/))
      builder.add("paragraph", paragraph, { page: number + 1 });
  }
  return pages;
};

/** The part of PDFium that the wrapper keeps to itself (fpdfview.h, fpdf_annot.h, fpdf_flatten.h). */
type RawPage = {
  pageIdx: number;
  module: {
    _FPDFPage_GetAnnotCount(page: number): number;
    _FPDFPage_GetAnnot(page: number, index: number): number;
    _FPDFAnnot_GetSubtype(annotation: number): number;
    _FPDFPage_CloseAnnot(annotation: number): void;
    _FPDFPage_Flatten(page: number, usage: number): number;
    _FPDF_ClosePage(page: number): void;
  };
};
/** FPDF_ANNOT_FREETEXT and FPDF_ANNOT_WIDGET: text typed onto the page and into its form. */
const typedOnSubtypes = new Set([3, 20]);

/** The page's words, those of its form fields included; the page is closed again, else each would stay in memory. */
const pageText = (document: PDFiumDocument, number: number): string => {
  let page = document.getPage(number);
  // The fields are `private` to TypeScript only; the version is pinned.
  let { module, pageIdx } = page as unknown as RawPage;
  try {
    if (hasTypedText({ module, pageIdx })) {
      // Flattening draws annotations into the page; the page must be loaded anew to see them.
      module._FPDFPage_Flatten(pageIdx, 0);
      module._FPDF_ClosePage(pageIdx);
      page = document.getPage(number);
      ({ module, pageIdx } = page as unknown as RawPage);
    }
    return page.getText();
  } finally {
    module._FPDF_ClosePage(pageIdx);
  }
};

const hasTypedText = ({ module, pageIdx }: RawPage): boolean => {
  const count = module._FPDFPage_GetAnnotCount(pageIdx);
  for (let index = 0; index < count; index++) {
    const annotation = module._FPDFPage_GetAnnot(pageIdx, index);
    if (annotation === 0) continue;
    const subtype = module._FPDFAnnot_GetSubtype(annotation);
    module._FPDFPage_CloseAnnot(annotation);
    if (typedOnSubtypes.has(subtype)) return true;
  }
  return false;
};

const readDocx: Reader = async (bytes, builder) => {
  const entries = boundedEntries(bytes);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const file = {
    exists: (name: string) => byName.has(name),
    read: async (name: string, encoding?: string) => {
      const part = unpack(bytes, byName.get(name)!);
      if (encoding === undefined) return part;
      return encoding === "base64" ? Buffer.from(part).toString("base64") : withoutEntities(decode(part));
    },
  };
  const convertImage = mammoth.images.imgElement(async () => ({ src: "" }));
  // `file`, an archive already open, is missing from mammoth's types (lib/unzip.js).
  const { value } = await mammoth.convertToHtml(
    { file } as never,
    { convertImage, externalFileAccess: false } as never,
  );
  return readHtmlText(value, builder);
};

/** XML without its document type and the entities that only it could define: nothing is expanded, nothing is fetched. */
const withoutEntities = (xml: string): string => {
  if (!xml.includes("<!DOCTYPE")) return xml;
  return xml
    .replace(/<!DOCTYPE[^[>]*(\[[^\]]*\]\s*)?>/, "")
    .replace(/&(?!(amp|lt|gt|quot|apos);)[A-Za-z_][\w.-]*;/g, "");
};

const readHtml: Reader = (bytes, builder) => readHtmlText(decode(bytes), builder);

const skipped = new Set(["script", "style", "noscript", "template", "svg", "iframe", "object"]);
const blockTags = new Set(
  "p div section article header footer main nav aside ul ol li dl dt dd blockquote pre figure figcaption table caption tr td th address form fieldset hr h1 h2 h3 h4 h5 h6 head title body html".split(
    " ",
  ),
);
/** Stands for <br> while other white space collapses (U+2028, LINE SEPARATOR). */
const lineBreak = "\u2028";

/** One pass over the tags, without a tree: depth costs nothing. */
const readHtmlText = (html: string, builder: TextBuilder): null => {
  let buffer = "";
  let skipDepth = 0;
  let kind: Block["kind"] = "paragraph";
  let level: number | undefined;
  /** Rows of the open tables, innermost last. */
  const tables: string[][][] = [];
  let preDepth = 0;
  let isNoteMark = false;

  const takeText = (): string => {
    const text =
      preDepth > 0
        ? buffer.replaceAll(lineBreak, "\n")
        : buffer.replace(/[^\S\u2028]+/g, " ").replace(/ ?\u2028 ?/g, "\n");
    buffer = "";
    return text;
  };
  const flush = () => builder.add(kind, takeText(), level === undefined ? {} : { level });
  /** Text of the open cell, or between the cells, goes to the row. */
  const endCell = (rows: string[][]) => {
    const cell = takeText().replace(/\s+/g, " ").trim();
    if (rows.length === 0) rows.push([]);
    if (cell !== "") rows.at(-1)!.push(cell);
  };
  const endRows = (rows: string[][]) => {
    endCell(rows);
    builder.add("table", rowsText(rows.splice(0)));
  };

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        // The mark of a note stands in the middle of a sentence; the note itself is text at the end.
        isNoteMark = name === "a" && /^(foot|end)note-ref/.test(attributes["id"] ?? "");
        if (skipped.has(name)) skipDepth += 1;
        if (skipDepth > 0) return;
        const rows = tables.at(-1);
        if (name === "br") buffer += lineBreak;
        else if (name === "table") {
          // A table inside a cell: what came before it is written first, so that nothing changes places.
          if (rows) endRows(rows);
          else flush();
          tables.push([]);
        } else if (rows && name === "tr") {
          endCell(rows);
          rows.push([]);
        } else if (rows && (name === "td" || name === "th")) endCell(rows);
        else if (rows && blockTags.has(name)) buffer += " ";
        else if (blockTags.has(name)) {
          flush();
          const heading = /^h([1-6])$/.exec(name);
          if (heading) [kind, level] = ["heading", Number(heading[1])];
          else if (name === "title") [kind, level] = ["heading", 1];
          else if (name === "li") kind = "list";
          else if (name === "pre") {
            kind = "code";
            preDepth += 1;
          }
        }
      },
      ontext(text) {
        if (skipDepth === 0 && !isNoteMark) buffer += text.replaceAll(lineBreak, " ");
      },
      onclosetag(name) {
        isNoteMark = false;
        if (skipped.has(name)) {
          skipDepth = Math.max(0, skipDepth - 1);
          return;
        }
        if (skipDepth > 0) return;
        const rows = tables.at(-1);
        if (rows && name === "table") {
          endRows(rows);
          tables.pop();
        } else if (rows && (name === "td" || name === "th")) {
          // An empty cell keeps its place in the row.
          if (buffer.trim() === "") rows.at(-1)?.push("");
          endCell(rows);
        } else if (rows && blockTags.has(name)) buffer += " ";
        else if (blockTags.has(name)) {
          flush();
          if (name === "pre") preDepth = Math.max(0, preDepth - 1);
          [kind, level] = ["paragraph", undefined];
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(html);
  parser.end();
  flush();
  return null;
};

const rowsText = (rows: string[][]): string =>
  rows
    .map((row) => row.join(" | "))
    .filter((line) => line.replace(/[\s|]/g, "") !== "")
    .join("\n");

const readMarkdown: Reader = (bytes, builder) => {
  const source = decode(bytes).replaceAll("\r\n", "\n");
  // YAML ends a document with either mark.
  const frontMatter = /^---\n([\s\S]*?)\n(---|\.\.\.)[ \t]*\n/.exec(source);
  if (frontMatter) builder.add("code", frontMatter[1]!);
  for (const token of marked.lexer(source.slice(frontMatter?.[0].length ?? 0))) addMarkdown(token, builder);
  return null;
};

/**
 * Headings lose their marks, since they are shown as titles. Bodies keep their source: Markdown is made to be read as it
 * is written, links keep their targets, and a quotation of the file is found as it stands there.
 */
const addMarkdown = (token: Token, builder: TextBuilder): void => {
  switch (token.type) {
    case "heading":
      builder.add("heading", inlineText(token), { level: (token as Tokens.Heading).depth });
      return;
    case "code":
      builder.add("code", (token as Tokens.Code).text);
      return;
    case "list":
      builder.add("list", token.raw);
      return;
    case "table": {
      const { header, rows } = token as Tokens.Table;
      builder.add("table", rowsText([header, ...rows].map((row) => row.map((cell) => cell.text))));
      return;
    }
    case "blockquote":
      for (const inner of (token as Tokens.Blockquote).tokens) addMarkdown(inner, builder);
      return;
    case "html":
      readHtmlText((token as Tokens.HTML).text, builder);
      return;
    case "space":
    case "hr":
    case "def":
      return;
    default:
      builder.add("paragraph", token.raw);
  }
};

/** The words of a token without their marks. */
const inlineText = (token: Token): string => {
  if (token.type === "br") return " ";
  if (token.type === "html") return "";
  if ("tokens" in token && token.tokens) return token.tokens.map(inlineText).join("");
  return unescapeHtml("text" in token ? String(token.text) : "");
};

const unescapeHtml = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name]!,
  );

const readText: Reader = (bytes, builder) => {
  for (const paragraph of decode(bytes)
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n")
    .split(/\n\s*\n/))
    builder.add("paragraph", paragraph);
  return null;
};

/** Rows of a block: few enough that a chunk keeps whole rows. */
const csvRowsPerBlock = 20;

/** Each row says its columns' names, so that it can be understood alone. */
const readCsv: Reader = (bytes, builder) => {
  const text = decode(bytes);
  const [header, ...rows] = csvRows(text, text.split("\n", 1)[0]!.includes("\t") ? "\t" : ",");
  const lines = rows.map((row) => row.map((cell, at) => (header![at] ? `${header![at]}: ${cell}` : cell)).join(" | "));
  if (rows.length === 0) builder.add("table", rowsText([header ?? []]));
  for (let start = 0; start < lines.length; start += csvRowsPerBlock)
    builder.add("table", lines.slice(start, start + csvRowsPerBlock).join("\n"));
  return null;
};

/** RFC 4180: quotes around a cell, doubled inside. */
const csvRows = (text: string, separator: string): string[][] => {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === separator) {
      row.push(cell.trim());
      cell = "";
    } else if (character === "\n") {
      row.push(cell.trim());
      if (row.some((value) => value !== "")) rows.push(row);
      row = [];
      cell = "";
    } else if (character !== "\r") cell += character;
  }
  row.push(cell.trim());
  if (row.some((value) => value !== "")) rows.push(row);
  return rows;
};

const readers: Record<Format, Reader> = {
  pdf: readPdf,
  docx: readDocx,
  html: readHtml,
  markdown: readMarkdown,
  text: readText,
  csv: readCsv,
};

/** UTF-8 where it is valid, else the byte order mark or the likeliest encoding. */
const decode = (bytes: Uint8Array): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return iconv.decode(buffer, "utf16le");
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return iconv.decode(buffer, "utf16be");
  try {
    // Streaming tolerates a character cut at the end of a sample.
    return new TextDecoder("utf-8", { fatal: true }).decode(buffer, { stream: true });
  } catch {
    const guess = chardet.detect(buffer.subarray(0, 65_536)) ?? "windows-1252";
    return iconv.decode(buffer, iconv.encodingExists(guess) ? guess : "windows-1252");
  }
};

const zipBytesMax = 200 * 1024 ** 2;
const zipRatioMax = 100;
const zipEntriesMax = 5_000;

type ZipEntry = { name: string; sizeBytes: number; packedBytes: number; method: number; headerAt: number };

/** Judges an archive by its own directory before anything is unpacked; `unpack` holds each entry to what it declared. */
const boundedEntries = (bytes: Uint8Array): ZipEntry[] => {
  const entries = zipEntries(bytes);
  if (!entries) throw new ExtractionFailure("corrupt");
  const total = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  const isBomb =
    entries.length > zipEntriesMax || total > zipBytesMax || total > zipRatioMax * bytes.length + 1024 ** 2;
  if (isBomb) throw new ExtractionFailure("decompression-bomb");
  return entries;
};

/** The entries of the central directory (PKWARE APPNOTE 4.3.12, 4.3.16); undefined when there is none. */
const zipEntries = (bytes: Uint8Array): ZipEntry[] | undefined => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > buffer.length) return undefined;
  const entries: ZipEntry[] = [];
  // Offsets count from the start of the archive, which something may stand before.
  let at = end - buffer.readUInt32LE(end + 12);
  const shift = at - buffer.readUInt32LE(end + 16);
  if (at < 0 || shift < 0) return undefined;
  for (let left = buffer.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > buffer.length || buffer.readUInt32LE(at) !== 0x02014b50) return undefined;
    const [nameLength, extraLength, commentLength] = [
      buffer.readUInt16LE(at + 28),
      buffer.readUInt16LE(at + 30),
      buffer.readUInt16LE(at + 32),
    ];
    entries.push({
      name: buffer.toString("utf8", at + 46, at + 46 + nameLength),
      sizeBytes: buffer.readUInt32LE(at + 24),
      packedBytes: buffer.readUInt32LE(at + 20),
      method: buffer.readUInt16LE(at + 10),
      headerAt: buffer.readUInt32LE(at + 42) + shift,
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
};

/** An entry's bytes, never more than the directory declared (APPNOTE 4.3.7; method 0 is stored, 8 is deflated). */
const unpack = (bytes: Uint8Array, { sizeBytes, packedBytes, method, headerAt }: ZipEntry): Uint8Array => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (headerAt + 30 > buffer.length || buffer.readUInt32LE(headerAt) !== 0x04034b50)
    throw new ExtractionFailure("corrupt");
  const start = headerAt + 30 + buffer.readUInt16LE(headerAt + 26) + buffer.readUInt16LE(headerAt + 28);
  const packed = buffer.subarray(start, start + packedBytes);
  if (method === 0) return packed;
  if (method !== 8) throw new ExtractionFailure("corrupt");
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, sizeBytes) });
  } catch (error) {
    const isTooMuch = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw new ExtractionFailure(isTooMuch ? "decompression-bomb" : "corrupt", { cause: error });
  }
};

/** Collects blocks into the canonical text: clean characters, one blank line between blocks. */
class TextBuilder {
  readonly #charsMax: number;
  readonly #parts: string[] = [];
  readonly #blocks: Block[] = [];
  #length = 0;

  constructor(charsMax: number) {
    this.#charsMax = charsMax;
  }

  add(kind: Block["kind"], raw: string, place: { level?: number; page?: number } = {}): void {
    const text = clean(raw);
    if (text === "") return;
    if (this.#length > 0) {
      this.#parts.push("\n\n");
      this.#length += 2;
    }
    if (this.#length + text.length > this.#charsMax) throw new ExtractionFailure("too-large");
    this.#blocks.push({ kind, ...place, start: this.#length, end: this.#length + text.length });
    this.#parts.push(text);
    this.#length += text.length;
  }

  finish(): { text: string; blocks: Block[] } {
    return { text: this.#parts.join(""), blocks: this.#blocks };
  }
}

/** Text that every store takes: no control characters but line ends and tabs, no half of a character, no soft hyphens. */
const clean = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff\u00ad\ufffe]/g, "")
    .replace(/[ \t]+\n/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
