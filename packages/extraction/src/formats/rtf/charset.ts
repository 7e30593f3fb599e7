/** Decodes the bytes of RTF by their font. */

import iconv from "iconv-lite";
import { symbolOf } from "../encoding/symbol-fonts.ts";

/** The code page of each character set of a font (RTF 1.9.1, "Font table"). */
const codePages: Readonly<Record<number, number>> = {
  0: 1252,
  77: 10000,
  128: 932,
  129: 949,
  130: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
  254: 437,
  255: 850,
};

/** The character set of fonts that show symbols in place of letters. */
const symbolCharset = 2;

/** The code page of a font; undefined means that of the document. */
const codePageOf = (charset: number): number | undefined => codePages[charset];

/** Decodes bytes of a Windows code page. */
const decodeBytes = (bytes: readonly number[], codePage: number): string => {
  if (bytes.every((byte) => byte < 0x80)) return Buffer.from(bytes).toString("latin1");
  const name = codePage === 65001 ? "utf8" : codePage === 10000 ? "macintosh" : `cp${codePage}`;
  return iconv.decode(Buffer.from(bytes), iconv.encodingExists(name) ? name : "cp1252");
};

/** The character that a symbol font shows for a byte; empty when Unicode has none. */
const characterFor = (byte: number, font: string): string => (byte === 0x20 ? " " : symbolOf(0xf000 + byte, font));

type Font = { codePage: number | undefined; isSymbolic: boolean; name: string };

/** The fonts of a document, which say what its bytes mean. */
export class Fonts {
  readonly #fonts = new Map<number, Font>();
  /** Of text whose font says nothing. */
  codePage = 1252;

  define(id: number): void {
    this.#fonts.set(id, { codePage: undefined, isSymbolic: false, name: "" });
  }

  setName(id: number, name: string): void {
    const font = this.#fonts.get(id);
    if (font) font.name = name.replace(/;.*/s, "").trim();
  }

  setCharset(id: number, charset: number): void {
    const font = this.#fonts.get(id);
    if (!font) return;
    if (charset === symbolCharset) font.isSymbolic = true;
    else font.codePage ??= codePageOf(charset);
  }

  setCodePage(id: number, codePage: number): void {
    const font = this.#fonts.get(id);
    if (font) font.codePage = codePage;
  }

  decode(bytes: readonly number[], id: number): string {
    const font = this.#fonts.get(id);
    if (font?.isSymbolic) return bytes.map((byte) => characterFor(byte, font.name)).join("");
    return decodeBytes(bytes, font?.codePage ?? this.codePage);
  }

  /** Symbol fonts have their symbols in the private use area, from U+F000. */
  unicode(code: number, id: number): string {
    if (code < 0xf000 || code > 0xf0ff) return String.fromCharCode(code);
    const font = this.#fonts.get(id);
    return characterFor(code & 0xff, font?.isSymbolic ? font.name : "Symbol");
  }
}
