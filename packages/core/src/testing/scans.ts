import { inflateSync } from "node:zlib";

/** A picture of one dot that covers the page, with a black bar of this height at its upper edge, as a scan would show it. */
const scan = (bar: number) => `q 150 0 0 200 0 0 cm /I Do Q 0 g 0 ${200 - bar} 150 ${bar} re f `;
const words = (text: string) => `BT /F1 6 Tf 10 20 Td (${text}) Tj ET`;

/**
 * A PDF of pages with text (a string) and scanned pages (a number: the height of the scan's bar in points, of 200), which
 * may have a stamp.
 */
export const mixedPdf = (pages: readonly (string | number | { bar: number; stamp: string } | undefined)[]): Buffer => {
  const contentOf = (page: (typeof pages)[number]): string => {
    if (page === undefined) return "";
    if (typeof page === "string") return words(page);
    return typeof page === "number" ? scan(page) : scan(page.bar) + words(page.stamp);
  };
  return Buffer.from(
    [
      "%PDF-1.7",
      "1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj",
      `2 0 obj << /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, at) => `${100 + 2 * at} 0 R`).join(" ")}] /MediaBox [0 0 150 200]
        /Resources << /Font << /F1 3 0 R >> /XObject << /I 4 0 R >> >> >> endobj`,
      "3 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj",
      "4 0 obj << /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >> stream\n\u00ff\nendstream endobj",
      ...pages.flatMap((page, at) => [
        `${100 + 2 * at} 0 obj << /Type /Page /Parent 2 0 R /Contents ${101 + 2 * at} 0 R >> endobj`,
        `${101 + 2 * at} 0 obj << /Length ${contentOf(page).length} >> stream\n${contentOf(page)}\nendstream endobj`,
      ]),
      "trailer << /Root 1 0 R >>",
    ].join("\n"),
    "latin1",
  );
};

/** Size and dots of a grey PNG whose lines are stored as they are or as the difference from the line above (ISO 15948). */
export const dotsOf = (png: Uint8Array): { width: number; height: number; dots: Uint8Array } => {
  const bytes = Buffer.from(png);
  if (bytes.toString("latin1", 1, 4) !== "PNG") throw new Error("no PNG");
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") data.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const lines = inflateSync(Buffer.concat(data));
  const dots = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = y * (width + 1);
    for (let x = 0; x < width; x++)
      dots[y * width + x] = lines[from + 1 + x]! + (lines[from] === 2 ? dots[(y - 1) * width + x]! : 0);
  }
  return { width, height, dots };
};

/** The height of the black bar in the picture of a page, in points. */
export const barOf = (png: Uint8Array): number => {
  const { width, height, dots } = dotsOf(png);
  let lines = 0;
  while (lines < height && dots[lines * width + (width >> 1)]! < 128) lines += 1;
  return Math.round((lines / height) * 200);
};
