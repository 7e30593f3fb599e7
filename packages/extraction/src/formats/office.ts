import { type OfficeContentNode, type OfficeError, parseOffice } from "officeparser";
import { ExtractionFailure } from "../extraction.ts";
import type { Cell } from "./model.ts";
import type { Reader } from "./reader.ts";
import type { TextBuilder } from "./text-builder.ts";
import { zipLimits } from "./zip.ts";

export type OfficeFormat = "pptx" | "odt" | "odp" | "epub" | "rtf";

/** Reads presentations, OpenDocument texts and presentations, EPUB and RTF. Each slide is a page. */
export const readOffice =
  (fileType: OfficeFormat): Reader =>
  async (bytes, builder) => {
    const config = { fileType, extractAttachments: false, ocr: false, decompressionLimits: zipLimits(bytes) };
    const { content } = await parseOffice(bytes, config).catch((error: OfficeError) => {
      throw bombCodes.has(error.officeIssue?.code) ? new ExtractionFailure("decompression-bomb") : error;
    });
    for (const node of content) addNode(builder, node, {});
    const slides = content.filter(({ type }) => type === "slide").length;
    return slides > 0 ? slides : null;
  };

/** officeparser reads an archive by its local headers, so it enforces the limits itself: the directory may say other sizes. */
const bombCodes: ReadonlySet<unknown> = new Set(["ZIP_SIZE_LIMIT_EXCEEDED", "ZIP_ENTRY_COUNT_LIMIT_EXCEEDED"]);

type Position = { page?: number };

const addNode = (builder: TextBuilder, node: OfficeContentNode, position: Position): void => {
  const { type, children = [] } = node;
  // The metadata of the node types below; its declared type is a union without the common members.
  const metadata = (node.metadata ?? {}) as { level?: number; slideNumber?: number };
  switch (type) {
    case "table":
      builder.add({ kind: "table", rows: children.map(cellsOf), ...position });
      return;
    case "slide": {
      const page = metadata.slideNumber === undefined ? position : { page: metadata.slideNumber };
      for (const child of [...children, ...(node.notes ?? [])]) addNode(builder, child, page);
      return;
    }
    case "heading":
      builder.add({ kind: "heading", text: textOf(node), level: metadata.level ?? 1, ...position });
      break;
    case "paragraph":
    case "list":
    case "code":
      builder.add({ kind: kinds[type], text: textOf(node), ...position });
      break;
    case "image":
    case "drawing":
    case "chart":
    case "break":
    case "embed":
      return;
    default:
      if (children.length > 0) for (const child of children) addNode(builder, child, position);
      else builder.add({ kind: "paragraph", text: node.text ?? "", ...position });
  }
  for (const note of node.notes ?? []) addNode(builder, note, position);
};

const kinds = { paragraph: "paragraph", list: "list", code: "code" } as const;

const textOf = ({ text, children = [] }: OfficeContentNode): string => text || children.map(textOf).join("");

/** The cells of a row by column, since the tree has no empty cells. */
const cellsOf = ({ children = [] }: OfficeContentNode): Cell[] => {
  const cells: Cell[] = [];
  for (const cell of children) {
    // The metadata of a cell.
    const { col = cells.length } = (cell.metadata ?? {}) as { col?: number };
    while (cells.length < Math.min(col, columnsMax)) cells.push({ text: "" });
    cells.push({ text: textOf(cell) });
  }
  return cells;
};

/**
 * The maximum number of columns of a spreadsheet (Excel specifications and limits), against files that declare more.
 */
const columnsMax = 16_384;
