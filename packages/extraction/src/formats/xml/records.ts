/** Recognises lists of records in XML, which are read as tables. */

import type { TableBlock } from "../model.ts";
import { isParagraph, localName, readableAttributes } from "./names.ts";
import type { XmlElement } from "./tree.ts";

/** More text in one record is a part of a document. */
const recordCharsMax = 2000;
const depthMax = 4;

type Records = { block: TableBlock; members: ReadonlySet<XmlElement>; first: XmlElement };

/**
 * The children of the most frequent name as a table, when they are records: each has fields, which are elements with text
 * or attributes, and no running text. A field inside of another one is named by both.
 */
export const recordsOf = ({ children }: XmlElement, isHtml: (text: string) => boolean): Records | undefined => {
  const byName = new Map<string, XmlElement[]>();
  for (const child of children) {
    if (typeof child === "string") continue;
    const same = byName.get(child.name);
    if (same) same.push(child);
    else byName.set(child.name, [child]);
  }
  const [members = []] = [...byName.values()].toSorted((a, b) => b.length - a.length);
  const [first] = members;
  if (
    !first ||
    members.length < 2 ||
    (isParagraph(localName(first)) && localName(first) !== "item" && localName(first) !== "row")
  )
    return undefined;
  const columns = new Map<string, number>();
  const rows: Map<string, string>[] = [];
  for (const member of members) {
    const fields = fieldsOf(member, isHtml);
    if (!fields) return undefined;
    for (const name of fields.keys()) if (!columns.has(name)) columns.set(name, columns.size);
    rows.push(fields);
  }
  // One field is a list, and records that share few fields have no common shape.
  const filled = rows.reduce((sum, row) => sum + row.size, 0);
  if (columns.size < 2 || columns.size > 500 || filled < rows.length * columns.size * 0.3) return undefined;
  const names = [...columns.keys()];
  const block: TableBlock = {
    kind: "table",
    headerRows: 1,
    rows: [names, ...rows.map((row) => names.map((name) => row.get(name) ?? ""))].map((row) =>
      row.map((text) => ({ text })),
    ),
  };
  return { block, members: new Set(members), first };
};

/** The fields of a record by name, or undefined when it is none. */
const fieldsOf = (record: XmlElement, isHtml: (text: string) => boolean): Map<string, string> | undefined => {
  const fields = new Map<string, string>();
  let size = 0;
  const put = (name: string, value: string) => {
    const text = value.replace(/\s+/g, " ").trim();
    if (text === "") return;
    size += text.length;
    const before = fields.get(name);
    fields.set(name, before === undefined ? text : `${before}; ${text}`);
  };
  const open: { element: XmlElement; path: string; depth: number }[] = [{ element: record, path: "", depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { element, path, depth } = next;
    const inner = element.children.filter((child) => typeof child !== "string");
    const text = element.children.filter((child) => typeof child === "string").join("");
    const hasText = text.trim() !== "";
    if ((hasText && inner.length > 0) || depth > depthMax || size > recordCharsMax || isHtml(text)) return undefined;
    for (const [name, value] of readableAttributes(element)) put(path ? `${path} ${name}` : name, value);
    if (hasText) put(path || localWord(element), text);
    for (const child of inner.toReversed())
      open.push({ element: child, path: path ? `${path} ${localWord(child)}` : localWord(child), depth: depth + 1 });
  }
  return fields;
};

const localWord = ({ name }: XmlElement): string => name.slice(name.lastIndexOf(":") + 1);
