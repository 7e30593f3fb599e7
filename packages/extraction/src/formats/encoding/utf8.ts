/** Decodes UTF-8 that has faults. */

import { isUtf8 } from "node:buffer";
import iconv from "iconv-lite";

export type Decoded = {
  text: string;
  /** The name of the encoding in the WHATWG Encoding standard, or iconv-lite's name for others. */
  encoding: string;
  /** Bytes that are no characters in this encoding. */
  replaced: number;
};

/** The length of the valid UTF-8 sequence at a position (Unicode standard, table 3-7), or 0. */
const sequenceLength = (bytes: Uint8Array, at: number): number => {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0;
  const second = bytes[at + 1]!;
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let offset = 2; offset < length; offset++) if ((bytes[at + offset]! & 0xc0) !== 0x80) return 0;
  return length;
};

/** How many sequences of several bytes are valid, and how many bytes belong to no sequence. */
export const utf8Share = (bytes: Uint8Array): { valid: number; invalid: number; isLikely: boolean } => {
  let ascii = 0;
  let valid = 0;
  let invalid = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 1) ascii += 1;
    if (length > 1) valid += 1;
    if (length === 0) invalid += 1;
    at += Math.max(1, length);
  }
  // Other encodings make valid sequences by accident, in Chinese text about one in ten.
  // In a mostly English text accidents are rarer.
  const isMostlyAscii = ascii > bytes.length * 0.6;
  const isLikely = valid > 0 && valid >= (isMostlyAscii ? 1 : 2) * invalid;
  return { valid, invalid, isLikely };
};

/**
 * Decodes UTF-8. A byte that belongs to no sequence becomes its character in windows-1252, when it is a printable one
 * there: text pasted from an older system is the usual cause.
 */
export const decodeUtf8 = (buffer: Buffer): Decoded => {
  const encoding = "utf-8";
  if (isUtf8(buffer)) return { text: buffer.toString("utf8"), encoding, replaced: 0 };
  const parts: string[] = [];
  let replaced = 0;
  let start = 0;
  const endValid = (at: number) => {
    if (at > start) parts.push(buffer.toString("utf8", start, at));
  };
  for (let at = 0; at < buffer.length; ) {
    const length = sequenceLength(buffer, at);
    if (length > 0) {
      at += length;
      continue;
    }
    endValid(at);
    const isStartOfCut = at >= buffer.length - 3 && buffer[at]! >= 0xc2;
    const character = isStartOfCut ? "\ufffd" : windows1252[buffer[at]! - 0x80]!;
    parts.push(character);
    replaced += 1;
    at += 1;
    start = at;
  }
  endValid(buffer.length);
  return { text: parts.join(""), encoding, replaced };
};

const windows1252 = [
  ...iconv.decode(Buffer.from(Array.from({ length: 128 }, (_, at) => at + 0x80)), "windows-1252"),
].map((character) => (/\p{Cc}/u.test(character) ? "\ufffd" : character));
