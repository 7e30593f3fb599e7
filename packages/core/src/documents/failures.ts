/**
 * All failures of a document: the message for the tenant, what to do, and whether a retry can help. A code never changes
 * its meaning.
 */
export const failures = {
  encrypted: {
    message: "The file is protected by a password.",
    hint: "Remove the password and upload it again.",
    retryable: false,
  },
  corrupt: {
    message: "The file is damaged and cannot be opened.",
    hint: "Open it in the program that created it, save it again and upload that file.",
    retryable: false,
  },
  "unsupported-type": {
    message: "Files of this type are not supported.",
    hint: "Save a DOC file as DOCX and a PPT file as PPTX. Supported are PDF, Office (DOCX, PPTX, XLSX), OpenDocument, EPUB, RTF, HTML, Markdown, CSV, JSON, mail (EML) and plain text.",
    retryable: false,
  },
  empty: { message: "The file is empty.", hint: "Check that the right file was sent.", retryable: false },
  "no-text": {
    message: "The file has no text; a scan, for instance, has only pictures of text.",
    hint: "Check that the right file was sent. A scan needs text recognition (OCR) first.",
    retryable: false,
  },
  "too-large": {
    message: "The file is larger than the limit.",
    hint: "Split it into smaller files.",
    retryable: false,
  },
  "too-many-pages": {
    message: "The file has more pages than the limit.",
    hint: "Split it into smaller files.",
    retryable: false,
  },
  "decompression-bomb": {
    message: "The unpacked file is far larger than the file.",
    hint: "Save its text in another format.",
    retryable: false,
  },
  "extraction-timeout": {
    message: "Reading the file took too long.",
    hint: "Retry once; if it fails again, split the file.",
    retryable: true,
  },
  "out-of-memory": {
    message: "Reading the file needed more memory than allowed.",
    hint: "Split it into smaller files.",
    retryable: false,
  },
  "checksum-mismatch": {
    message: "The checksum of the stored file differs from the declared checksum.",
    hint: "Upload the file again.",
    retryable: false,
  },
  "size-mismatch": {
    message: "The size of the stored file differs from the declared size.",
    hint: "Upload the file again.",
    retryable: false,
  },
  "quota-exceeded": {
    message: "The file exceeds the tenant's storage quota.",
    hint: "Delete documents that are no longer needed, or ask for more storage; then retry.",
    retryable: true,
  },
  "url-unreachable": {
    message: "The server of the URL cannot be reached, or did not respond in time.",
    hint: "Check that the server is available, and retry.",
    retryable: true,
  },
  "url-refused": {
    message:
      "The URL returned no file: its server refused the request, or redirected to an address that is not allowed.",
    hint: "Open the URL in a browser without signing in; only public https addresses are fetched.",
    retryable: false,
  },
  "embedder-unavailable": {
    message: "The embedding service is not available.",
    hint: "Retry later.",
    retryable: true,
  },
  "embedding-limit-reached": {
    message: "The tenant has used the tokens of the embedding service that it may use in a month.",
    hint: "Retry in the next month, or ask the platform operator for more.",
    retryable: true,
  },
  "ocr-unavailable": {
    message: "Text recognition (OCR) of the file took too long.",
    hint: "Retry later: recognition continues from where it was. Split a scan of many hundred pages.",
    retryable: true,
  },
  "ocr-limit-reached": {
    message: "The tenant has used the pages of text recognition (OCR) that it may use in a month.",
    hint: "Retry in the next month, or ask the platform operator for more.",
    retryable: true,
  },
  "storage-missing": { message: "The file is not in storage.", hint: "Upload the file again.", retryable: false },
  cancelled: {
    message: "Processing was cancelled.",
    hint: "Retry to process the document.",
    retryable: true,
  },
  "upload-expired": {
    message: "The bytes did not arrive before the upload link expired.",
    hint: "Create the document again and upload within 15 minutes.",
    retryable: false,
  },
  internal: {
    message: "Processing failed several times because of an error in the system.",
    hint: "Retry; if it fails again, send the document's id to the operator.",
    retryable: true,
  },
} as const satisfies Record<string, { message: string; hint: string; retryable: boolean }>;

export type FailureCode = keyof typeof failures;

/** The document cannot be processed, for a reason other than its format. */
export class DocumentFailure extends Error {
  override readonly name = "DocumentFailure";
  readonly code: FailureCode;
  constructor(code: FailureCode) {
    super(`processing failed: ${code}`);
    this.code = code;
  }
}
