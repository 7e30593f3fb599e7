import { isUtf8 } from "node:buffer";
import { fileTypeFromBuffer } from "file-type";
import { ExtractionFailure, type Format, type Hint } from "../extraction.ts";
import { contentTypes } from "./content-types.ts";
import { decode } from "./encoding/decode.ts";
import { guessUtf16 } from "./encoding/utf16.ts";
import { isCompoundFile, legacyContentType, mainStreams } from "./package/compound-file.ts";
import { partName } from "./package/package.ts";
import { unpack, zipEntries } from "./package/zip.ts";

/**
 * Decides the format from the bytes; the name, then the content type, only distinguish text formats. The first bytes of a
 * binary format count only when the file is not text: many words begin with letters that are also a signature. @throws
 * ExtractionFailure
 */
export const formatOf = async (bytes: Uint8Array, hint: Hint): Promise<Format> => {
  if (hint.isText) {
    const named = namedFormat(hint);
    return named === undefined || named === "mail" ? "text" : named;
  }
  const isText = !isBinary(bytes);
  if (isPdf(bytes, isText, hint)) return "pdf";
  if (looksLikeZip(bytes, isText)) return archiveFormat(bytes, hint);
  if (isText && !(isMedia(hint) && !isUtf8(sampleOf(bytes)))) {
    const beginning = decode(sampleOf(bytes));
    return flatOpenDocument(beginning) ?? textFormat(beginning, hint);
  }
  if (isCompoundFile(bytes)) return compoundFileFormat(bytes);
  const sniffed = await fileTypeFromBuffer(bytes);
  if (sniffed?.mime.startsWith("image/")) throw new ExtractionFailure("no-text", { contentType: sniffed.mime });
  if (isTnef(bytes)) return "mail";
  throw new ExtractionFailure("unsupported-type");
};

/** An OpenDocument of one XML document declares its type after its many namespaces (OpenDocument 1.3 part 3, 19.379). */
const flatOpenDocument = (beginning: string): Format | undefined => {
  const declared = /<office:document\s[^>]*office:mimetype="([^"]+)"/.exec(beginning)?.[1];
  return (["odt", "odp", "ods"] as const).find((one) => declared?.startsWith(contentTypes[one]));
};

/** A short or damaged picture may have no control bytes; text that is called one by mistake is mostly valid UTF-8. */
const isMedia = ({ name, contentType = "" }: Hint): boolean =>
  /^(image\/(?!svg)|audio\/|video\/|font\/)/i.test(contentType) ||
  /\.(gif|jpe?g|png|bmp|tiff?|webp|heic|ico|mp[34]|wav|ogg|avi|mov|mkv|woff2?|ttf)$/i.test(name);

/** Enough to recognise a text format; a character of several bytes is not cut. */
const sampleOf = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length <= sampleBytes) return bytes;
  let end = sampleBytes;
  while (end > sampleBytes - 4 && bytes[end - 1]! >= 0x80) end -= 1;
  return bytes.subarray(0, end);
};

const sampleBytes = 8192;

/**
 * PDF readers accept some bytes before the header (ISO 32000-1, Annex H note 13). A text that mentions the header has no
 * objects.
 */
const isPdf = (bytes: Uint8Array, isText: boolean, { name, contentType = "" }: Hint): boolean => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = buffer.subarray(0, 1024).indexOf("%PDF-");
  if (at < 0) return false;
  if (!isText || /\.pdf$/i.test(name) || /^application\/pdf\b/i.test(contentType)) return true;
  // A version follows at once; a sentence about PDF has none there.
  if (at === 0 && /^%PDF-\d\.\d/.test(buffer.toString("latin1", 0, 8))) return true;
  return /\d\s+obj\b|\bxref\s|\btrailer\b/.test(buffer.toString("latin1", at, at + 65_536));
};

/** The letters PK are no evidence; the record types of an archive follow (APPNOTE 4.3.7, 4.3.16). */
const looksLikeZip = (bytes: Uint8Array, isText: boolean): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (!isText || ((bytes[2] ?? 0) < 9 && (bytes[3] ?? 0) < 9));

/** The archive entry that identifies a format. */
const mainParts: readonly [RegExp, Format][] = [
  [/^word\/document\d*\.xml$/, "docx"],
  [/^ppt\/presentation\d*\.xml$/, "pptx"],
  [/^xl\/workbook\d*\.xml$/, "xlsx"],
  [/^xl\/workbook\d*\.bin$/, "xlsb"],
];

const mainTypes: readonly [RegExp, Format][] = [
  [/(?:wordprocessingml\.|ms-word\.)(?:document|template)\S*\.main\+xml/, "docx"],
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
  const main = mainParts.find(([pattern]) => entries.some((entry) => pattern.test(partName(entry.name))));
  if (main) return main[1];
  const textOf = (wanted: string): string => {
    const entry = find(wanted);
    return entry && entry.sizeBytes < 1024 ** 2 ? Buffer.from(unpack(bytes, entry)).toString("utf8") : "";
  };
  // Any part may be the main one of an OOXML package: its content type says so (ECMA-376 part 1, 11.3.10).
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

/** The names of its main streams tell what the container holds. @throws ExtractionFailure */
const compoundFileFormat = async (bytes: Uint8Array): Promise<Format> => {
  const streams = await mainStreams(bytes);
  if (streams.has("encryptedpackage")) throw new ExtractionFailure("encrypted");
  if (streams.has("workbook") || streams.has("book")) return "xls";
  // MS-OXMSG 2.1.
  if (streams.has("__properties_version1.0")) return "mail";
  throw new ExtractionFailure("unsupported-type", { contentType: legacyContentType(streams) });
};

/** The signature of winmail.dat (MS-OXTNEF 2.1.3.1). */
export const isTnef = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 4)).toString("hex") === "789f3e22";

/**
 * A file with a larger share of control bytes is binary (random bytes have a tenth). Fewer are accidental and are
 * removed.
 */
const controlShareMax = 0.08;
const partBytes = 8192;

/** Looks at the beginning, the middle and the end: text may precede the data of a program. */
const isBinary = (bytes: Uint8Array): boolean => {
  const hasMark =
    (bytes[0] === 0xff && bytes[1] === 0xfe) ||
    (bytes[0] === 0xfe && bytes[1] === 0xff) ||
    (bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0xfe && bytes[3] === 0xff);
  if (hasMark) return false;
  const starts = [0, Math.floor((bytes.length - partBytes) / 2), bytes.length - partBytes].map((at) => Math.max(0, at));
  // 0x1b starts the shifts of ISO-2022 encodings and the colours of a terminal.
  const isControl = (byte: number) => byte < 0x20 && !(byte >= 0x08 && byte <= 0x0d) && byte !== 0x1b;
  const isPartBinary = (start: number): boolean => {
    const part = bytes.subarray(start, start + partBytes);
    return part.filter(isControl).length > part.length * controlShareMax;
  };
  return [...new Set(starts)].some(isPartBinary) && guessUtf16(bytes) === undefined;
};

const textFormats: readonly { format: Format; name: RegExp; type?: RegExp }[] = [
  { format: "markdown", name: /\.(md|mdx|markdown)$/i, type: /^text\/(x-)?markdown\b/i },
  { format: "csv", name: /\.(csv|tsv|tab)$/i, type: /^text\/(csv|tab-separated-values)\b/i },
  {
    format: "json",
    name: /\.(json|jsonl|ndjson|jsonc|json5|geojson|webmanifest|ipynb)$/i,
    type: /^(application\/(json|x-ndjson|ndjson|jsonl|x-jsonlines|(\w|[.-])+\+json)|text\/json)\b/i,
  },
  {
    format: "mail",
    name: /\.(eml|mht|mhtml|mbox)$/i,
    type: /^(message\/rfc822|multipart\/related|application\/mbox)\b/i,
  },
  { format: "html", name: /\.(x?html?|xht)$/i, type: /^(text\/html|application\/xhtml\+xml)\b/i },
  {
    format: "xml",
    name: /\.(xml|svg|rss|atom|xsd|xslt?|wsdl|dita|ditamap|docbook|tei|kml|gpx|plist)$/i,
    type: /^((application|text)\/xml|\S+\+xml)\b/i,
  },
  { format: "text", name: /\.txt$/i },
];

const namedFormat = ({ name }: Pick<Hint, "name">): Format | undefined =>
  textFormats.find((one) => one.name.test(name))?.format;

const hasTag = (text: string): boolean => /<\/?[a-z][a-z0-9:-]{0,30}[\s/>]|<!doctype html/i.test(text);

const textFormat = (decodedSample: string, { name, contentType = "" }: Hint): Format => {
  const beginning = decodedSample.replace(/^\ufeff/, "").trimStart();
  if (/\.pdf$/i.test(name)) throw new ExtractionFailure("corrupt");
  if (/<(\w+:)?Workbook\s[^>]*["']urn:schemas-microsoft-com:office:spreadsheet["']/.test(beginning)) return "xls";
  if (beginning.startsWith("{\\rtf")) return "rtf";
  if (beginning.startsWith("%!PS-Adobe-")) throw new ExtractionFailure("unsupported-type");
  if (beginning.startsWith("-----BEGIN PGP MESSAGE-----")) throw new ExtractionFailure("encrypted");
  const named = namedFormat({ name }) ?? textFormats.find(({ type }) => type?.test(contentType))?.format;
  // Markdown may begin with HTML, and a list of values with a quoted page.
  if (named === "markdown" || named === "csv" || named === "json") if (!isWholePage(beginning)) return named;
  const markup = named === "xml" && !isWholePage(beginning) ? "xml" : markupFormat(beginning);
  if (markup === "html" || (named === "html" && hasTag(decodedSample))) return "html";
  if (markup === "xml" && hasTag(decodedSample)) return "xml";
  if (named && named !== "html" && named !== "xml") return named;
  // Many systems give their exports the name of a spreadsheet.
  if (/\.xlsx?$/i.test(name) && beginning.includes("\t")) return "csv";
  return looksLikeMail(beginning) ? "mail" : "text";
};

/** Elements that begin a fragment of a page. */
const htmlStart =
  /^<(html|head|body|title|meta|link|style|script|div|p|table|ul|ol|dl|h[1-6]|section|article|main|header|nav|span|a|b|i|strong|em|center|font|form|img|br|hr|blockquote|pre|base)(\s[^<>]*)?(\/?>|$)/i;

/** XML or HTML by its first markup after comments, declarations and processing instructions. `<a> is a tag` is text. */
const markupFormat = (beginning: string): "html" | "xml" | undefined => {
  if (!beginning.startsWith("<")) return undefined;
  const isXml = /^<\?xml[\s?]/.test(beginning);
  let at = 0;
  for (let next = skippable(beginning, at); next > at; next = skippable(beginning, at)) at = next;
  const rest = beginning.slice(at);
  if (/^<!doctype\s+html|^<html[\s>]/i.test(rest) || /^<([\w-]+:)?html\s[^<>]*xmlns/.test(rest)) return "html";
  if (/^<[\w-]+(:[\w-]+)?(\s[^<>]*)?\sxmlns(:[\w-]+)?\s*=/.test(rest) || isXml || /^<!doctype\s/i.test(rest))
    return "xml";
  if (/^<svg[\s>]/.test(rest)) return "xml";
  return htmlStart.test(rest) && (/<\/[a-z]|<(br|hr|img|meta|p|li)\b/i.test(rest) || !rest.includes(">"))
    ? "html"
    : undefined;
};

/** The end of a comment, a declaration or white space that begins there. */
const skippable = (text: string, at: number): number => {
  const ends = text.startsWith("<!--", at) ? "-->" : text.startsWith("<?", at) ? ">" : undefined;
  const end = ends === undefined ? at : text.indexOf(ends, at) + ends.length;
  if (ends !== undefined && end < at + ends.length) return at;
  let next = end;
  while (next < text.length && /\s/.test(text[next]!)) next += 1;
  return next;
};

const isWholePage = (beginning: string): boolean => /^<!doctype html|^<html[\s>]/i.test(beginning);

/**
 * True when the text begins with the usual header fields (RFC 5322, 3.6): two of them, one of which a person would not type,
 * or a sender with an address and a date. The envelope line of an mbox may precede.
 */
const looksLikeMail = (beginning: string): boolean => {
  const [head = ""] = beginning.replace(/^From \S[^\n]*\n/, "").split(/\r?\n\r?\n/, 1);
  if (!/^[\w-]+:/.test(head)) return false;
  const fields = new Set([...head.matchAll(/^([\w-]+):/gm)].map((match) => String(match[1]).toLowerCase()));
  const known = [
    "from",
    "date",
    "message-id",
    "received",
    "mime-version",
    "return-path",
    "content-type",
    "subject",
    "to",
  ];
  const technical = ["message-id", "received", "mime-version", "return-path"].some((field) => fields.has(field));
  const isDated = /^From:[^\n]*@/im.test(head) && /^Date:[^\n]*\d{4}/im.test(head);
  const isMultipart = /^Content-Type:\s*(multipart|message)\//im.test(head);
  return isMultipart || (known.filter((field) => fields.has(field)).length >= 2 && (technical || isDated));
};
