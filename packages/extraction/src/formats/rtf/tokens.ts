/**
 * A piece of RTF (Rich Text Format 1.9.1, "Basic entities"): the brackets of a group, a control word or symbol with its
 * number, an escaped byte `\'e9`, or a run of plain bytes.
 */
export type Token =
  | { kind: "open" | "close" | "end" }
  | { kind: "word"; word: string; value: number | undefined }
  | { kind: "byte"; value: number }
  | { kind: "text"; start: number; end: number };

const [open, close, backslash, quote, minus, space, cr, lf] = [0x7b, 0x7d, 0x5c, 0x27, 0x2d, 0x20, 13, 10];
const isLetter = (byte: number) => (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
/** The specification allows 32 letters. */
const wordMax = 64;
const digitsMax = 10;

export class Tokens {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Skips binary data. */
  skip(count: number): void {
    this.#at = Math.min(this.#bytes.length, this.#at + Math.max(0, count));
  }

  next(): Token {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      const byte = bytes[this.#at]!;
      if (byte === open || byte === close) {
        this.#at += 1;
        return { kind: byte === open ? "open" : "close" };
      }
      if (byte === backslash) return this.#control();
      if (byte === cr || byte === lf || byte === 0) {
        this.#at += 1;
        continue;
      }
      const start = this.#at;
      for (let next = byte; !isSpecial(next); next = bytes[this.#at]!) {
        this.#at += 1;
        if (this.#at >= bytes.length) break;
      }
      return { kind: "text", start, end: this.#at };
    }
    return { kind: "end" };
  }

  #control(): Token {
    const bytes = this.#bytes;
    const first = bytes[this.#at + 1];
    if (first === undefined) {
      this.#at = bytes.length;
      return { kind: "end" };
    }
    if (first === quote) {
      const value = Number.parseInt(String.fromCharCode(bytes[this.#at + 2] ?? 0, bytes[this.#at + 3] ?? 0), 16);
      this.#at += 4;
      return { kind: "byte", value: Number.isNaN(value) ? 0x3f : value };
    }
    if (!isLetter(first)) {
      this.#at += 2;
      // An escaped bracket or backslash is text, perhaps the second byte of a character.
      if (first === open || first === close || first === backslash) return { kind: "byte", value: first };
      return { kind: "word", word: String.fromCharCode(first), value: undefined };
    }
    let at = this.#at + 1;
    const start = at;
    while (at < bytes.length && isLetter(bytes[at]!) && at - start < wordMax) at += 1;
    const word = Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString("latin1");
    const isNegative = bytes[at] === minus && isDigit(bytes[at + 1] ?? 0);
    if (isNegative) at += 1;
    let value: number | undefined;
    for (let digits = 0; digits < digitsMax && isDigit(bytes[at] ?? 0); digits++, at++)
      value = (value ?? 0) * 10 + bytes[at]! - 0x30;
    if (isNegative && value !== undefined) value = -value;
    if (bytes[at] === space) at += 1;
    this.#at = at;
    return { kind: "word", word, value };
  }
}

const isSpecial = (byte: number): boolean =>
  byte === open || byte === close || byte === backslash || byte === cr || byte === lf || byte === 0;
