/** Walks the tree of a page and adds its blocks in reading order. */

import type { BlockKind } from "../../extraction.ts";
import { mathmlText } from "../equations/mathml.ts";
import type { TextBuilder } from "../text-builder.ts";
import { isUndescribed, replacementOf } from "./controls.ts";
import { Inline } from "./inline.ts";
import { ListNumbers } from "./lists.ts";
import type { Surroundings } from "./navigation.ts";
import { countWords, notText, type Page } from "./shown.ts";
import { layoutTables, TableRows } from "./tables.ts";
import { type HtmlElement, plainText, walk } from "./tree.ts";

type TextKind = Exclude<BlockKind, "table">;

const blockNames: ReadonlySet<string> = new Set(
  "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext pre search section summary table tbody td tfoot th thead title tr ul xmp".split(
    " ",
  ),
);
/** Elements that are drawn apart from the words beside them. */
const boxNames: ReadonlySet<string> = new Set([
  "button",
  "input",
  "select",
  "textarea",
  "img",
  "meter",
  "progress",
  "svg",
  "object",
  "label",
]);
/** Tables inside of cells are read as tables down to this depth. */
const tableDepthMax = 8;

export type HtmlOptions = {
  page: Page;
  surroundings: Surroundings;
  readsHidden: boolean;
  /** Reads the page that an element contains as an attribute. */
  readPage: (html: string) => void;
};

/** Adds the blocks of a page in reading order. */
export const addHtmlBlocks = (root: HtmlElement, builder: TextBuilder, options: HtmlOptions): void =>
  walk(root, new BlockWalker(root, builder, options));

class BlockWalker {
  readonly #builder: TextBuilder;
  readonly #options: HtmlOptions;
  readonly #layout: ReadonlySet<HtmlElement>;
  readonly #inline = new Inline();
  /** The kinds that open elements give to their text, innermost last. */
  readonly #kinds: { element: HtmlElement; kind: TextKind; level?: number }[] = [];
  readonly #lists: { element: HtmlElement; numbers: ListNumbers }[] = [];
  readonly #tables: { element: HtmlElement; rows: TableRows; outer: string }[] = [];
  /** What stands before the next text: the number of a list's item, or the term of a definition. */
  #mark = "";
  #preDepth = 0;

  constructor(root: HtmlElement, builder: TextBuilder, options: HtmlOptions) {
    this.#builder = builder;
    this.#options = options;
    this.#layout = layoutTables(root, options.page);
  }

  enter = (element: HtmlElement): boolean => {
    const { surroundings, readPage } = this.#options;
    const { name, attributes } = element;
    if (!this.#isShown(element)) return false;
    // Of the versions of a drawing, the first one is drawn.
    if (
      element.parent?.name === "switch" &&
      element !== element.parent.children.find((child) => typeof child !== "string")
    )
      return false;
    const surrounding = surroundings.get(element);
    if (surrounding === "left-out") {
      this.#builder.warn("navigation-left-out", placeOf(element), countWords(plainText(element)));
      return false;
    }
    if (notText.has(name)) {
      if (name === "iframe" && attributes["srcdoc"]) {
        this.#flush();
        readPage(attributes["srcdoc"]);
      } else if (/^(iframe|video|audio)$/.test(name) && /^(https?:)?\/\//.test(attributes["src"] ?? ""))
        this.#builder.warn("embedded-object-unread", attributes["src"]);
      return false;
    }
    if (name === "math") {
      this.#inline.add(mathmlText(element, this.#isDrawn), false, element.parent);
      return false;
    }
    if (this.#inline.enter(element)) return false;
    if (isUndescribed(element)) this.#builder.warn("images-unread", fileName(attributes["src"]));
    const replacement = replacementOf(element);
    if (replacement !== undefined) {
      this.#inline.box(replacement);
      return false;
    }
    if (boxNames.has(name)) this.#inline.space();
    if (surrounding) this.#enterKind(element, surrounding);
    if (this.#isBlock(element)) this.#enterBlock(element);
    return true;
  };

  text = (text: string, parent: HtmlElement): void => {
    if (!this.#options.readsHidden && this.#options.page.isInvisible(parent)) this.#warnHidden(text, parent);
    else this.#inline.add(text, this.#preDepth > 0, parent);
  };

  leave = (element: HtmlElement): void => {
    const { name } = element;
    if (this.#isBlock(element)) this.#leaveBlock(element);
    else this.#inline.leave(element);
    if (boxNames.has(name)) this.#inline.space();
    if (this.#kinds.at(-1)?.element === element) {
      this.#flush();
      this.#kinds.pop();
    }
    if (name === "") this.#flush();
  };

  #isShown = (element: HtmlElement): boolean => {
    const { page, readsHidden } = this.#options;
    if (readsHidden || !page.isHidden(element)) return true;
    this.#warnHidden(plainText(element), element);
    return false;
  };

  /** Of an element whose words are not read one by one. */
  #isDrawn = (element: HtmlElement): boolean => {
    if (!this.#isShown(element)) return false;
    const { page, readsHidden } = this.#options;
    const text = element.children.filter((child) => typeof child === "string").join("");
    if (readsHidden || text.trim() === "" || !page.isInvisible(element)) return true;
    this.#warnHidden(text, element);
    return false;
  };

  #isBlock(element: HtmlElement): boolean {
    const { name, parent } = element;
    // In a drawing it is the name of a shape.
    if (name === "title") return parent !== undefined && !/^(svg|g|a|use|path|text|rect|circle)$/.test(parent.name);
    return (
      blockNames.has(name) ||
      /^(block|flex|grid|table|list-item)/.test(this.#options.page.styleOf(element).get("display") ?? "")
    );
  }

  #enterBlock(element: HtmlElement): void {
    const { name } = element;
    const table = this.#tables.at(-1);
    if (name === "table" && !this.#layout.has(element) && this.#tables.length < tableDepthMax) {
      const outer = table ? this.#inline.take() : "";
      if (!table) this.#flush();
      this.#tables.push({ element, rows: new TableRows(), outer });
      return;
    }
    if (table && isPartOf(element, table.element)) {
      this.#enterTablePart(element, table.rows);
      return;
    }
    if (table) {
      this.#inline.space();
      if (name === "li") this.#inline.add(`${this.#lists.at(-1)?.numbers.mark(element) ?? "-"} `, false, element);
    } else this.#flush();
    if (name === "pre" || name === "listing" || name === "xmp" || name === "plaintext") {
      this.#preDepth += 1;
      this.#enterKind(element, "code");
    } else if (/^h[1-6]$/.test(name)) this.#enterKind(element, "heading", Number(name[1]));
    else if (name === "title") this.#enterKind(element, "heading", 1);
    else if (name === "figcaption") this.#enterKind(element, "caption");
    else if (name === "ol" || name === "ul" || name === "menu" || name === "dir") {
      const { page } = this.#options;
      const style = page.styleOf(element);
      const numbers = new ListNumbers(element, style.get("list-style-type") ?? style.get("list-style") ?? "");
      this.#lists.push({ element, numbers });
    } else if (name === "li" && !table) {
      this.#enterKind(element, "list");
      this.#mark += `${this.#lists.at(-1)?.numbers.mark(element) ?? "-"} `;
    }
  }

  #leaveBlock(element: HtmlElement): void {
    const { name } = element;
    const table = this.#tables.at(-1);
    if (table?.element === element) {
      this.#endTable();
      return;
    }
    if (table && isPartOf(element, table.element)) {
      if (name === "td" || name === "th") table.rows.addCell(element, this.#inline.take().trim());
      else if (name === "caption")
        table.rows.caption = [table.rows.caption, this.#inline.take().trim()].filter(Boolean).join("\n");
      return;
    }
    if (table) this.#inline.space();
    else if (name === "dt") {
      this.#mark = this.#takeTerm();
      return;
    } else this.#flush();
    if (name === "li" || name === "dd" || name === "dl") this.#flushMark();
    if (name === "pre" || name === "listing" || name === "xmp" || name === "plaintext") this.#preDepth -= 1;
    if (this.#lists.at(-1)?.element === element) this.#lists.pop();
  }

  /** Text between the parts of a table is drawn before it; here it becomes a part of the caption. */
  #enterTablePart({ name }: HtmlElement, rows: TableRows): void {
    const stray = this.#inline.take().trim();
    if (stray !== "") rows.caption = [rows.caption, stray].filter(Boolean).join("\n");
    if (name === "tr") rows.startRow();
    else if (name === "thead" || name === "tbody" || name === "tfoot") rows.startSection(name);
  }

  #endTable(): void {
    const { rows, outer } = this.#tables.pop()!;
    if (this.#tables.length > 0) {
      this.#inline.replace(`${outer} ${rows.line()} `);
      return;
    }
    const block = rows.block();
    this.#flushMark();
    if (block) this.#builder.add(block);
  }

  #enterKind(element: HtmlElement, kind: TextKind, level?: number): void {
    if (this.#tables.length > 0) return;
    this.#flush();
    this.#kinds.push({ element, kind, ...(level === undefined ? {} : { level }) });
  }

  #flush(): void {
    if (this.#tables.length > 0) return;
    const text = this.#inline.take();
    if (text.trim() === "") return;
    const kind = this.#kinds.at(-1);
    const mark = this.#mark;
    this.#mark = "";
    const level = kind?.level === undefined ? {} : { level: kind.level };
    this.#builder.add({
      kind: kind?.kind ?? "paragraph",
      text: mark + (kind?.kind === "code" ? text : text.trim()),
      ...level,
    });
  }

  /** A term is read together with its definition; one without a definition is a paragraph. */
  #takeTerm(): string {
    const text = this.#inline.take().trim();
    if (text === "") return this.#mark;
    this.#flushMark();
    return /[\p{P}]$/u.test(text) ? `${text} ` : `${text}: `;
  }

  #flushMark(): void {
    const text = this.#mark.trim().replace(/^-$/, "");
    this.#mark = "";
    if (/[\p{L}\p{N}]/u.test(text))
      this.#builder.add({ kind: this.#kinds.at(-1)?.kind ?? "paragraph", text: text.replace(/:$/, "") });
  }

  #warnHidden(text: string, element: HtmlElement): void {
    const words = countWords(text);
    if (words > 0) this.#builder.warn("hidden-text-left-out", placeOf(element), words);
  }
}

/** True for the rows and cells of a table, but not for those of a layout table inside of a cell. */
const isPartOf = ({ name, parent }: HtmlElement, table: HtmlElement): boolean => {
  if (!/^(tr|td|th|thead|tbody|tfoot|caption)$/.test(name)) return false;
  let above = parent;
  for (let steps = 0; above && steps < 4 && /^(tr|thead|tbody|tfoot)$/.test(above.name); steps++) above = above.parent;
  return above === table;
};

/** The selector by which the author of the page finds the element. */
const placeOf = ({ name, attributes }: HtmlElement): string => {
  const [first = ""] = (attributes["class"] ?? "").trim().split(/\s+/, 1);
  return attributes["id"] ? `${name}#${attributes["id"]}` : first ? `${name}.${first}` : name;
};

const fileName = (src = ""): string | undefined =>
  src.startsWith("data:") ? undefined : src.split(/[?#]/, 1)[0]?.split("/").at(-1);
