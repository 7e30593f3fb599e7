/**
 * Every reason why a document can fail: what the tenant reads, what to do, and whether trying again can help. A code
 * never changes its meaning.
 */
export const failures = {
  encrypted: {
    message: "The file is protected by a password.",
    hint: "Remove the password and upload it again.",
    retryable: false,
  },
  corrupt: {
    message: "The file is damaged and cannot be opened.",
    hint: "Open it in the program that made it, save it anew and upload that.",
    retryable: false,
  },
  "unsupported-type": {
    message: "Files of this type are not read.",
    hint: "Send PDF, Office (DOCX, PPTX, XLSX), OpenDocument, EPUB, RTF, HTML, Markdown, CSV, JSON, mail (EML) or plain text.",
    retryable: false,
  },
  empty: { message: "The file holds nothing.", hint: "Check that the right file was sent.", retryable: false },
  "no-text": {
    message: "The file holds no text, perhaps only pictures of it.",
    hint: "Run text recognition (OCR) on it and upload the result.",
    retryable: false,
  },
  "too-large": {
    message: "The file is larger than can be processed.",
    hint: "Split it into smaller files.",
    retryable: false,
  },
  "too-many-pages": {
    message: "The file has more pages than can be processed.",
    hint: "Split it into smaller files.",
    retryable: false,
  },
  "decompression-bomb": {
    message: "The file unpacks to far more than its size.",
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
    message: "The stored bytes are not those that were announced.",
    hint: "Upload the file again.",
    retryable: false,
  },
  "size-mismatch": {
    message: "The stored file has another size than was announced.",
    hint: "Upload the file again.",
    retryable: false,
  },
  "quota-exceeded": {
    message: "The tenant's storage has no room for the file.",
    hint: "Delete documents that are no longer needed, or ask for more storage; then retry.",
    retryable: true,
  },
  "url-unreachable": {
    message: "The address did not answer, or not in time.",
    hint: "Check that it is up, and retry.",
    retryable: true,
  },
  "url-refused": {
    message: "The address gave no file: it refused, or leads where it may not be followed.",
    hint: "Open it in a browser without being signed in; only public https addresses are fetched.",
    retryable: false,
  },
  "embedder-unavailable": {
    message: "The service that makes embeddings did not answer.",
    hint: "Retry later.",
    retryable: true,
  },
  "ocr-unavailable": {
    message: "Recognising the text in the file's pictures took too long.",
    hint: "Retry later, it goes on where it was; split a scan of many hundred pages.",
    retryable: true,
  },
  "storage-missing": { message: "The file is not in storage.", hint: "Upload the file again.", retryable: false },
  cancelled: {
    message: "Processing was cancelled.",
    hint: "Retry to process the document after all.",
    retryable: true,
  },
  "upload-expired": {
    message: "The bytes did not arrive before the upload link expired.",
    hint: "Create the document again and upload within 15 minutes.",
    retryable: false,
  },
  internal: {
    message: "Processing failed several times for a reason of ours.",
    hint: "Retry; if it stays, tell us the document's id.",
    retryable: true,
  },
} as const satisfies Record<string, { message: string; hint: string; retryable: boolean }>;

export type FailureCode = keyof typeof failures;

/** The document cannot be processed, for a reason that has nothing to do with its format. */
export class DocumentFailure extends Error {
  override readonly name = "DocumentFailure";
  readonly code: FailureCode;
  constructor(code: FailureCode) {
    super(`processing failed: ${code}`);
    this.code = code;
  }
}
