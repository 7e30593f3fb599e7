/** Chooses between the HTML and the plain text of a message. */

import type { Reading } from "../../extraction.ts";
import { readHtmlText } from "../html/index.ts";
import { lettersIn } from "../html/shown.ts";
import { parseHtml, plainText } from "../html/tree.ts";
import { addParagraphs } from "../text.ts";
import type { TextBuilder } from "../text-builder.ts";

/** HTML with fewer letters than this share of the plain text's lacks a part of the letter. */
const htmlShareMin = 0.5;

/**
 * Adds the HTML of a message, which mail programs show and which has the tables, or its plain text when it has more: never
 * both.
 */
export const addBody = (
  body: { text?: string | undefined; html?: string | undefined; prefersHtml?: boolean },
  builder: TextBuilder,
  reading: Reading,
): void => {
  const { text = "", html = "", prefersHtml = false } = body;
  if (html !== "" && (prefersHtml || isWhole(html, text))) readHtmlText(html, builder, reading);
  else addParagraphs(builder, text);
};

const isWhole = (html: string, text: string): boolean =>
  lettersIn(plainText(parseHtml(html))) >= htmlShareMin * lettersIn(text);
