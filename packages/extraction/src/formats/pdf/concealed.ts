import type { Characters } from "./characters.ts";
import { type Pdf, scratchFloats, withBuffer } from "./pdfium.ts";
import type { Box, Color, Shapes } from "./shapes.ts";

/** Pages that are drawn to see whether their text is covered: drawing a page takes some milliseconds. */
const pagesMax = 300;
/** Dots per point: a text of ten points changes dots in seven lines. */
const scale = 0.75;
const dotsMax = 2_000_000;
/** FPDFBitmap_Gray, and FPDF_ANNOT with FPDF_GRAYSCALE. */
const [gray, flags] = [1, 1 | 8];
/** Differences of a dot that show that something was drawn there. */
const differenceMin = 8;
const comparisonsMax = 5_000_000;
const clipSegmentsMax = 50;

type Page = { pdf: Pdf; page: number; number: number; box: Box; characters: Characters; shapes: () => Shapes };

/**
 * Finds text that the page does not show although it is painted: in a layer that is switched off, outside of its clipping
 * path, under an opaque picture or area, or in the colour of what is below it. What may be concealed is told by its marks and boxes, and then the page is drawn
 * with and without it: text that changes no dot is concealed.
 *
 * @returns the indexes of its styles
 */
export const findConcealed = (state: Page): ReadonlySet<number> => {
  const { pdf, number, box, characters } = state;
  const concealed = new Set<number>();
  if (number >= pagesMax || characters.styles.length === 0) return concealed;
  const boxes = boxesOf(characters);
  const suspects = suspectsOf(state, boxes);
  const [width, height] = [Math.ceil((box.right - box.left) * scale), Math.ceil((box.top - box.bottom) * scale)];
  if (suspects.length === 0 || !(width > 0 && height > 0 && width * height <= dotsMax)) return concealed;
  const before = draw(state, width, height);
  for (const style of suspects) pdf.calls.FPDFPageObj_SetIsActive(characters.styles[style]!.object, 0);
  const after = draw(state, width, height);
  for (const style of suspects) pdf.calls.FPDFPageObj_SetIsActive(characters.styles[style]!.object, 1);
  if (!before || !after) return concealed;
  const isTurned = pdf.calls.FPDFPage_GetRotation(state.page) !== 0;
  if (isTurned) return concealed;
  for (const style of suspects) {
    const own = boxes[style]!;
    const [left, right] = [own.left - box.left, own.right - box.left].map((x) => Math.round(x * scale));
    const [top, bottom] = [box.top - own.top, box.top - own.bottom].map((y) => Math.round(y * scale));
    if (!isChanged(before, after, width, { left: left! - 1, right: right! + 1, top: top! - 1, bottom: bottom! + 1 }))
      concealed.add(style);
  }
  return concealed;
};

/** The extent of each text object's characters; one without visible characters is empty. */
const boxesOf = ({ count, codes, boxes, styleOf, styles }: Characters): Box[] => {
  const all = styles.map((): Box => ({ left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity }));
  for (let at = 0; at < count; at++) {
    const own = all[styleOf[at]!];
    if (!own || codes[at] === 0x20) continue;
    own.left = Math.min(own.left, boxes[at * 4]!);
    own.top = Math.max(own.top, boxes[at * 4 + 1]!);
    own.right = Math.max(own.right, boxes[at * 4 + 2]!);
    own.bottom = Math.min(own.bottom, boxes[at * 4 + 3]!);
  }
  return all;
};

/** The styles of text that may be concealed. */
const suspectsOf = ({ pdf, box, characters: { styles }, shapes }: Page, boxes: readonly Box[]): number[] => {
  const { fills, pictures, orderOf, isPartial } = shapes();
  const covers = isPartial ? [] : [...fills, ...pictures].filter(({ left, right }) => right > left);
  let comparisons = 0;
  return styles.flatMap(({ object, isInvisible, isWhite, color }, style) => {
    const own = boxes[style]!;
    // Text outside of the page is hidden anyway.
    if (isInvisible || !(own.right > own.left) || !isInside(own, box)) return [];
    const order = orderOf.get(object) ?? Infinity;
    if (color && !isPartial && fills.length <= fillsMax) {
      const below = fills.findLast((fill) => fill.order < order && isInside(own, fill));
      if ((below || !isWhite) && isNear(color, below ? below.color : paper)) return [style];
    }
    // White text on the paper is found without drawing.
    if (isWhite) return [];
    comparisons += covers.length;
    const isCovered =
      comparisons < comparisonsMax && covers.some((cover) => cover.order > order && isInside(own, cover));
    return isCovered || isInLayer(pdf, object) || isClipped(pdf, object, own) ? [style] : [];
  });
};

const paper: Color = [255, 255, 255];
/** A page with more areas is a drawing. */
const fillsMax = 500;
/** Colours that differ less look the same. */
const isNear = (a: Color, b: Color | undefined): boolean =>
  b !== undefined && a.every((channel, at) => Math.abs(channel - b[at]!) < differenceMin);

/** Whether the middle of a box lies in another one. */
const isInside = (inner: Box, outer: Box): boolean => {
  const [x, y] = [(inner.left + inner.right) / 2, (inner.bottom + inner.top) / 2];
  return x > outer.left && x < outer.right && y > outer.bottom && y < outer.top;
};

/** Whether a mark says that the text belongs to a layer (ISO 32000-1, 8.11.3.2). */
const isInLayer = (pdf: Pdf, object: number): boolean => {
  const { calls, scratch } = pdf;
  const count = calls.FPDFPageObj_CountMarks(object);
  for (let at = 0; at < count; at++) {
    const mark = calls.FPDFPageObj_GetMark(object, at);
    if (mark === 0) continue;
    const name = withBuffer(pdf, 8, (buffer) =>
      calls.FPDFPageObjMark_GetName(mark, buffer, 8, scratch)
        ? Buffer.from(pdf.heaps.HEAPU8.subarray(buffer, buffer + 4)).toString("utf16le")
        : "",
    );
    if (name === "OC") return true;
  }
  return false;
};

/** Whether the middle of the text lies outside of the extent of a path that clips it. */
const isClipped = (pdf: Pdf, object: number, own: Box): boolean => {
  const { calls, scratch } = pdf;
  const clip = calls.FPDFPageObj_GetClipPath(object);
  const paths = clip === 0 ? 0 : calls.FPDFClipPath_CountPaths(clip);
  for (let path = 0; path < paths; path++) {
    const count = calls.FPDFClipPath_CountPathSegments(clip, path);
    if (count === 0 || count > clipSegmentsMax) continue;
    const extent: Box = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
    for (let at = 0; at < count; at++) {
      const segment = calls.FPDFClipPath_GetPathSegment(clip, path, at);
      if (segment === 0 || !calls.FPDFPathSegment_GetPoint(segment, scratch, scratch + 4)) continue;
      const [x, y] = scratchFloats(pdf);
      extent.left = Math.min(extent.left, x);
      extent.right = Math.max(extent.right, x);
      extent.bottom = Math.min(extent.bottom, y);
      extent.top = Math.max(extent.top, y);
    }
    if (!isInside(own, extent)) return true;
  }
  return false;
};

const draw = ({ pdf: { calls, heaps }, page }: Page, width: number, height: number): Uint8Array | undefined => {
  const bitmap = calls.FPDFBitmap_CreateEx(width, height, gray, 0, 0);
  if (bitmap === 0) return undefined;
  calls.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
  calls.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags);
  const [stride, from] = [calls.FPDFBitmap_GetStride(bitmap), calls.FPDFBitmap_GetBuffer(bitmap)];
  const dots = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    dots.set(heaps.HEAPU8.subarray(from + y * stride, from + y * stride + width), y * width);
  calls.FPDFBitmap_Destroy(bitmap);
  return dots;
};

type Rectangle = { left: number; right: number; top: number; bottom: number };

const isChanged = (before: Uint8Array, after: Uint8Array, width: number, area: Rectangle): boolean => {
  const height = before.length / width;
  const [left, right] = [Math.max(0, area.left), Math.min(width - 1, area.right)];
  for (let y = Math.max(0, area.top); y <= Math.min(height - 1, area.bottom); y++)
    for (let x = left; x <= right; x++)
      if (Math.abs(before[y * width + x]! - after[y * width + x]!) >= differenceMin) return true;
  return false;
};
