/** Reads pictures, text boxes, charts and objects of Word. */

import { chartBlocks } from "../drawing/chart.ts";
import { pictureDescription } from "../drawing/description.ts";
import { diagramBlocks } from "../drawing/diagram.ts";
import { isDecorative } from "../drawing/shape.ts";
import { runText } from "../drawing/text.ts";
import { childOf, isTrue, type XmlElement } from "../xml/tree.ts";
import { chosen, containsText } from "./alternatives.ts";
import type { Item } from "./document.ts";
import type { Line, Story } from "./story.ts";

/** What was found in a drawing. */
type Found = {
  story: Story;
  items: Item[];
  /** The description of the whole drawing. */
  description: string;
  /** Pictures without a description of their own. */
  pictures: number;
};

/** Reads a drawing, in either of the two languages that Word has for them, or an embedded object. */
export const readDrawing = (story: Story, line: Line, element: XmlElement, isHidden: boolean): void => {
  const holder = childOf(element, "wp:inline") ?? childOf(element, "wp:anchor");
  const properties = childOf(holder, "wp:docPr");
  if (isHidden || (isTrue(properties?.attributes["hidden"]) && !story.document.showsHidden)) {
    leaveOutHidden(story, element);
    return;
  }
  const description = descriptionOf(properties);
  const found: Found = { story, items: [], description, pictures: 0 };
  const isObject = element.name === "w:object";
  for (const child of element.children) if (typeof child !== "string") walk(found, child, isObject);
  // The description of a shape is a substitute for the words in it; that of a picture or chart adds to them.
  const hasText = found.items.some(({ kind }) => kind !== "inner" && kind !== "table");
  if (description !== "" && (!hasText || found.pictures > 0)) {
    if (holder?.name === "wp:inline" && found.items.length === 0) putDescription(line, description);
    else found.items.unshift({ kind: "paragraph", text: description });
  } else if (!isObject && !isDecorative(properties)) story.document.warn("images-unread", found.pictures);
  line.after.push(...found.items);
};

/** Word itself writes hidden shapes without text, which are not worth a warning. */
const leaveOutHidden = (story: Story, element: XmlElement): void => {
  if (containsText(element)) story.document.warn("hidden-text-left-out");
};

const putDescription = (line: Line, description: string): void => {
  line.text += /[\p{L}\p{N}]$/u.test(line.text) ? ` ${description}` : description;
  line.endsWithPicture = true;
};

const descriptionOf = (properties: XmlElement | undefined): string =>
  pictureDescription(properties?.attributes["title"], properties?.attributes["descr"]);

const walk = (found: Found, element: XmlElement, isObject: boolean): void => {
  const { story, items } = found;
  switch (element.name) {
    case "w:txbxContent":
      items.push(...story.textBox(element));
      return;
    case "pic:pic": {
      const description = descriptionOf(childOf(childOf(element, "pic:nvPicPr"), "pic:cNvPr"));
      // The pictures of a group may have descriptions of their own.
      if (description === "" || found.description !== "") found.pictures += 1;
      else items.push({ kind: "paragraph", text: description });
      return;
    }
    case "c:chart":
    case "cx:chart":
      pushLinked(found, element.attributes["r:id"], (tree) => chartBlocks(tree, story.document.showNumber));
      return;
    case "dgm:relIds":
      pushLinked(found, element.attributes["r:dm"], diagramBlocks);
      return;
    case "a:p":
      items.push({ kind: "paragraph", text: runText(element) });
      return;
    case "mc:AlternateContent":
      for (const child of chosen(element)) if (typeof child !== "string") walk(found, child, isObject);
      return;
    case "v:textpath":
      items.push({ kind: "paragraph", text: element.attributes["string"] ?? "" });
      return;
    case "v:imagedata":
      // The picture of an object shows what the object contains.
      if (!isObject) found.pictures += 1;
      return;
    case "o:OLEObject":
    case "w:objectEmbed":
    case "w:objectLink":
      pushObject(found, element);
      return;
    case "w:control":
      story.document.warn("embedded-object-unread", 1, element.attributes["w:name"]);
      return;
    case "v:shapetype":
    case "wp:docPr":
      return;
    default:
      if (isHiddenShape(element) && !story.document.showsHidden) {
        leaveOutHidden(story, element);
        return;
      }
  }
  const before = found.pictures;
  for (const child of element.children) if (typeof child !== "string") walk(found, child, isObject);
  // A shape of the older language has its picture's description.
  const { alt = "" } = element.attributes;
  if (element.name.startsWith("v:") && found.pictures > before && !isObject) {
    const description = pictureDescription(alt);
    if (description === "") return;
    found.pictures = before;
    items.push({ kind: "paragraph", text: description });
  }
};

const isHiddenShape = ({ name, attributes }: XmlElement): boolean =>
  name.startsWith("v:") && /(?:visibility:\s*hidden|mso-hide:\s*all)/i.test(attributes["style"] ?? "");

const pushLinked = ({ story, items }: Found, id: string | undefined, read: (tree: XmlElement) => Item[]): void => {
  const linked = story.document.linked(story.part, id);
  if (linked) items.push(...read(linked.tree));
  else story.document.warn("embedded-object-unread");
};

const pushObject = ({ story, items }: Found, element: XmlElement): void => {
  const relationship = story.document.relationship(story.part, element.attributes["r:id"]);
  if (relationship && !relationship.isExternal) items.push({ kind: "inner", part: relationship.target });
  else story.document.warn("embedded-object-unread", 1, relationship?.target ?? element.attributes["ProgID"]);
};
