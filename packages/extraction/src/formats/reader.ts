import type { ExtractionLimits } from "../extraction.ts";
import type { TextBuilder } from "./text-builder.ts";

/**
 * Adds a file's text to the builder and returns its number of pages, or null. Any error that it throws means `corrupt`.
 */
export type Reader = (
  bytes: Uint8Array,
  builder: TextBuilder,
  limits: ExtractionLimits,
) => Promise<number | null> | number | null;
