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

/** A piece of the text with its part in the structure; offsets are UTF-16 units of `Extraction.text`. */
export type Block = {
  kind: "heading" | "paragraph" | "list" | "table" | "code";
  level?: number;
  page?: number;
  start: number;
  end: number;
};

export type Extraction = {
  /** `image` is only read by OCR. */
  format: Format | "image";
  contentType: string;
  /** The canonical text: what chunk offsets refer to. */
  text: string;
  pages: number | null;
  blocks: Block[];
};

export type ExtractionLimits = {
  timeoutSeconds: number;
  /** JavaScript heap of the worker. */
  heapMb: number;
  /** Characters of text after which reading stops with `too-large`. */
  charsMax: number;
  pagesMax: number;
};

/** Below the 50 s of the function, so that there is time to say why. */
export const defaultLimits: ExtractionLimits = {
  timeoutSeconds: 40,
  heapMb: 768,
  charsMax: 50_000_000,
  pagesMax: 10_000,
};

/** What the sender says of the file; it only tells flavours of plain text apart. */
export type Hint = {
  name: string;
  contentType?: string | undefined;
  /** The bytes are UTF-8 text that came in the call itself: only the name tells its format, nothing in it does. */
  isText?: boolean;
};

/** Why a file cannot become text. */
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

/** The file cannot become text. */
export class ExtractionFailure extends Error {
  override readonly name = "ExtractionFailure";
  readonly code: ExtractionCode;
  /** Of a file that was recognised and has no text. */
  readonly contentType: string | undefined;
  constructor(code: ExtractionCode, options: ErrorOptions & { contentType?: string | undefined } = {}) {
    super(`extraction failed: ${code}`, options);
    this.code = code;
    this.contentType = options.contentType;
  }
}
