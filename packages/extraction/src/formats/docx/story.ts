/** The place that is being read in a Word file, and the blocks that were read there. */

import { blockText } from "../table.ts";
import { childOf, type XmlElement } from "../xml/tree.ts";
import { containsText } from "./alternatives.ts";
import { withText } from "./bindings.ts";
import type { Item, WordDocument } from "./document.ts";
import { Fields, fieldName, unclosedFields } from "./fields.ts";
import { stateOf } from "./properties.ts";

/** The text of a paragraph so far, and the blocks that follow it: text boxes, charts and notes that it refers to. */
export type Line = { text: string; hidden: string; after: Item[]; endsWithPicture: boolean; equationEnd: number };

export const emptyLine = (): Line => ({ text: "", hidden: "", after: [], endsWithPicture: false, equationEnd: 0 });

/** Numbers and headings of the page differ from page to page and are no text of a header. */
const pageFields: ReadonlySet<string> = new Set(["PAGE", "NUMPAGES", "SECTIONPAGES", "STYLEREF"]);

/** A part of the document that is read from its beginning to its end: the body, a header, a note, a text box. */
export class Story {
  readonly document: WordDocument;
  /** The name of the part, whose relationships it uses. */
  readonly part: string;
  readonly isHeaderOrFooter: boolean;
  fields: Fields;
  /** How many tables are around the place that is read. */
  tableDepth = 0;
  items: Item[] = [];
  /** Text before a paragraph mark that is hidden or deleted: it belongs to the next paragraph. */
  pending = emptyLine();
  /** Reads block elements; set by the reader of blocks, which the readers of tables and drawings call in turn. */
  readonly read: (story: Story, children: XmlElement["children"]) => void;
  /** Called where a section ends. */
  onSectionEnd: (() => void) | undefined;

  /** Characters of fields that have no end. */
  readonly unclosed: ReadonlySet<XmlElement>;

  constructor(
    document: WordDocument,
    part: string,
    root: XmlElement | undefined,
    read: Story["read"],
    isHeaderOrFooter = false,
  ) {
    this.document = document;
    this.unclosed = root ? unclosedFields(root) : new Set();
    this.part = part;
    this.read = read;
    this.isHeaderOrFooter = isHeaderOrFooter;
    this.fields = this.#newFields();
  }

  /** The items that reading adds, without the story's own. */
  collect(children: XmlElement["children"]): Item[] {
    const { items, pending } = this;
    this.items = [];
    this.pending = emptyLine();
    this.read(this, children);
    this.flush();
    const collected = this.items;
    this.items = items;
    this.pending = pending;
    return collected;
  }

  /** The items of a text box, which has its own fields. */
  textBox(box: XmlElement): Item[] {
    const { fields } = this;
    this.fields = this.#newFields();
    const items = this.collect(box.children);
    this.fields = fields;
    return items;
  }

  /** Text whose paragraph does not follow any more is a paragraph. */
  flush(): void {
    const { text, after } = this.pending;
    if (text === "" && after.length === 0) return;
    this.pending = emptyLine();
    this.add({ kind: "paragraph", text });
    for (const item of after) this.add(item);
  }

  add(item: Item): void {
    if (item.kind === "inner" || item.kind === "table" || item.text.trim() !== "") this.items.push(item);
  }

  /** A field of a header or footer whose result is that of one page. */
  leavesOut(code: string): boolean {
    return this.isHeaderOrFooter && pageFields.has(fieldName(code));
  }

  #newFields(): Fields {
    return new Fields(
      (code) => this.leavesOut(code),
      () => this.document.warn("readings-left-out"),
    );
  }
}

/** The children of a content control, or nothing while it shows its prompt. */
export const contentOf = (story: Story, control: XmlElement): XmlElement["children"] => {
  const content = childOf(control, "w:sdtContent");
  if (!content) return [];
  const text = story.document.bindings.textOf(childOf(control, "w:sdtPr"));
  if (text !== undefined) return withText(content, text).children;
  if (!isPrompt(control)) return content.children;
  if (containsText(content)) story.document.warn("prompts-left-out");
  return [];
};

export const isPrompt = (control: XmlElement): boolean =>
  stateOf(childOf(control, "w:sdtPr"), "w:showingPlcHdr") ?? false;

/** Reports a tracked deletion, whose text is not read. */
export const leaveOutDeleted = (story: Story, element: XmlElement): void => {
  if (containsText(element)) story.document.warn("deleted-text-left-out");
};

/** The text of items in a place that has no blocks, such as a cell, and the items that stand after it all the same. */
export const flattened = (items: readonly Item[], rowSeparator: string): { text: string; rest: Item[] } => {
  const lines: string[] = [];
  const rest: Item[] = [];
  for (const item of items)
    if (item.kind === "inner" || item.kind === "note") rest.push(item);
    else lines.push(blockText(item, rowSeparator));
  return { text: lines.join("\n"), rest };
};
