/** The interface of a reader. */

import type { ExtractionLimits, Reading } from "../extraction.ts";
import type { TextBuilder } from "./text-builder.ts";

export type ReadOptions = {
  limits: ExtractionLimits;
  reading: Reading;
  /** As the sender says; may contain a charset. */
  contentType?: string | undefined;
  /** Reads a file that is inside this one, such as an attachment. */
  readInner: ReadInner;
};

/**
 * Adds the blocks of a file inside another one to the same builder, without page numbers, which would be read as those of
 * the outer file. What cannot be read becomes the warning `unread`, with the name as its place.
 *
 * @throws ExtractionFailure only `too-large`
 */
export type ReadInner = (
  bytes: Uint8Array,
  hint: { name: string; contentType?: string | undefined },
  builder: TextBuilder,
  unread: "attachment-unread" | "embedded-object-unread",
) => Promise<void>;

/**
 * Adds a file's blocks and warnings to the builder and returns its number of pages, or null. Any error that it throws
 * means `corrupt`.
 */
export type Reader = (
  bytes: Uint8Array,
  builder: TextBuilder,
  options: ReadOptions,
) => Promise<number | null> | number | null;
