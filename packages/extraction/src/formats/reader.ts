import type { ExtractionLimits } from "../extraction.ts";
import type { TextBuilder } from "./text-builder.ts";

/** Adds a file's text to the builder and answers how many pages it has, if it has pages. Whatever it throws means `corrupt`. */
export type Reader = (
  bytes: Uint8Array,
  builder: TextBuilder,
  limits: ExtractionLimits,
) => Promise<number | null> | number | null;
