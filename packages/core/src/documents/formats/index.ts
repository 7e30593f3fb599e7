import { type Extraction, ExtractionFailure, type ExtractionLimits, type Format } from "../extract.ts";
import { readCsv } from "./csv.ts";
import { readDocx } from "./docx.ts";
import { contentTypes, formatOf, type Hint } from "./format.ts";
import { readHtml } from "./html.ts";
import { readJson } from "./json.ts";
import { type ReadAttachment, readMail } from "./mail.ts";
import { readMarkdown } from "./markdown.ts";
import { readOffice } from "./office.ts";
import { readPdf } from "./pdf.ts";
import type { Reader } from "./reader.ts";
import { readText } from "./text.ts";
import { TextBuilder } from "./text-builder.ts";

/** Reads the file on this thread. @throws ExtractionFailure, or whatever a reader throws at a damaged file. */
export async function read(bytes: Uint8Array, hint: Hint, limits: ExtractionLimits): Promise<Extraction> {
  const format = await formatOf(bytes, hint);
  const builder = new TextBuilder(limits.charsMax);
  const pages = await readerOf(format, limits, 0)(bytes, builder, limits);
  const { text, blocks } = builder.finish();
  if (text.trim() === "") throw new ExtractionFailure("no-text");
  return { format, contentType: contentTypes[format], text, pages, blocks };
}

const readers: Record<Exclude<Format, "mail">, Reader> = {
  pdf: readPdf,
  docx: readDocx,
  pptx: readOffice("pptx"),
  xlsx: readOffice("xlsx"),
  odt: readOffice("odt"),
  odp: readOffice("odp"),
  ods: readOffice("ods"),
  epub: readOffice("epub"),
  rtf: readOffice("rtf"),
  html: readHtml,
  markdown: readMarkdown,
  csv: readCsv,
  json: readJson,
  text: readText,
};

const readerOf = (format: Format, limits: ExtractionLimits, depth: number): Reader =>
  format === "mail" ? readMail(attachmentReader(limits), depth) : readers[format];

/** An attachment's pages are not the mail's. */
const attachmentReader =
  (limits: ExtractionLimits): ReadAttachment =>
  async (bytes, name, builder, depth) => {
    const format = await formatOf(bytes, { name });
    await readerOf(format, limits, depth)(bytes, builder.withoutPages(), limits);
  };
