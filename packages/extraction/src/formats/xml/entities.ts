/** Replaces the entities of HTML, and those that a document declares with plain text, by their characters. */

import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";

/** Longer values, and those with markup, are not words of a text. */
const valueCharsMax = 200;
/** Characters that all entities of a file may add. */
const addedCharsMax = 1_000_000;
const declarationsMax = 1000;

/**
 * Replaces references to entities, and removes the document type. Known are the entities of HTML, which most vocabularies
 * share, and short texts that the document type declares. Other references are left out; nothing is fetched, and a value is
 * not expanded again, so that the result stays small.
 */
export const withKnownEntities = (xml: string): string => {
  const { declared, rest } = splitDoctype(xml);
  const html = new Map<string, string>();
  let added = 0;
  return rest.replace(/&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z_][\w.-]{0,60});/g, (_, name: string) => {
    let value = declared.get(name) ?? html.get(name);
    if (value === undefined) {
      value = htmlEntity(name);
      html.set(name, value);
    }
    added += value.length;
    return added > addedCharsMax ? "" : value;
  });
};

/** The document type ends at the first `>` outside of its quotes and brackets. */
const splitDoctype = (xml: string): { declared: Map<string, string>; rest: string } => {
  const declared = new Map<string, string>();
  const start = /^\ufeff?(?:\s|<\?[^>]*>|<!--[\s\S]*?-->){0,100}/.exec(xml)?.[0].length ?? 0;
  if (!/^<!DOCTYPE\s/i.test(xml.slice(start, start + 20))) return { declared, rest: xml };
  let depth = 0;
  let at = start + 9;
  for (; at < xml.length; at++) {
    const character = xml[at];
    if (character === '"' || character === "'") {
      const end = xml.indexOf(character, at + 1);
      if (end < 0) break;
      at = end;
    } else if (xml.startsWith("<!--", at)) {
      const end = xml.indexOf("-->", at);
      if (end < 0) break;
      at = end + 2;
    } else if (character === "[") depth += 1;
    else if (character === "]") depth -= 1;
    else if (character === ">" && depth <= 0) break;
  }
  const doctype = xml.slice(start, at);
  for (const { 1: name = "", 2: double, 3: single } of doctype.matchAll(
    /<!ENTITY\s{1,20}([\w.-]{1,60})\s{1,20}(?:"([^"<]{0,200})"|'([^'<]{0,200})')\s{0,20}>/g,
  )) {
    const value = (double ?? single ?? "").replace(/&#(x[0-9a-f]{1,6}|\d{1,7});/gi, characterOf);
    if (declared.size < declarationsMax && value.length <= valueCharsMax)
      declared.set(name, /&(?!amp;|lt;|gt;)/.test(value) ? "" : value);
  }
  return { declared, rest: xml.slice(0, start) + xml.slice(at + 1) };
};

const characterOf = (_: string, code: string): string => {
  const number = code.startsWith("x") || code.startsWith("X") ? Number.parseInt(code.slice(1), 16) : Number(code);
  const isText = number >= 0x20 && number <= 0x10ffff && !(number >= 0xd800 && number <= 0xdfff);
  return isText && !"<&".includes(String.fromCodePoint(number)) ? String.fromCodePoint(number) : "";
};

const htmlEntity = (name: string): string => {
  const [node] = parseFragment(`&${name};`).childNodes;
  const text = (node as DefaultTreeAdapterTypes.TextNode | undefined)?.value ?? "";
  return text.includes("&") || text.includes("<") ? "" : text;
};
