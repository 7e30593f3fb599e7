/** The names of encodings and their decoders. */

import iconv from "iconv-lite";
import { type Decoded, decodeUtf8 } from "./utf8.ts";

/** Encodings of several bytes per character, and ISO-2022-JP, which iconv-lite does not have. */
const multiByte: ReadonlySet<string> = new Set(["gb18030", "big5", "euc-jp", "euc-kr", "shift_jis", "iso-2022-jp"]);

/**
 * The encoding that a label means to a browser (WHATWG Encoding standard, 4.2): iso-8859-1 is windows-1252, gb2312 is
 * GB 18030. Labels that browsers do not know, such as cp437, have iconv-lite's name.
 */
export const encodingOf = (label: string | undefined): string | undefined => {
  const name = label?.trim().toLowerCase();
  if (!name) return undefined;
  try {
    const { encoding } = new TextDecoder(name);
    if (encoding === "gbk") return "gb18030";
    return encoding === "x-user-defined" ? undefined : encoding;
  } catch {
    return iconv.encodingExists(name) && !notText.has(name) ? name : undefined;
  }
};

/** Encodings of iconv-lite that turn bytes into letters for transport. */
const notText: ReadonlySet<string> = new Set(["base64", "hex", "binary", "internal", "utf7imap"]);

/** Decodes all bytes; those that are no characters become U+FFFD. */
export const decodeAs = (encoding: string, buffer: Buffer): Decoded => {
  if (encoding === "utf-8") return decodeUtf8(buffer);
  // iconv-lite does not count what it replaces, and Node's decoders of single bytes differ from the standard.
  const text = multiByte.has(encoding) ? new TextDecoder(encoding).decode(buffer) : iconv.decode(buffer, encoding);
  let replaced = 0;
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) replaced += 1;
  return { text, encoding, replaced };
};
