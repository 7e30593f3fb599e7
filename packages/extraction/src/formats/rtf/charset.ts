import iconv from "iconv-lite";

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

/** The character set of fonts that show signs in the place of letters. */
const symbolCharset = 2;

/** The code page of a font; undefined means that of the document. */
const codePageOf = (charset: number): number | undefined => codePages[charset];

/** Decodes bytes of a Windows code page. */
const decodeBytes = (bytes: readonly number[], codePage: number): string => {
  if (bytes.every((byte) => byte < 0x80)) return Buffer.from(bytes).toString("latin1");
  const name = codePage === 65001 ? "utf8" : codePage === 10000 ? "macintosh" : `cp${codePage}`;
  return iconv.decode(Buffer.from(bytes), iconv.encodingExists(name) ? name : "cp1252");
};

/** The Greek letters and common signs of the font Symbol, from 0x41. */
const symbolLetters = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
const symbolSigns: Readonly<Record<number, string>> = {
  34: "∀",
  36: "∃",
  163: "≤",
  165: "∞",
  172: "←",
  173: "↑",
  174: "→",
  175: "↓",
  176: "°",
  177: "±",
  179: "≥",
  180: "×",
  183: "•",
  184: "÷",
  185: "≠",
  187: "≈",
  197: "⊕",
  213: "∏",
  214: "√",
  229: "∑",
  242: "∫",
};

/** The character that a symbol font shows; empty for a sign that is no character of the font Symbol. */
const symbolOf = (byte: number, isSymbolFont: boolean): string => {
  if (!isSymbolFont) return byte === 0x20 ? " " : "";
  return (
    symbolSigns[byte] ?? symbolLetters[byte - 0x41] ?? (byte >= 0x20 && byte < 0x41 ? String.fromCharCode(byte) : "")
  );
};

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
    if (font) font.name = name;
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
    if (font?.isSymbolic) return bytes.map((byte) => symbolOf(byte, isSymbol(font))).join("");
    return decodeBytes(bytes, font?.codePage ?? this.codePage);
  }

  /** Symbol fonts have their signs in the private use area, from U+F000. */
  unicode(code: number, id: number): string {
    if (code < 0xf000 || code > 0xf0ff) return String.fromCharCode(code);
    const font = this.#fonts.get(id);
    return symbolOf(code & 0xff, !font?.isSymbolic || isSymbol(font));
  }
}

const isSymbol = ({ name }: Font): boolean => /^symbol\b/i.test(name);
