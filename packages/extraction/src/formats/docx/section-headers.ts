import { HeadersAndFooters } from "../headers-and-footers.ts";
import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";
import type { Item, WordDocument } from "./document.ts";
import { stateOf } from "./properties.ts";
import { flattened, Story } from "./story.ts";

type Side = "header" | "footer";
type References = Record<Side, Map<string, string>>;

/**
 * The headers and footers of a document. Each line of them is read once, however many pages or sections show it, without
 * page numbers; those that no page shows are not read.
 */
export class SectionHeaders {
  readonly #document: WordDocument;
  readonly #sections: { references: References; hasFirst: boolean }[] = [];
  readonly #read: Story["read"];
  readonly #readParts = new Set<string>();
  readonly #lines = new HeadersAndFooters();

  constructor(document: WordDocument, read: Story["read"]) {
    this.#document = document;
    this.#read = read;
    let before: References = { header: new Map(), footer: new Map() };
    for (const section of sectionsIn(document.body)) {
      // A section that has no header of a type shows that of the section before it.
      before = {
        header: new Map([...before.header, ...referencesOf(section, "w:headerReference")]),
        footer: new Map([...before.footer, ...referencesOf(section, "w:footerReference")]),
      };
      this.#sections.push({ references: before, hasFirst: stateOf(section, "w:titlePg") ?? false });
    }
  }

  /** The new lines of a section's headers or footers. */
  of(section: number, side: Side): Item[] {
    const found = this.#sections[section];
    if (!found) return [];
    const types = [...(found.hasFirst ? ["first"] : []), "default", ...(this.#document.hasEvenHeaders ? ["even"] : [])];
    return types.flatMap((type) => this.#itemsOf(found.references[side].get(type), side));
  }

  #itemsOf(id: string | undefined, side: Side): Item[] {
    const { mainPart } = this.#document;
    const part = this.#document.relationship(mainPart, id)?.target;
    if (part === undefined || this.#readParts.has(part)) return [];
    this.#readParts.add(part);
    const linked = this.#document.linked(mainPart, id);
    if (!linked) return [];
    const story = new Story(this.#document, linked.name, linked.tree, this.#read, true);
    const { text, rest } = flattened(story.collect(linked.tree.children), "\n");
    const lines = text.split("\n").filter((line) => this.#lines.isNew(line));
    return [...(lines.length > 0 ? [{ kind: side, text: lines.join("\n") } as const] : []), ...rest];
  }
}

const referencesOf = (section: XmlElement, name: string): [string, string][] =>
  elementsOf(section, name)
    .map(({ attributes }): [string, string] => [attributes["w:type"] ?? "default", attributes["r:id"] ?? ""])
    .filter(([type]) => ["default", "first", "even"].includes(type));

/** The properties of the sections, which stand in the last paragraph of each, and at the end of the body. */
const sectionsIn = (element: XmlElement | undefined): XmlElement[] =>
  elementsOf(element).flatMap((child) => {
    if (child.name === "w:sectPr") return [child];
    if (child.name === "w:p") return elementsOf(childOf(child, "w:pPr"), "w:sectPr");
    return child.name === "w:tbl" ? [] : sectionsIn(child);
  });
