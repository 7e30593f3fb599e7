/** Reads tables of Word. */

import type { Cell } from "../model.ts";
import { childOf, elementsOf, textIn, type XmlElement } from "../xml/tree.ts";
import { chosen } from "./alternatives.ts";
import type { Item } from "./document.ts";
import { numberOf, propertyOf, stateOf } from "./properties.ts";
import { contentOf, flattened, isPrompt, leaveOutDeleted, type Story } from "./story.ts";

/** A table with deeper ones inside is read as paragraphs: each level would write the text below it anew. */
const depthMax = 8;
/** Word itself has 63 columns. */
const spanMax = 1000;

/** Reads a table. A table of a single cell, or of one column around other tables, is a frame: its contents are blocks. */
export const readTable = (story: Story, table: XmlElement): void => {
  const rows = visibleRows(story, table);
  const cells = rows.map((row) => cellsOf(story, row));
  const headerRows = rows.findIndex(({ element }) => !stateOf(childOf(element, "w:trPr"), "w:tblHeader"));
  const hasHeader = headerRows !== 0 && rows.length > 0;
  const hasInner = cells.some((row) => row.some(({ element }) => element.children.some(isTable)));
  const isFrame = cells.every((row) => row.length <= 1) && !hasHeader && (hasInner || rows.length === 1);
  if (isFrame || story.tableDepth >= depthMax) {
    for (const { element, isEmpty } of cells.flat())
      if (!isEmpty) for (const item of story.collect(element.children)) story.add(item);
    return;
  }
  story.tableDepth += 1;
  readGrid(story, table, rows, cells, hasHeader ? (headerRows < 0 ? rows.length : headerRows) : undefined);
  story.tableDepth -= 1;
};

const isTable = (child: XmlElement | string): boolean => typeof child !== "string" && child.name === "w:tbl";

const readGrid = (
  story: Story,
  table: XmlElement,
  rows: readonly Unwrapped[],
  cells: readonly Unwrapped[][],
  headerRows: number | undefined,
): void => {
  /** The cells that the next row may continue, by the column of the grid in which they begin. */
  let above = new Map<number, Cell>();
  const after: Item[] = [];
  const grid = rows.map((row, at) => {
    const before = span(numberOf(childOf(row.element, "w:trPr"), "w:gridBefore") ?? 0);
    const out: Cell[] = before > 0 ? [{ text: "", columns: before }] : [];
    const here = new Map<number, Cell>();
    let column = before;
    for (const { element, isEmpty } of cells[at]!) {
      const properties = childOf(element, "w:tcPr");
      const columns = span(Math.max(1, numberOf(properties, "w:gridSpan") ?? 1));
      const origin = above.get(column);
      const last = out.at(-1);
      if (propertyOf(properties, "w:hMerge") === "continue" && last) {
        // The older way to merge cells of a row.
        last.columns = (last.columns ?? 1) + columns;
        leaveOutCovered(story, element, after);
      } else if (isContinued(properties) && origin) {
        origin.rows = (origin.rows ?? 1) + 1;
        here.set(column, origin);
        leaveOutCovered(story, element, after);
      } else {
        const { text, rest } = flattened(isEmpty ? [] : story.collect(element.children), "; ");
        after.push(...rest);
        const cell: Cell = columns > 1 ? { text, columns } : { text };
        out.push(cell);
        here.set(column, cell);
      }
      column += columns;
    }
    above = here;
    return out;
  });
  const properties = childOf(table, "w:tblPr");
  const caption = [propertyOf(properties, "w:tblCaption"), propertyOf(properties, "w:tblDescription")];
  const title = caption.map((text) => text?.trim()).filter(Boolean);
  story.add({
    kind: "table",
    rows: grid,
    ...(headerRows === undefined ? {} : { headerRows }),
    ...(title.length === 0 ? {} : { caption: title.join(". ") }),
  });
  for (const item of after) story.add(item);
};

const span = (columns: number): number => Math.min(Math.max(0, columns), spanMax);

/** A cell that continues the one above has no value, or says so; also as a tracked change. */
const isContinued = (properties: XmlElement | undefined): boolean => {
  const merge = childOf(properties, "w:vMerge");
  if (merge) return (merge.attributes["w:val"] ?? "continue") === "continue";
  return childOf(properties, "w:cellMerge")?.attributes["w:vMerge"] === "cont";
};

/** Word does not show what stands in a cell that a merged one covers. */
const leaveOutCovered = (story: Story, cell: XmlElement, after: Item[]): void => {
  if (textIn(cell).trim() === "") return;
  if (story.document.showsHidden) after.push(...story.collect(cell.children));
  else story.document.warn("hidden-text-left-out");
};

const visibleRows = (story: Story, table: XmlElement): Unwrapped[] =>
  unwrapped(story, table.children, "w:tr").flatMap((row) => {
    const properties = childOf(row.element, "w:trPr");
    if (childOf(properties, "w:del")) {
      story.document.warn("deleted-text-left-out");
      return [];
    }
    if (!stateOf(properties, "w:hidden") || story.document.showsHidden) return [row];
    story.document.warn("hidden-text-left-out");
    return [];
  });

const cellsOf = (story: Story, { element: row, isEmpty }: Unwrapped): Unwrapped[] =>
  unwrapped(story, row.children, "w:tc", isEmpty).filter(({ element }) => {
    const isDeleted = childOf(childOf(element, "w:tcPr"), "w:cellDel") !== undefined;
    if (isDeleted) leaveOutDeleted(story, element);
    return !isDeleted;
  });

/** A cell or row, which is empty when a content control around it shows its prompt. */
type Unwrapped = { element: XmlElement; isEmpty: boolean };

/** The elements of a name, also inside content controls, tags and insertions. */
const unwrapped = (story: Story, children: XmlElement["children"], name: string, isEmpty = false): Unwrapped[] =>
  children.flatMap((child) => {
    if (typeof child === "string") return [];
    if (child.name === name) return [{ element: child, isEmpty }];
    switch (child.name) {
      case "w:sdt": {
        const content = contentOf(story, child);
        if (content.length > 0 || !isPrompt(child)) return unwrapped(story, content, name, isEmpty);
        return elementsOf(child, "w:sdtContent").flatMap((one) => unwrapped(story, one.children, name, true));
      }
      case "w:customXml":
      case "w:smartTag":
      case "w:ins":
      case "w:moveTo":
        return unwrapped(story, child.children, name, isEmpty);
      case "mc:AlternateContent":
        return unwrapped(story, chosen(child), name, isEmpty);
      case "w:del":
      case "w:moveFrom":
        leaveOutDeleted(story, child);
        return [];
      default:
        return [];
    }
  });
