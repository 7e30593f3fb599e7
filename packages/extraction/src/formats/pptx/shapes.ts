import { pictureDescription } from "../drawing/description.ts";
import { type Area, readingOrder } from "../drawing/reading-order.ts";
import { alternative, drawingProperties, isDecorative, nonVisual } from "../drawing/shape.ts";
import { paragraphsOf } from "../drawing/text.ts";
import type { TextBlock } from "../model.ts";
import { childOf, elementsOf, isTrue, type XmlElement } from "../xml/tree.ts";
import type { SlideContext } from "./context.ts";
import { readFrame } from "./frames.ts";
import { areaOf, identity, type Transform, transformOf } from "./geometry.ts";
import { type Inheritance, isTitle, listStylesOf, type Placeholder, placeholderOf } from "./placeholders.ts";

type Shape = { element: XmlElement; area: Area | undefined; placeholder: Placeholder | undefined };

/** Reads the shapes of a slide or of a group: the titles, then the others in reading order. */
export const readShapes = async (tree: XmlElement, context: SlideContext, transform = identity): Promise<void> => {
  const inheritance = inheritanceOf(context);
  const shapes = elementsOf(tree)
    .flatMap((element) => (element.name === "mc:AlternateContent" ? alternative(element) : [element]))
    .filter(({ name }) => shapeNames.has(name))
    .map(
      (element): Shape => ({
        element,
        area: areaOf(element, inheritance, transform),
        placeholder: placeholderOf(element),
      }),
    );
  const titles = shapes.filter(({ placeholder }) => isTitle(placeholder));
  const others = shapes.filter(({ placeholder }) => !isTitle(placeholder));
  for (const shape of [...titles, ...readingOrder(others, context.isRightToLeft)])
    await readShape(shape, context, inheritance, transform);
};

const shapeNames: ReadonlySet<string> = new Set([
  "p:sp",
  "p:cxnSp",
  "p:grpSp",
  "p:pic",
  "p:graphicFrame",
  "p:contentPart",
]);

const inheritanceOf = ({ layoutOfSlide, masterOfSlide, defaults }: SlideContext): Inheritance => ({
  layout: layoutOfSlide,
  master: masterOfSlide,
  defaults,
});

const readShape = async (
  { element, area, placeholder }: Shape,
  context: SlideContext,
  inheritance: Inheritance,
  transform: Transform,
): Promise<void> => {
  const { builder, page, options } = context;
  const properties = drawingProperties(element)?.attributes ?? {};
  const isHidden = isTrue(properties["hidden"]);
  if (options.reading.hiddenText === "leave-out" && (isHidden || isOffSlide(area, placeholder, context))) {
    if (hasContent(element)) builder.warn("hidden-text-left-out", `slide ${page}`);
    return;
  }
  const description = pictureDescription(properties["title"], properties["descr"]);
  switch (element.name) {
    case "p:grpSp":
      builder.add({ kind: "caption", text: description, page });
      // The description of a group describes its pictures.
      return readShapes(
        element,
        description ? { ...context, isDescribed: true } : context,
        transformOf(element, transform),
      );
    case "p:graphicFrame":
      return readFrame(element, description, context);
    case "p:pic":
      return readPicture(element, description, context);
    case "p:contentPart":
      return builder.warn("images-unread", `slide ${page}`);
    default:
      readText(element, placeholder, context, inheritance);
  }
};

/** Completely beside the slide, where a show never shows it. Authors put a title there for screen readers; it is read. */
const isOffSlide = (
  area: Area | undefined,
  placeholder: Placeholder | undefined,
  { width, height }: SlideContext,
): boolean =>
  area !== undefined &&
  !isTitle(placeholder) &&
  (area.right < 0 || area.bottom < 0 || area.left > width || area.top > height);

const hasContent = (element: XmlElement): boolean =>
  ["a:t", "p:pic", "p:graphicFrame"].includes(element.name) || elementsOf(element).some(hasContent);

const readPicture = (element: XmlElement, description: string, { builder, page, ...context }: SlideContext): void => {
  const properties = nonVisual(element);
  const media = elementsOf(childOf(properties, "p:nvPr")).find(({ name }) =>
    /^a:(video|audio|wavAudio|quickTime)/.test(name),
  );
  builder.add({ kind: "caption", text: description, page });
  if (media) {
    const target = context.relationships.get(media.attributes["r:link"] ?? media.attributes["r:embed"] ?? "")?.target;
    builder.warn("embedded-object-unread", target?.split("/").at(-1) ?? `slide ${page}`);
  } else if (description === "" && !context.isDescribed && !isDecorative(drawingProperties(element)))
    builder.warn("images-unread", `slide ${page}`);
};

const readText = (
  element: XmlElement,
  placeholder: Placeholder | undefined,
  { builder, page, headersAndFooters }: SlideContext,
  inheritance: Inheritance,
): void => {
  const paragraphs = paragraphsOf(childOf(element, "p:txBody"), listStylesOf(placeholder, inheritance));
  const joined = (separator: string) => paragraphs.map(({ text }) => text).join(separator);
  if (isTitle(placeholder)) {
    builder.add({ kind: "heading", level: 1, text: joined(" ").replaceAll("\n", " "), page });
    return;
  }
  if (placeholder && /^(dt|ftr|sldNum|hdr)$/.test(placeholder.type)) {
    const text = joined("\n").trim();
    if (headersAndFooters.isNew(text)) builder.add({ kind: "footer", text, page });
    return;
  }
  for (const { text, isList } of paragraphs)
    builder.add({ kind: isList ? "list" : "paragraph", text, page } satisfies TextBlock);
};
