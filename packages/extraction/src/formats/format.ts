import { fileTypeFromBuffer } from "file-type";
import { ExtractionFailure, type Format, type Hint } from "../extraction.ts";
import { decode } from "./decode.ts";
import { unpack, zipEntries } from "./zip.ts";

export const contentTypes: Record<Format, string> = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xlsb: "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
  xls: "application/vnd.ms-excel",
  odt: "application/vnd.oasis.opendocument.text",
  odp: "application/vnd.oasis.opendocument.presentation",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  epub: "application/epub+zip",
  rtf: "application/rtf",
  mail: "message/rfc822",
  html: "text/html",
  markdown: "text/markdown",
  csv: "text/csv",
  json: "application/json",
  text: "text/plain",
};

/**
 * Decides the format from the bytes; the name, then the content type, only distinguish text formats. @throws
 * ExtractionFailure
 */
export const formatOf = async (bytes: Uint8Array, hint: Hint): Promise<Format> => {
  if (hint.isText) {
    const named = namedFormat(hint);
    return named === undefined || named === "mail" ? "text" : named;
  }
  // PDF readers accept some bytes before the header (ISO 32000-1, Annex H note 13).
  if (Buffer.from(bytes.subarray(0, 1024)).includes("%PDF-")) return "pdf";
  if (looksLikeZip(bytes)) return archiveFormat(bytes, hint);
  const sniffed = await fileTypeFromBuffer(bytes);
  if (sniffed?.ext === "rtf") return "rtf";
  if (sniffed?.ext === "cfb" && !isProtectedOffice(bytes)) {
    const { isWorkbookContainer } = await import("./sheets/container.ts");
    if (isWorkbookContainer(bytes)) return "xls";
  }
  // Old Office files and encrypted new ones use this container; an encrypted one has a stream EncryptedPackage.
  if (sniffed?.ext === "cfb") throw new ExtractionFailure(isProtectedOffice(bytes) ? "encrypted" : "unsupported-type");
  if (sniffed?.mime.startsWith("image/")) throw new ExtractionFailure("no-text", { contentType: sniffed.mime });
  if (sniffed && !sniffed.mime.startsWith("text/") && !textual.has(sniffed.ext))
    throw new ExtractionFailure("unsupported-type");
  if (isBinary(bytes)) throw new ExtractionFailure("unsupported-type");
  return textFormat(decode(bytes.subarray(0, 4096)), hint);
};

/** Types that file-type recognises although they are text. */
const textual: ReadonlySet<string> = new Set(["xml", "eml", "ics", "vcf"]);

const looksLikeZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** The archive entry that identifies a format. */
const mainParts: readonly [RegExp, Format][] = [
  [/^word\/document\d*\.xml$/, "docx"],
  [/^ppt\/presentation\d*\.xml$/, "pptx"],
  [/^xl\/workbook\d*\.xml$/, "xlsx"],
  [/^xl\/workbook\d*\.bin$/, "xlsb"],
];

const mainTypes: readonly [RegExp, Format][] = [
  [/wordprocessingml\.(document|template)\.main\+xml|ms-word\.\w+\.macroEnabled\.main\+xml/, "docx"],
  [/presentationml\.(presentation|slideshow|template)\.main\+xml|ms-powerpoint\.\w+\.macroEnabled\.main\+xml/, "pptx"],
  [/spreadsheetml\.(sheet|template)\.main\+xml|ms-excel\.\w+\.macroEnabled\.main\+xml/, "xlsx"],
];

const archiveFormat = (bytes: Uint8Array, { name }: Hint): Format => {
  const fallbackCode = /\.(docx|pptx|xlsx|xlsm|xltx|xlsb|odt|odp|ods|epub)$/i.test(name)
    ? "corrupt"
    : "unsupported-type";
  const entries = zipEntries(bytes);
  if (!entries) throw new ExtractionFailure(fallbackCode);
  const find = (wanted: string) => entries.find((entry) => entry.name === wanted);
  const main = mainParts.find(([pattern]) => entries.some((entry) => pattern.test(entry.name)));
  if (main) return main[1];
  const textOf = (wanted: string): string => {
    const entry = find(wanted);
    return entry && entry.sizeBytes < 1024 ** 2 ? Buffer.from(unpack(bytes, entry)).toString("utf8") : "";
  };
  // The main part of OOXML may have any name; its content type tells the format.
  const declaredType = mainTypes.find(([pattern]) => pattern.test(textOf("[Content_Types].xml")));
  if (declaredType) return declaredType[1];
  // OpenDocument and EPUB declare their type in a first, uncompressed entry (ODF 1.3 part 2, 3.3; OCF 3.3, 4.3).
  const declared = textOf("mimetype").trim();
  const format = (["odt", "odp", "ods", "epub"] as const).find((one) => declared.startsWith(contentTypes[one]));
  if (format) {
    if (textOf("META-INF/manifest.xml").includes("encryption-data")) throw new ExtractionFailure("encrypted");
    return format;
  }
  throw new ExtractionFailure(fallbackCode);
};

const isProtectedOffice = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes).includes(Buffer.from("EncryptedPackage", "utf16le"));

/**
 * A file with a larger share of control bytes is binary (random bytes have a tenth). Fewer are accidental and are
 * removed.
 */
const controlShareMax = 0.08;

const isBinary = (bytes: Uint8Array): boolean => {
  const hasMark = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const sample = bytes.subarray(0, 8192);
  // 0x1b starts the shifts of ISO-2022 encodings.
  const isControl = (byte: number) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b;
  return !hasMark && sample.filter(isControl).length > sample.length * controlShareMax;
};

const textFormats: readonly { format: Format; name: RegExp; type?: RegExp }[] = [
  { format: "markdown", name: /\.(md|markdown)$/i, type: /^text\/(x-)?markdown\b/i },
  { format: "csv", name: /\.(csv|tsv|xls)$/i, type: /^text\/(csv|tab-separated-values)\b/i },
  { format: "json", name: /\.(json|jsonl|ndjson)$/i, type: /^application\/(json|x-ndjson|jsonl)\b/i },
  { format: "mail", name: /\.eml$/i, type: /^message\/rfc822\b/i },
  { format: "html", name: /\.x?html?$/i },
  { format: "text", name: /\.txt$/i },
];

const namedFormat = ({ name }: Hint): Format | undefined => textFormats.find((one) => one.name.test(name))?.format;

const textFormat = (beginning: string, { name, contentType = "" }: Hint): Format => {
  if (/<(\w+:)?Workbook\s[^>]*["']urn:schemas-microsoft-com:office:spreadsheet["']/.test(beginning)) return "xls";
  if (/\.pdf$/i.test(name)) throw new ExtractionFailure("corrupt");
  if (
    /^\s*(<!doctype html|<html|<head|<body|<!--[\s\S]*?-->\s*<(!doctype|html))/i.test(beginning) ||
    (namedFormat({ name }) === "html" && /<\w+[^>]*>/.test(beginning))
  )
    return "html";
  const named = namedFormat({ name }) ?? textFormats.find(({ type }) => type?.test(contentType))?.format;
  if (named && named !== "html") return named;
  return looksLikeMail(beginning) ? "mail" : "text";
};

/** True when the text begins with at least two of the usual header fields (RFC 5322, 3.6). */
const looksLikeMail = (beginning: string): boolean => {
  const [head = ""] = beginning.split(/\r?\n\r?\n/, 1);
  const fields = [...head.matchAll(/^([\w-]+):/gm)].map((match) => String(match[1]).toLowerCase());
  const known = ["from", "date", "message-id", "received", "mime-version", "return-path"];
  return /^[\w-]+:/.test(head) && known.filter((field) => fields.includes(field)).length >= 2;
};
