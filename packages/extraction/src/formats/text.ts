/** Reads plain text. */

import { decodeFor } from "./encoding/decode.ts";
import type { Position } from "./model.ts";
import type { Reader } from "./reader.ts";
import { addCards, isCards } from "./text/cards.ts";
import type { TextBuilder } from "./text-builder.ts";

export const readText: Reader = (bytes, builder, options) => {
  addText(builder, decodeFor(builder, bytes, options));
  return null;
};

/** Adds a text file: prose, a log, source code, or a calendar. */
export const addText = (builder: TextBuilder, text: string): void => {
  if (isCards(text)) addCards(builder, text);
  else addParagraphs(builder, withoutTerminal(text));
};

/** Adds plain text: blank lines and page breaks separate paragraphs. */
export const addParagraphs = (builder: TextBuilder, text: string, position: Position = {}): void => {
  const lines = text.replace(/\r\n?|[\v\u0085\u2028]/g, "\n").replace(/[\f\u2029]/g, "\n\n");
  for (const paragraph of lines.split(/\n\s*\n/)) builder.add({ kind: "paragraph", text: paragraph, ...position });
};

const controlSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these sequences consist of control characters.
  /\u001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)|[()][0-9A-B]|[=>78cDEHMNOZ])/g;

/**
 * Removes colours and cursor movements of a terminal (ECMA-48, 5.4 and 8.3) and its bold letters, which are a letter, a
 * backspace and the letter again.
 */
const withoutTerminal = (text: string): string =>
  text
    .replace(controlSequence, "")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
    .replace(/[^\n\u0008]\u0008/gu, "");
