/** Decodes the text of a file in the encoding that its bytes and declarations suggest. */

import { isUtf8 } from "node:buffer";
import type { ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { guess } from "./guess.ts";
import { decodeAs, encodingOf } from "./labels.ts";
import { type Decoded, decodeUtf8, utf8Share } from "./utf8.ts";
import { guessUtf16 } from "./utf16.ts";

/** The text of a file, without the count of replaced bytes. */
export const decode = (bytes: Uint8Array): string => decoded(bytes).text;

/** The text of a file; bytes that are no characters are warned about. */
export const decodeFor = (
  builder: TextBuilder,
  bytes: Uint8Array,
  { contentType }: Pick<ReadOptions, "contentType">,
): string => {
  const { text, encoding, replaced } = decoded(bytes, contentType);
  if (replaced > 0) builder.warn("bytes-replaced", encoding, replaced);
  return text;
};

/**
 * Decodes text in the order of the HTML standard (13.2.3.2): byte order mark, the sender's charset, a declaration in the
 * first 1024 bytes. A declaration that contradicts the bytes loses to UTF-8: wrong declarations are common, and text in
 * another encoding is almost never valid UTF-8. Without a declaration UTF-8 is assumed when nearly all of its sequences are
 * valid; other encodings need evidence.
 */
export const decoded = (bytes: Uint8Array, contentType = ""): Decoded => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const marked = encodingOfMark(buffer);
  if (marked) return decodeAs(marked, buffer);
  const declared =
    encodingOf(/charset\s*=\s*["']?\s*([^\s"';,]+)/i.exec(contentType)?.[1]) ?? declaredIn(buffer.subarray(0, 1024));
  if (isUtf8(buffer)) {
    const wide = buffer.includes(0) ? guessUtf16(buffer) : undefined;
    if (wide) return decodeAs(wide, buffer);
    // ISO-2022-JP consists of ASCII bytes; this escape begins its Japanese characters.
    if (buffer.includes("\u001b$B") || buffer.includes("\u001b$@")) return decodeAs("iso-2022-jp", buffer);
    return { text: buffer.toString("utf8"), encoding: "utf-8", replaced: 0 };
  }
  const utf8 = utf8Share(buffer);
  if (utf8.isLikely) return decodeUtf8(buffer);
  const wide = guessUtf16(buffer);
  if (wide) return decodeAs(wide, buffer);
  if (declared && declared !== "utf-8") {
    const result = decodeAs(declared, buffer);
    // A few damaged bytes do not make the declaration wrong.
    if (result.replaced <= Math.max(1, buffer.length / 200)) return result;
  }
  if (declared === "utf-8" && utf8.valid > utf8.invalid) return decodeUtf8(buffer);
  return decodeAs(guess(buffer), buffer);
};

const encodingOfMark = (buffer: Buffer): string | undefined => {
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) return "utf-8";
  if (buffer[0] === 0xff && buffer[1] === 0xfe)
    return buffer[2] === 0 && buffer[3] === 0 && buffer.length % 4 === 0 ? "utf-32le" : "utf-16le";
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return "utf-16be";
  if (buffer.length >= 4 && buffer.readUInt32BE(0) === 0xfeff) return "utf-32be";
  return undefined;
};

/** The encoding that an XML declaration or a `meta` element names. UTF-16 cannot be declared this way. */
const declaredIn = (head: Buffer): string | undefined => {
  const text = head.toString("latin1");
  const label =
    /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]+)["']/.exec(text)?.[1] ??
    /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w:.-]+)/i.exec(text)?.[1] ??
    /^@charset "([^"]+)"/.exec(text)?.[1];
  const encoding = encodingOf(label);
  return encoding?.startsWith("utf-16") ? "utf-8" : encoding;
};
