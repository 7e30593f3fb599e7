/** Finds what a page hides, and how much text each element shows. */

import { appliedStyle, invisibleBy, isHiddenBy, parseStyleSheet, type Style } from "./style.ts";
import { type HtmlElement, walk } from "./tree.ts";

/** What is known of each element before its text is read. */
export type Page = {
  /** Letters and digits that are shown inside an element. */
  sizeOf: (element: HtmlElement) => number;
  /** Those inside of links. */
  linkSizeOf: (element: HtmlElement) => number;
  /** True for the outermost element of a hidden part. */
  isHidden: (element: HtmlElement) => boolean;
  /** True when the text that is directly inside an element is not drawn, although elements inside of it may be. */
  isInvisible: (element: HtmlElement) => boolean;
  styleOf: (element: HtmlElement) => Style;
};

/** Elements that a reader never sees, for another reason than that they are hidden. */
export const notText: ReadonlySet<string> = new Set([
  "script",
  "style",
  "template",
  "noscript",
  "datalist",
  "colgroup",
  "source",
  "track",
  "param",
  "annotation",
  "annotation-xml",
  "defs",
  "symbol",
  "metadata",
  "desc",
  "iframe",
  "noframes",
  "noembed",
  "canvas",
  "video",
  "audio",
]);

/** Looks at the whole page once: which elements are hidden, and how much text each one shows. */
export const pageOf = (root: HtmlElement): Page => {
  const sheets: { css: string; media: string }[] = [];
  walk(root, {
    enter: (element) => {
      if (element.name === "style")
        sheets.push({
          css: element.children.filter((one) => typeof one === "string").join(""),
          media: element.attributes["media"] ?? "",
        });
      return true;
    },
    leave: () => undefined,
    text: () => undefined,
  });
  const sheet = parseStyleSheet(sheets);
  const styles = new Map<HtmlElement, Style>();
  const sizes = new Map<HtmlElement, number>();
  const linkSizes = new Map<HtmlElement, number>();
  /** Elements that are hidden by themselves. */
  const hidden = new Set<HtmlElement>();
  const invisible = new Set<HtmlElement>();
  const inherited: (readonly boolean[])[] = [[]];
  let linkDepth = 0;
  const add = (map: Map<HtmlElement, number>, element: HtmlElement, size: number) => {
    if (size > 0) map.set(element, (map.get(element) ?? 0) + size);
  };
  walk(root, {
    enter: (element) => {
      if (notText.has(element.name)) return false;
      const style = appliedStyle(element, sheet);
      if (style.size > 0) styles.set(element, style);
      if (isHiddenElement(element, style)) hidden.add(element);
      const states = isRoot(element) ? [] : invisibleBy(style, inherited.at(-1)!);
      inherited.push(states);
      if (states.includes(true)) invisible.add(element);
      if (element.name === "a") linkDepth += 1;
      return true;
    },
    text: (text, parent) => {
      const size = invisible.has(parent) ? 0 : lettersIn(text);
      add(sizes, parent, size);
      if (linkDepth > 0) add(linkSizes, parent, size);
    },
    leave: (element) => {
      inherited.pop();
      if (element.name === "a") linkDepth -= 1;
      if (!element.parent) return;
      add(sizes, element.parent, sizes.get(element) ?? 0);
      add(linkSizes, element.parent, linkSizes.get(element) ?? 0);
    },
  });
  const total = sizes.get(root) ?? 0;
  for (const element of hidden)
    if (canHoldPage(element, styles.get(element) ?? none) && (sizes.get(element) ?? 0) * 2 > total)
      hidden.delete(element);
  return {
    sizeOf: (element) => sizes.get(element) ?? 0,
    linkSizeOf: (element) => linkSizes.get(element) ?? 0,
    isHidden: (element) => hidden.has(element),
    isInvisible: (element) => invisible.has(element),
    styleOf: (element) => styles.get(element) ?? none,
  };
};

const none: Style = new Map();

/** Pages hide everything until a script has run. */
const isRoot = ({ name }: HtmlElement): boolean => name === "html" || name === "body" || name === "";

const isHiddenElement = (element: HtmlElement, style: Style): boolean => {
  const { name, attributes } = element;
  if (isRoot(element)) return false;
  if (attributes["aria-hidden"] === "true") return true;
  if ("hidden" in attributes && !/^(block|inline|flex|grid)/.test(style.get("display") ?? "")) return true;
  if ((name === "dialog" && !("open" in attributes)) || "popover" in attributes) return true;
  return isHiddenBy(style) || isHiddenByName(attributes["class"] ?? "");
};

/**
 * Names that the common style libraries hide, for pages whose style sheets are other files. A second name may show the
 * element on larger screens.
 */
const isHiddenByName = (names: string): boolean =>
  /(^|\s)(sr-only|visually-?hidden|screen-reader-text|d-none|hidden)(\s|$)/i.test(names) &&
  !/(^|\s)(d-(sm|md|lg|xl|xxl|print)-|(sm|md|lg|xl|2xl):|visible-|sr-only-focusable)/i.test(names);

/**
 * An open dialog hides the page behind it from screen readers, and pages that appear slowly are transparent at first: what
 * holds most of the text is the page itself.
 */
const canHoldPage = ({ attributes }: HtmlElement, style: Style): boolean =>
  !("hidden" in attributes) &&
  (attributes["aria-hidden"] === "true" || style.has("opacity")) &&
  style.get("display") !== "none";

/** The number of words that leaving out a text loses. */
export const countWords = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;

/** The number of letters and digits. Beyond ASCII everything but spaces and punctuation counts. */
export const lettersIn = (text: string): number => {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80) {
      // Digits, and letters of both cases.
      if ((code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)) count += 1;
    } else if (
      code >= 0xc0 &&
      !(code >= 0x2000 && code <= 0x206f) &&
      !(code >= 0x3000 && code <= 0x303f) &&
      code !== 0xfeff
    )
      count += 1;
  }
  return count;
};
