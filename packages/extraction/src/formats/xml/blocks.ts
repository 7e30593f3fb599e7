/** Reads the elements of any XML document as blocks. */

import type { Reading } from "../../extraction.ts";
import { readHtmlText } from "../html/index.ts";
import type { TextBuilder } from "../text-builder.ts";
import { isParagraph, isTextRoot, isTitle, localName, readableAttributes } from "./names.ts";
import { recordsOf } from "./records.ts";
import { isTable, tableOf } from "./tables.ts";
import type { XmlElement } from "./tree.ts";

/** Tags that only HTML inside of a text has. */
const htmlTag =
  /<\/?(p|br|a|div|b|i|em|strong|ul|ol|li|img|span|h[1-6]|table|blockquote|figure|pre|code)(\s[^<>]*)?\/?>/i;
/** Parts of an Office file in one XML file that are not its text. */
const notText =
  /^(styles|documentproperties|customdocumentproperties|officedocumentsettings|excelworkbook|worksheetoptions|binarydata|bindata)$/;

const depthMax = 900;

/** Adds the words of an XML tree: titles, tables, records of the same shape, paragraphs. */
export class XmlBlocks {
  readonly #builder: TextBuilder;
  readonly #reading: Reading | undefined;
  #isText = false;
  #lines: string[] = [];

  constructor(builder: TextBuilder, reading?: Reading) {
    this.#builder = builder;
    this.#reading = reading;
  }

  add(top: XmlElement): void {
    const { children } = top;
    const root =
      top.name === ""
        ? (children.find((child) => typeof child !== "string" && localName(child) !== "") as XmlElement)
        : top;
    this.#isText = root !== undefined && isTextRoot(root);
    this.#element(top, 0);
    this.#flush();
  }

  #element(element: XmlElement, depth: number): void {
    const name = localName(element);
    if (notText.test(name)) return;
    if (depth > depthMax) {
      this.#value(textOf(element));
      return;
    }
    if (isTable(element)) {
      this.#flush();
      const block = tableOf(element);
      if (block) this.#builder.add(block);
      return;
    }
    const isFeed = name === "item" || name === "entry";
    if (!this.#isText) this.#attributes(element, name);
    const elements = element.children.filter((child) => typeof child !== "string");
    const hasText = element.children.some((child) => typeof child === "string" && child.trim() !== "");
    if (elements.length === 0) this.#leaf(name, textOf(element), depth);
    else if (hasText && !elements.some((child) => isParagraph(localName(child))))
      this.#leaf(name, runningText(element), depth);
    else {
      if (isFeed || isParagraph(name)) this.#flush();
      this.#children(element, depth);
      if (isFeed || isParagraph(name)) this.#flush();
    }
  }

  /** Children that are records of the same shape become a table; the others follow one by one. */
  #children(element: XmlElement, depth: number): void {
    const records = this.#isText ? undefined : recordsOf(element, (text) => htmlTag.test(text));
    for (const child of element.children) {
      if (typeof child === "string") this.#value(child);
      else if (!records?.members.has(child)) this.#element(child, depth + 1);
      else if (child === records.first) {
        this.#flush();
        this.#builder.add(records.block);
      }
    }
  }

  #attributes(element: XmlElement, name: string): void {
    if (name === "worksheet") {
      this.#flush();
      this.#builder.add({ kind: "heading", level: 1, text: element.attributes["Name"] ?? "" });
      return;
    }
    for (const [, value] of readableAttributes(element)) this.#value(value);
  }

  #leaf(name: string, text: string, depth: number): void {
    if (htmlTag.test(text)) {
      this.#flush();
      readHtmlText(text, this.#builder, this.#reading);
    } else if (isTitle(name)) {
      this.#flush();
      this.#builder.add({
        kind: "heading",
        level: Math.min(6, Math.max(1, Math.ceil(depth / 2))),
        text: oneLine(text),
      });
    } else if (/^(programlisting|screen|literallayout|codeblock|code|pre|eg)$/.test(name)) {
      this.#flush();
      this.#builder.add({ kind: "code", text });
    } else if (isParagraph(name)) {
      this.#flush();
      this.#value(text);
      this.#flush();
    } else this.#value(text);
  }

  #value(text: string): void {
    const line = oneLine(text);
    // Long texts without blanks are pictures and keys.
    if (line !== "" && !isData(line)) this.#lines.push(line);
  }

  #flush(): void {
    this.#builder.add({ kind: "paragraph", text: this.#lines.join("\n") });
    this.#lines = [];
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Base64 of more than a line, and data URIs. */
export const isData = (text: string): boolean =>
  /^data:[\w/+.-]{0,100}[;,]/.test(text) ||
  (text.length > 300 &&
    /^[A-Za-z0-9+/\s_-]{300,}={0,2}$/.test(text) &&
    !/\s\w{1,20}\s/.test(text) &&
    /\d/.test(text) &&
    /[A-Z]/.test(text));

/** All text inside an element, without recursion. */
const textOf = (element: XmlElement): string => joined(element, "");

/** Words of neighbouring elements stay apart when one of them is a block. */
const runningText = (element: XmlElement): string => joined(element, " ");

const joined = (element: XmlElement, gap: string): string => {
  const parts: string[] = [];
  const open: (XmlElement | string)[] = [element];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === "string") parts.push(next);
    else {
      if (/^(lb|br|pb|tab)$/.test(localName(next))) parts.push(gap);
      for (let at = next.children.length - 1; at >= 0; at--) open.push(next.children[at]!);
    }
  }
  return parts.join("");
};
