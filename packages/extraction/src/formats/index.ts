import type { Extraction, ExtractionLimits, Format, Hint } from "../extraction.ts";
import { formatOf } from "./format.ts";
import type { ReadAttachment } from "./mail.ts";
import type { OfficeFormat } from "./office.ts";
import type { Reader } from "./reader.ts";
import { finished, TextBuilder } from "./text-builder.ts";

/** Reads the file on this thread. @throws ExtractionFailure, or any error of a reader for a damaged file */
export async function read(bytes: Uint8Array, hint: Hint, limits: ExtractionLimits): Promise<Extraction> {
  const format = await formatOf(bytes, hint);
  if (!hint.isText || format === "text") return readAs(format, bytes, limits);
  // The name of an inline text is a hint only: what is no JSON after all is text.
  return readAs(format, bytes, limits).catch(() => readAs("text", bytes, limits));
}

const readAs = async (format: Format, bytes: Uint8Array, limits: ExtractionLimits): Promise<Extraction> => {
  const builder = new TextBuilder(limits.charsMax);
  const reader = await readerOf(format, limits, 0);
  return finished(format, builder, await reader(bytes, builder, limits));
};

const office = (format: OfficeFormat) => async () => (await import("./office.ts")).readOffice(format);

/**
 * Readers are imported on demand: a thread reads one file, and importing all libraries takes longer than reading most
 * files.
 */
const readers: Record<Exclude<Format, "mail">, () => Promise<Reader>> = {
  pdf: async () => (await import("./pdf.ts")).readPdf,
  docx: async () => (await import("./docx.ts")).readDocx,
  pptx: office("pptx"),
  xlsx: office("xlsx"),
  odt: office("odt"),
  odp: office("odp"),
  ods: office("ods"),
  epub: office("epub"),
  rtf: office("rtf"),
  html: async () => (await import("./html.ts")).readHtml,
  markdown: async () => (await import("./markdown.ts")).readMarkdown,
  csv: async () => (await import("./csv.ts")).readCsv,
  json: async () => (await import("./json.ts")).readJson,
  text: async () => (await import("./text.ts")).readText,
};

const readerOf = async (format: Format, limits: ExtractionLimits, depth: number): Promise<Reader> =>
  format === "mail" ? (await import("./mail.ts")).readMail(attachmentReader(limits), depth) : await readers[format]();

/** Reads an attachment without its page numbers, which are not those of the mail. */
const attachmentReader =
  (limits: ExtractionLimits): ReadAttachment =>
  async (bytes, name, builder, depth) => {
    const format = await formatOf(bytes, { name });
    const reader = await readerOf(format, limits, depth);
    await reader(bytes, builder.withoutPages(), limits);
  };
