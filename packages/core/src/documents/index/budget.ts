import { defaultLimits, type ExtractionLimits } from "@resolve/extraction/extraction";
import type { ScanBudget } from "../scanned-pages.ts";

/** Limits of a worker: the largest original that it reads into memory, and the limits of extraction, OCR and chunking. */
export type Budget = { bytesMax: number; scans?: ScanBudget; limits?: ExtractionLimits };

/**
 * Reading and splitting a file may take this time, as far as the worker's limit allows. All readers take linear time, the
 * slowest about a second for a megabyte, so a file that takes longer is hostile. It must not keep a worker for long.
 */
const [secondsAlways, secondsPerMb] = [30, 4];
export const secondsFor = (sizeBytes: number, { timeoutSeconds }: ExtractionLimits = defaultLimits): number =>
  Math.min(timeoutSeconds, Math.ceil(secondsAlways + (secondsPerMb * sizeBytes) / 1e6));
