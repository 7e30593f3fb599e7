import { Worker } from "node:worker_threads";
import type { FailureCode } from "./failures.ts";

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

/** The file cannot become text; the code says why (failures.ts). */
export class ExtractionFailure extends Error {
  override readonly name = "ExtractionFailure";
  readonly code: FailureCode;
  /** Of a file that was recognised and has no text. */
  readonly contentType: string | undefined;
  constructor(code: FailureCode, options: ErrorOptions & { contentType?: string | undefined } = {}) {
    super(`extraction failed: ${code}`, options);
    this.code = code;
    this.contentType = options.contentType;
  }
}

export type ExtractionRequest = {
  bytes: Uint8Array;
  hint: { name: string; contentType?: string | undefined };
  limits: ExtractionLimits;
};
export type ExtractionReply =
  | { ok: true; extraction: Extraction }
  | { ok: false; code: FailureCode; contentType?: string | undefined };

/**
 * Reads a file's text and structure in a worker thread of its own, bounded in time, heap and output: whatever the file
 * does to its reader ends as a failure with a reason. The type is decided from the bytes; the name, then the content
 * type, only tell flavours of plain text apart. Scripts are never run and nothing the file points to is fetched. Bytes that
 * have a memory of their own go over to the worker: the caller can no longer read them.
 *
 * @throws ExtractionFailure
 */
export async function extract(
  bytes: Uint8Array,
  hint: { name: string; contentType?: string | undefined },
  limits: ExtractionLimits = defaultLimits,
): Promise<Extraction> {
  if (bytes.length === 0) throw new ExtractionFailure("empty");
  const worker = new Worker(workerEntry, {
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb, stackSizeMb: 4 },
    // The worker needs nothing of the environment, least of all its secrets.
    env: {},
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const request: ExtractionRequest = { bytes, hint: { name: hint.name, contentType: hint.contentType }, limits };
    const reply = await new Promise<ExtractionReply>((resolve, reject) => {
      timer = setTimeout(() => resolve({ ok: false, code: "extraction-timeout" }), limits.timeoutSeconds * 1000);
      worker.once("message", resolve);
      worker.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve({ ok: false, code: "out-of-memory" });
        else reject(error);
      });
      worker.once("exit", (code) => reject(new Error(`the extraction worker ended with ${code}`)));
      worker.postMessage(request, isAlone(bytes) ? [bytes.buffer] : []);
    });
    if (!reply.ok) throw new ExtractionFailure(reply.code, { contentType: reply.contentType });
    return reply.extraction;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** Small buffers share their memory with others; a copy of those costs nothing. */
const isAlone = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.byteLength && bytes.length > 1024 ** 2;

/** Beside this file in the sources, beside the bundle in a Lambda. */
const workerEntry = new URL(
  import.meta.url.endsWith(".ts") ? "./extract-worker.ts" : "./extract-worker.mjs",
  import.meta.url,
);
