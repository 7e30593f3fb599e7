import { crc32, deflateSync } from "node:zlib";
import { ExtractionFailure } from "../../extraction.ts";
import type { RenderTask } from "../../tasks.ts";
import { open, type Pdf } from "./pdfium.ts";

/** Dots per point: 200 per inch. OCR needs 150 for small print. */
const scale = 200 / 72;
/** A grey picture of this size has at most 5 MB, which is Textract's limit for a request. */
const dotsMax = 4_900_000;
/** Textract's limit for a side. */
const sideMax = 10_000;
/** FPDFBitmap_Gray, and FPDF_ANNOT with FPDF_GRAYSCALE: what is typed into forms is drawn, too. */
const [gray, flags] = [1, 1 | 8];

/** Draws pages as pictures (PNG), numbered from 1. A page that cannot be drawn has none. */
export const renderPages = async ({ bytes, pages }: RenderTask): Promise<Map<number, Uint8Array>> => {
  const pdf = await open(bytes);
  const pictures = new Map<number, Uint8Array>();
  for (const number of pages) {
    const picture = render(pdf, number);
    if (picture) pictures.set(number, picture);
  }
  return pictures;
};

const render = ({ calls, handle, heaps }: Pdf, number: number): Uint8Array | undefined => {
  const page = calls.FPDF_LoadPage(handle, number - 1);
  if (page === 0) return undefined;
  try {
    const [wide, high] = [calls.FPDF_GetPageWidthF(page), calls.FPDF_GetPageHeightF(page)];
    const factor = Math.min(scale, Math.sqrt(dotsMax / (wide * high)), sideMax / wide, sideMax / high);
    const [width, height] = [Math.floor(wide * factor), Math.floor(high * factor)];
    if (!(width > 0 && height > 0)) return undefined;
    const bitmap = calls.FPDFBitmap_CreateEx(width, height, gray, 0, 0);
    if (bitmap === 0) throw new ExtractionFailure("out-of-memory");
    try {
      calls.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
      calls.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags);
      const stride = calls.FPDFBitmap_GetStride(bitmap);
      const from = calls.FPDFBitmap_GetBuffer(bitmap);
      return pngOf(heaps.HEAPU8.subarray(from, from + stride * height), { width, height, stride });
    } finally {
      calls.FPDFBitmap_Destroy(bitmap);
    }
  } finally {
    calls.FPDF_ClosePage(page);
  }
};

/** A grey picture in PNG (ISO 15948): each line is stored as its difference from the line above. */
const pngOf = (dots: Uint8Array, { width, height, stride }: { width: number; height: number; stride: number }) => {
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    const at = y * (width + 1);
    lines[at] = y === 0 ? 0 : 2;
    for (let x = 0; x < width; x++)
      lines[at + 1 + x] = dots[y * stride + x]! - (y === 0 ? 0 : dots[(y - 1) * stride + x]!);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [part("IHDR", header), part("IDAT", deflateSync(lines, { level: 4 })), part("IEND", Buffer.alloc(0))];
  return new Uint8Array(Buffer.concat([signature, ...parts]));
};

const part = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
};
