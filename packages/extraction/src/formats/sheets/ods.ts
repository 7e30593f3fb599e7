import { HeadersAndFooters } from "../headers-and-footers.ts";
import { readEmbedded } from "../package/embedded.ts";
import { Package } from "../package/package.ts";
import type { Reader } from "../reader.ts";
import { descendantsOf, textIn, type XmlElement } from "../xml/tree.ts";
import { addSheet, textAdder } from "./blocks.ts";
import { wordsBeside } from "./header-codes.ts";
import { OdsContent } from "./ods-content.ts";

/** Reads OpenDocument spreadsheets (ODF 1.3 part 3, 9). */
export const readOds: Reader = async (bytes, builder, { reading, readInner }) => {
  const isHiddenRead = reading.hiddenText === "index";
  const file = new Package(bytes);
  const part = file.bytes("content.xml");
  if (!part) throw new Error("no content");
  const seen = new Set<string>();
  for (const { sheet, isHidden, comments, pictures, texts, objects } of new OdsContent(isHiddenRead, builder).read(
    part,
  )) {
    if (isHidden && !isHiddenRead) {
      builder.warn("hidden-sheets-left-out", sheet.name);
      continue;
    }
    const add = textAdder(builder, sheet.name, addSheet(sheet, isHiddenRead, builder));
    for (const text of texts) add({ kind: "paragraph", text });
    for (const object of objects) {
      if (seen.has(object)) continue;
      seen.add(object);
      const tree = file.xml(`${object}/content.xml`);
      if (tree) add({ kind: "caption", text: titlesIn(tree) });
      else await readEmbedded(file, object, builder, { readInner });
    }
    if (comments > 0) builder.warn("comments-left-out", sheet.name, comments);
    if (pictures > 0) builder.warn("images-unread", sheet.name, pictures);
  }
  const headersAndFooters = new HeadersAndFooters();
  for (const element of descendantsOf(file.xml("styles.xml")))
    if (/^style:(header|footer)(-left|-first)?$/.test(element.name))
      headersAndFooters.addAtEnd({
        kind: element.name.startsWith("style:header") ? "header" : "footer",
        text: wordsOfPage(element),
      });
  for (const block of headersAndFooters.atEnd) builder.add(block);
  return null;
};

/** The titles of a chart and of its axes. */
const titlesIn = (chart: XmlElement): string =>
  descendantsOf(chart)
    .filter(({ name }) => /(^|:)(title|subtitle)$/.test(name))
    .map((title) => textIn(title).replace(/\s+/g, " ").trim())
    .filter(Boolean)
    .join("\n");

/** The words of a page header without fields, such as the page number and the sheet's name. */
const wordsOfPage = (header: XmlElement): string =>
  descendantsOf(header)
    .filter(({ name }) => name === "text:p")
    .map((paragraph) => {
      const words = paragraph.children.map((child) =>
        typeof child === "string" ? child : child.name === "text:span" ? withoutFields(child) : "",
      );
      return wordsBeside(
        words.join(""),
        descendantsOf(paragraph).some(({ name }) => name === "text:page-number"),
      );
    })
    .filter(Boolean)
    .join(" | ");

const withoutFields = (span: XmlElement): string => span.children.filter((child) => typeof child === "string").join("");
