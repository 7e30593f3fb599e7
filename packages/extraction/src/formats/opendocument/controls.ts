import { elementsOf, type XmlElement } from "../xml/tree.ts";

/** The visible texts of a document's form controls by their id (OpenDocument 1.3 part 3, 13): labels and values. */
export const controlTexts = (body: XmlElement | undefined): Map<string, string> => {
  const texts = new Map<string, string>();
  const visit = (element: XmlElement, isInForms: boolean): void => {
    for (const child of elementsOf(element)) {
      const { "xml:id": id, id: oldId, label, "current-value": current, value } = child.attributes;
      const text = [label, current ?? (/^(text|textarea|combobox)$/.test(child.name) ? value : undefined)];
      const name = id ?? oldId;
      // A password is not shown.
      if (isInForms && name !== undefined && child.name !== "password") texts.set(name, text.filter(Boolean).join(" "));
      visit(child, isInForms || child.name === "office:forms");
    }
  };
  for (const part of elementsOf(body)) visit(part, false);
  return texts;
};
