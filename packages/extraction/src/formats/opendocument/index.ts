import { decode } from "../encoding/decode.ts";
import { HeadersAndFooters } from "../headers-and-footers.ts";
import { readEmbedded } from "../package/embedded.ts";
import { Package } from "../package/package.ts";
import type { Reader } from "../reader.ts";
import { childOf, elementsOf, parseXml, type XmlElement } from "../xml/tree.ts";
import { type BlockContext, BlockReader, type Item } from "./blocks.ts";
import { controlTexts } from "./controls.ts";
import { readSlides } from "./slides.ts";
import { Styles } from "./styles.ts";

/** Reads an OpenDocument text or presentation: an archive, or a flat file of one XML document (OpenDocument 1.3 part 2). */
export const readOpenDocument: Reader = async (bytes, builder, options) => {
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const parts = isArchive ? new Package(bytes) : undefined;
  const content = parts ? parts.xml("content.xml") : parseXml(decode(bytes));
  if (!content) throw new Error("no content");
  const stylesPart = parts?.xml("styles.xml");
  const body = childOf(content, "office:body");
  const context: BlockContext = {
    controls: controlTexts(body),
    styles: new Styles([stylesPart, content]),
    parts,
    isHiddenRead: options.reading.hiddenText === "index",
    warn: (code, place, count) => builder.warn(code, place, count),
  };
  const add = async (item: Item): Promise<void> => {
    if (item.kind !== "embedded") builder.add(item);
    else if (parts) await readEmbedded(parts, item.part, builder, options);
  };
  const presentation = childOf(body, "office:presentation") ?? childOf(body, "office:drawing");
  if (presentation) return readSlides(presentation, context, builder, add);
  const text = childOf(body, "office:text");
  if (!text) throw new Error("neither a text nor a presentation");
  const { headers, footers } = headersAndFootersOf(text, context);
  for (const item of headers) await add(item);
  const reader = new BlockReader(context);
  for (const element of elementsOf(text)) {
    reader.read({ name: "", attributes: {}, children: [element] });
    for (const item of reader.take()) await add(item);
  }
  for (const item of footers) await add(item);
  return null;
};

/** The headers and footers of the pages that the text uses, each distinct one once. */
const headersAndFootersOf = (text: XmlElement, context: BlockContext): { headers: Item[]; footers: Item[] } => {
  const pages = context.styles.masterPages;
  const used = usedMasterPages(text, context.styles);
  const headersAndFooters = new HeadersAndFooters();
  const read = (kind: "header" | "footer"): Item[] => {
    const elements = pages
      .filter(({ attributes }) => used.has(attributes["style:name"] ?? ""))
      .flatMap((page) => elementsOf(page))
      .filter(({ name, attributes }) => name.startsWith(`style:${kind}`) && attributes["style:display"] !== "false");
    return elements.flatMap((element): Item[] => {
      const reader = new BlockReader(context);
      reader.read(element);
      return reader.take().flatMap((item): Item[] => {
        if (item.kind === "embedded") return [item];
        if (!headersAndFooters.isNew(item.kind === "table" ? JSON.stringify(item.rows) : item.text)) return [];
        return [item.kind === "table" ? item : { kind, text: item.text }];
      });
    });
  };
  return { headers: read("header"), footers: read("footer") };
};

/** The first page's master and those that a paragraph or table starts, with those that follow each. */
const usedMasterPages = (text: XmlElement, styles: Styles): Set<string> => {
  const names = new Set<string>();
  let isFirst = true;
  const visit = (element: XmlElement): void => {
    for (const child of elementsOf(element)) {
      const style = child.attributes["text:style-name"] ?? child.attributes["table:style-name"];
      const isParagraph = child.name === "text:p" || child.name === "text:h";
      if (isParagraph || child.name === "table:table") {
        const master = styles.masterPageOf(isParagraph ? "paragraph" : "table", style);
        if (master) names.add(master);
        else if (isFirst) names.add("Standard");
        isFirst = false;
      }
      if (!isParagraph && child.name !== "table:table") visit(child);
    }
  };
  visit(text);
  const next = new Map(
    styles.masterPages.map(({ attributes }) => [attributes["style:name"], attributes["style:next-style-name"]]),
  );
  for (const name of names) {
    const following = next.get(name);
    if (following !== undefined) names.add(following);
  }
  return names;
};
