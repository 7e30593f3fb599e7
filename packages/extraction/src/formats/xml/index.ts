import { decodeFor } from "../encoding/decode.ts";
import { addHtmlTree, readHtmlText } from "../html/index.ts";
import { fromXml, parseHtml } from "../html/tree.ts";
import type { Reader } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { XmlBlocks } from "./blocks.ts";
import { withKnownEntities } from "./entities.ts";
import { fromHtml, localName } from "./names.ts";
import { parseXml, type XmlElement } from "./tree.ts";

/** Reads any XML: the words of its elements and attributes. A damaged file is read as a browser would read it. */
export const readXml: Reader = (bytes, builder, options) => {
  const source = decodeFor(builder, bytes, options).trimStart();
  const top = treeOf(source, builder);
  const name = localName(top);
  if (name === "html") return readHtmlText(source, builder, options.reading);
  if (name === "svg") addHtmlTree(fromXml(top), builder, options.reading);
  else new XmlBlocks(builder, options.reading).add(top);
  return null;
};

const treeOf = (source: string, builder: TextBuilder): XmlElement => {
  try {
    return parseXml(withKnownEntities(source));
  } catch (error) {
    // The parser's messages begin with line and column.
    const line = /^(?:\w+:)?(\d+):\d+/.exec(error instanceof Error ? error.message : "")?.[1];
    builder.warn("lines-malformed", line && `line ${line}`);
    return fromHtml(parseHtml(source.replace(/<!\[CDATA\[|\]\]>/g, "")));
  }
};
