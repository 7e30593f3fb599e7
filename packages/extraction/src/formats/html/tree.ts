/** Parses a page to the tree that a browser builds. */

import { parse, type DefaultTreeAdapterTypes as Tree } from "parse5";
import type { XmlElement } from "../xml/tree.ts";

/** An element of a page. Names are in lower case; the XHTML namespace has no prefix. */
export type HtmlElement = {
  name: string;
  attributes: Record<string, string>;
  children: (HtmlElement | string)[];
  parent: HtmlElement | undefined;
};

/** Elements without shown text of their own. */
const dropped: ReadonlySet<string> = new Set([
  "script",
  "template",
  "link",
  "meta",
  "base",
  "#comment",
  "#documentType",
]);

/**
 * The tree that a browser builds. Scripting counts as on, so that the content of `noscript` is not shown, unless such an
 * element has no end: then the rest of the page would be its content.
 */
export const parseHtml = (source: string): HtmlElement => {
  const html = withEndTags(source);
  const scriptingEnabled = lastTag(html, "noscript") <= lastTag(html, "/noscript");
  const document = parse(html, { scriptingEnabled });
  const root: HtmlElement = { name: "", attributes: {}, children: [], parent: undefined };
  const open: [Tree.ParentNode, HtmlElement][] = [[document, root]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [from, to] = next;
    for (const child of from.childNodes) {
      if (child.nodeName === "#text") to.children.push((child as Tree.TextNode).value);
      else if (!dropped.has(child.nodeName)) {
        const { tagName, attrs, childNodes } = child as Tree.Element;
        const name = tagName === "noscript" && !scriptingEnabled ? "div" : tagName.toLowerCase();
        const attributes: Record<string, string> = {};
        for (const one of attrs) attributes[one.name] = one.value;
        const element: HtmlElement = { name, attributes, children: [], parent: to };
        to.children.push(element);
        if (childNodes.length > 0) open.push([child as Tree.Element, element]);
      }
    }
  }
  return root;
};

/** The same tree from an XML parser's. */
export const fromXml = (top: XmlElement): HtmlElement => {
  const root: HtmlElement = { name: "", attributes: {}, children: [], parent: undefined };
  const open: [XmlElement, HtmlElement][] = [[{ name: "", attributes: {}, children: [top] }, root]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [from, to] = next;
    for (const child of from.children) {
      if (typeof child === "string") to.children.push(child);
      else {
        const name = child.name.slice(child.name.lastIndexOf(":") + 1).toLowerCase();
        if (dropped.has(name)) continue;
        const element: HtmlElement = { name, attributes: child.attributes, children: [], parent: to };
        to.children.push(element);
        open.push([child, element]);
      }
    }
  }
  return root;
};

const lastTag = (html: string, name: string): number => {
  const pattern = new RegExp(`<${name}(?=[\\s/>])`, "gi");
  let last = -1;
  for (const { index } of html.matchAll(pattern)) last = index;
  return last;
};

/** Elements whose content is text until their end tag. */
const rawText = ["title", "iframe", "noframes", "script", "style", "textarea", "xmp"];

/**
 * Without its end tag, such an element would contain the rest of the page: `<title/>` and `<iframe/>` are complete in XHTML,
 * whose files are often sent as HTML. A title ends with its line.
 */
const withEndTags = (html: string): string => {
  let result = html;
  for (const name of rawText) {
    const at = lastTag(result, name);
    if (at < 0 || at < lastTag(result, `/${name}`)) continue;
    const tagEnd = result.indexOf(">", at) + 1;
    if (tagEnd === 0) continue;
    const isEmpty = result[tagEnd - 2] === "/" || name === "iframe";
    const rest = /[\n<]/.exec(result.slice(tagEnd, tagEnd + 1000))?.index ?? -1;
    const end = isEmpty ? tagEnd : name === "title" && rest >= 0 ? tagEnd + rest : undefined;
    if (end !== undefined) result = `${result.slice(0, end)}</${name}>${result.slice(end)}`;
  }
  return result;
};

/** Visits every element in the order of its start, and again when it ends, without recursion. */
export const walk = (
  root: HtmlElement,
  visit: {
    /** False leaves out the element and its children; `leave` is not called for it. */
    enter: (element: HtmlElement) => boolean;
    leave: (element: HtmlElement) => unknown;
    text: (text: string, parent: HtmlElement) => unknown;
  },
): void => {
  const open: { element: HtmlElement; next: number }[] = [];
  if (visit.enter(root)) open.push({ element: root, next: 0 });
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const child = top.element.children[top.next++];
    if (child === undefined) {
      open.pop();
      visit.leave(top.element);
    } else if (typeof child === "string") visit.text(child, top.element);
    else if (visit.enter(child)) open.push({ element: child, next: 0 });
  }
};

/** The words of an element as one line; of its first elements when a number is given. */
export const plainText = (root: HtmlElement, elementsMax = Number.POSITIVE_INFINITY): string => {
  const parts: string[] = [];
  let left = elementsMax;
  const enter = ({ name }: HtmlElement) => name !== "style" && name !== "script" && left-- > 0;
  walk(root, { enter, leave: () => parts.push(" "), text: (part) => parts.push(part) });
  return parts.join("").replace(/\s+/g, " ").trim();
};
