/** The styles of an OpenDocument file as far as they concern its text. */

import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";

/** A level of a list style. */
export type ListLevel = {
  /** "1", "a", "A", "i", "I"; empty without a number. */
  format: string;
  prefix: string;
  suffix: string;
  /** How many levels the label shows. */
  shownLevels: number;
  start: number;
  isRepeated: boolean;
  /** A template such as "%1%.%2%)", which newer files have instead of prefix and suffix. */
  template: string | undefined;
};

/** The styles of a document (OpenDocument 1.3 part 3, 16), of both its parts. */
export class Styles {
  readonly #byName = new Map<string, XmlElement>();
  readonly #lists = new Map<string, XmlElement>();
  readonly masterPages: XmlElement[] = [];
  readonly #layouts = new Map<string, XmlElement>();
  #outline: XmlElement | undefined;
  readonly #levels = new Map<XmlElement, Map<string, ListLevel>>();

  constructor(parts: readonly (XmlElement | undefined)[]) {
    for (const part of parts)
      for (const group of elementsOf(part))
        if (group.name === "office:styles" || group.name === "office:automatic-styles") this.#addAll(group);
        else if (group.name === "office:master-styles")
          this.masterPages.push(...elementsOf(group, "style:master-page"));
  }

  #addAll(group: XmlElement): void {
    for (const style of elementsOf(group)) {
      const name = style.attributes["style:name"] ?? "";
      if (style.name === "style:style") this.#byName.set(`${style.attributes["style:family"]} ${name}`, style);
      else if (style.name === "text:list-style") this.#lists.set(name, style);
      else if (style.name === "text:outline-style") this.#outline = style;
      else if (style.name === "style:page-layout") this.#layouts.set(name, style);
    }
  }

  /** The first of a style and its parents for which `get` finds something. */
  #inherited<T>(family: string, name: string | undefined, get: (style: XmlElement) => T | undefined): T | undefined {
    let style = this.#byName.get(`${family} ${name}`);
    // A style may name itself as a parent.
    for (let depth = 0; style && depth < 50; depth++) {
      const found = get(style);
      if (found !== undefined) return found;
      style = this.#byName.get(`${family} ${style.attributes["style:parent-style-name"]}`);
    }
    return undefined;
  }

  /** True for text that the style hides. */
  isHidden(family: "text" | "paragraph", name: string | undefined): boolean {
    return (
      this.#inherited(family, name, (style) => childOf(style, "style:text-properties")?.attributes["text:display"]) ===
      "none"
    );
  }

  /** A property of a slide, such as `presentation:visibility`. */
  slideProperty(name: string | undefined, property: string): string | undefined {
    return this.#inherited(
      "drawing-page",
      name,
      (style) => childOf(style, "style:drawing-page-properties")?.attributes[property],
    );
  }

  /** The master page that a paragraph or table starts. */
  masterPageOf(family: "paragraph" | "table", name: string | undefined): string | undefined {
    return this.#inherited(family, name, (style) => style.attributes["style:master-page-name"]);
  }

  /** An empty name means that a heading of this style has no number. */
  listStyleOf(name: string | undefined): string | undefined {
    return this.#inherited("paragraph", name, (style) => style.attributes["style:list-style-name"]);
  }

  /** Width and height of a page, as written. */
  pageSize(masterPage: string | undefined): { width: string | undefined; height: string | undefined } {
    const master = this.masterPages.find(({ attributes }) => attributes["style:name"] === masterPage);
    const layout = this.#layouts.get(master?.attributes["style:page-layout-name"] ?? "");
    const { "fo:page-width": width, "fo:page-height": height } =
      childOf(layout, "style:page-layout-properties")?.attributes ?? {};
    return { width, height };
  }

  /** Levels are counted from 1. */
  listLevel(style: string | undefined, level: number): ListLevel | undefined {
    return this.#levelsOf(this.#lists.get(style ?? ""))?.get(String(level));
  }

  outlineLevel(level: number): ListLevel | undefined {
    return this.#levelsOf(this.#outline)?.get(String(level));
  }

  #levelsOf(style: XmlElement | undefined): Map<string, ListLevel> | undefined {
    if (!style) return undefined;
    const levels = this.#levels.get(style) ?? new Map(elementsOf(style).flatMap(levelOf));
    this.#levels.set(style, levels);
    return levels;
  }
}

const levelOf = ({ name, attributes }: XmlElement): [level: string, ListLevel][] => {
  if (name !== "text:list-level-style-number" && name !== "text:outline-level-style") return [];
  const level: ListLevel = {
    format: attributes["style:num-format"] ?? "",
    prefix: attributes["style:num-prefix"] ?? "",
    suffix: attributes["style:num-suffix"] ?? "",
    shownLevels: Math.min(Number(attributes["text:display-levels"]) || 1, 10),
    start: Number(attributes["text:start-value"] ?? 1),
    isRepeated: attributes["style:num-letter-sync"] === "true",
    template: attributes["style:num-list-format"] ?? attributes["num-list-format"],
  };
  return [[attributes["text:level"] ?? "", level]];
};
