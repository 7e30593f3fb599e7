/** Reads one slide with its notes. */

import { paragraphsOf } from "../drawing/text.ts";
import type { Relationship } from "../package/package.ts";
import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";
import type { SlideContext, Slides } from "./context.ts";
import { placeholderOf } from "./placeholders.ts";
import { readShapes } from "./shapes.ts";

export const readSlide = async (slide: XmlElement, part: string, page: number, slides: Slides): Promise<void> => {
  const { parts, builder } = slides;
  const relationships = parts.relationships(part);
  const layoutPart = targetOf(relationships, "slideLayout");
  const masterPart = layoutPart === undefined ? undefined : targetOf(parts.relationships(layoutPart), "slideMaster");
  const context: SlideContext = {
    ...slides,
    page,
    relationships: new Map(relationships.map((one) => [one.id, one])),
    layoutOfSlide: layoutPart === undefined ? undefined : slides.layout(layoutPart),
    masterOfSlide: masterPart === undefined ? undefined : slides.layout(masterPart),
  };
  const tree = childOf(childOf(slide, "p:cSld"), "p:spTree");
  if (tree) await readShapes(tree, context);
  const notes = targetOf(relationships, "notesSlide");
  if (notes !== undefined) {
    const tree = parts.optionalXml(notes);
    if (tree) builder.add({ kind: "note", text: notesText(tree), page });
    else builder.warn("embedded-object-unread", `notes of slide ${page}`);
  }
  for (const { type, target } of relationships)
    if (type === "comments") countComments(parts.optionalXml(target), context);
};

const targetOf = (relationships: Relationship[], type: string): string | undefined =>
  relationships.find((one) => one.type === type && !one.isExternal)?.target;

/** The speaker's notes, without the picture of the slide and the header and number of the notes page. */
const notesText = (notes: XmlElement | undefined): string =>
  elementsOf(childOf(childOf(notes, "p:cSld"), "p:spTree"), "p:sp")
    .filter((shape) => placeholderOf(shape)?.type === "body")
    .flatMap((shape) => paragraphsOf(childOf(shape, "p:txBody")))
    .map(({ text }) => text)
    .join("\n");

/** Comments and replies, of the first and of the threaded form. */
const countComments = (comments: XmlElement | undefined, { builder, page }: SlideContext): void => {
  const count = (element: XmlElement): number =>
    elementsOf(element).reduce((sum, child) => sum + count(child), /^(p:cm|cm|reply)$/.test(element.name) ? 1 : 0);
  const total = comments ? count(comments) : 0;
  if (total > 0) builder.warn("comments-left-out", `slide ${page}`, total);
};
