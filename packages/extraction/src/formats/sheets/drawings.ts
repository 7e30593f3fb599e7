import type { TextBlock } from "../model.ts";
import type { Package } from "../package/package.ts";
import type { ReadInner } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { childOf, elementsOf, textIn, type XmlElement } from "../xml/tree.ts";

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
      const bytes = file.bytes(target);
      if (bytes)
        await readInner(bytes, { name: target.slice(target.lastIndexOf("/") + 1) }, builder, "embedded-object-unread");
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
      const branch = childOf(element, "mc:Choice") ?? childOf(element, "mc:Fallback");
      if (branch) addShapes(context, branch, targets);
      continue;
    }
    if (!["sp", "cxnSp", "pic", "graphicFrame", "grpSp"].includes(local)) continue;
    const properties = propertiesOf(element);
    if (isTrue(properties["hidden"]) && !isHiddenRead) {
      builder.warn("hidden-text-left-out", `${sheet}: ${properties["name"] ?? "shape"}`);
      continue;
    }
    const description = (properties["descr"] ?? "").trim();
    if (local === "grpSp") addShapes(context, element, targets);
    else if (local === "pic") {
      if (description === "" || automaticDescription.test(description)) builder.warn("images-unread", sheet);
      else add({ kind: "caption", text: description });
    } else if (local === "graphicFrame") addFrame(context, element, targets);
    else {
      const body = elementsOf(element).find(({ name }) => name.endsWith(":txBody") || name === "txBody");
      add({ kind: "paragraph", text: paragraphsIn(body) });
    }
  }
};

/** What applications write when nobody has described the picture. */
const automaticDescription = /^(picture|image|grafik|bild|imagen)?\s*\d*$|\.(png|jpe?g|gif|emf|wmf|bmp)$/i;

const propertiesOf = (shape: XmlElement): Record<string, string> => {
  const own = elementsOf(shape).find(({ name }) => /(^|:)nv\w*Pr$/.test(name));
  return elementsOf(own).find(({ name }) => /(^|:)cNvPr$/.test(name))?.attributes ?? {};
};

const addFrame = (
  { file, add, seen }: DrawingContext,
  frame: XmlElement,
  targets: ReadonlyMap<string, string>,
): void => {
  for (const element of descendants(frame)) {
    const target = targets.get(element.attributes["r:id"] ?? element.attributes["r:dm"] ?? "");
    if (target === undefined || seen.has(target)) continue;
    seen.add(target);
    const tree = file.xml(target);
    if (tree?.name === "dgm:dataModel") {
      const points = elementsOf(childOf(tree, "dgm:ptLst"), "dgm:pt");
      for (const point of points) add({ kind: "paragraph", text: paragraphsIn(childOf(point, "dgm:t")) });
    } else if (tree) add({ kind: "caption", text: chartText(tree) });
  }
};

/** The titles of a chart and of its axes, and the names of its series. Their values are in the cells. */
const chartText = (chart: XmlElement): string => {
  const titles: string[] = [];
  const series: string[] = [];
  for (const element of descendants(chart)) {
    const local = element.name.slice(element.name.indexOf(":") + 1);
    if (local === "title") titles.push(oneLine(chartWords(element)));
    else if (local === "ser" || local === "series") {
      const name = elementsOf(element).find(({ name }) => /(^|:)tx$/.test(name));
      if (name) series.push(oneLine(chartWords(name)));
    }
  }
  const parts = [...new Set(titles.filter(Boolean)), [...new Set(series.filter(Boolean))].join(", ")];
  return parts.filter(Boolean).join("\n");
};

/** Words that stand in the chart, or the cached words of the cells that it refers to. */
const chartWords = (element: XmlElement): string => {
  const written = paragraphsIn(element);
  if (written !== "") return written;
  return descendants(element)
    .filter(({ name }) => /(^|:)v$/.test(name))
    .map(textIn)
    .join(" ");
};

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** The paragraphs of a text body, one a line. */
export const paragraphsIn = (body: XmlElement | undefined): string =>
  descendants(body)
    .filter(({ name }) => name === "a:p")
    .map((paragraph) =>
      descendants(paragraph)
        .map((part) => (part.name === "a:t" ? textIn(part) : part.name === "a:br" ? "\n" : ""))
        .join(""),
    )
    .filter((text) => text.trim() !== "")
    .join("\n");

const descendants = (element: XmlElement | undefined): XmlElement[] => {
  const found: XmlElement[] = [];
  const visit = (parent: XmlElement) => {
    for (const child of elementsOf(parent)) {
      found.push(child);
      visit(child);
    }
  };
  if (element) visit(element);
  return found;
};

const isTrue = (value: string | undefined): boolean => value === "1" || value === "true";
