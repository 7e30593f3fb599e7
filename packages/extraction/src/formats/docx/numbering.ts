/** Counts the lists of Word. */

import { symbolText } from "../encoding/symbol-fonts.ts";
import { listNumber } from "../numbers/list-number.ts";
import { childOf, elementsOf, type XmlElement } from "../xml/tree.ts";
import { numberOf, propertyOf, stateOf } from "./properties.ts";
import type { ListMember, Styles } from "./styles.ts";

type Level = {
  start: number;
  format: string;
  pattern: string | undefined;
  text: string;
  /** The level, from 1, whose use restarts this one; 0 for never. Without it each higher level does. */
  restart: number | undefined;
  /** All numbers are written in digits. */
  isLegal: boolean;
  isHidden: boolean;
  hasSpaceAfter: boolean;
  font: string | undefined;
  /** The paragraph style that belongs to this level. */
  style: string | undefined;
};

/** A list that paragraphs can belong to: the levels of its definition with the list's own changes. */
type List = { definition: string; levels: Map<number, Level>; starts: Map<number, number>; used: Set<number> };

const levelsMax = 9;
/** More than Word itself writes; the text stands before each paragraph of the level. */
const levelCharsMax = 255;

/**
 * Counts the lists of a document as Word does (ECMA-376 part 1, 17.9). Lists of the same definition share their counters; a
 * list that overrides a start restarts them once, where it is first used.
 */
export class Numbering {
  readonly #styles: Styles;
  readonly #definitions = new Map<string, XmlElement>();
  readonly #elements = new Map<string, XmlElement>();
  readonly #lists = new Map<string, List | undefined>();
  readonly #levels = new Map<XmlElement, Map<number, Level>>();
  readonly #counters = new Map<string, (number | undefined)[]>();

  constructor(tree: XmlElement | undefined, styles: Styles) {
    this.#styles = styles;
    for (const definition of elementsOf(tree, "w:abstractNum"))
      this.#definitions.set(definition.attributes["w:abstractNumId"] ?? "", definition);
    for (const list of elementsOf(tree, "w:num")) this.#elements.set(list.attributes["w:numId"] ?? "", list);
  }

  /** Counts a paragraph and returns its number with the space after it, or undefined when it belongs to no list. */
  next({ numId, level: wanted, style }: ListMember): string | undefined {
    const list = this.#list(numId);
    if (!list) return undefined;
    const linked = () => [...list.levels].find(([, one]) => style !== undefined && one.style === style)?.[0];
    const at = Math.min(Math.max(wanted ?? linked() ?? 0, 0), levelsMax - 1);
    const level = list.levels.get(at);
    if (!level) return undefined;
    const counters = this.#count(list, at);
    if (level.isHidden) return "";
    const text = level.format === "bullet" ? bulletOf(level) : this.#textOf(list, level, at, counters);
    return text === "" ? "" : `${text}${level.hasSpaceAfter || level.format === "bullet" ? " " : ""}`;
  }

  #count(list: List, at: number): (number | undefined)[] {
    const counters = this.#counters.get(list.definition) ?? [];
    this.#counters.set(list.definition, counters);
    const override = list.used.has(at) ? undefined : list.starts.get(at);
    list.used.add(at);
    const before = counters[at];
    counters[at] = override ?? (before === undefined ? startOf(list, at) : before + 1);
    // A level that was skipped counts as used once: 2, 2.1.1, 2.2.
    for (let above = 0; above < at; above++) counters[above] ??= startOf(list, above);
    for (let below = at + 1; below < levelsMax; below++) {
      const restart = list.levels.get(below)?.restart;
      if (restart === undefined || at < restart) counters[below] = undefined;
    }
    return counters;
  }

  #textOf(list: List, level: Level, at: number, counters: readonly (number | undefined)[]): string {
    return level.text
      .replace(/%([1-9])/g, (_, digit: string) => {
        const other = Number(digit) - 1;
        const shown = list.levels.get(other);
        if (other > at || !shown) return "";
        const isWord = shown.format === "none" || shown.format === "bullet";
        const format = level.isLegal && other <= at && !isWord ? "decimal" : shown.format;
        return listNumber(counters[other] ?? startOf(list, other), format, shown.pattern);
      })
      .trim();
  }

  #list(numId: string): List | undefined {
    if (this.#lists.has(numId)) return this.#lists.get(numId);
    const list = this.#made(numId);
    this.#lists.set(numId, list);
    return list;
  }

  #made(numId: string): List | undefined {
    const element = this.#elements.get(numId);
    const definition = this.#definitionOf(element);
    if (!definition) return undefined;
    const levels = new Map(this.#levelsOf(definition));
    const starts = new Map<number, number>();
    for (const override of elementsOf(element, "w:lvlOverride")) {
      const at = indexOf(override);
      if (at === undefined) continue;
      const changed = childOf(override, "w:lvl");
      if (changed) levels.set(at, levelOf(changed));
      const start = numberOf(override, "w:startOverride");
      if (start !== undefined) starts.set(at, start);
    }
    return { definition: definition.attributes["w:abstractNumId"] ?? "", levels, starts, used: new Set() };
  }

  #levelsOf(definition: XmlElement): ReadonlyMap<number, Level> {
    let levels = this.#levels.get(definition);
    if (!levels) {
      levels = new Map();
      for (const level of elementsOf(definition, "w:lvl")) {
        const at = indexOf(level);
        if (at !== undefined) levels.set(at, levelOf(level));
      }
      this.#levels.set(definition, levels);
    }
    return levels;
  }

  /** A definition may refer to a numbering style, whose list refers to the definition that has the levels. */
  #definitionOf(list: XmlElement | undefined): XmlElement | undefined {
    let definition = this.#definitions.get(propertyOf(list, "w:abstractNumId") ?? "");
    for (let hops = 0; hops < levelsMax; hops++) {
      const link = propertyOf(definition, "w:numStyleLink");
      if (link === undefined) break;
      const target = this.#elements.get(this.#styles.listOf(link)?.numId ?? "");
      const next = this.#definitions.get(propertyOf(target, "w:abstractNumId") ?? "");
      if (!next || next === definition) break;
      definition = next;
    }
    return definition;
  }
}

const indexOf = (level: XmlElement): number | undefined => {
  const index = Number(level.attributes["w:ilvl"] ?? 0);
  return Number.isInteger(index) && index >= 0 && index < levelsMax ? index : undefined;
};

const startOf = (list: List, at: number): number => list.starts.get(at) ?? list.levels.get(at)?.start ?? 1;

const levelOf = (element: XmlElement): Level => {
  // A number format that older versions of Word do not have is the first choice of two.
  const choice = childOf(childOf(element, "mc:AlternateContent"), "mc:Choice");
  const format = childOf(element, "w:numFmt") ?? childOf(choice, "w:numFmt");
  const properties = childOf(element, "w:rPr");
  const fonts = childOf(properties, "w:rFonts")?.attributes;
  return {
    start: numberOf(element, "w:start") ?? 1,
    format: format?.attributes["w:val"] ?? "decimal",
    pattern: format?.attributes["w:format"],
    text: (propertyOf(element, "w:lvlText") ?? "").slice(0, levelCharsMax),
    restart: numberOf(element, "w:lvlRestart"),
    isLegal: stateOf(element, "w:isLgl") ?? false,
    isHidden: stateOf(properties, "w:vanish") ?? false,
    hasSpaceAfter: propertyOf(element, "w:suff") !== "nothing",
    font: fonts?.["w:ascii"] ?? fonts?.["w:hAnsi"],
    style: propertyOf(element, "w:pStyle"),
  };
};

/** The bullet of an item. Most bullets are letters of a symbol font, such as "o" for a circle; a blank one is none. */
const bulletOf = ({ text, font }: Level): string => {
  if (text.trim() === "") return "";
  const shown = symbolText(text, font).trim();
  return shown === "" || /^[\p{L}\p{N}\p{Co}]$/u.test(shown) ? "•" : shown;
};
