import { isUtf8 } from "node:buffer";
import type { Extraction, ExtractionLimits, Hint } from "../extraction.ts";
import { decode } from "./encoding/decode.ts";
import { formatOf } from "./format.ts";
import { addText } from "./text.ts";
import { finished, TextBuilder } from "./text-builder.ts";

const bytesMax = 64 * 1024;

/**
 * Reads a short plain text on this thread: starting a thread takes a hundred times as long, and decoding UTF-8 is safe.
 * Returns undefined when the bytes may have another format.
 *
 * @throws ExtractionFailure
 */
export async function readPlain(
  bytes: Uint8Array,
  hint: Hint,
  limits: ExtractionLimits,
): Promise<Extraction | undefined> {
  const mayBePlain = bytes.length > 0 && bytes.length <= bytesMax && !bytes.includes(0) && isUtf8(bytes);
  if (!mayBePlain || (await formatOf(bytes, hint)) !== "text") return undefined;
  const builder = new TextBuilder(limits.charsMax);
  addText(builder, decode(bytes));
  return finished("text", builder, null);
}
