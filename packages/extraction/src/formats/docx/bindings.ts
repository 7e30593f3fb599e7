/** Finds the values of content controls that are bound to other parts of a Word file. */

import { childOf, elementsOf, textIn, type XmlElement } from "../xml/tree.ts";

/** The parts of a document that other parts refer to by a type of relationship. */
type Parts = { mainPart: string; linkedOf(part: string, type: string): { name: string; tree: XmlElement }[] };

/** Steps of the paths that Word writes: `/ns0:order[1]/ns0:name[1]`, and an attribute at the end. */
const step = /^(@?)(?:[\w.-]+:)?([\w.-]+)(?:\[(\d+)\])?$/;
const stepsMax = 50;

/**
 * The data of content controls that are bound to XML inside the file (ECMA-376 part 1, 17.5.2.6). Word shows the data rather
 * than the stored text, and services fill in forms by replacing the data alone.
 */
export class Bindings {
  readonly #parts: Parts;
  #stores: Map<string, XmlElement> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The text that a control shows instead of its content, or undefined when that is up to date or says how it looks. */
  textOf(properties: XmlElement | undefined): string | undefined {
    const binding = childOf(properties, "w:dataBinding")?.attributes;
    if (!binding) return undefined;
    const store = this.#found().get((binding["w:storeItemID"] ?? "").toLowerCase());
    const value = store && valueAt(store, binding["w:xpath"] ?? "");
    if (value === undefined || value.trim() === "") return undefined;
    if (childOf(properties, "w:text")) return value;
    // The stored text of other controls is their data in the form that Word displays.
    if (!childOf(properties, "w:showingPlcHdr")) return undefined;
    const list = childOf(properties, "w:dropDownList") ?? childOf(properties, "w:comboBox");
    const item = elementsOf(list, "w:listItem").find(({ attributes }) => attributes["w:value"] === value);
    return item?.attributes["w:displayText"] ?? (childOf(properties, "w:date") ? value.slice(0, 10) : value);
  }

  #found(): Map<string, XmlElement> {
    this.#stores ??= new Map(
      this.#parts
        .linkedOf(this.#parts.mainPart, "customXml")
        .flatMap(({ name, tree }) =>
          this.#parts
            .linkedOf(name, "customXmlProps")
            .map((properties): [string, XmlElement] => [
              (properties.tree.attributes["itemID"] ?? "").toLowerCase(),
              tree,
            ]),
        ),
    );
    return this.#stores;
  }
}

const valueAt = (root: XmlElement, path: string): string | undefined => {
  let at: XmlElement | undefined = { name: "", attributes: {}, children: [root] };
  for (const part of path.split("/").filter(Boolean).slice(0, stepsMax)) {
    if (part === "text()") continue;
    const [, attribute, name = "", position = "1"] = step.exec(part) ?? [];
    if (attribute) return at?.attributes[name];
    // Names are compared without their namespace: the prefixes of the path are not those of the data.
    at = elementsOf(at).filter((child) => child.name.replace(/^.*:/, "") === name)[Number(position) - 1];
    if (!at) return undefined;
  }
  return at && textIn(at);
};

/** A control's content with other words: in the first text of the content, so that its place and properties stay. */
export const withText = (content: XmlElement, text: string): XmlElement => {
  let isPlaced = false;
  const copy = (element: XmlElement): XmlElement => {
    if (element.name !== "w:t")
      return { ...element, children: element.children.map((one) => (typeof one === "string" ? one : copy(one))) };
    const children = isPlaced ? [] : [text];
    isPlaced = true;
    return { ...element, children };
  };
  const copied = copy(content);
  if (!isPlaced) {
    const run: XmlElement = {
      name: "w:r",
      attributes: {},
      children: [{ name: "w:t", attributes: {}, children: [text] }],
    };
    (firstParagraph(copied) ?? copied).children.push(run);
  }
  return copied;
};

const firstParagraph = (element: XmlElement): XmlElement | undefined => {
  for (const child of elementsOf(element)) {
    const found = child.name === "w:p" ? child : firstParagraph(child);
    if (found) return found;
  }
  return undefined;
};
