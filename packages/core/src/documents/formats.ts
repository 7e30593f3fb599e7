import { PDFiumLibrary } from "@hyzyla/pdfium";
import chardet from "chardet";
import { fileTypeFromBuffer } from "file-type";
import { Parser } from "htmlparser2";
import iconv from "iconv-lite";
import mammoth from "mammoth";
import { marked, type Token, type Tokens } from "marked";
import { type Block, type Extraction, ExtractionFailure, type ExtractionLimits, type Format } from "./extract.ts";

/** Reads the file on this thread. @throws ExtractionFailure, or whatever a reader throws at a damaged file. */
export async function read(bytes: Uint8Array, name: string, limits: ExtractionLimits): Promise<Extraction> {
  const format = await formatOf(bytes, name);
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

const formatOf = async (bytes: Uint8Array, name: string): Promise<Format> => {
  // PDF readers accept some bytes before the header (ISO 32000-1, Annex H note 13).
  if (Buffer.from(bytes.subarray(0, 1024)).includes("%PDF-")) return "pdf";
  const sniffed = await fileTypeFromBuffer(bytes);
  if (sniffed?.mime === contentTypes.docx) return "docx";
  // Old Office files and protected new ones share this container; a protected one names its parts.
  if (sniffed?.ext === "cfb") throw new ExtractionFailure(isProtectedOffice(bytes) ? "encrypted" : "unsupported-type");
  if (sniffed?.ext === "zip" && isDocx(bytes)) return "docx";
  if (sniffed && !sniffed.mime.startsWith("text/") && sniffed.ext !== "xml") throw new ExtractionFailure(looksLikeZip(bytes) && /\.docx$/i.test(name) ? "corrupt" : "unsupported-type");
  if (looksLikeZip(bytes)) throw new ExtractionFailure("corrupt");
  if (isBinary(bytes)) throw new ExtractionFailure("unsupported-type");
  if (/\.pdf$/i.test(name)) throw new ExtractionFailure("corrupt");
  const beginning = decode(bytes.subarray(0, 4096));
  if (/^\s*(<!doctype html|<html|<head|<body|<!--[^]*?-->\s*<(!doctype|html))/i.test(beginning) || (/\.x?html?$/i.test(name) && /<\w+[^>]*>/.test(beginning))) return "html";
  if (/\.(md|markdown)$/i.test(name)) return "markdown";
  if (/\.(csv|tsv)$/i.test(name)) return "csv";
  return "text";
};

const looksLikeZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;
const isDocx = (bytes: Uint8Array): boolean => zipEntries(bytes)?.some(({ name }) => name === "word/document.xml") ?? false;
const isProtectedOffice = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes(Buffer.from("EncryptedPackage", "utf16le"));

/** NUL bytes without a byte order mark are no text in any encoding that documents come in. */
const isBinary = (bytes: Uint8Array): boolean => {
  const hasMark = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return !hasMark && bytes.subarray(0, 8192).includes(0);
};

type Reader = (bytes: Uint8Array, builder: TextBuilder, limits: ExtractionLimits) => Promise<number | null> | number | null;

const readPdf: Reader = async (bytes, builder, limits) => {
  const library = await PDFiumLibrary.init();
  let document: Awaited<ReturnType<typeof library.loadDocument>>;
  try {
    document = await library.loadDocument(bytes);
  } catch (error) {
    // The wrapper has no codes; PDFium's error 4 is the password.
    throw new ExtractionFailure(error instanceof Error && /password|security/i.test(error.message) ? "encrypted" : "corrupt", { cause: error });
  }
  const pages = document.getPageCount();
  if (pages === 0) throw new ExtractionFailure("corrupt");
  if (pages > limits.pagesMax) throw new ExtractionFailure("too-many-pages");
  for (let number = 0; number < pages; number++) {
    const text = document.getPage(number).getText();
    for (const paragraph of text.replaceAll("\r\n", "\n").split(/\n\s*\n/)) builder.add("paragraph", paragraph, { page: number + 1 });
  }
  return pages;
};

const readDocx: Reader = async (bytes, builder) => {
  assertNoBomb(bytes);
  const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) }, { convertImage: mammoth.images.imgElement(async () => ({ src: "" })), externalFileAccess: false } as never);
  return readHtmlText(value, builder);
};

const readHtml: Reader = (bytes, builder) => readHtmlText(decode(bytes), builder);

const skipped = new Set(["script", "style", "noscript", "template", "svg", "iframe", "object", "head"]);
const blockTags = new Set("p div section article header footer main nav aside ul ol li dl dt dd blockquote pre figure figcaption table tr address form fieldset hr br h1 h2 h3 h4 h5 h6 body html".split(" "));

/** One pass over the tags, without a tree: depth costs nothing. */
const readHtmlText = (html: string, builder: TextBuilder): null => {
  let buffer = "";
  let skipDepth = 0;
  let kind: Block["kind"] = "paragraph";
  let level: number | undefined;
  let table: string[][] | undefined;
  let preDepth = 0;
  let isNoteMark = false;

  const flush = () => {
    const text = preDepth > 0 ? buffer : buffer.replace(/\s+/g, " ");
    builder.add(kind, text, level === undefined ? {} : { level });
    buffer = "";
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        // The mark of a note stands in the middle of a sentence; the note itself is text at the end.
        isNoteMark = name === "a" && /^(foot|end)note-ref/.test(attributes["id"] ?? "");
        if (skipped.has(name)) skipDepth += 1;
        if (skipDepth > 0) return;
        if (name === "table") {
          flush();
          table = [];
        } else if (table && name === "tr") table.push([]);
        else if (table && (name === "td" || name === "th")) buffer = "";
        else if (blockTags.has(name) && !table) {
          if (name === "br" && preDepth > 0) buffer += "\n";
          else flush();
          const heading = /^h([1-6])$/.exec(name);
          if (heading) [kind, level] = ["heading", Number(heading[1])];
          else if (name === "li") kind = "list";
          else if (name === "pre") {
            kind = "code";
            preDepth += 1;
          }
        } else if (blockTags.has(name)) buffer += " ";
      },
      ontext(text) {
        if (skipDepth === 0 && !isNoteMark) buffer += text;
      },
      onclosetag(name) {
        isNoteMark = false;
        if (skipped.has(name)) {
          skipDepth = Math.max(0, skipDepth - 1);
          return;
        }
        if (skipDepth > 0) return;
        if (table && (name === "td" || name === "th")) {
          table.at(-1)?.push(buffer.replace(/\s+/g, " ").trim());
          buffer = "";
        } else if (table && name === "table") {
          builder.add("table", rowsText(table));
          table = undefined;
          buffer = "";
        } else if (blockTags.has(name) && !table) {
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
  const source = decode(bytes);
  const frontMatter = /^---\n([^]*?)\n---\n/.exec(source);
  if (frontMatter) builder.add("code", frontMatter[1]!);
  for (const token of marked.lexer(source.slice(frontMatter?.[0].length ?? 0))) addMarkdown(token, builder);
  return null;
};

const addMarkdown = (token: Token, builder: TextBuilder): void => {
  switch (token.type) {
    case "heading":
      return builder.add("heading", inlineText(token), { level: (token as Tokens.Heading).depth });
    case "code":
      return builder.add("code", (token as Tokens.Code).text);
    case "list":
      return builder.add("list", listText(token as Tokens.List, 0));
    case "table": {
      const { header, rows } = token as Tokens.Table;
      return builder.add("table", rowsText([header, ...rows].map((row) => row.map((cell) => inlineText(cell as unknown as Token)))));
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
      return builder.add("paragraph", inlineText(token));
  }
};

const listText = (list: Tokens.List, depth: number): string =>
  list.items
    .map((item, at) => {
      const mark = list.ordered ? `${Number(list.start || 1) + at}.` : "-";
      const parts = item.tokens.map((token) => (token.type === "list" ? `\n${listText(token as Tokens.List, depth + 1)}` : inlineText(token)));
      return `${"  ".repeat(depth)}${mark} ${parts.join(" ").trim()}`;
    })
    .join("\n");

/** The words of a token without their marks. */
const inlineText = (token: Token): string => {
  if (token.type === "br") return "\n";
  if (token.type === "html") return "";
  if ("tokens" in token && token.tokens) return token.tokens.map(inlineText).join("");
  return unescapeHtml("text" in token ? String(token.text) : "");
};

const unescapeHtml = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name]!);

const readText: Reader = (bytes, builder) => {
  for (const paragraph of decode(bytes).replaceAll("\r\n", "\n").replaceAll("\r", "\n").split(/\n\s*\n/)) builder.add("paragraph", paragraph);
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
  for (let start = 0; start < lines.length; start += csvRowsPerBlock) builder.add("table", lines.slice(start, start + csvRowsPerBlock).join("\n"));
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

const readers: Record<Format, Reader> = { pdf: readPdf, docx: readDocx, html: readHtml, markdown: readMarkdown, text: readText, csv: readCsv };

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

/** Judges an archive by its own directory before anything is unpacked; the heap bound catches a directory that lies. */
const assertNoBomb = (bytes: Uint8Array): void => {
  const entries = zipEntries(bytes);
  if (!entries) throw new ExtractionFailure("corrupt");
  const total = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  const isBomb = entries.length > zipEntriesMax || total > zipBytesMax || total > zipRatioMax * bytes.length + 1024 ** 2;
  if (isBomb) throw new ExtractionFailure("decompression-bomb");
};

/** Names and sizes from the central directory (PKWARE APPNOTE 4.3.12, 4.3.16); undefined when there is none. */
const zipEntries = (bytes: Uint8Array): { name: string; sizeBytes: number }[] | undefined => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > buffer.length) return undefined;
  const entries: { name: string; sizeBytes: number }[] = [];
  let at = buffer.readUInt32LE(end + 16);
  for (let left = buffer.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > buffer.length || buffer.readUInt32LE(at) !== 0x02014b50) return undefined;
    const [nameLength, extraLength, commentLength] = [buffer.readUInt16LE(at + 28), buffer.readUInt16LE(at + 30), buffer.readUInt16LE(at + 32)];
    entries.push({ name: buffer.toString("utf8", at + 46, at + 46 + nameLength), sizeBytes: buffer.readUInt32LE(at + 24) });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
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
