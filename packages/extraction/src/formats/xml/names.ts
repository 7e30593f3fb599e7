/** Which elements and attributes of common XML formats are titles, paragraphs and readable values. */

import type { HtmlElement } from "../html/tree.ts";
import type { XmlElement } from "./tree.ts";

/** The name without the prefix of its namespace, in lower case. */
export const localName = ({ name }: XmlElement): string => name.slice(name.lastIndexOf(":") + 1).toLowerCase();

/** Nesting beyond this is flattened, since the elements are followed by recursion. */
const depthMax = 500;

/** A browser's tree as XML, without the elements that the browser adds. */
export const fromHtml = (root: HtmlElement): XmlElement => {
  const top: XmlElement = { name: "", attributes: {}, children: [] };
  const open: { from: HtmlElement; to: XmlElement; depth: number }[] = [{ from: root, to: top, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { from, to, depth } = next;
    const inner: typeof open = [];
    for (const child of from.children) {
      if (typeof child === "string") to.children.push(child);
      else {
        const isAdded = depth < 2 && /^(html|head|body)$/.test(child.name);
        if (isAdded || depth > depthMax) inner.push({ from: child, to, depth: depth + 1 });
        else {
          const element: XmlElement = { name: child.name, attributes: child.attributes, children: [] };
          to.children.push(element);
          inner.push({ from: child, to: element, depth: depth + 1 });
        }
      }
    }
    open.push(...inner.reverse());
  }
  return top;
};

/** Attributes for programs: names of other elements, namespaces, places of schemas, appearance. */
const technical =
  /^(xmlns|xsi|xml|xlink:(type|show|actuate)|idref|refid|linkend|class|style|version|schemalocation|nonamespaceschemalocation|lang|guid|uuid|xml:.*)$/i;

/** The values of an element's attributes that people may look for, by name. */
export const readableAttributes = ({ attributes }: XmlElement): [name: string, value: string][] =>
  Object.entries(attributes).flatMap(([name, value]) => {
    const isTechnical = technical.test(name) || /^(xmlns|xsi|xml):/.test(name) || /^xmlns/.test(name);
    return isTechnical || !/[\p{L}\p{N}]/u.test(value) || /^data:/i.test(value)
      ? []
      : [[name.slice(name.lastIndexOf(":") + 1), value] as [string, string]];
  });

/** Roots of vocabularies for text, such as DocBook, DITA, TEI and JATS, whose attributes are not shown. */
const textRoots: ReadonlySet<string> = new Set(
  "article book chapter section part preface appendix topic concept task reference glossentry dita map bookmap tei tei.2 teicorpus text doc document".split(
    " ",
  ),
);
export const isTextRoot = (element: XmlElement): boolean => textRoots.has(localName(element));

/** Elements that name the part they are in. */
export const isTitle = (name: string): boolean => /^(title|head|heading|subtitle|article-title|navtitle)$/.test(name);
/** Elements that are a paragraph even in running text. */
export const isParagraph = (name: string): boolean =>
  /^(p|para|simpara|paragraph|title|head|heading|row|entry|item|listitem|li|section|div\d?|lg|l|note|footnote|fn)$/.test(
    name,
  );
