import type { Reading } from "../../extraction.ts";
import { type Field, fragmentOf, readAnnotations } from "./annotations.ts";
import { type Angle, type Characters, type Fonts, readCharacters } from "./characters.ts";
import { findConcealed } from "./concealed.ts";
import { fragmentsOf, inFrame, isPlainOnly, mainAngle } from "./fragments.ts";
import type { Area, Fragment, Line, PageText } from "./layout.ts";
import { linesInOrder } from "./order.ts";
import { type Pdf, scratchFloats } from "./pdfium.ts";
import { plainTextOf } from "./plain-text.ts";
import { piecesOf, type Row, rowsOf, textOf } from "./rows.ts";
import { ruledTables } from "./ruled-table.ts";
import { type Box, readShapes, type Shapes } from "./shapes.ts";
import { sourceOf } from "./source.ts";
import { findUnreadable } from "./unreadable.ts";
import { findHidden } from "./visibility.ts";

/** A page with more pieces of text keeps PDFium's order: a drawing, or a file that is made to take long. */
const fragmentsMax = 20_000;

/** Reads a page, including its form fields. */
export const readPage = (pdf: Pdf, number: number, fonts: Fonts, { hiddenText }: Reading): PageText => {
  const { calls } = pdf;
  // The wrapper throws for a damaged page.
  let page = loadPage(pdf, number);
  let textPage = 0;
  try {
    const { comments, hasFiles, fields, isFlattened } = readAnnotations(pdf, page);
    if (isFlattened) {
      // Flattening draws annotations into the page, which must then be loaded again.
      calls.FPDF_ClosePage(page);
      page = 0;
      page = loadPage(pdf, number);
    }
    textPage = calls.FPDFText_LoadPage(page);
    const characters = readCharacters(pdf, textPage, fonts);
    let shapes: Shapes | undefined;
    const allShapes = () => {
      shapes ??= readShapes(pdf, page);
      return shapes;
    };
    const box = boxOf(pdf, page);
    const findAllHidden = () => {
      const concealed = findConcealed({ pdf, page, number, box, characters, shapes: allShapes });
      return findHidden(characters, box, allShapes, concealed);
    };
    const hidden = hiddenText === "index" ? undefined : findAllHidden();
    const unreadable = findUnreadable(characters);
    const common = {
      hidden: hidden ? wordsIn(hidden, characters) : 0,
      comments,
      hasFiles,
    };
    const state = { pdf, page, box, characters, unreadable, allShapes };
    if (unreadable.isMost) return { ...common, lines: [], isPlain: true, chars: 0, source: sourceOf(state, 0) };
    let isLeftOut = unreadable.count > 0 ? either(hidden, unreadable.flags) : hidden;
    const missing = fields.length > 0 ? undrawnFields(fields, characters) : undefined;
    if (missing) isLeftOut = isLeftOut ? either(isLeftOut, missing.isSign) : missing.isSign;
    const values = missing?.fields ?? [];
    const lines = isPlainOnly(characters) ? undefined : layOut(characters, isLeftOut, box, allShapes, values);
    const all = lines ?? plainLines(plainTextOf(characters, isLeftOut));
    if (!lines) for (const { text } of values) all.push({ ...emptyLine, text });
    const signs = all.reduce((sum, line) => sum + signsOf(line), 0);
    const chars = all.reduce((sum, { text }) => sum + text.length, 0);
    return { ...common, lines: all, isPlain: !lines, chars, source: sourceOf(state, signs) };
  } finally {
    if (textPage !== 0) calls.FPDFText_ClosePage(textPage);
    if (page !== 0) calls.FPDF_ClosePage(page);
  }
};

const signsOf = ({ text, table = [] }: Line): number =>
  table.flat().reduce((sum, cell) => sum + cell.text.trim().length, text.trim().length);

const comparisonsMax = 50_000_000;

/**
 * The fields that the page does not show as text: check boxes, whose signs (`isSign`) are drawn in a font for signs, and
 * fields without an appearance.
 */
const undrawnFields = (
  fields: readonly Field[],
  { count, boxes, codes, styleOf }: Characters,
): { fields: Field[]; isSign: Uint8Array } => {
  const isSign = new Uint8Array(count);
  // A hostile file has a million characters and thousands of fields.
  if (fields.length * count > comparisonsMax) return { fields: [], isSign };
  const missing = fields.filter(({ box, isCheck }) => {
    let isDrawn = false;
    for (let at = 0; at < count; at++) {
      if (styleOf[at]! < 0 || codes[at] === 0x20) continue;
      const x = (boxes[at * 4]! + boxes[at * 4 + 2]!) / 2;
      const y = (boxes[at * 4 + 1]! + boxes[at * 4 + 3]!) / 2;
      if (x < box.left || x > box.right || y < box.bottom || y > box.top) continue;
      isDrawn = true;
      if (isCheck) isSign[at] = 1;
      else break;
    }
    return isCheck || !isDrawn;
  });
  return { fields: missing, isSign };
};

const loadPage = ({ calls, handle }: Pdf, number: number): number => {
  const page = calls.FPDF_LoadPage(handle, number);
  if (page === 0) throw new Error(`page ${number + 1} cannot be loaded`);
  return page;
};

/** The visible part of the page. */
const boxOf = (pdf: Pdf, page: number): Box => {
  if (!pdf.calls.FPDF_GetPageBoundingBox(page, pdf.scratch))
    return { left: -Infinity, right: Infinity, bottom: -Infinity, top: Infinity };
  const [left, top, right, bottom] = scratchFloats(pdf);
  return { left, right, bottom, top };
};

const wordsIn = (flags: Uint8Array, { codes }: Characters): number => {
  let words = 0;
  for (let at = 0; at < flags.length; at++) if (flags[at] && (!flags[at - 1] || codes[at - 1] === 0x20)) words += 1;
  return words;
};

const either = (a: Uint8Array | undefined, b: Uint8Array): Uint8Array => (a ? b.map((flag, at) => flag | a[at]!) : b);

/** A page with more lines is a drawing, and comparing each of them with each space takes long. */
const rulingsMax = 3000;

/** The lines in reading order, or undefined for a page that is no text. */
const layOut = (
  characters: Characters,
  isLeftOut: Uint8Array | undefined,
  page: Box,
  shapes: () => Shapes,
  fields: readonly Field[],
): Line[] | undefined => {
  const rulings = new Map<Angle, Area[]>();
  const rulingsOf = (angle: Angle): Area[] => {
    const known = rulings.get(angle);
    if (known) return known;
    const areas = shapes().lines.map((line) => inFrame(angle, line));
    rulings.set(angle, areas);
    return areas;
  };
  const isDown = ({ left, right, top, bottom }: Area) => bottom - top > right - left;
  const fragments = fragmentsOf(characters, isLeftOut, (angle) => {
    const lines = rulingsOf(angle);
    return lines.length <= rulingsMax ? lines.filter(isDown) : [];
  });
  const main = mainAngle(characters);
  if (fields.length > 0) fragments.set(0, [...(fragments.get(0) ?? []), ...fields.map(fragmentOf)]);
  const lines: Line[] = [];
  const angles = [...fragments.keys()].sort((a, b) => Number(b === main) - Number(a === main));
  let columns = 0;
  for (const angle of angles) {
    const group = fragments.get(angle)!;
    if (group.length > fragmentsMax) return undefined;
    const own =
      angle === "oblique"
        ? group.map((item) => lineAlone(item, 0))
        : angle === main
          ? withoutEdges(ruledTables(group, rulingsOf(angle)), inFrame(angle, page))
          : linesInOrder(rowsOf(ruledTables(group, rulingsOf(angle))));
    let last = 0;
    for (const line of own) {
      last = Math.max(last, line.column);
      line.column += columns;
      lines.push(line);
    }
    columns += 1 + last;
  }
  return lines;
};

/** The share of the page's height at its upper and lower edge in which headers and footers stand. */
const edgeShare = 0.13;
const edgeLinesMax = 3;
/** A larger gap, in heights of a line, is not one between lines of text. */
const gapsUsualMax = 3;

/** The lines in order. Those at the upper and lower edge that stand apart from the text do not take part in its columns. */
const withoutEdges = (fragments: Fragment[], page: Area): Line[] => {
  const height = page.bottom - page.top;
  const rows = rowsOf(fragments);
  const isEdge = (at: number, step: 1 | -1) => {
    const [row, next] = [rows[at], rows[at + step]];
    if (!row || !next || row.items.some(({ table }) => table)) return false;
    const distance = step === 1 ? row.bottom - page.top : page.bottom - row.top;
    return distance < edgeShare * height;
  };
  const gap = (at: number) => rows[at + 1]!.top - rows[at]!.bottom;
  const gaps = rows
    .slice(1)
    .map((_, at) => gap(at))
    .sort((a, b) => a - b);
  const usualGap = Math.max(0, gaps[(gaps.length - 1) >> 1] ?? 0);
  const heightOf = ({ top, bottom }: Area) => bottom - top;
  const isApart = (at: number) => {
    const height = Math.min(heightOf(rows[at]!), heightOf(rows[at + 1]!));
    // A page with a table and little else has no usual gap.
    return gap(at) > Math.max(0.6 * height, Math.min(1.3 * usualGap, gapsUsualMax * height));
  };
  let top = 0;
  for (let at = 0; at < edgeLinesMax && isEdge(at, 1); at++) if (isApart(at)) top = at + 1;
  let bottom = rows.length;
  for (let at = rows.length - 1; at >= Math.max(top + 1, rows.length - edgeLinesMax) && isEdge(at, -1); at--)
    if (isApart(at - 1)) bottom = at;
  const edge = ({ items, ...area }: Row, at: number, side: "top" | "bottom"): Line => ({
    ...lineAlone(items[0]!, at),
    ...area,
    text: textOf(items),
    pieces: piecesOf(items),
    edge: side,
  });
  const body = linesInOrder(rows.slice(top, bottom));
  let columns = 1;
  for (const line of body) {
    line.column += 1;
    columns = Math.max(columns, line.column);
  }
  return [
    ...rows.slice(0, top).map((row) => edge(row, 0, "top")),
    ...body,
    ...rows.slice(bottom).map((row) => edge(row, columns + 1, "bottom")),
  ];
};

const lineAlone = ({ order: _order, isAfterSpace: _space, ...item }: Fragment, column: number): Line => ({
  ...item,
  column,
});

const emptyLine = { left: 0, right: 0, top: 0, bottom: 0, size: 0, isBold: false, isMono: false, column: 0 };

const plainLines = (text: string): Line[] => text.split(/\r\n?|\n/).map((line) => ({ ...emptyLine, text: line }));
