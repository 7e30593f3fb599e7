import { chartBlocks } from "../drawing/chart.ts";
import { diagramTexts } from "../drawing/diagram.ts";
import { tableOf } from "../drawing/table.ts";
import { paragraphsOf } from "../drawing/text.ts";
import { optionalPart } from "../package/optional-part.ts";
import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";
import type { SlideContext } from "./context.ts";

/** Reads a frame with a table, a chart, a SmartArt graphic or an object of another application. */
export const readFrame = async (frame: XmlElement, description: string, context: SlideContext): Promise<void> => {
  const { builder, page, relationships } = context;
  const data = childOf(childOf(frame, "a:graphic"), "a:graphicData");
  builder.add({ kind: "caption", text: description, page });
  for (const content of elementsOf(data)) {
    const reference = Object.entries(content.attributes).find(([name]) => name === "r:id" || name === "r:dm")?.[1];
    const target = relationships.get(reference ?? "");
    switch (content.name) {
      case "a:tbl":
        builder.add({ ...tableOf(content), page });
        break;
      case "c:chart":
        await readChart(target?.target, context);
        break;
      case "dgm:relIds":
        readDiagram(target?.target, context);
        break;
      case "p:oleObj":
      case "mc:AlternateContent":
        await readObject(content, context);
        break;
      default: {
        const bodies = bodiesIn(content);
        for (const body of bodies) addParagraphs(body, context);
        if (bodies.length === 0) builder.warn("embedded-object-unread", `slide ${page}`);
      }
    }
  }
};

const addParagraphs = (body: XmlElement | undefined, { builder, page }: SlideContext): void => {
  for (const { text, isList } of paragraphsOf(body)) builder.add({ kind: isList ? "list" : "paragraph", text, page });
};

/** Elements with paragraphs, in any vocabulary. */
const bodiesIn = (element: XmlElement): XmlElement[] =>
  childOf(element, "a:p") ? [element] : elementsOf(element).flatMap(bodiesIn);

const readChart = async (part: string | undefined, context: SlideContext): Promise<void> => {
  const { builder, page, parts } = context;
  const space = part === undefined ? undefined : optionalPart(parts, part);
  if (part === undefined || !space) return builder.warn("embedded-object-unread", `slide ${page}`);
  for (const block of await chartBlocks(space)) builder.add({ ...block, page });
  // Shapes that the author drew onto the chart.
  const shapes = parts.relationships(part).find(({ type }) => type === "chartUserShapes");
  const drawing = shapes && optionalPart(parts, shapes.target);
  if (drawing) for (const body of bodiesIn(drawing)) addParagraphs(body, context);
};

const readDiagram = (part: string | undefined, { builder, page, parts }: SlideContext): void => {
  const model = part === undefined ? undefined : optionalPart(parts, part);
  if (!model) builder.warn("embedded-object-unread", `slide ${page}`);
  else for (const { text } of diagramTexts(model)) builder.add({ kind: "list", text, page });
};

/** An embedded file, such as a spreadsheet. Its picture shows the same and is not read. */
const readObject = async (content: XmlElement, { builder, page, parts, relationships, options }: SlideContext) => {
  const objects = objectsIn(content);
  const [object] = objects;
  const relationship = objects.map(({ attributes }) => relationships.get(attributes["r:id"] ?? "")).find(Boolean);
  const bytes = relationship && !relationship.isExternal ? parts.bytes(relationship.target) : undefined;
  const name = relationship?.target.split("/").at(-1) ?? object?.attributes["name"] ?? `slide ${page}`;
  if (bytes) await options.readInner(bytes, { name }, builder, "embedded-object-unread");
  else builder.warn("embedded-object-unread", name);
};

const objectsIn = (element: XmlElement): XmlElement[] =>
  element.name === "p:oleObj" ? [element] : elementsOf(element).flatMap(objectsIn);
