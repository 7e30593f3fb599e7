import { readEvents } from "./events.ts";

/** The shared strings of a workbook (ECMA-376 part 1, 18.4.9). */
export const sharedStringsOf = (bytes: Uint8Array | undefined): string[] => {
  const strings: string[] = [];
  if (!bytes) return strings;
  const text = new StringText();
  readEvents(bytes, {
    open: (name) => {
      if (name === "si") text.begin();
      else text.open(name);
    },
    close: (name) => {
      if (name === "si") strings.push(text.end());
      else text.close(name);
    },
    text: (part) => text.add(part),
  });
  return strings;
};

/** Collects the runs of a string item. The phonetic reading above East Asian words is not text of the cell. */
export class StringText {
  #parts = "";
  #isText = false;
  #phoneticDepth = 0;

  begin(): void {
    this.#parts = "";
  }
  open(name: string): void {
    if (name === "rPh") this.#phoneticDepth += 1;
    else if (name === "t") this.#isText = true;
  }
  close(name: string): void {
    if (name === "rPh") this.#phoneticDepth -= 1;
    else if (name === "t") this.#isText = false;
  }
  add(part: string): void {
    if (this.#isText && this.#phoneticDepth === 0) this.#parts += part;
  }
  end(): string {
    return unescaped(this.#parts);
  }
}

/** Characters that XML cannot contain are written as `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
export const unescaped = (text: string): string =>
  text.includes("_x")
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
