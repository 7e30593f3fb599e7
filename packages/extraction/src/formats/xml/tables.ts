/** Reads the tables of XML formats for documents. */

import type { Cell, TableBlock } from "../model.ts";
import { localName } from "./names.ts";
import { elementsOf, textIn, type XmlElement } from "./tree.ts";

const isRow = (name: string): boolean => name === "row" || name === "tr" || name === "strow" || name === "sthead";
const isCell = (name: string): boolean => /^(cell|td|th|entry|stentry)$/.test(name);

/** True for tables of CALS (DocBook, DITA), HTML, TEI and SpreadsheetML 2003. */
export const isTable = (element: XmlElement): boolean => {
  if (!/^(table|informaltable|tgroup|simpletable)$/.test(localName(element))) return false;
  const { rows } = rowsOf(element);
  return rows.length > 0 && rows.every((row) => elementsOf(row).every((cell) => isCell(localName(cell))));
};

/** The rows in order, and how many of them are the head. */
const rowsOf = (table: XmlElement): { rows: XmlElement[]; head: number | undefined; titles: XmlElement[] } => {
  const rows: XmlElement[] = [];
  const titles: XmlElement[] = [];
  let head: number | undefined;
  const add = (element: XmlElement) => {
    for (const child of elementsOf(element)) {
      const name = localName(child);
      if (isRow(name)) rows.push(child);
      else if (/^(tgroup|thead|tbody|tfoot)$/.test(name)) add(child);
      else if (/^(title|caption|head)$/.test(name)) titles.push(child);
      if (name === "thead" || name === "sthead") head = rows.length;
    }
  };
  add(table);
  return { rows, head, titles };
};

export const tableOf = (table: XmlElement): TableBlock | undefined => {
  const { rows, head, titles } = rowsOf(table);
  const cells = rows.map((row) => {
    const out: Cell[] = [];
    let column = 1;
    for (const { attributes, children, name } of elementsOf(row)) {
      // Excel leaves out empty cells and numbers the next one.
      const at = Number(attributes["Index"] ?? column);
      for (; column < at && at < 16_384; column++) out.push({ text: "" });
      const columns =
        1 + number(attributes["MergeAcross"]) || Number(attributes["colspan"] ?? attributes["cols"] ?? 1) || 1;
      const covered = 1 + number(attributes["MergeDown"] ?? attributes["morerows"]);
      const below = covered > 1 ? covered : Number(attributes["rowspan"] ?? 1) || 1;
      out.push({
        text: textIn({ name, attributes: {}, children: spaced(children) }),
        columns: spans(attributes, columns),
        rows: columns * below > 10_000 ? 1 : below,
      });
      column += columns;
    }
    return out;
  });
  const caption = titles
    .map((title) => textIn(title).trim())
    .filter(Boolean)
    .join("\n");
  return {
    kind: "table",
    rows: cells,
    ...(head === undefined ? {} : { headerRows: head }),
    ...(caption === "" ? {} : { caption }),
  };
};

const number = (value: string | undefined): number => Number(value ?? 0) || 0;

/** CALS names the first and the last column of a wide cell: c1 to c3. */
const spans = ({ namest, nameend }: Record<string, string>, columns: number): number => {
  const [first, last] = [namest, nameend].map((name) => Number(/(?<!\d)\d+$/.exec(name ?? "")?.[0] ?? Number.NaN)) as [
    number,
    number,
  ];
  return last > first ? Math.min(last - first + 1, 1000) : columns;
};

/** Paragraphs of one cell do not touch. */
const spaced = (children: XmlElement["children"]): XmlElement["children"] =>
  children.flatMap((child) => (typeof child === "string" ? [child] : [child, " "]));
