/** Parses XML to a tree in which each known namespace has one prefix, and walks that tree. */

import { type SaxesAttributeNS, SaxesParser } from "saxes";

/** An element with its namespace resolved. Text is a string among the children. */
export type XmlElement = {
  /** The local name, with the prefix that `prefixes` gives its namespace: "w:p" whatever prefix the file uses. */
  name: string;
  /** By name; attributes without a prefix keep their bare name. */
  attributes: Record<string, string>;
  children: (XmlElement | string)[];
};

/**
 * The prefix of each namespace that readers know. OOXML has two namespaces per vocabulary: transitional and strict (ISO
 * 29500-1 and -4).
 */
const prefixes: Readonly<Record<string, string>> = {
  "http://www.w3.org/XML/1998/namespace": "xml",
  "http://www.w3.org/2000/xmlns/": "xmlns",
  "http://www.w3.org/2001/XMLSchema-instance": "xsi",
  "http://www.w3.org/1999/xhtml": "html",
  "http://www.w3.org/1998/Math/MathML": "mathml",
  "http://www.w3.org/1999/xlink": "xlink",
  "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
  "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
  "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "x",
  "http://purl.oclc.org/ooxml/spreadsheetml/main": "x",
  "http://schemas.openxmlformats.org/presentationml/2006/main": "p",
  "http://purl.oclc.org/ooxml/presentationml/main": "p",
  "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
  "http://purl.oclc.org/ooxml/drawingml/main": "a",
  "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
  "http://purl.oclc.org/ooxml/drawingml/chart": "c",
  "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
  "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
  "http://schemas.openxmlformats.org/drawingml/2006/picture": "pic",
  "http://purl.oclc.org/ooxml/drawingml/picture": "pic",
  "http://schemas.microsoft.com/office/drawing/2014/chartex": "cx",
  "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
  "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
  "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
  "http://schemas.microsoft.com/office/word/2010/wordprocessingShape": "wps",
  "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup": "wpg",
  "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
  "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
  "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
  "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
  "http://purl.oclc.org/ooxml/officeDocument/math": "m",
  "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
  "http://schemas.openxmlformats.org/package/2006/content-types": "ct",
  "urn:schemas-microsoft-com:vml": "v",
  "urn:schemas-microsoft-com:office:office": "o",
  "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
  "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
  "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
  "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
  "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0": "presentation",
  "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
  "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0": "fo",
  "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": "svg",
  "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0": "manifest",
  "http://www.idpf.org/2007/opf": "opf",
  "http://purl.org/dc/elements/1.1/": "dc",
  "urn:oasis:names:tc:opendocument:xmlns:container": "container",
};

/** Elements inside elements beyond this depth are refused: no application makes them, and readers follow them by recursion. */
const depthMax = 1000;

/**
 * The tree of an XML document. Entities are neither expanded nor fetched: a reference to an entity that XML does not
 * define itself is left out.
 *
 * @throws Error when the document is not well-formed
 */
export const parseXml = (xml: string): XmlElement => {
  const root: XmlElement = { name: "", attributes: {}, children: [] };
  const open: XmlElement[] = [root];
  const parser = new SaxesParser({ xmlns: true });
  const addText = (text: string) => {
    const { children } = open[open.length - 1]!;
    const last = children.length - 1;
    if (typeof children[last] === "string") children[last] += text;
    else children.push(text);
  };
  parser.on("opentag", ({ local, uri, attributes }) => {
    if (open.length > depthMax) throw new Error("elements are nested too deeply");
    const element: XmlElement = { name: qualified(uri, local), attributes: noAttributes, children: [] };
    for (const key in attributes) {
      if (element.attributes === noAttributes) element.attributes = {};
      const attribute = attributes[key]!;
      element.attributes[attributeName(attribute)] = attribute.value;
    }
    open[open.length - 1]!.children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => void open.pop());
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(withoutEntities(xml.replace(/^\ufeff/, ""))).close();
  const top = root.children.find((child) => typeof child !== "string");
  if (top === undefined || typeof top === "string") throw new Error("no element");
  return top;
};

/** Shared, because most elements have none: 20 MB of short runs of Word then need 600 MB of heap instead of 768. */
const noAttributes: Record<string, string> = Object.freeze({});

const qualified = (uri: string, local: string): string => {
  const prefix = prefixes[uri];
  return prefix === undefined ? local : `${prefix}:${local}`;
};

const attributeName = ({ prefix, uri, local }: SaxesAttributeNS): string =>
  prefix === "" ? local : qualified(uri, local);

/** Removes the document type and references to the entities that only it could define. */
export const withoutEntities = (xml: string): string => {
  const start = xml.indexOf("<!DOCTYPE");
  if (start < 0) return xml;
  const doctype = /<!DOCTYPE[^[>]*(\[[^\]]*\]\s*)?>/y;
  // Only there: searching every place where one begins would take quadratic time.
  doctype.lastIndex = start;
  const length = doctype.exec(xml)?.[0].length ?? 0;
  return (xml.slice(0, start) + xml.slice(start + length)).replace(
    /&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z_][\w.-]*;/g,
    "",
  );
};

/** The value of an attribute that is true or false; older files write on and off. */
export const isTrue = (value: string | undefined): boolean => value === "1" || value === "true" || value === "on";

/** The child elements, of one name when it is given. */
export const elementsOf = (element: XmlElement | undefined, name?: string): XmlElement[] =>
  (element?.children ?? []).filter(
    (child): child is XmlElement => typeof child !== "string" && (name === undefined || child.name === name),
  );

/** The first child element of a name. */
export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((child): child is XmlElement => typeof child !== "string" && child.name === name);

/** The elements inside an element at any depth, in their order; with a pattern, those that match and are in no other match. */
export const descendantsOf = (element: XmlElement | undefined, name?: RegExp): XmlElement[] => {
  const found: XmlElement[] = [];
  const visit = (parent: XmlElement) => {
    for (const child of elementsOf(parent)) {
      const isFound = name === undefined || name.test(child.name);
      if (isFound) found.push(child);
      if (!isFound || name === undefined) visit(child);
    }
  };
  if (element) visit(element);
  return found;
};

/** All text inside an element. */
export const textIn = (element: XmlElement | undefined): string =>
  (element?.children ?? []).map((child) => (typeof child === "string" ? child : textIn(child))).join("");
