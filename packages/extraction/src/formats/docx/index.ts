import { chartNumbers } from "../drawing/chart.ts";
import { readEmbedded } from "../package/embedded.ts";
import { Package } from "../package/package.ts";
import type { Reader, ReadOptions } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { elementsOf } from "../xml/tree.ts";
import { readBlocks } from "./blocks.ts";
import { type Item, WordDocument } from "./document.ts";
import { Notes } from "./notes.ts";
import { SectionHeaders } from "./section-headers.ts";
import { Story } from "./story.ts";

/**
 * Reads a Word file (ECMA-376, transitional and strict; with or without macros; templates). The order is that of the pages:
 * headers before the section that first shows them, footers after it, footnotes after their paragraph, endnotes last.
 * Inserted text is kept, deleted text and comments are left out.
 */
export const readDocx: Reader = async (bytes, builder, options) => {
  const source = new Package(bytes);
  const warn: TextBuilder["warn"] = (code, place, count) => builder.warn(code, place, count);
  const document = new WordDocument(source, options.reading, warn, await chartNumbers(source));
  const read: Story["read"] = (story, children) => readBlocks(story, children, notes.add);
  const notes = new Notes(document, read);
  const headers = new SectionHeaders(document, read);
  const body = new Story(document, document.mainPart, document.body, read);
  let section = 0;
  const add = (items: readonly Item[]) => {
    for (const item of items) body.add(item);
  };
  body.onSectionEnd = () => {
    add(headers.of(section, "footer"));
    section += 1;
    add(headers.of(section, "header"));
  };
  add(headers.of(section, "header"));
  body.read(body, document.body?.children ?? []);
  body.flush();
  add(headers.of(section, "footer"));
  add(notes.endnotes);
  document.warn("comments-left-out", elementsOf(document.partOf("comments"), "w:comment").length, "");
  await addItems(body.items, source, builder, options);
  return null;
};

/** A caption right above a table without one is the table's: its rows say what they are about. */
const addItems = async (items: readonly Item[], source: Package, builder: TextBuilder, options: ReadOptions) => {
  let above: string | undefined;
  for (const [at, item] of items.entries()) {
    if (item.kind === "inner") await readEmbedded(source, item.part, builder, options);
    else if (item.kind === "caption" && lacksCaption(items[at + 1])) above = item.text;
    else if (item.kind === "table" && above !== undefined) {
      builder.add({ ...item, caption: above });
      above = undefined;
    } else builder.add(item);
  }
};

const lacksCaption = (item: Item | undefined): boolean => item?.kind === "table" && item.caption === undefined;
