/** Joins the texts of one block of a page to a line. */

import { type HtmlElement, plainText } from "./tree.ts";

/** Marks a line break while other white space is collapsed. */
const lineBreak = "\u2028";

/**
 * The running text of one block. White space is collapsed as a browser does, and marks that a browser draws apart from a
 * word, such as the number of a footnote, do not become a part of it.
 */
export class Inline {
  #parts: string[] = [];
  /** The last characters, to decide what may stand beside them. */
  #end = "";
  #lastLink: HtmlElement | undefined;
  readonly #readings: string[] = [];

  add(text: string, isPre: boolean, parent?: HtmlElement): void {
    if (text === "") return;
    const { name } = parent ?? { name: "" };
    // Only formatting white space stands between the parts of a ruby annotation.
    if (name === "ruby" && text.trim() === "") return;
    if (isPre || name === "textarea") {
      this.#push(text.replace(/\r\n?|\n/g, lineBreak).replaceAll("\u00a0", " "));
      return;
    }
    const collapsed = text.replace(/\s+/g, " ");
    // Blanks of several elements make one.
    this.#push(collapsed.startsWith(" ") && /(^|\s)$/.test(this.#end) ? collapsed.slice(1) : collapsed);
  }

  /** Text that is drawn apart from the words beside it. */
  box(text: string): void {
    if (text.trim() === "") return;
    this.space();
    this.#push(text.replace(/\s+/g, " "));
    this.space();
  }

  space(): void {
    if (this.#end !== "" && !/\s$/.test(this.#end)) this.#push(" ");
  }

  /** Notes the start of an element. True when it has no text that is read here. */
  enter(element: HtmlElement): boolean {
    const { name, parent } = element;
    const previous = this.#lastLink;
    this.#lastLink = undefined;
    if (name === "br") this.#push(lineBreak);
    else if (name === "a" && previous && previous.parent === parent) this.space();
    else if (name === "q") this.#push("“");
    else if (name === "sup") return this.#enterSup(element);
    else if (name === "rt" || name === "rtc") {
      const reading = plainText(element);
      if (reading !== "") this.#readings.push(reading);
      return true;
    } else if (name === "rp") return true;
    else if (isNoteReference(element)) return true;
    return false;
  }

  leave(element: HtmlElement): void {
    const { name } = element;
    if (name === "q") this.#push("”");
    else if (name === "a") this.#lastLink = element;
    else if (name === "ruby" && this.#readings.length > 0) this.#push(`(${this.#readings.splice(0).join("")})`);
    else if (name === "text" || (name === "title" && element.parent?.name === "svg")) this.space();
  }

  /** The text so far, which is then empty. */
  take(): string {
    const text = this.#parts.join("");
    this.#parts = [];
    this.#end = "";
    return text.replaceAll(lineBreak, "\n");
  }

  replace(text: string): void {
    this.#parts = [];
    this.#end = "";
    this.#push(text);
  }

  #push(text: string): void {
    if (text === "") return;
    if (text.trim() !== "") this.#lastLink = undefined;
    this.#parts.push(text);
    this.#end = `${this.#end}${text.slice(-8)}`.slice(-8);
  }

  /** A raised number after a word is a note's, after a digit an exponent, and after a unit a part of it. */
  #enterSup(element: HtmlElement): boolean {
    if (element.children.some((child) => typeof child !== "string" && isNoteReference(child))) return true;
    const text = plainText(element, 20);
    const isNote =
      /^(\[\w{1,4}\]|\(\w{1,3}\)|[*†‡§¶]+)$/.test(text) ||
      element.children.some(
        (child) => typeof child !== "string" && child.name === "a" && /#/.test(child.attributes["href"] ?? ""),
      ) ||
      (element.parent?.name === "a" && /#/.test(element.parent.attributes["href"] ?? "")) ||
      (/^\d/.test(text) && /\p{L}{3}$|[.,;:!?)”"»]$/u.test(this.#end));
    if (isNote) this.space();
    else if (/^[-−+]?\d/.test(text) && /\d$/.test(this.#end)) this.#push("^");
    return false;
  }
}

/** A reference to a note of a converted Word file is inside of a sentence and is skipped; the note is at the end. */
const isNoteReference = ({ name, attributes }: HtmlElement): boolean =>
  name === "a" && /^(foot|end)note-ref/.test(attributes["id"] ?? "");
