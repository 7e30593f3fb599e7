import type { Warning, WarningCode } from "./warnings.ts";

export type Format =
  | "pdf"
  | "docx"
  | "pptx"
  | "xlsx"
  | "xlsb"
  | "xls"
  | "odt"
  | "odp"
  | "ods"
  | "epub"
  | "rtf"
  | "mail"
  | "html"
  | "xml"
  | "markdown"
  | "csv"
  | "json"
  | "text";

/** A part of the text and its role in the structure. Offsets are UTF-16 units of `Extraction.text`. */
export type Block = {
  kind: BlockKind;
  /** Of a heading: 1 is the highest. */
  level?: number;
  /** Page of a PDF or number of a slide, from 1. */
  page?: number;
  /** The cells of a spreadsheet's rows: each line of the block is one row. */
  cells?: RowCells;
  /** What the rows of a table are about: its caption, or the name of its sheet and the title above the table. */
  context?: string;
  start: number;
  end: number;
};

export type BlockKind =
  | "heading"
  | "paragraph"
  | "list"
  | "table"
  | "code"
  /** Footnotes, endnotes and speaker's notes. */
  | "note"
  | "caption"
  | "header"
  | "footer";

export type RowCells = {
  sheet: string;
  /** First and last column, as in `["A", "F"]`. */
  columns: readonly [first: string, last: string];
  /** The number of each row, from 1. */
  rows: number[];
};

export type Extraction = {
  /** `image` comes from OCR only. */
  format: Format | "image";
  contentType: string;
  /** The canonical text, which chunk offsets refer to. */
  text: string;
  pages: number | null;
  blocks: Block[];
  /** What was not read or was left out, at most one entry per code. */
  warnings: Warning[];
  /** The pages of a PDF, in order. */
  sources?: PageSource[];
};

/** Where the text of a page is. */
export type PageSource = {
  /** The file contains its text. */
  hasText: boolean;
  /** A picture covers it, and its text is in the picture or in a layer of recognised text. */
  isScan: boolean;
  /** What of it was not read. */
  warning?: WarningCode;
  /** Only OCR finds its text, which then replaces what the file contains of it. */
  needsOcr?: true;
  readByOcr?: true;
};

/**
 * Increased whenever a reader's result changes for some file, so that documents which an older reader has read can be
 * found and read again.
 */
export const readerVersion = 3;

/** How a tenant wants its files to be read. */
export type Reading = {
  /** Text that the application which made the file does not show: hidden words, sheets, rows, columns, slides, elements. */
  hiddenText: "leave-out" | "index";
};

export const defaultReading: Reading = { hiddenText: "leave-out" };

export type ExtractionLimits = {
  timeoutSeconds: number;
  /** JavaScript heap of the worker thread. */
  heapMb: number;
  /** Characters of text after which reading stops with `too-large`. */
  charsMax: number;
  pagesMax: number;
};

/** The timeout is below the function's 50 s, so that the failure can still be recorded. */
export const defaultLimits: ExtractionLimits = {
  timeoutSeconds: 40,
  heapMb: 768,
  charsMax: 50_000_000,
  pagesMax: 10_000,
};

/** The sender's description of the file: name and content type only distinguish formats that have no signature. */
export type Hint = {
  name: string;
  /** May contain a charset, which is used for text formats. */
  contentType?: string | undefined;
  /** The bytes are UTF-8 text from the request body: the format follows from the name only. */
  isText?: boolean;
  reading?: Reading;
};

/** Reasons why a file has no extractable text. */
export type ExtractionCode =
  | "encrypted"
  | "corrupt"
  | "unsupported-type"
  | "empty"
  | "no-text"
  | "too-large"
  | "too-many-pages"
  | "decompression-bomb"
  | "extraction-timeout"
  | "out-of-memory";

/** No text can be extracted from the file. */
export class ExtractionFailure extends Error {
  override readonly name = "ExtractionFailure";
  readonly code: ExtractionCode;
  /** Set when the format was recognised and has no text, or no reader. */
  readonly contentType: string | undefined;
  constructor(code: ExtractionCode, options: ErrorOptions & { contentType?: string | undefined } = {}) {
    super(`extraction failed: ${code}`, options);
    this.code = code;
    this.contentType = options.contentType;
  }
}
