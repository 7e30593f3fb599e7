import { extract } from "@resolve/extraction/extract";
import {
  defaultLimits,
  type Extraction,
  ExtractionFailure,
  type ExtractionLimits,
} from "@resolve/extraction/extraction";
import { readPlain } from "@resolve/extraction/formats/plain";
import type { Ctx } from "../../platform/context.ts";
import { ocr } from "../../platform/services/ocr.ts";
import { DocumentFailure } from "../failures.ts";
import { ocrPagesLeft, storedPages, storePages } from "../ocr-pages.ts";
import { readOriginal } from "../original.ts";
import { isWholeScan, recogniseFile, scanOf, scanTypes } from "../scan.ts";
import { defaultScans, readScannedPages } from "../scanned-pages.ts";
import { type Budget, secondsFor } from "./budget.ts";
import { chunk } from "./chunk.ts";
import { embedChunks, modelsOf } from "./embedding.ts";
import { addLanguage, languageOf } from "./language.ts";
import type { MadeIndex, Maker, OnStage, StoredOriginal } from "./maker.ts";

/** OCR may have used all the time of the file. */
const secondsToSplit = 5;

/** Makes indexes within the limits of a worker. */
export const makerWithin =
  (budget: Budget): Maker =>
  (ctx, original, onStage) =>
    makeIndex(ctx, original, budget, onStage);

/**
 * Reads an original and computes its index. Writes only the language of the tenant's corpus and the pages that OCR has read,
 * in transactions of their own. Calls `onStage` before each stage.
 *
 * @throws ExtractionFailure when the file cannot become text, DocumentFailure when its bytes are not those declared, EmbedderUnavailable, OcrUnavailable
 */
async function makeIndex(
  ctx: Ctx,
  original: StoredOriginal,
  { bytesMax, scans = defaultScans, limits = defaultLimits }: Budget,
  onStage: OnStage = () => {},
): Promise<MadeIndex> {
  if (original.sizeBytes > bytesMax) throw new ExtractionFailure("too-large");
  await onStage("extracting");
  const { bytes, sha256 } = await readOriginal(original);
  const timeoutSeconds = secondsFor(original.sizeBytes, limits);
  const endsAt = performance.now() + timeoutSeconds * 1000;
  const signal = AbortSignal.timeout(limits.timeoutSeconds * 1000);
  const read = await readText(ctx, original, bytes, { limits, timeoutSeconds, signal });
  const extraction = await readScannedPages(ctx, original, read, { scans, limits, signal });
  await onStage("chunking");
  const left = Math.max(secondsToSplit, (endsAt - performance.now()) / 1000);
  const chunks = await chunk(extraction, { ...limits, timeoutSeconds: left });
  if (chunks.length === 0) throw new ExtractionFailure("no-text");
  await onStage("embedding");
  const { text } = extraction;
  const language = await languageOf(text);
  await addLanguage(ctx, language);
  const embeddings = await embedChunks(ctx, chunks, await modelsOf(ctx));
  return { extraction, sha256, index: { text, language, chunks, embeddings } };
}

/** The file's text, or OCR's text when the file has none and OCR is enabled. The worker's time limit applies to both. */
const readText = async (
  ctx: Ctx,
  original: StoredOriginal,
  bytes: Buffer,
  { limits, timeoutSeconds, signal }: { limits: ExtractionLimits; timeoutSeconds: number; signal: AbortSignal },
): Promise<Extraction> => {
  const { name, contentType, isText, reading } = original;
  const hint = { name, contentType: contentType ?? undefined, isText, reading };
  try {
    return (await readPlain(bytes, hint, limits)) ?? (await extract(bytes, hint, { ...limits, timeoutSeconds }));
  } catch (error) {
    if (!(error instanceof ExtractionFailure) || error.code !== "no-text") throw error;
    const { contentType = "" } = error;
    const reader = scanTypes.has(contentType) ? ocr() : undefined;
    if (!reader) throw error;
    const known = await storedPages(ctx, original);
    if (isWholeScan(known)) return scanOf(known, { contentType, limits });
    if ((await ocrPagesLeft(ctx)) === 0) throw new DocumentFailure("ocr-limit-reached");
    const pages = await recogniseFile(reader, original.objectKey, signal);
    await storePages(ctx, original, pages);
    return scanOf(pages, { contentType, limits });
  }
};
