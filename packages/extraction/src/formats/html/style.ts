/** Applies style sheets as far as they decide whether an element is shown. */

import type { HtmlElement } from "./tree.ts";

/** The declarations that decide whether an element is shown, by property. */
export type Style = ReadonlyMap<string, string>;

/** Tag, id and classes of one element of a selector. */
type Compound = { name: string; id: string; classes: string[] };
/** `above`: what the elements around it must be, nearest first. */
type Rule = Compound & { above: (Compound & { isParent: boolean })[]; style: Style; weight: number };

/** Rules of a page's `style` elements, by the part of the selector that is looked up first. */
export type StyleSheet = ReadonlyMap<string, readonly Rule[]>;

const relevant = new Set(
  "display visibility opacity font-size position left top right text-indent clip clip-path width height max-height overflow color background background-color content-visibility list-style list-style-type white-space".split(
    " ",
  ),
);

export const styleOf = (declarations: string): Style => {
  const style = new Map<string, string>();
  for (const declaration of declarations.split(";")) {
    const colon = declaration.indexOf(":");
    const property = declaration.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (!relevant.has(property)) continue;
    style.set(
      property,
      declaration
        .slice(colon + 1)
        .replace(/!\s*important/i, "")
        .trim()
        .toLowerCase(),
    );
  }
  return style;
};

const rulesMax = 5000;

/**
 * The rules of a page that apply to every reader on a screen: selectors with tags, classes and ids, of elements inside each
 * other too. Of selectors with attributes, positions or negations, which are not evaluated, only rules that show an element are
 * taken, so that no visible text is lost; those of a state, such as `:hover`, are left out.
 */
export const parseStyleSheet = (sheets: readonly { css: string; media: string }[]): StyleSheet => {
  const byKey = new Map<string, Rule[]>();
  let count = 0;
  for (const { css, media } of sheets) {
    if (media !== "" && !/^(all|screen)\b[^(]*$/i.test(media)) continue;
    for (const { selectors, declarations } of topLevelRules(css)) {
      const style = styleOf(declarations);
      if (style.size === 0) continue;
      for (const selector of selectors.split(",")) {
        const parsed = ++count > rulesMax ? undefined : parseSelector(selector.trim());
        if (!parsed || (!parsed.isCertain && hides(style))) continue;
        const { own, above, weight } = parsed;
        const key = own.id ? `#${own.id}` : own.classes[0] ? `.${own.classes[0]}` : own.name || "*";
        byKey.set(key, [...(byKey.get(key) ?? []).slice(-rulesPerKeyMax), { ...own, above, style, weight }]);
      }
    }
  }
  return byKey;
};

const rulesPerKeyMax = 50;
const compoundsMax = 8;

const hides = (style: Style): boolean => isHiddenBy(style) || invisibleBy(style, []).includes(true);

type Selector = { own: Compound; above: Rule["above"]; weight: number; isCertain: boolean };

/** A longer selector is not written by anybody, and the expressions below take quadratic time for its spaces and brackets. */
const selectorCharsMax = 1_000;

const parseSelector = (selector: string): Selector | undefined => {
  if (selector.length > selectorCharsMax) return undefined;
  if (/::|:(before|after|hover|focus|active|target|checked|visited|first-l)/i.test(selector)) return undefined;
  const parts = selector
    .replace(/\s*([>+~])\s*/g, " $1")
    .split(/\s+/)
    .filter(Boolean);
  if (parts.length === 0 || parts.length > compoundsMax) return undefined;
  let isCertain = true;
  let weight = 0;
  const compounds = parts.map((part) => {
    const plain = part.replace(/^[>+~]/, "").replace(/\[[^\]]*\]|:[\w-]+(\([^)]*\))?/g, "");
    const match = /^([a-z][a-z0-9-]*|\*)?((?:[.#][\w-]+)*)$/i.exec(plain);
    if (!match || /[[:]/.test(part) || /^[+~]/.test(part)) isCertain = false;
    const names = match?.[2]?.match(/[.#][^.#]+/g) ?? [];
    const id = names.find((one) => one.startsWith("#"))?.slice(1) ?? "";
    const classes = names.filter((one) => one.startsWith(".")).map((one) => one.slice(1));
    const name = match?.[1] === "*" ? "" : (match?.[1]?.toLowerCase() ?? "");
    weight += (id ? 1e6 : 0) + classes.length * 1e3 + (name ? 1 : 0);
    return { name, id, classes, isParent: part.startsWith(">"), isSibling: /^[+~]/.test(part) };
  });
  // Of elements beside each other only the last one is looked at.
  const last = compounds.findLastIndex(({ isSibling }) => isSibling);
  const chain = compounds.slice(Math.max(0, last)).toReversed();
  const [own, ...rest] = chain;
  // The combinator of an element stands before the one inside it.
  const above = rest.map((compound, at) => ({ ...compound, isParent: chain[at]!.isParent }));
  const isEverything = own!.name === "" && own!.id === "" && own!.classes.length === 0;
  return isEverything && (above.length === 0 || !isCertain) ? undefined : { own: own!, above, weight, isCertain };
};

const isOf = ({ name, id, classes }: Compound, { name: own, attributes }: HtmlElement, ownClasses: string[]): boolean =>
  (name === "" || name === own) &&
  (id === "" || id === attributes["id"]) &&
  classes.every((one) => ownClasses.includes(one));

const classesOf = ({ attributes }: HtmlElement): string[] => (attributes["class"] ?? "").split(/\s+/, 20);
const ancestorsMax = 100;

/** True when the elements around are those of the selector; the nearest ones that fit are taken. */
const isInside = (element: HtmlElement, above: Rule["above"]): boolean => {
  let at = element.parent;
  let steps = 0;
  for (const compound of above) {
    if (!compound.isParent) while (at && !isOf(compound, at, classesOf(at)) && steps++ < ancestorsMax) at = at.parent;
    if (!at || !isOf(compound, at, classesOf(at))) return false;
    at = at.parent;
  }
  return true;
};

/** Style rules outside of at-rules, with their blocks found by counting braces. */
function* topLevelRules(css: string): Generator<{ selectors: string; declarations: string }> {
  const plain = css.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, " ").replace(/<!--|-->/g, " ");
  let start = 0;
  let depth = 0;
  let open = 0;
  for (let at = 0; at < plain.length; at++) {
    const character = plain[at];
    if (character === ";" && depth === 0) start = at + 1;
    else if (character === "{") {
      if (depth === 0) open = at;
      depth += 1;
    } else if (character === "}" && depth > 0) {
      depth -= 1;
      if (depth > 0) continue;
      const selectors = plain.slice(start, open).trim();
      if (!selectors.startsWith("@")) yield { selectors, declarations: plain.slice(open + 1, at) };
      else if (appliesToScreens(selectors)) yield* topLevelRules(plain.slice(open + 1, at));
      start = at + 1;
    }
  }
}

/** A window of a common size; `@supports` and layers apply in any browser of today. */
const screenWidth = 1280;

const appliesToScreens = (rule: string): boolean => {
  if (/^@(supports|layer)\b/i.test(rule)) return !/\bnot\b/i.test(rule);
  if (!/^@media\b/i.test(rule) || /\bprint\b|\bnot\b|prefers-|orientation|hover|pointer/i.test(rule)) return false;
  return [...rule.matchAll(/\((min|max)-width:\s*([\d.]+)(px|r?em)\)/gi)].every(([, bound, size, unit]) => {
    const pixels = Number(size) * (unit?.toLowerCase() === "px" ? 1 : 16);
    return bound?.toLowerCase() === "min" ? screenWidth >= pixels : screenWidth <= pixels;
  });
};

/** The declarations that apply to an element: by weight, then by order, the attribute last (CSS Cascading, 6.4). */
export const appliedStyle = (element: HtmlElement, sheet: StyleSheet): Style => {
  const { name, attributes } = element;
  const inline = attributes["style"] ? styleOf(attributes["style"]) : none;
  if (sheet.size === 0) return inline;
  const classes = classesOf(element);
  const keys = ["*", name, ...classes.map((one) => `.${one}`), `#${attributes["id"] ?? ""}`];
  const rules = keys
    .flatMap((key) => sheet.get(key) ?? [])
    .filter((rule) => isOf(rule, element, classes) && isInside(element, rule.above));
  if (rules.length === 0) return inline;
  const sorted = rules.toSorted((a, b) => a.weight - b.weight);
  return new Map([...sorted.flatMap(({ style }) => [...style]), ...inline]);
};

const none: Style = new Map();

/** A length of at least this many pixels outside of the page is off-screen. */
const isFarAway = (value = ""): boolean =>
  /^-\s*(\d{3,}(\.\d+)?(px|em|rem|pt|vw|vh|%)|[1-9]\d(\.\d+)?r?em)/.test(value);
const isZero = (value = ""): boolean => /^0*(?:\.0*)?(px|em|rem|pt|%|vw|vh)?$/.test(value) && /0/.test(value);

/** Declarations that make words invisible and that an element inside may undo. */
const inherited: readonly [property: string, isInvisible: (value: string) => boolean][] = [
  ["visibility", (value) => /^(hidden|collapse)/.test(value)],
  ["font-size", isZero],
  ["color", (value) => value === "transparent"],
];

/** Which of these declarations apply to an element, from those that apply to its parent. */
export const invisibleBy = (style: Style, parent: readonly boolean[]): readonly boolean[] =>
  style.size === 0
    ? parent
    : inherited.map(([property, isInvisible], at) => {
        const value = style.get(property);
        return value === undefined || value === "inherit" ? (parent[at] ?? false) : isInvisible(value);
      });

/** True when a browser draws nothing of an element with these declarations. */
export const isHiddenBy = (style: Style): boolean => {
  if (style.size === 0) return false;
  const get = (property: string) => style.get(property) ?? "";
  if (get("display") === "none" || get("content-visibility") === "hidden" || isZero(get("opacity"))) return true;
  if (isFarAway(get("text-indent"))) return true;
  const isClipped = get("overflow").startsWith("hidden") || get("overflow") === "clip";
  if (isClipped && [get("height"), get("width"), get("max-height")].some((value) => isZero(value) || value === "1px"))
    return true;
  if (/^(absolute|fixed)/.test(get("position"))) {
    if ([get("left"), get("top"), get("right")].some(isFarAway)) return true;
    if (/^rect\(\s*(0|1)(px)?[\s,]+(0|1)(px)?[\s,]+(0|1)(px)?[\s,]+(0|1)(px)?\s*\)/.test(get("clip"))) return true;
    if (/^inset\(\s*(50|100)%/.test(get("clip-path"))) return true;
  }
  const background = get("background-color") || get("background");
  return get("color") !== "" && colour(get("color")) === colour(background);
};

const colour = (value: string): string =>
  ({ white: "#ffffff", black: "#000000", "#fff": "#ffffff", "#000": "#000000", "rgb(255,255,255)": "#ffffff" })[
    value.replace(/\s+/g, "")
  ] ?? value;
