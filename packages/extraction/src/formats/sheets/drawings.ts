/** Reads what lies over the cells of a sheet. */

import { chartWords } from "../drawing/chart.ts";
import { pictureDescription } from "../drawing/description.ts";
import { diagramBlocks } from "../drawing/diagram.ts";
import { alternative, drawingProperties, isDecorative } from "../drawing/shape.ts";
import { paragraphsOf } from "../drawing/text.ts";
import type { TextBlock } from "../model.ts";
import { readEmbedded } from "../package/embedded.ts";
import type { Package } from "../package/package.ts";
import type { ReadInner } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { childOf, descendantsOf, elementsOf, isTrue, textIn, type XmlElement } from "../xml/tree.ts";

export type DrawingContext = {
  file: Package;
  /** The part of the sheet. */
  part: string;
  sheet: string;
  isHiddenRead: boolean;
  builder: TextBuilder;
  /** Adds a text of the sheet. */
  add(block: TextBlock): void;
  readInner: ReadInner;
  /** The parts that are read: a hostile file refers to one part again and again. */
  seen: Set<string>;
};

/**
 * Adds what lies over the cells of a sheet: text boxes, charts, diagrams and the descriptions of pictures. Comments are
 * counted. Workbooks of .xlsb keep these parts as XML, too, except the comments.
 */
export const addDrawings = async (context: DrawingContext): Promise<void> => {
  const { file, part, builder, sheet, readInner, seen } = context;
  for (const { type, target, isExternal } of file.relationships(part)) {
    if (isExternal || seen.has(target)) continue;
    seen.add(target);
    if (type === "drawing") addDrawing(context, target);
    else if (type === "comments" || type === "threadedComment") {
      if (!target.endsWith(".xml")) continue;
      const comments = commentsIn(file.xml(target));
      if (comments > 0) builder.warn("comments-left-out", sheet, comments);
    } else if (type === "package" || type === "oleObject") {
      await readEmbedded(file, target, builder, { readInner });
    }
  }
};

/** The older part repeats each threaded comment for older applications, as one whose author is named "tc=…". */
const commentsIn = (tree: XmlElement | undefined): number => {
  if (tree?.name === "x:comments") {
    const authors = elementsOf(childOf(tree, "x:authors"), "x:author").map(textIn);
    const isOwn = ({ attributes }: XmlElement) => !authors[Number(attributes["authorId"] ?? -1)]?.startsWith("tc=");
    return elementsOf(childOf(tree, "x:commentList"), "x:comment").filter(isOwn).length;
  }
  return elementsOf(tree).filter(({ name }) => name.endsWith("threadedComment")).length;
};

const addDrawing = (context: DrawingContext, drawing: string): void => {
  const tree = context.file.xml(drawing);
  const targets = new Map(context.file.relationships(drawing).map(({ id, target }) => [id, target]));
  for (const anchor of elementsOf(tree)) addShapes(context, anchor, targets);
};

/** Adds the texts of shapes, also of those in groups. */
const addShapes = (context: DrawingContext, parent: XmlElement, targets: ReadonlyMap<string, string>): void => {
  const { add, builder, sheet, isHiddenRead } = context;
  for (const element of elementsOf(parent)) {
    const local = element.name.slice(element.name.indexOf(":") + 1);
    // Both branches show the same; the second one is for older applications.
    if (element.name === "mc:AlternateContent") {
      addShapes(context, { ...element, children: alternative(element) }, targets);
      continue;
    }
    if (!["sp", "cxnSp", "pic", "graphicFrame", "grpSp"].includes(local)) continue;
    const own = drawingProperties(element);
    const properties = own?.attributes ?? {};
    if (isTrue(properties["hidden"]) && !isHiddenRead) {
      builder.warn("hidden-text-left-out", `${sheet}: ${properties["name"] ?? "shape"}`);
      continue;
    }
    const description = pictureDescription(properties["title"], properties["descr"]);
    // The description of a shape is a substitute for the words in it.
    if (local !== "sp") add({ kind: "caption", text: description });
    if (local === "grpSp") addShapes(context, element, targets);
    else if (local === "pic") {
      if (description === "" && !isDecorative(own)) builder.warn("images-unread", sheet);
    } else if (local === "graphicFrame") addFrame(context, element, targets);
    else {
      const body = elementsOf(element).find(({ name }) => name.endsWith(":txBody") || name === "txBody");
      add({
        kind: "paragraph",
        text: paragraphsOf(body)
          .map(({ text }) => text)
          .join("\n"),
      });
    }
  }
};

const addFrame = (
  { file, add, seen, builder, sheet }: DrawingContext,
  frame: XmlElement,
  targets: ReadonlyMap<string, string>,
): void => {
  for (const element of descendantsOf(frame)) {
    const target = targets.get(element.attributes["r:id"] ?? element.attributes["r:dm"] ?? "");
    if (target === undefined || seen.has(target)) continue;
    seen.add(target);
    const tree = file.optionalXml(target);
    if (tree?.name === "dgm:dataModel") for (const block of diagramBlocks(tree)) add(block);
    // The values of a chart are in the cells.
    else if (tree) add({ kind: "caption", text: chartWords(tree) });
    else builder.warn("embedded-object-unread", sheet);
  }
};
