/** Reads the properties of WordprocessingML, such as `<w:outlineLvl w:val="1"/>`. */

import { childOf, type XmlElement } from "../xml/tree.ts";

/** The value of a property, which is the attribute `w:val` of a child element. */
export const propertyOf = (parent: XmlElement | undefined, name: string): string | undefined =>
  childOf(parent, name)?.attributes["w:val"];

/** The value of a property as a whole number. */
export const numberOf = (parent: XmlElement | undefined, name: string): number | undefined => {
  const value = Number.parseInt(propertyOf(parent, name) ?? "", 10);
  return Number.isSafeInteger(value) ? value : undefined;
};

const off: ReadonlySet<string> = new Set(["0", "false", "off"]);

/** The meaning of a value of type on or off. */
export const isOn = (value: string): boolean => !off.has(value);

/** The state of a property that is on or off: on without a value, undefined when it is absent (ECMA-376 part 1, 17.17.4). */
export const stateOf = (parent: XmlElement | undefined, name: string): boolean | undefined => {
  const property = childOf(parent, name);
  return property && isOn(property.attributes["w:val"] ?? "");
};
