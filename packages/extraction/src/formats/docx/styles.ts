/** The styles of a Word file as far as they concern its text. */

import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";
import { numberOf, propertyOf, stateOf } from "./properties.ts";

/** The list that a paragraph belongs to. `style` is the style that says so, when the paragraph itself does not. */
export type ListMember = { numId: string; level?: number | undefined; style?: string };

/** What a style means for the text, with everything that it inherits. */
export type Style = {
  isHidden?: boolean | undefined;
  /** From 0, as in the file; 9 is body text. */
  outlineLevel?: number | undefined;
  list?: ListMember | undefined;
  isTitle?: boolean;
  isCaption?: boolean | undefined;
  isCode?: boolean | undefined;
};

/** The styles of a document (ECMA-376 part 1, 17.7). */
export class Styles {
  readonly #elements = new Map<string, XmlElement>();
  readonly #resolved = new Map<string, Style>();
  readonly #defaultStyle: Style;
  readonly #isHiddenByDefault: boolean;

  constructor(tree: XmlElement | undefined) {
    let defaultId: string | undefined;
    for (const style of elementsOf(tree, "w:style")) {
      const { "w:styleId": id = "", "w:type": type, "w:default": isDefault } = style.attributes;
      this.#elements.set(id, style);
      if (type === "paragraph" && (isDefault === "1" || isDefault === "true")) defaultId = id;
    }
    const defaults = childOf(childOf(tree, "w:docDefaults"), "w:rPrDefault");
    this.#isHiddenByDefault = stateOf(childOf(defaults, "w:rPr"), "w:vanish") ?? false;
    this.#defaultStyle = defaultId === undefined ? {} : this.#resolve(defaultId);
  }

  /** A paragraph's style. Without a name it is the default style. */
  paragraph(id: string | undefined): Style {
    return id === undefined ? this.#defaultStyle : this.#resolve(id);
  }

  /** The list of a numbering style, by which lists refer to each other. */
  listOf(id: string): ListMember | undefined {
    return this.#resolve(id).list;
  }

  /**
   * True for text that Word does not show. A paragraph's style and a character style cancel each other out (17.7.3); the
   * text's own property wins.
   */
  isHidden(paragraph: Style, run: XmlElement | undefined): boolean {
    const own = stateOf(run, "w:vanish");
    if (own !== undefined) return own;
    if (this.#isHiddenByDefault) return true;
    const id = propertyOf(run, "w:rStyle");
    const character = id === undefined ? false : (this.#resolve(id).isHidden ?? false);
    return (paragraph.isHidden ?? false) !== character;
  }

  /** Follows the styles that a style is based on, from its base to itself. */
  #resolve(id: string): Style {
    const chain: string[] = [];
    const seen = new Set<string>();
    let base: Style = {};
    for (let at: string | undefined = id; at !== undefined && !seen.has(at); ) {
      const known = this.#resolved.get(at);
      if (known) {
        base = known;
        break;
      }
      seen.add(at);
      chain.push(at);
      at = propertyOf(this.#elements.get(at), "w:basedOn");
    }
    for (const one of chain.reverse()) {
      base = derived(base, one, this.#elements.get(one));
      this.#resolved.set(one, base);
    }
    return base;
  }
}

const derived = (base: Style, id: string, element: XmlElement | undefined): Style => {
  const paragraph = childOf(element, "w:pPr");
  // Word stores the English names of its own styles in every language, and translates only their ids. A file without
  // definitions of its styles has the ids alone. Other names of a style may follow after a comma.
  const [name = ""] = (propertyOf(element, "w:name") ?? id).toLowerCase().split(",", 1);
  const named = /^heading ?([1-9])$/.exec(name)?.[1];
  return {
    isHidden: stateOf(childOf(element, "w:rPr"), "w:vanish") ?? base.isHidden,
    outlineLevel: numberOf(paragraph, "w:outlineLvl") ?? (named === undefined ? base.outlineLevel : Number(named) - 1),
    list: listOf(paragraph, base.list, id),
    isTitle: name === "title",
    isCaption: name === "caption" || base.isCaption,
    isCode: codeNames.has(name) || base.isCode,
  };
};

/** Names of styles for source code: Word's own, and that of converters from Markdown. */
const codeNames: ReadonlySet<string> = new Set(["html preformatted", "source code", "code", "code block"]);

/** The list of a paragraph or style, which its style or base may say in part. The list 0 is none. */
export const listOf = (
  properties: XmlElement | undefined,
  inherited: ListMember | undefined,
  style?: string,
): ListMember | undefined => {
  const numbering = childOf(properties, "w:numPr");
  if (!numbering) return inherited;
  const numId = propertyOf(numbering, "w:numId");
  const level = numberOf(numbering, "w:ilvl");
  if (numId === undefined) return inherited && { ...inherited, level: level ?? inherited.level };
  return { numId, level, ...(style === undefined ? {} : { style }) };
};
