import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import type { FailureCode } from "./failures.ts";
import type { Chunk } from "./index/chunk.ts";

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

/** What is known of a file beside its bytes. */
type Hint = { name: string; contentType?: string | undefined; isText?: boolean };

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

/** What a thread can be asked for. */
export type Tasks = {
  read: { input: { bytes: Uint8Array; hint: Hint }; answer: Extraction };
  /** The text of the pages of a PDF that no other thread takes; see formats/pdf.ts. */
  pages: { input: { bytes: Uint8Array; progress: Int32Array }; answer: Map<number, string> };
  chunk: { input: { extraction: Extraction }; answer: Chunk[] };
};
export type Request = { [T in keyof Tasks]: { task: T; limits: ExtractionLimits } & Tasks[T]["input"] }[keyof Tasks];
export type Reply<T extends keyof Tasks> =
  | { ok: true; answer: Tasks[T]["answer"] }
  | { ok: false; code: FailureCode; contentType?: string | undefined };

/**
 * Reads a file's text and structure in worker threads of its own, bounded in time, heap and output: whatever the file
 * does to its reader ends as a failure with a reason. The type is decided from the bytes; the name, then the content
 * type, only tell flavours of plain text apart. Scripts are never run and nothing the file points to is fetched. Bytes that
 * have a memory of their own go over to the worker: the caller can no longer read them.
 *
 * @throws ExtractionFailure
 */
export async function extract(
  bytes: Uint8Array,
  { name, contentType, isText = false }: Hint,
  limits: ExtractionLimits = defaultLimits,
): Promise<Extraction> {
  if (bytes.length === 0) throw new ExtractionFailure("empty");
  if (Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).includes("%PDF-"))
    held.pdfium ??= compilePdfium();
  return inThread("read", { bytes, hint: { name, contentType, isText } }, limits, isAlone(bytes) ? [bytes.buffer] : []);
}

/**
 * Does one task in a worker thread of its own. Threads that it starts in turn end with it.
 *
 * @throws ExtractionFailure
 */
export async function inThread<T extends keyof Tasks>(
  task: T,
  input: Tasks[T]["input"],
  limits: ExtractionLimits,
  transfer: ArrayBuffer[] = [],
): Promise<Tasks[T]["answer"]> {
  const worker = new Worker(workerEntry, {
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb, stackSizeMb: 4 },
    // The worker needs nothing of the environment, least of all its secrets.
    env: {},
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const reply = await new Promise<Reply<T>>((resolve, reject) => {
      timer = setTimeout(() => resolve({ ok: false, code: "extraction-timeout" }), limits.timeoutSeconds * 1000);
      worker.once("message", resolve);
      worker.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve({ ok: false, code: "out-of-memory" });
        else reject(error);
      });
      worker.once("exit", (code) => reject(new Error(`the extraction worker ended with ${code}`)));
      worker.postMessage({ task, limits, ...input }, transfer);
    });
    if (!reply.ok) throw new ExtractionFailure(reply.code, { contentType: reply.contentType });
    return reply.answer;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/**
 * Held for its machine code, which V8 shares with every thread that compiles the same bytes, as long as somebody has it: a
 * small PDF takes 145 ms instead of 190, and 0.2 s of CPU instead of 0.27.
 */
const held: { pdfium?: Promise<unknown> } = {};

/** Of lib.dom, which servers do without. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<unknown> };

/** Where that fails every thread compiles it anew. */
const compilePdfium = async (): Promise<unknown> => {
  const file = import.meta.url.endsWith(".ts")
    ? import.meta.resolve("@hyzyla/pdfium/pdfium.wasm")
    : new URL("./pdfium.wasm", import.meta.url);
  return readFile(new URL(file))
    .then((bytes) => WebAssembly.compile(bytes))
    .catch(() => undefined);
};

/** Small buffers share their memory with others; a copy of those costs nothing. */
const isAlone = (bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.byteLength && bytes.length > 1024 ** 2;

/** Beside this file in the sources, beside the bundle in a Lambda. */
const workerEntry = new URL(
  import.meta.url.endsWith(".ts") ? "./extract-worker.ts" : "./extract-worker.mjs",
  import.meta.url,
);
