import { childOf, descendantsOf, elementsOf, isTrue, type XmlElement } from "../xml/tree.ts";

/**
 * What the shapes of documents, slides and sheets have in common (ISO 29500-1, 20.1.2.2.8): the elements that hold a shape's
 * name, description and visibility.
 */

/** The non-visual properties of a shape, a picture, a group or a frame: `p:nvSpPr`, `p:nvPicPr` … */
export const nonVisual = (shape: XmlElement): XmlElement | undefined =>
  elementsOf(shape).find(({ name }) => /(^|:)nv\w+Pr$/.test(name));

/** The element with name, title, description and visibility. */
export const drawingProperties = (shape: XmlElement): XmlElement | undefined =>
  elementsOf(nonVisual(shape)).find(({ name }) => /(^|:)cNvPr$/.test(name));

/** The picture is said to have no meaning, so that nothing is lost without a description. */
export const isDecorative = (properties: XmlElement | undefined): boolean =>
  descendantsOf(childOf(properties, "a:extLst"), /(^|:)decorative$/).some(({ attributes }) =>
    isTrue(attributes["val"] ?? "1"),
  );

/** The shapes of the first alternative, which new applications show, or of the next one when that is empty. */
export const alternative = (element: XmlElement): XmlElement[] =>
  [...elementsOf(element, "mc:Choice"), ...elementsOf(element, "mc:Fallback")]
    .map((choice) => elementsOf(choice))
    .find((choice) => choice.length > 0) ?? [];
