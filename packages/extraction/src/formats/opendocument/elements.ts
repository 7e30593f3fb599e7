/** Elements of OpenDocument that are not shown, and texts without structure. */

import { elementsOf, textIn, type XmlElement } from "../xml/tree.ts";

/** Elements whose contents are not shown, or not where they stand. */
export const skippedElements: ReadonlySet<string> = new Set([
  "office:forms",
  "office:event-listeners",
  "office:settings",
  "office:scripts",
  "presentation:notes",
  "text:alphabetical-index-auto-mark-file",
  "text:sequence-decls",
  "text:variable-decls",
  "text:user-field-decls",
  "table:calculation-settings",
  "table:content-validations",
  "table:named-expressions",
  "table:database-ranges",
  "table:tracked-changes",
]);

export const withoutDescription = (shape: XmlElement): XmlElement => ({
  ...shape,
  children: shape.children.filter(
    (child) =>
      typeof child === "string" || !/^(svg:(title|desc)|draw:(image|glue-point|enhanced-geometry))$/.test(child.name),
  ),
});

export const textOfParagraphs = (element: XmlElement): string =>
  element.name === "text:p" || element.name === "text:h"
    ? textIn(element)
    : elementsOf(element).map(textOfParagraphs).join("");
