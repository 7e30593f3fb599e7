import { elementsOf, type XmlElement } from "../xml/tree.ts";
import type { Item, WordDocument } from "./document.ts";
import type { ReadNote } from "./runs.ts";
import { flattened, Story } from "./story.ts";

/**
 * The notes of a document, each once: a footnote after the paragraph that refers to it, endnotes after the text. Marks of
 * notes are not text. A note that nothing visible refers to is not shown by Word either.
 */
export class Notes {
  readonly endnotes: Item[] = [];
  readonly #document: WordDocument;
  readonly #parts = new Map<string, { name: string; notes: Map<string, XmlElement> }>();
  readonly #read: Story["read"];
  readonly #seen = new Set<XmlElement>();

  constructor(document: WordDocument, read: Story["read"]) {
    this.#document = document;
    this.#read = read;
  }

  readonly add: ReadNote = (kind, id, line) => {
    const { name, notes } = this.#partOf(kind);
    const note = notes.get(id ?? "");
    if (!note || this.#seen.has(note)) return;
    this.#seen.add(note);
    const story = new Story(this.#document, name, note, this.#read);
    const { text, rest } = flattened(story.collect(note.children), "\n");
    const items = kind === "footnote" ? line.after : this.endnotes;
    items.push({ kind: "note", text }, ...rest);
  };

  #partOf(kind: "footnote" | "endnote") {
    let part = this.#parts.get(kind);
    if (!part) {
      const tree = this.#document.partOf(`${kind}s`);
      const name = this.#document.partNameOf(`${kind}s`) ?? "";
      // Separators are notes too, of another type.
      const notes = elementsOf(tree, `w:${kind}`).filter(
        ({ attributes }) => (attributes["w:type"] ?? "normal") === "normal",
      );
      part = { name, notes: new Map(notes.map((note) => [note.attributes["w:id"] ?? "", note])) };
      this.#parts.set(kind, part);
    }
    return part;
  }
}
