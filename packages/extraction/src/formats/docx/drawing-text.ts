import { textIn, type XmlElement } from "../xml/tree.ts";

/** The text of a paragraph of DrawingML, in which a line break is an element. */
export const drawingText = (paragraph: XmlElement): string =>
  paragraph.children
    .map((child) => {
      if (typeof child === "string") return "";
      if (child.name === "a:br") return "\n";
      return child.name === "a:r" || child.name === "a:fld" ? runText(child) : "";
    })
    .join("");

const runText = (run: XmlElement): string =>
  run.children.map((child) => (typeof child !== "string" && child.name === "a:t" ? textIn(child) : "")).join("");
