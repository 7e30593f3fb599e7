/** Reads the contents of a paragraph of OpenDocument. */

import type { WarningCode } from "../../warnings.ts";
import { elementsOf, type XmlElement } from "../xml/tree.ts";
import type { Styles } from "./styles.ts";

/** What a paragraph contains besides its text. */
export type Inline = {
  text: string;
  /** Bodies of footnotes and endnotes. */
  notes: XmlElement[];
  /** Shapes that are anchored in the paragraph and have no text inside its line. */
  shapes: XmlElement[];
};

export type InlineContext = {
  styles: Styles;
  isHiddenRead: boolean;
  warn: (code: WarningCode) => void;
  /** A shape that is part of the sentence, such as an equation; undefined for others. */
  inlineShape: (shape: XmlElement) => string | undefined;
};

/** The text of a paragraph (OpenDocument 1.3 part 3, 6). */
export const inlineOf = (paragraph: XmlElement, context: InlineContext): Inline => {
  const inline = new InlineReader(context);
  inline.read(paragraph);
  return inline.finish();
};

const spacesMax = 100;
/** Elements whose contents are not shown where they stand. */
const skipped: ReadonlySet<string> = new Set([
  "text:note-citation",
  "text:page-number",
  "text:number",
  "text:script",
  "text:tracked-changes",
  "office:annotation-end",
  "office:event-listeners",
  "office:forms",
]);

class InlineReader {
  readonly #context: InlineContext;
  readonly #notes: XmlElement[] = [];
  readonly #shapes: XmlElement[] = [];
  readonly #readings: string[] = [];
  #text = "";
  /** White space at the beginning and after white space is not shown. */
  #isAfterSpace = true;
  #isHidden = false;

  constructor(context: InlineContext) {
    this.#context = context;
  }

  finish(): Inline {
    if (this.#isHidden) return { text: "", notes: [], shapes: [] };
    // A reading in the middle would break the words that it explains.
    const readings = this.#readings.length > 0 ? ` (${this.#readings.join(", ")})` : "";
    return { text: this.#text + readings, notes: this.#notes, shapes: this.#shapes };
  }

  read(element: XmlElement): void {
    for (const child of element.children)
      if (typeof child === "string") this.#addText(child);
      else this.#readElement(child);
  }

  #addText(raw: string): void {
    const text = raw.replace(/[\t\r\n ]+/g, " ");
    const added = this.#isAfterSpace ? text.replace(/^ /, "") : text;
    this.#text += added;
    if (added !== "") this.#isAfterSpace = added.endsWith(" ");
  }

  #add(text: string): void {
    this.#text += text;
    this.#isAfterSpace = false;
  }

  #readElement(element: XmlElement): void {
    const { name, attributes } = element;
    if (skipped.has(name)) return;
    switch (name) {
      case "text:s": {
        this.#add(" ".repeat(Math.min(Math.max(1, Number(attributes["text:c"]) || 1), spacesMax)));
        return;
      }
      case "text:tab": {
        this.#add("\t");
        return;
      }
      case "text:line-break":
        this.#add("\n");
        this.#isAfterSpace = true;
        return;
      case "text:note": {
        const body = elementsOf(element, "text:note-body");
        this.#notes.push(...body);
        return;
      }
      case "office:annotation":
      // The same in a namespace of LibreOffice.
      case "annotation": {
        this.#context.warn("comments-left-out");
        return;
      }
      case "text:ruby-text": {
        const { text } = inlineOf(element, this.#context);
        if (text !== "") this.#readings.push(text);
        return;
      }
      case "text:hidden-paragraph":
        if (attributes["text:is-hidden"] === "true" && !this.#context.isHiddenRead) {
          this.#context.warn("hidden-text-left-out");
          this.#isHidden = true;
        }
        return;
    }
    if (this.#isHiddenElement(element)) {
      if (hasText(element)) this.#context.warn("hidden-text-left-out");
      return;
    }
    if (name.startsWith("draw:") || name.startsWith("dr3d:")) {
      if (name === "draw:a") {
        this.read(element);
        return;
      }
      const text = this.#context.inlineShape(element);
      if (text === undefined) this.#shapes.push(element);
      else this.#add(text);
      return;
    }
    this.read(element);
  }

  #isHiddenElement({ name, attributes }: XmlElement): boolean {
    if (this.#context.isHiddenRead) return false;
    if (name === "text:span") return this.#context.styles.isHidden("text", attributes["text:style-name"]);
    if (name === "text:hidden-text") return attributes["text:is-hidden"] === "true";
    return attributes["text:display"] === "none";
  }
}

const hasText = (element: XmlElement): boolean =>
  element.children.some((child) => (typeof child === "string" ? child.trim() !== "" : hasText(child))) ||
  (element.attributes["text:string-value"] ?? "") !== "";
