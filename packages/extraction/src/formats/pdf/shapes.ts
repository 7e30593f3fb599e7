import { type Pdf, scratchFloats } from "./pdfium.ts";

/** In points of the page, y upwards. */
export type Box = { left: number; bottom: number; right: number; top: number };

/** With its position in the order of drawing. */
type Drawn = Box & { order: number };

/** What a page draws besides text. */
export type Shapes = {
  /** Pictures, shadings and the like. */
  pictures: Drawn[];
  /** Filled areas; `isWhite` when they are white, which covers what is below, and is no colour behind white text. */
  fills: (Drawn & { isWhite: boolean; color: Color | undefined })[];
  /** The position of text objects in the order of drawing. */
  orderOf: Map<number, number>;
  /** Horizontal and vertical lines, as thin boxes. */
  lines: Box[];
  /** The page draws so much that its shapes were not all read. */
  isPartial: boolean;
};

type Matrix = [a: number, b: number, c: number, d: number, e: number, f: number];

/** FPDF_PAGEOBJ_TEXT and the others of fpdf_edit.h. */
const [text, path, image, shading, form] = [1, 2, 3, 4, 5];
/** A page that draws more is a drawing or a map. */
const objectsMax = 20_000;
const segmentsMax = 20_000;
const pathSegmentsMax = 400;
const formDepthMax = 4;
/** In points: a longer side makes a line, a longer short side an area. */
const lineLengthMin = 8;
const lineWidthMax = 2.5;

export const readShapes = (pdf: Pdf, page: number): Shapes => {
  const { calls } = pdf;
  const shapes: Shapes = { pictures: [], fills: [], orderOf: new Map(), lines: [], isPartial: false };
  let objects = 0;
  let segments = 0;

  const visit = (object: number, matrix: Matrix | undefined, depth: number): void => {
    objects += 1;
    if (objects > objectsMax || segments > segmentsMax) {
      shapes.isPartial = true;
      return;
    }
    const type = calls.FPDFPageObj_GetType(object);
    if (type === image || type === shading) {
      const box = boundsOf(pdf, object, matrix);
      if (box) shapes.pictures.push({ ...box, order: objects });
    } else if (type === text) shapes.orderOf.set(object, objects);
    else if (type === path) visitPath(object, matrix);
    else if (type === form) {
      if (depth >= formDepthMax) {
        shapes.isPartial = true;
        return;
      }
      const inner = combined(matrixOf(pdf, object), matrix);
      const count = calls.FPDFFormObj_CountObjects(object);
      for (let at = 0; at < count && !shapes.isPartial; at++)
        visit(calls.FPDFFormObj_GetObject(object, at), inner, depth + 1);
    }
  };

  const visitPath = (object: number, matrix: Matrix | undefined): void => {
    const box = boundsOf(pdf, object, matrix);
    if (!box || !calls.FPDFPath_GetDrawMode(object, pdf.scratch, pdf.scratch + 4)) return;
    const [isFilled, isStroked] = pdf.heaps.HEAPU32.subarray(pdf.scratch >> 2, (pdf.scratch >> 2) + 2);
    if (!isFilled && !isStroked) return;
    const color = isFilled ? fillOf(pdf, object)?.color : undefined;
    const isWhite = color !== undefined && isWhiteColor(color);
    const width = box.right - box.left;
    const height = box.top - box.bottom;
    if (Math.min(width, height) <= lineWidthMax) {
      if (Math.max(width, height) >= lineLengthMin && !(isFilled && isWhite && !isStroked)) shapes.lines.push(box);
      return;
    }
    if (isFilled) shapes.fills.push({ ...box, isWhite, color, order: objects });
    if (isStroked && calls.FPDFPath_CountSegments(object) <= pathSegmentsMax)
      visitSegments(object, combined(matrixOf(pdf, object), matrix));
  };

  const visitSegments = (object: number, matrix: Matrix | undefined): void => {
    const count = calls.FPDFPath_CountSegments(object);
    segments += Math.min(count, pathSegmentsMax);
    // A longer path is a drawing.
    if (segments > segmentsMax || count > pathSegmentsMax) return;
    let [startX, startY, x, y] = [0, 0, 0, 0];
    const add = (toX: number, toY: number) => {
      const box = { left: Math.min(x, toX), right: Math.max(x, toX), bottom: Math.min(y, toY), top: Math.max(y, toY) };
      const [width, height] = [box.right - box.left, box.top - box.bottom];
      if (Math.min(width, height) <= 0.5 && Math.max(width, height) >= lineLengthMin) shapes.lines.push(box);
    };
    for (let at = 0; at < count; at++) {
      const segment = calls.FPDFPath_GetPathSegment(object, at);
      if (segment === 0 || !calls.FPDFPathSegment_GetPoint(segment, pdf.scratch, pdf.scratch + 4)) continue;
      const [rawX, rawY] = scratchFloats(pdf);
      const [toX, toY] = matrix ? transformed(matrix, rawX, rawY) : [rawX, rawY];
      const type = calls.FPDFPathSegment_GetType(segment);
      // 0 is a line, 1 a curve, 2 a move.
      if (type === 0) add(toX, toY);
      if (type === 2) [startX, startY] = [toX, toY];
      [x, y] = [toX, toY];
      if (calls.FPDFPathSegment_GetClose(segment)) {
        add(startX, startY);
        [x, y] = [startX, startY];
      }
    }
  };

  const count = calls.FPDFPage_CountObjects(page);
  for (let at = 0; at < count && !shapes.isPartial; at++) visit(calls.FPDFPage_GetObject(page, at), undefined, 0);
  if (shapes.isPartial) shapes.lines = [];
  return shapes;
};

/** Red, green and blue, up to 255. */
export type Color = readonly [number, number, number];

/** The colour that an object is filled with, and its opacity up to 255. Patterns have none. */
export const fillOf = (pdf: Pdf, object: number): { color: Color; alpha: number } | undefined => {
  const { calls, scratch } = pdf;
  if (!calls.FPDFPageObj_GetFillColor(object, scratch, scratch + 4, scratch + 8, scratch + 12)) return undefined;
  const [red = 0, green = 0, blue = 0, alpha = 0] = pdf.heaps.HEAPU32.subarray(scratch >> 2, (scratch >> 2) + 4);
  return { color: [red, green, blue], alpha };
};

export const isWhiteColor = (color: Color): boolean => Math.min(...color) >= 254;

const boundsOf = (pdf: Pdf, object: number, matrix: Matrix | undefined): Box | undefined => {
  const { calls, scratch } = pdf;
  if (!calls.FPDFPageObj_GetBounds(object, scratch, scratch + 4, scratch + 8, scratch + 12)) return undefined;
  const [left, bottom, right, top] = scratchFloats(pdf);
  if (!matrix) return { left, bottom, right, top };
  const corners = [
    transformed(matrix, left, bottom),
    transformed(matrix, left, top),
    transformed(matrix, right, bottom),
    transformed(matrix, right, top),
  ];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
};

const matrixOf = (pdf: Pdf, object: number): Matrix | undefined => {
  if (!pdf.calls.FPDFPageObj_GetMatrix(object, pdf.scratch)) return undefined;
  const at = pdf.scratch >> 2;
  return [...pdf.heaps.HEAPF32.subarray(at, at + 6)] as Matrix;
};

const transformed = ([a, b, c, d, e, f]: Matrix, x: number, y: number): [number, number] => [
  a * x + c * y + e,
  b * x + d * y + f,
];

/** The matrix that applies `first`, then `second`. */
const combined = (first: Matrix | undefined, second: Matrix | undefined): Matrix | undefined => {
  if (!first || !second) return first ?? second;
  const [a, b, c, d, e, f] = first;
  const [x, y] = transformed(second, e, f);
  return [
    second[0] * a + second[2] * b,
    second[1] * a + second[3] * b,
    second[0] * c + second[2] * d,
    second[1] * c + second[3] * d,
    x,
    y,
  ];
};
