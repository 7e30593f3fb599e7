import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";

/** Of alternative contents the one to read: the first that has something readable, else the fallback. */
export const chosen = (alternatives: XmlElement): XmlElement["children"] => {
  const choice = elementsOf(alternatives, "mc:Choice").find((one) => contains(one, readable));
  return (choice ?? childOf(alternatives, "mc:Fallback"))?.children ?? [];
};

const readable: ReadonlySet<string> = new Set([
  ..."w:t w:p w:txbxContent w:sym w:object w:tab w:br w:fldChar m:oMath pic:pic c:chart cx:chart dgm:relIds a:p v:imagedata v:textpath".split(
    " ",
  ),

  "wps:wsp",
]);

const texts: ReadonlySet<string> = new Set(["w:t", "w:delText", "m:t", "w:sym"]);

export const containsText = (element: XmlElement | undefined): boolean =>
  element !== undefined && contains(element, texts);

const contains = (element: XmlElement, names: ReadonlySet<string>): boolean =>
  element.children.some((child) => typeof child !== "string" && (names.has(child.name) || contains(child, names)));
