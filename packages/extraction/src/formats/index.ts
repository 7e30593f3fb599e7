/** Chooses the reader of a format and gives it what it needs. */

import {
  defaultReading,
  type Extraction,
  ExtractionFailure,
  type ExtractionLimits,
  type Format,
  type Hint,
} from "../extraction.ts";
import { formatOf } from "./format.ts";
import type { Reader, ReadInner, ReadOptions } from "./reader.ts";
import { finished, TextBuilder } from "./text-builder.ts";

/** Reads the file on this thread. @throws ExtractionFailure, or any error of a reader for a damaged file */
export async function read(bytes: Uint8Array, hint: Hint, limits: ExtractionLimits): Promise<Extraction> {
  const format = await formatOf(bytes, hint);
  if (!hint.isText || format === "text") return readAs(format, bytes, hint, limits);
  // The name of an inline text is a hint only: what is no JSON after all is text.
  return readAs(format, bytes, hint, limits).catch(() => readAs("text", bytes, hint, limits));
}

const readAs = async (
  format: Format,
  bytes: Uint8Array,
  { contentType, reading = defaultReading }: Hint,
  limits: ExtractionLimits,
): Promise<Extraction> => {
  const builder = new TextBuilder(limits.charsMax);
  const reader = await readers[format]();
  const options = { limits, reading, contentType, readInner: innerReader({ limits, reading }, 0) };
  return finished(format, builder, await reader(bytes, builder, options));
};

const openDocument = async () => (await import("./opendocument/index.ts")).readOpenDocument;
/**
 * Readers are imported on demand: a thread reads one file, and importing all libraries takes longer than reading most
 * files.
 */
const readers: Record<Format, () => Promise<Reader>> = {
  pdf: async () => (await import("./pdf/pdf.ts")).readPdf,
  docx: async () => (await import("./docx/index.ts")).readDocx,
  pptx: async () => (await import("./pptx/index.ts")).readPptx,
  xlsx: async () => (await import("./sheets/xlsx.ts")).readXlsx,
  xlsb: async () => (await import("./sheets/xls.ts")).readXlsb,
  xls: async () => (await import("./sheets/xls.ts")).readXls,
  odt: openDocument,
  odp: openDocument,
  ods: async () => (await import("./sheets/ods.ts")).readOds,
  epub: async () => (await import("./epub/index.ts")).readEpub,
  rtf: async () => (await import("./rtf/index.ts")).readRtf,
  mail: async () => (await import("./mail/index.ts")).readMail,
  html: async () => (await import("./html/index.ts")).readHtml,
  xml: async () => (await import("./xml/index.ts")).readXml,
  markdown: async () => (await import("./markdown/index.ts")).readMarkdown,
  csv: async () => (await import("./csv/index.ts")).readCsv,
  json: async () => (await import("./json/index.ts")).readJson,
  text: async () => (await import("./text.ts")).readText,
};

/** Files inside files are read down to this depth. */
const depthMax = 3;

const innerReader =
  (outer: Pick<ReadOptions, "limits" | "reading">, depth: number): ReadInner =>
  async (bytes, { name, contentType }, builder, unread) => {
    if (depth >= depthMax) return builder.warn(unread, name);
    try {
      const reader = await readers[await formatOf(bytes, { name, contentType })]();
      const readInner = innerReader(outer, depth + 1);
      await reader(bytes, builder.withoutPages(), { ...outer, contentType, readInner });
    } catch (error) {
      // What cannot be read does not make the outer file fail; its name remains searchable.
      if (error instanceof ExtractionFailure && error.code === "too-large") throw error;
      builder.warn(unread, name);
    }
  };
