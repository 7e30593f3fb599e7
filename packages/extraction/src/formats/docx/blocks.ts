/** Reads the block elements of Word. */

import { childOf, type XmlElement } from "../xml/tree.ts";
import { chosen } from "./alternatives.ts";
import { numberOf, propertyOf, stateOf } from "./properties.ts";
import { type ReadNote, readInline } from "./runs.ts";
import { contentOf, emptyLine, type Line, leaveOutDeleted, type Story } from "./story.ts";
import { listOf, type Style } from "./styles.ts";
import { readTable } from "./table.ts";

/** A longer paragraph with an outline level is body text that its author put into the table of contents. */
const headingCharsMax = 300;

/** Reads the block elements of a story. */
export const readBlocks = (story: Story, children: XmlElement["children"], notes: ReadNote): void => {
  for (const child of children) {
    if (typeof child === "string") continue;
    switch (child.name) {
      case "w:p":
        readParagraph(story, child, notes);
        break;
      case "w:tbl":
        story.flush();
        readTable(story, child);
        break;
      case "w:sdt":
        readBlocks(story, contentOf(story, child), notes);
        break;
      case "w:del":
      case "w:moveFrom":
        leaveOutDeleted(story, child);
        break;
      case "mc:AlternateContent":
        readBlocks(story, chosen(child), notes);
        break;
      case "w:altChunk":
        story.flush();
        readChunk(story, child);
        break;
      case "w:r":
      case "m:oMath":
      case "m:oMathPara":
        // Not in a paragraph, although the format asks for one.
        readParagraph(story, { name: "w:p", attributes: {}, children: [child] }, notes);
        break;
      case "w:sectPr":
      case "w:tcPr":
        break;
      default:
        readBlocks(story, child.children, notes);
    }
  }
};

const readParagraph = (story: Story, paragraph: XmlElement, notes: ReadNote): void => {
  const { document } = story;
  const properties = childOf(paragraph, "w:pPr");
  const style = document.styles.paragraph(propertyOf(properties, "w:pStyle"));
  const { pending } = story;
  const line: Line = { ...emptyLine(), text: pending.text, after: pending.after };
  story.pending = emptyLine();
  readInline({ story, line, style, notes }, paragraph.children);
  document.warn("hidden-text-left-out", line.hidden.match(/\S+/g)?.length ?? 0);
  if (isJoined(story, properties, style)) story.pending = line;
  else addParagraph(story, line, properties, style);
  if (childOf(properties, "w:sectPr")) {
    story.flush();
    story.onSectionEnd?.();
  }
};

/**
 * True when the text goes on in the next paragraph: its mark is deleted or hidden, or it is a large first letter. A style
 * separator hides the mark too, between a heading and the text in its line; those remain two paragraphs.
 */
const isJoined = ({ document }: Story, properties: XmlElement | undefined, style: Style): boolean => {
  const mark = childOf(properties, "w:rPr");
  if (childOf(mark, "w:del") || childOf(mark, "w:moveFrom")) return true;
  const { "w:dropCap": dropCap = "none" } = childOf(properties, "w:framePr")?.attributes ?? {};
  return dropCap !== "none" || (document.isHidden(style, mark) && !stateOf(mark, "w:specVanish"));
};

const addParagraph = (story: Story, line: Line, properties: XmlElement | undefined, style: Style): void => {
  const { document } = story;
  const list = listOf(properties, style.list);
  const label = list && document.numbering.next(list);
  const content = line.text.trim();
  const text = content === "" ? "" : `${label ?? ""}${content}`;
  const outline = numberOf(properties, "w:outlineLvl") ?? style.outlineLevel ?? 9;
  if (style.isCode && label === undefined) addCode(story, line.text);
  else if (style.isCaption) story.add({ kind: "caption", text });
  else if (outline >= 0 && outline < 9 && text.length <= headingCharsMax) addHeading(story, text, outline + 1);
  else if (style.isTitle) addHeading(story, text, 1);
  else story.add({ kind: label === undefined ? "paragraph" : "list", text });
  for (const item of line.after) story.add(item);
};

const addHeading = (story: Story, text: string, level: number): void => {
  if (text !== "" && !story.isHeaderOrFooter) story.document.heading = text;
  story.add({ kind: "heading", text, level });
};

/** The lines of code are paragraphs of their own, which begin with their indentation. */
const addCode = (story: Story, text: string): void => {
  const last = story.items.at(-1);
  if (last?.kind === "code") last.text += `\n${text.trimEnd()}`;
  else story.add({ kind: "code", text: text.trimEnd() });
};

/** A file of another format whose contents stand here. */
const readChunk = (story: Story, chunk: XmlElement): void => {
  const relationship = story.document.relationship(story.part, chunk.attributes["r:id"]);
  if (!relationship || relationship.isExternal) story.document.warn("embedded-object-unread", 1, relationship?.target);
  else story.add({ kind: "inner", part: relationship.target });
};
