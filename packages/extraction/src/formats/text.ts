import { decode } from "./decode.ts";
import type { Position } from "./model.ts";
import type { Reader } from "./reader.ts";
import type { TextBuilder } from "./text-builder.ts";

export const readText: Reader = (bytes, builder) => {
  addParagraphs(builder, decode(bytes));
  return null;
};

/** Adds plain text: blank lines separate paragraphs. */
export const addParagraphs = (builder: TextBuilder, text: string, position: Position = {}): void => {
  for (const paragraph of text.replace(/\r\n?/g, "\n").split(/\n\s*\n/))
    builder.add({ kind: "paragraph", text: paragraph, ...position });
};
