/** What the placeholders of a slide inherit. */

import { nonVisual } from "../drawing/shape.ts";
import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";

/** What a slide inherits: its layout and its master, and the text styles of the master and the presentation. */
export type Inheritance = {
  layout: XmlElement | undefined;
  master: XmlElement | undefined;
  /** `p:defaultTextStyle` of the presentation. */
  defaults: XmlElement | undefined;
};

export type Placeholder = { type: string; index: string | undefined };

export const placeholderOf = (shape: XmlElement): Placeholder | undefined => {
  const placeholder = childOf(childOf(nonVisual(shape), "p:nvPr"), "p:ph");
  return placeholder && { type: placeholder.attributes["type"] ?? "obj", index: placeholder.attributes["idx"] };
};

export const isTitle = (placeholder: Placeholder | undefined): boolean =>
  placeholder?.type === "title" || placeholder?.type === "ctrTitle";

/** The shapes of the layout and the master that a placeholder inherits from, the nearest first (ISO 29500-1, 19.3.1.36). */
export const ancestorsOf = (placeholder: Placeholder | undefined, { layout, master }: Inheritance): XmlElement[] => {
  if (!placeholder) return [];
  const inLayout =
    placeholder.index === undefined
      ? knownIn(layout)?.byRole.get(roleOf(placeholder.type))
      : knownIn(layout)?.byIndex.get(placeholder.index);
  const type = (inLayout && placeholderOf(inLayout)?.type) ?? placeholder.type;
  const inMaster = knownIn(master)?.byRole.get(roleOf(type));
  return [inLayout, inMaster].filter((one) => one !== undefined);
};

/** The list styles that apply to a shape's paragraphs, the nearest first. */
export const listStylesOf = (placeholder: Placeholder | undefined, inheritance: Inheritance): XmlElement[] => {
  const own = ancestorsOf(placeholder, inheritance).map((shape) => childOf(childOf(shape, "p:txBody"), "a:lstStyle"));
  const styles = childOf(inheritance.master, "p:txStyles");
  const name = isTitle(placeholder) ? "p:titleStyle" : placeholder ? bodyStyle(placeholder.type) : "p:otherStyle";
  return [...own, childOf(styles, name), inheritance.defaults].filter((style) => style !== undefined);
};

const bodyStyle = (type: string): string => (/^(dt|ftr|sldNum)$/.test(type) ? "p:otherStyle" : "p:bodyStyle");

/** Masters have one placeholder for each role. */
const roleOf = (type: string): string =>
  type === "ctrTitle" ? "title" : /^(title|dt|ftr|sldNum|hdr|sldImg)$/.test(type) ? type : "body";

type Known = { byIndex: Map<string, XmlElement>; byRole: Map<string, XmlElement> };
const known = new WeakMap<XmlElement, Known>();

/** The placeholders of a layout or a master, which many slides share. */
const knownIn = (part: XmlElement | undefined): Known | undefined => {
  if (!part) return undefined;
  const found = known.get(part);
  if (found) return found;
  const placeholders: Known = { byIndex: new Map(), byRole: new Map() };
  for (const shape of elementsOf(childOf(childOf(part, "p:cSld"), "p:spTree"))) {
    const placeholder = placeholderOf(shape);
    if (!placeholder) continue;
    const { type, index } = placeholder;
    if (index !== undefined && !placeholders.byIndex.has(index)) placeholders.byIndex.set(index, shape);
    if (!placeholders.byRole.has(roleOf(type))) placeholders.byRole.set(roleOf(type), shape);
  }
  known.set(part, placeholders);
  return placeholders;
};
