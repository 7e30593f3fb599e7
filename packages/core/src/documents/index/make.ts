import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { extract } from "@resolve/extraction/extract";
import {
  defaultLimits,
  type Extraction,
  ExtractionFailure,
  type ExtractionLimits,
} from "@resolve/extraction/extraction";
import { readPlain } from "@resolve/extraction/formats/plain";
import type { Ctx } from "../../platform/context.ts";
import { blobs } from "../../platform/services/blob.ts";
import { ocr } from "../../platform/services/ocr.ts";
import { DocumentFailure } from "../failures.ts";
import { readScan, scanTypes } from "../scan.ts";
import type { Stage } from "../states.ts";
import { chunk } from "./chunk.ts";
import { embedChunks, modelsOf } from "./embedding.ts";
import { addLanguage, languageOf } from "./language.ts";
import type { Index } from "./write.ts";

/** What a worker takes on: bytes of an original that it holds in memory, and the bounds of its reader. */
export type Budget = { bytesMax: number; limits?: ExtractionLimits };

/** An original in storage and what is known of it. */
export type Original = {
  objectKey: string;
  sizeBytes: number;
  sha256: Buffer | null;
  name: string;
  contentType: string | null;
  /** It came as text in the call itself: whatever it begins with, it is no file of another type. */
  isText: boolean;
};

export type MadeIndex = { extraction: Extraction; sha256: Buffer; index: Index };

/**
 * Reads an original and makes what search needs of it; writes nothing. `onStage` is called before each stage.
 *
 * @throws ExtractionFailure when the file cannot become text, DocumentFailure when its bytes are not those declared, EmbedderUnavailable, OcrUnavailable
 */
export async function makeIndex(
  ctx: Ctx,
  original: Original,
  { bytesMax, limits }: Budget,
  onStage: (stage: Stage) => Promise<void> | void = () => {},
): Promise<MadeIndex> {
  if (original.sizeBytes > bytesMax) throw new ExtractionFailure("too-large");
  await onStage("extracting");
  const { bytes, sha256 } = await readOriginal(original);
  const extraction = await readText(original, bytes, limits);
  await onStage("chunking");
  const chunks = await chunk(extraction, limits);
  if (chunks.length === 0) throw new ExtractionFailure("no-text");
  await onStage("embedding");
  const { text } = extraction;
  const language = await languageOf(text);
  await addLanguage(ctx, language);
  const embeddings = await embedChunks(chunks, await modelsOf(ctx));
  return { extraction, sha256, index: { text, language, chunks, embeddings } };
}

/** The file's text, or that in its pictures where it has no other and OCR is switched on; both within one time limit. */
const readText = async (
  original: Original,
  bytes: Buffer,
  limits: ExtractionLimits = defaultLimits,
): Promise<Extraction> => {
  const signal = AbortSignal.timeout(limits.timeoutSeconds * 1000);
  const { name, contentType, isText } = original;
  const hint = { name, contentType: contentType ?? undefined, isText };
  try {
    return (await readPlain(bytes, hint, limits)) ?? (await extract(bytes, hint, limits));
  } catch (error) {
    if (!(error instanceof ExtractionFailure) || error.code !== "no-text") throw error;
    const { contentType = "" } = error;
    const reader = scanTypes.has(contentType) ? ocr() : undefined;
    if (!reader) throw error;
    return readScan(reader, original.objectKey, { contentType, limits, signal });
  }
};

/** The stored bytes, once their size and checksum are what was declared. */
const readOriginal = async (original: Original): Promise<{ bytes: Buffer; sha256: Buffer }> => {
  const body = await blobs.get(original.objectKey);
  if (!body) throw new DocumentFailure("storage-missing");
  const bytes = await collect(body, original.sizeBytes);
  if (bytes.length !== original.sizeBytes) throw new DocumentFailure("size-mismatch");
  const sha256 = createHash("sha256").update(bytes).digest();
  if (original.sha256 && !sha256.equals(original.sha256)) throw new DocumentFailure("checksum-mismatch");
  return { bytes, sha256 };
};

/** One buffer of the announced size, filled as the bytes come: large files are held once. */
const collect = async (body: Readable, sizeBytes: number): Promise<Buffer> => {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    if (size + part.length > sizeBytes) {
      body.destroy();
      throw new DocumentFailure("size-mismatch");
    }
    size += part.copy(bytes, size);
  }
  return bytes.subarray(0, size);
};
