/** Reads the block elements of OpenDocument. */

import type { WarningCode } from "../../warnings.ts";
import { pictureDescription } from "../drawing/description.ts";
import type { DocumentBlock } from "../model.ts";
import type { Package } from "../package/package.ts";
import { blockText } from "../table.ts";
import { childOf, elementsOf, textIn, type XmlElement } from "../xml/tree.ts";
import { skippedElements, textOfParagraphs, withoutDescription } from "./elements.ts";
import { inlineOf } from "./inline.ts";
import { Numbering } from "./numbering.ts";
import { type EmbeddedObject, objectOf } from "./objects.ts";
import type { Styles } from "./styles.ts";
import { tableOf } from "./table.ts";

/** A block, or a file inside the document that another reader reads. */
export type Item = DocumentBlock | { kind: "embedded"; part: string };

export type BlockContext = {
  styles: Styles;
  parts: Package | undefined;
  isHiddenRead: boolean;
  isOnSlide?: boolean;
  /** Texts of form controls by id. */
  controls: ReadonlyMap<string, string>;
  warn: (code: WarningCode, place?: string, count?: number) => void;
};

type List = { style: string | undefined; level: number; numbering: Numbering };

/** Reads the elements of a text, a slide, a cell or a header in their order (OpenDocument 1.3 part 3, 5). */
export class BlockReader {
  readonly #context: BlockContext;
  readonly #headings: Numbering;
  /** The numbers of lists by id, which a later list may continue, and the latest by style. */
  readonly #listsById = new Map<string, Numbering>();
  readonly #listsByStyle = new Map<string, Numbering>();
  #neighbour: { style: string | undefined; numbering: Numbering } | undefined;
  readonly #items: Item[] = [];
  /** Notes of the cells of a table follow the table. */
  #sink: Item[] = this.#items;

  constructor(context: BlockContext) {
    this.#context = context;
    this.#headings = new Numbering((level) => context.styles.outlineLevel(level));
  }

  /** The items that were read since the last call. */
  take(): Item[] {
    return this.#items.splice(0);
  }

  read(container: XmlElement, list?: List): void {
    for (const element of elementsOf(container)) {
      this.#readElement(element, list);
      // Text between lists ends the numbers of a slide.
      if (element.name === "text:p" || element.name === "text:h") this.#neighbour = undefined;
    }
  }

  #readElement(element: XmlElement, list: List | undefined): void {
    const { name, attributes } = element;
    switch (name) {
      case "text:p":
      case "text:h": {
        this.#readParagraph(element, "", list !== undefined);
        return;
      }
      case "text:list": {
        this.#readList(element, list);
        return;
      }
      case "text:numbered-paragraph": {
        this.#readNumberedParagraph(element);
        return;
      }
      case "table:table": {
        this.#readTable(element);
        return;
      }
      case "text:tracked-changes": {
        const deletions = elementsOf(element).flatMap((region) => elementsOf(region, "text:deletion"));
        const count = deletions.filter((deletion) => /\S/.test(textOfParagraphs(deletion))).length;
        if (count > 0) this.#context.warn("deleted-text-left-out", undefined, count);
        return;
      }
      case "office:annotation":
      // The same in a namespace of LibreOffice.
      case "annotation": {
        this.#context.warn("comments-left-out");
        return;
      }
      case "text:section": {
        const { "text:display": display, "text:is-hidden": isHidden, "text:name": place } = attributes;
        if (!this.#context.isHiddenRead && (display === "none" || isHidden === "true")) {
          if (/\S/.test(textOfParagraphs(element))) this.#context.warn("hidden-text-left-out", place);
          return;
        }
        this.read(element, list);
        return;
      }
    }
    if (name.startsWith("draw:") || name.startsWith("dr3d:")) this.readShape(element);
    else if (!skippedElements.has(name)) this.read(element, list);
  }

  #readList(element: XmlElement, outer: List | undefined): void {
    const { "text:style-name": named, "text:continue-list": continued, "xml:id": id } = element.attributes;
    const style = named ?? outer?.style;
    const level = (outer?.level ?? 0) + 1;
    const isContinued = element.attributes["text:continue-numbering"] === "true";
    const numbering =
      (outer ? undefined : this.#neighbouring(style)) ??
      (outer && style === outer.style ? outer.numbering : undefined) ??
      this.#listsById.get(continued ?? "") ??
      (isContinued ? this.#listsByStyle.get(style ?? "") : undefined) ??
      new Numbering((at) => this.#context.styles.listLevel(style, at), outer?.numbering);
    if (id !== undefined) this.#listsById.set(id, numbering);
    if (style !== undefined) this.#listsByStyle.set(style, numbering);
    const list = { style, level, numbering };
    if (!outer) this.#neighbour = { style, numbering };
    for (const item of elementsOf(element)) {
      if (item.name !== "text:list-item") {
        // A text:list-header has no number.
        this.read(item, list);
        continue;
      }
      const start = item.attributes["text:start-value"];
      const displayed = childOf(item, "text:number");
      let isFirst = true;
      for (const child of elementsOf(item)) {
        const isParagraph = child.name === "text:p" || child.name === "text:h";
        if (!isParagraph || !isFirst) {
          if (child.name !== "text:number") this.#readElement(child, list);
          continue;
        }
        isFirst = false;
        const number = numbering.next(level, start === undefined ? undefined : Number(start) || 0);
        this.#readParagraph(child, displayed ? textIn(displayed) : number, true);
      }
    }
  }

  /** On a slide each item may be a list of its own; lists of the same form without text between them are one. */
  #neighbouring(style: string | undefined): Numbering | undefined {
    const { styles, isOnSlide } = this.#context;
    if (!isOnSlide || !this.#neighbour) return undefined;
    const form = (name: string | undefined) => JSON.stringify([1, 2, 3].map((level) => styles.listLevel(name, level)));
    return form(style) === form(this.#neighbour.style) ? this.#neighbour.numbering : undefined;
  }

  #readNumberedParagraph(element: XmlElement): void {
    const {
      "text:style-name": style,
      "text:list-id": id = "",
      "text:level": level,
      "text:start-value": start,
    } = element.attributes;
    const numbering = this.#listsById.get(id) ?? new Numbering((at) => this.#context.styles.listLevel(style, at));
    this.#listsById.set(id, numbering);
    const depth = Math.min(Math.max(1, Number(level) || 1), 10);
    const number = numbering.next(depth, start === undefined ? undefined : Number(start) || 0);
    for (const child of elementsOf(element))
      if (child.name === "text:p" || child.name === "text:h") this.#readParagraph(child, number, true);
  }

  #readParagraph(element: XmlElement, number: string, isInList: boolean): void {
    const { attributes } = element;
    const { isHiddenRead, styles } = this.#context;
    if (!isHiddenRead && styles.isHidden("paragraph", attributes["text:style-name"])) {
      if (/\S/.test(textIn(element))) this.#context.warn("hidden-text-left-out");
      return;
    }
    const { text, notes, shapes } = inlineOf(element, {
      ...this.#context,
      inlineShape: (shape) => this.#inlineShape(shape),
    });
    const isHeading = element.name === "text:h";
    const level = Math.min(Math.max(1, Number(attributes["text:outline-level"]) || 1), 10);
    const label = isHeading && number === "" ? this.#headingNumber(element, level, isInList) : number;
    if (text.trim() !== "") {
      const labelled = label === "" ? text : `${label} ${text}`;
      if (isHeading) this.#sink.push({ kind: "heading", level, text: labelled });
      else this.#sink.push({ kind: isInList ? "list" : "paragraph", text: labelled });
    }
    for (const shape of shapes) this.readShape(shape);
    for (const note of notes) {
      const body = this.#textOf(note);
      this.#items.push({ kind: "note", text: body });
    }
  }

  /** The number of a heading; one in a list, or whose style has no list, does not count. */
  #headingNumber(element: XmlElement, level: number, isInList: boolean): string {
    const {
      "text:style-name": style,
      "text:start-value": start,
      "text:is-list-header": isListHeader,
    } = element.attributes;
    const displayed = childOf(element, "text:number");
    if (displayed) return textIn(displayed);
    if (isInList || isListHeader === "true" || this.#context.styles.listStyleOf(style) === "") return "";
    const isRestarted = element.attributes["text:restart-numbering"] === "true";
    return this.#headings.next(level, isRestarted ? Number(start ?? 1) || 0 : undefined);
  }

  /** The blocks of an element as one text, such as the content of a cell. */
  #textOf(element: XmlElement): string {
    const outer = this.#sink;
    this.#sink = [];
    try {
      this.read(element);
      return this.#sink
        .map((item) => this.#flat(item))
        .filter((text) => text !== "")
        .join("\n");
    } finally {
      this.#sink = outer;
    }
  }

  #flat(item: Item): string {
    if (item.kind === "embedded") {
      this.#items.push(item);
      return "";
    }
    return blockText(item);
  }

  #readTable(element: XmlElement): void {
    const table = tableOf(element, {
      cellText: (cell) => this.#textOf(cell),
      isHiddenRead: this.#context.isHiddenRead,
      warnHidden: () => this.#context.warn("hidden-cells-left-out"),
    });
    if (table) this.#sink.push(table);
    for (const shapes of elementsOf(element, "table:shapes")) this.read(shapes);
  }

  #inlineShape(shape: XmlElement): string | undefined {
    const object = shape.name === "draw:frame" ? objectOf(shape, this.#context.parts) : undefined;
    return object?.kind === "equation" ? object.text : undefined;
  }

  /** Reads a shape: its text, its table, its object, or the description of its picture. */
  readShape(shape: XmlElement): void {
    const { warn, isHiddenRead, parts } = this.#context;
    if (!isHiddenRead && /^(none|printer)$/.test(shape.attributes["draw:display"] ?? "")) {
      if (/\S/.test(textOfParagraphs(shape))) warn("hidden-text-left-out");
      return;
    }
    this.#neighbour = undefined;
    if (shape.name === "draw:control")
      this.#sink.push({
        kind: "paragraph",
        text: this.#context.controls.get(shape.attributes["draw:control"] ?? "") ?? "",
      });
    const description = pictureDescription(...["svg:title", "svg:desc"].map((name) => textIn(childOf(shape, name))));
    const object = objectOf(shape, parts);
    const [content] = elementsOf(shape).filter(({ name }) => name === "draw:text-box" || name === "table:table");
    if (object || !content) this.#sink.push({ kind: "caption", text: description });
    if (object) this.#readObject(object);
    else if (content?.name === "table:table") this.#readTable(content);
    else if (content) this.read(content);
    else {
      this.read(withoutDescription(shape));
      const isPicture = elementsOf(shape, "draw:image").length > 0;
      if (isPicture && description === "" && shape.attributes["decorative"] !== "true") warn("images-unread");
    }
  }

  #readObject(object: EmbeddedObject): void {
    if (object.kind === "equation") this.#sink.push({ kind: "paragraph", text: object.text });
    else if (object.kind === "document") {
      const body = childOf(object.content, "office:body");
      if (body) this.read(body);
    } else if (object.part !== undefined) this.#sink.push({ kind: "embedded", part: object.part });
    else this.#context.warn("embedded-object-unread", object.name);
  }
}
