import { type Pdf, withBuffer } from "./pdfium.ts";
import { type Color, fillOf, isWhiteColor } from "./shapes.ts";

/**
 * The characters of a page, valid until the next page is read. They are in PDFium's order: in the order of the content stream, right-to-left text in
 * logical order.
 */
export type Characters = {
  /** The arrays may be longer. */
  count: number;
  codes: Uint32Array;
  /** Left, right, bottom and top of each character: its advance width, and the ascent and descent of its font. */
  boxes: Float32Array;
  /** Index in `styles`, or -1 for a space or line end that PDFium adds. */
  styleOf: Int32Array;
  /** 1 for a character whose code in the font has no Unicode value: its code stands in its place. */
  isUnmapped: Uint8Array;
  /** One per text object, that is, per operator that shows text. */
  styles: Style[];
};

export type Style = {
  /** PDFium's handle of the text object. */
  object: number;
  font: Font;
  size: number;
  /** The baseline's direction, and its position on the page. */
  angle: Angle;
  x: number;
  y: number;
  /** Not painted: the render mode, or the opacity. */
  isInvisible: boolean;
  isWhite: boolean;
  /** Without one it is not filled, or with a pattern. */
  color: Color | undefined;
};

/** Degrees, counterclockwise. */
export type Angle = 0 | 90 | 180 | 270 | "oblique";

export type Font = {
  isBold: boolean;
  isMono: boolean;
  /** 1 for characters that the font maps to Unicode, as far as is seen. */
  mapped: Uint8Array;
  /** Its private codes are signs of the font Wingdings. */
  isWingdings: boolean;
};

/** A hyphen at the end of a line, which PDFium replaces by this code. */
export const lineEndHyphen = 2;

/** The fonts of a document by their handle. */
export type Fonts = Map<number, Font>;

export const readCharacters = (pdf: Pdf, textPage: number, fonts: Fonts): Characters => {
  const { calls } = pdf;
  const count = Math.max(0, calls.FPDFText_CountChars(textPage));
  const { codes, styleOf, isUnmapped, boxes } = buffersFor(count);
  const styles: Style[] = [];
  if (count === 0) return { count, codes, boxes, styleOf, isUnmapped, styles };
  withBuffer(pdf, count * 16, (buffer) => {
    let last = 0;
    for (let at = 0; at < count; at++) {
      const code = calls.FPDFText_GetUnicode(textPage, at);
      codes[at] = code;
      styleOf[at] = -1;
      isUnmapped[at] = 0;
      const object = calls.FPDFText_GetTextObject(textPage, at);
      if (object === 0) continue;
      if (object !== last) {
        styles.push(readStyle(pdf, textPage, at, object, fonts));
        last = object;
      }
      styleOf[at] = styles.length - 1;
      calls.FPDFText_GetLooseCharBox(textPage, at, buffer + at * 16);
      const { mapped } = styles[styles.length - 1]!.font;
      if (code < mapped.length && mapped[code] === 1) continue;
      if (calls.FPDFText_HasUnicodeMapError(textPage, at) === 1) isUnmapped[at] = 1;
      else if (code < mapped.length) mapped[code] = 1;
    }
    // FS_RECTF: left, top, right, bottom.
    boxes.set(pdf.heaps.HEAPF32.subarray(buffer >> 2, (buffer >> 2) + count * 4));
  });
  return { count, codes, boxes, styleOf, isUnmapped, styles };
};

type Buffers = Pick<Characters, "codes" | "boxes" | "styleOf" | "isUnmapped">;

/** The buffers of a thread, which reads one page at a time: buffers for each page are garbage that takes long to collect. */
let buffers: Buffers | undefined;

const buffersFor = (count: number): Buffers => {
  if (!buffers || buffers.codes.length < count)
    buffers = {
      codes: new Uint32Array(count * 2),
      boxes: new Float32Array(count * 8),
      styleOf: new Int32Array(count * 2),
      isUnmapped: new Uint8Array(count * 2),
    };
  return buffers;
};

/** FPDF_TEXTRENDERMODE_INVISIBLE and _CLIP. */
const invisibleModes = new Set([3, 7]);
const tinyPoints = 1;

const readStyle = (pdf: Pdf, textPage: number, at: number, object: number, fonts: Fonts): Style => {
  const { calls, scratch } = pdf;
  const mode = calls.FPDFTextObj_GetTextRenderMode(object);
  const handle = calls.FPDFTextObj_GetFont(object);
  let font = fonts.get(handle);
  if (!font) {
    font = readFont(pdf, handle);
    fonts.set(handle, font);
  }

  let scale = 1;
  let angle: Angle = 0;
  if (calls.FPDFText_GetMatrix(textPage, at, scratch)) {
    const { HEAPF32: floats } = pdf.heaps;
    const from = scratch >> 2;
    const c = floats[from + 2]!;
    const d = floats[from + 3]!;
    scale = c === 0 ? Math.abs(d) : Math.hypot(c, d);
    angle = angleOf(floats[from]!, floats[from + 1]!);
  }
  let size = Math.abs(calls.FPDFText_GetFontSize(textPage, at) * scale);
  calls.FPDFText_GetLooseCharBox(textPage, at, scratch);
  const { HEAPF32: box } = pdf.heaps;
  const left = box[scratch >> 2]!;
  const top = box[(scratch >> 2) + 1]!;
  const right = box[(scratch >> 2) + 2]!;
  const bottom = box[(scratch >> 2) + 3]!;
  const height = Math.abs(angle === 90 || angle === 270 ? right - left : top - bottom);
  // The size of a Type 3 font, and of a font whose matrix is unusual, does not say how large its characters are.
  if (!(size > 0.3 * height && size < 4 * height) && height > 0) size = height * 0.85;
  let x = left;
  let y = bottom;
  if (calls.FPDFText_GetCharOrigin(textPage, at, scratch, scratch + 8)) {
    const doubles = pdf.heaps.HEAPF64;
    x = doubles[scratch >> 3]!;
    y = doubles[(scratch >> 3) + 1]!;
  }
  const fills = mode === 0 || mode === 4;
  const { color, alpha = 255 } = (fills && fillOf(pdf, object)) || {};
  return {
    object,
    font,
    size,
    angle,
    x,
    y,
    isInvisible: invisibleModes.has(mode) || alpha === 0 || (size < tinyPoints && height < tinyPoints),
    isWhite: color !== undefined && isWhiteColor(color),
    color,
  };
};

const angleOf = (a: number, b: number): Angle => {
  if (b === 0 && a > 0) return 0;
  const degrees = (Math.atan2(b, a) * 180) / Math.PI;
  const nearest = Math.round(degrees / 90) * 90;
  if (Math.abs(degrees - nearest) > 3) return "oblique";
  return ((nearest + 360) % 360) as Angle;
};

/** FXFONT_FIXED_PITCH and FXFONT_FORCE_BOLD. */
const [fixedPitch, forceBold] = [1, 1 << 18];

const readFont = (pdf: Pdf, handle: number): Font => {
  const { calls } = pdf;
  const size = calls.FPDFFont_GetBaseFontName(handle, 0, 0);
  const name =
    size > 1 && size < 1000
      ? withBuffer(pdf, size, (buffer) => {
          calls.FPDFFont_GetBaseFontName(handle, buffer, size);
          return Buffer.from(pdf.heaps.HEAPU8.subarray(buffer, buffer + size - 1)).toString("latin1");
        })
      : "";
  const flags = calls.FPDFFont_GetFlags(handle);
  return {
    mapped: new Uint8Array(0x600),
    isWingdings: /wingdings/i.test(name),
    isBold:
      /bold|black|heavy/i.test(name) ||
      (flags > 0 && (flags & forceBold) !== 0) ||
      calls.FPDFFont_GetWeight(handle) > 600,
    isMono: /mono|courier|consol|typewriter|cmtt|menlo/i.test(name) || (flags > 0 && (flags & fixedPitch) !== 0),
  };
};
