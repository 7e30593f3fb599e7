/** Chooses between the HTML and the plain text of a message. */

import type { Reading } from "../../extraction.ts";
import { readHtmlText } from "../html/index.ts";
import { lettersIn } from "../html/shown.ts";
import { parseHtml, plainText } from "../html/tree.ts";
import { addParagraphs } from "../text.ts";
import type { TextBuilder } from "../text-builder.ts";

/** The text of HTML must be this many times as long before it is taken for the letter, and the plain text for a stub. */
const stubFactor = 2;
const stubSizeMax = 1000;
/** A plain text that asks the reader to use another program. */
const notice =
  /\bhtml\b.{0,60}\b(reader|viewer|capable|client|compatible|support|e-?mail|message|format)|(view|read|see|open).{0,60}\b(browser|online|html)\b|\bhtml-(nachricht|ansicht|mail)|(unterst|anzeig|darstell).{0,60}html|navigateur|navegador/i;

/** Adds the plain text of a message, or its HTML when the plain text is only a stub: never both. */
export const addBody = (
  body: { text?: string | undefined; html?: string | undefined; prefersHtml?: boolean },
  builder: TextBuilder,
  reading: Reading,
): void => {
  const { text = "", html = "", prefersHtml = false } = body;
  if (html !== "" && (prefersHtml || isStub(text, html))) readHtmlText(html, builder, reading);
  else addParagraphs(builder, text);
};

const isStub = (text: string, html: string): boolean => {
  const plainSize = lettersIn(text);
  if (plainSize === 0) return true;
  const htmlSize = lettersIn(plainText(parseHtml(html)));
  if (notice.test(text.slice(0, 500)) && plainSize < 300 && htmlSize > 0) return htmlSize > plainSize / 2;
  return plainSize < stubSizeMax && htmlSize > stubFactor * plainSize + 20;
};
