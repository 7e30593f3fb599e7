export type Format =
  | "pdf"
  | "docx"
  | "pptx"
  | "xlsx"
  | "odt"
  | "odp"
  | "ods"
  | "epub"
  | "rtf"
  | "mail"
  | "html"
  | "markdown"
  | "csv"
  | "json"
  | "text";

/** A part of the text and its role in the structure. Offsets are UTF-16 units of `Extraction.text`. */
export type Block = {
  kind: "heading" | "paragraph" | "list" | "table" | "code";
  level?: number;
  page?: number;
  start: number;
  end: number;
};

export type Extraction = {
  /** `image` comes from OCR only. */
  format: Format | "image";
  contentType: string;
  /** The canonical text, which chunk offsets refer to. */
  text: string;
  pages: number | null;
  blocks: Block[];
};

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

/** The sender's description of the file, used only to distinguish plain text formats. */
export type Hint = {
  name: string;
  contentType?: string | undefined;
  /** The bytes are UTF-8 text from the request body: the format follows from the name only. */
  isText?: boolean;
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
  /** Set when the format was recognised and has no text. */
  readonly contentType: string | undefined;
  constructor(code: ExtractionCode, options: ErrorOptions & { contentType?: string | undefined } = {}) {
    super(`extraction failed: ${code}`, options);
    this.code = code;
    this.contentType = options.contentType;
  }
}
