/** Applies style sheets as far as they decide whether an element is shown. */

import type { HtmlElement } from "./tree.ts";

/** The declarations that decide whether an element is shown, by property. */
export type Style = ReadonlyMap<string, string>;

type Rule = { name: string; id: string; classes: string[]; style: Style; weight: number };

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
 * The rules of a page that apply to every reader: selectors of one element with tag, class and id, outside of conditions
 * such as `@media print`. Selectors of several elements or with states are not evaluated, so their elements count as shown.
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
        const match = /^([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+)*)$/i.exec(selector.trim());
        if (!match || selector.trim() === "" || match[1] === "*" || ++count > rulesMax) continue;
        const parts = match[2]?.match(/[.#][^.#]+/g) ?? [];
        const id = parts.find((part) => part.startsWith("#"))?.slice(1) ?? "";
        const classes = parts.filter((part) => part.startsWith(".")).map((part) => part.slice(1));
        const name = match[1]?.toLowerCase() ?? "";
        const weight = (id ? 1e6 : 0) + classes.length * 1e3 + (name ? 1 : 0);
        const key = id ? `#${id}` : classes[0] ? `.${classes[0]}` : name;
        byKey.set(key, [...(byKey.get(key) ?? []).slice(-rulesPerKeyMax), { name, id, classes, style, weight }]);
      }
    }
  }
  return byKey;
};

const rulesPerKeyMax = 50;

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
      else if (/^@media\s+(screen|all)$/i.test(selectors)) yield* topLevelRules(plain.slice(open + 1, at));
      start = at + 1;
    }
  }
}

/** The declarations that apply to an element: by weight, then by order, the attribute last (CSS Cascading, 6.4). */
export const appliedStyle = ({ name, attributes }: HtmlElement, sheet: StyleSheet): Style => {
  const inline = attributes["style"] ? styleOf(attributes["style"]) : none;
  if (sheet.size === 0) return inline;
  const classes = (attributes["class"] ?? "").split(/\s+/, 20);
  const keys = [name, ...classes.map((one) => `.${one}`), `#${attributes["id"] ?? ""}`];
  const rules = keys
    .flatMap((key) => sheet.get(key) ?? [])
    .filter(
      (rule) =>
        (rule.name === "" || rule.name === name) &&
        (rule.id === "" || rule.id === attributes["id"]) &&
        rule.classes.every((one) => classes.includes(one)),
    );
  if (rules.length === 0) return inline;
  const sorted = rules.toSorted((a, b) => a.weight - b.weight);
  return new Map([...sorted.flatMap(({ style }) => [...style]), ...inline]);
};

const none: Style = new Map();

/** A length of at least this many pixels outside of the page is off-screen. */
const isFarAway = (value = ""): boolean =>
  /^-\s*(\d{3,}(\.\d+)?(px|em|rem|pt|vw|vh|%)|[1-9]\d(\.\d+)?r?em)/.test(value);
const isZero = (value = ""): boolean => /^0*\.?0*(px|em|rem|pt|%|vw|vh)?$/.test(value) && /0/.test(value);

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
