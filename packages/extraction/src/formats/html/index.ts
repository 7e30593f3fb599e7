/** Reads HTML and XHTML as a browser shows them. */

import type { Reading } from "../../extraction.ts";
import { decodeFor } from "../encoding/decode.ts";
import type { Reader } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { withKnownEntities } from "../xml/entities.ts";
import { parseXml } from "../xml/tree.ts";
import { addHtmlBlocks } from "./blocks.ts";
import { surroundingsOf } from "./navigation.ts";
import { pageOf } from "./shown.ts";
import { fromXml, type HtmlElement, parseHtml } from "./tree.ts";

export const readHtml: Reader = (bytes, builder, options) =>
  readHtmlText(decodeFor(builder, bytes, options), builder, options.reading);

/** Pages inside of attributes of pages are read down to this depth. */
const depthMax = 3;

/** Reads a page, or a fragment of one, as a browser shows it. XHTML that is well-formed is read as XML. */
export const readHtmlText = (html: string, builder: TextBuilder, reading?: Reading, depth = 0): null => {
  addHtmlTree(treeOf(html), builder, reading, depth);
  return null;
};

export const addHtmlTree = (root: HtmlElement, builder: TextBuilder, reading?: Reading, depth = 0): void => {
  const page = pageOf(root);
  addHtmlBlocks(root, builder, {
    page,
    surroundings: surroundingsOf(root, page),
    readsHidden: reading?.hiddenText === "index",
    readPage: (inner) => {
      if (depth < depthMax) readHtmlText(inner, builder, reading, depth + 1);
      else builder.warn("embedded-object-unread");
    },
  });
};

const treeOf = (html: string): HtmlElement => {
  const isXhtml = /^\s{0,100}<\?xml|xmlns\s{0,10}=\s{0,10}["']http:\/\/www\.w3\.org\/1999\/xhtml["']/.test(
    html.slice(0, 2048),
  );
  if (isXhtml)
    try {
      return fromXml(parseXml(withKnownEntities(html.trimStart())));
    } catch {
      // Most pages that call themselves XHTML are not well-formed, and browsers read them as HTML.
    }
  return parseHtml(html);
};
