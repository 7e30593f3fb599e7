import { type Extraction, ExtractionFailure, type PageSource } from "./extraction.ts";
import { TextBuilder } from "./formats/text-builder.ts";
import { type Warning, Warnings, warningCodes } from "./warnings.ts";

/**
 * The extraction with the paragraphs that OCR has read on some pages, in the place of what the file contains of these pages.
 *
 * @throws ExtractionFailure `too-large`
 */
export const withRecognised = (
  extraction: Extraction,
  recognised: ReadonlyMap<number, readonly string[]>,
  charsMax: number,
): Extraction => {
  if (recognised.size === 0) return extraction;
  const { text, blocks, sources = [] } = extraction;
  const parts: string[] = [];
  const placed: Extraction["blocks"] = [];
  let length = 0;
  const append = (block: Extraction["blocks"][number], own: string) => {
    if (length > 0) {
      parts.push("\n\n");
      length += 2;
    }
    if (length + own.length > charsMax) throw new ExtractionFailure("too-large");
    placed.push({ ...block, start: length, end: length + own.length });
    parts.push(own);
    length += own.length;
  };
  const numbers = [...recognised.keys()].sort((a, b) => a - b);
  /** Appends the recognised pages before a page. */
  const catchUp = (page: number) => {
    while (numbers.length > 0 && numbers[0]! < page) {
      const number = numbers.shift()!;
      const builder = new TextBuilder(charsMax);
      for (const paragraph of recognised.get(number)!)
        builder.add({ kind: "paragraph", text: paragraph, page: number });
      const read = builder.finish();
      for (const block of read.blocks) append(block, read.text.slice(block.start, block.end));
    }
  };
  for (const block of blocks) {
    // Attachments have no page and follow the pages.
    catchUp(block.page ?? Number.POSITIVE_INFINITY);
    if (block.page === undefined || !recognised.get(block.page)?.length)
      append(block, text.slice(block.start, block.end));
  }
  catchUp(Number.POSITIVE_INFINITY);
  const warnings = warningsOf(extraction, sources, recognised);
  const marked = sources.map((source, at) =>
    recognised.has(at + 1) ? { ...source, readByOcr: true as const } : source,
  );
  return { ...extraction, text: parts.join(""), blocks: placed, warnings, sources: marked };
};

/** The warnings without those of the recognised pages. */
const warningsOf = (
  { warnings }: Extraction,
  sources: readonly PageSource[],
  recognised: ReadonlyMap<number, unknown>,
): Warning[] => {
  const left = new Warnings();
  const ofPages = new Map<string, number>();
  for (const [at, { warning }] of sources.entries()) {
    if (!warning) continue;
    ofPages.set(warning, (ofPages.get(warning) ?? 0) + 1);
    if (!recognised.has(at + 1)) left.add(warning, `page ${at + 1}`);
  }
  for (const { code, count } of warnings) {
    // Files inside this one have counted to the same code, without a page.
    const inside = count - (ofPages.get(code) ?? 0);
    if (ofPages.has(code) && inside > 0) left.add(code, undefined, inside);
  }
  return [...warnings.filter(({ code }) => !ofPages.has(code)), ...left.list()].sort(
    (one, other) => warningCodes.indexOf(one.code) - warningCodes.indexOf(other.code),
  );
};
