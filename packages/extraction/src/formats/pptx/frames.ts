import { chartBlocks } from "../drawing/chart.ts";
import { diagramBlocks } from "../drawing/diagram.ts";
import { tableOf } from "../drawing/table.ts";
import { paragraphsOf } from "../drawing/text.ts";
import { readEmbedded } from "../package/embedded.ts";
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
      case "cx:chart":
        readChart(target?.target, context);
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

const readChart = (part: string | undefined, context: SlideContext): void => {
  const { builder, page, parts, showNumber } = context;
  const space = part === undefined ? undefined : parts.optionalXml(part);
  if (part === undefined || !space) {
    builder.warn("embedded-object-unread", `slide ${page}`);
    return;
  }
  for (const block of chartBlocks(space, showNumber)) builder.add({ ...block, page });
  // Shapes that the author drew onto the chart.
  const shapes = parts.relationships(part).find(({ type }) => type === "chartUserShapes");
  const drawing = shapes && parts.optionalXml(shapes.target);
  if (drawing) for (const body of bodiesIn(drawing)) addParagraphs(body, context);
};

const readDiagram = (part: string | undefined, { builder, page, parts }: SlideContext): void => {
  const model = part === undefined ? undefined : parts.optionalXml(part);
  if (!model) builder.warn("embedded-object-unread", `slide ${page}`);
  else for (const block of diagramBlocks(model)) builder.add({ ...block, page });
};

/** An embedded file, such as a spreadsheet. Its picture shows the same and is not read. */
const readObject = async (content: XmlElement, { builder, page, parts, relationships, options }: SlideContext) => {
  const objects = objectsIn(content);
  const [object] = objects;
  const relationship = objects.map(({ attributes }) => relationships.get(attributes["r:id"] ?? "")).find(Boolean);
  if (relationship && !relationship.isExternal) return readEmbedded(parts, relationship.target, builder, options);
  const name = relationship?.target.split("/").at(-1) ?? object?.attributes["name"] ?? `slide ${page}`;
  builder.warn("embedded-object-unread", name);
};

const objectsIn = (element: XmlElement): XmlElement[] =>
  element.name === "p:oleObj" ? [element] : elementsOf(element).flatMap(objectsIn);
