/** Finds what a frame of OpenDocument holds: an equation, a chart, or another file. */

import { mathmlText } from "../equations/mathml.ts";
import type { Package } from "../package/package.ts";
import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";

/** A file or a document inside the document. */
export type EmbeddedObject =
  | { kind: "equation"; text: string }
  /** Another OpenDocument content, such as a chart or a spreadsheet. */
  | { kind: "document"; content: XmlElement }
  | { kind: "file"; name: string; part: string | undefined };

/** The object that a frame shows (OpenDocument 1.3 part 3, 10.4.6), or undefined when the frame has none. */
export const objectOf = (frame: XmlElement, parts: Package | undefined): EmbeddedObject | undefined => {
  const object = elementsOf(frame).find(({ name }) => objectNames.has(name));
  if (!object) return undefined;
  const href = object.attributes["xlink:href"] ?? "";
  const part = href.replace(/^\.\//, "").replace(/\/$/, "");
  // A flat file has the content in place.
  const inPlace = childOf(object, "mathml:math") ?? childOf(object, "office:document");
  const content = object.name === "draw:object" ? (inPlace ?? parts?.optionalXml(`${part}/content.xml`)) : undefined;
  if (content?.name === "mathml:math") return { kind: "equation", text: mathmlText(content) };
  if (content) return { kind: "document", content };
  const isInside = part !== "" && !/^[a-z]+:/i.test(part);
  const name = part.split("/").at(-1) || frame.attributes["draw:name"] || "object";
  return { kind: "file", name, part: parts && isInside ? part : undefined };
};

const objectNames: ReadonlySet<string> = new Set([
  "draw:object",
  "draw:object-ole",
  "draw:plugin",
  "draw:applet",
  "draw:floating-frame",
]);
