/** Finds the parts of the sheets of a binary workbook. */

import type { Package } from "../package/package.ts";

/** The record that names a sheet ([MS-XLSB] 2.4.312, BrtBundleSh). */
const bundleSheet = 156;

/** The part of each sheet of an .xlsb workbook by the sheet's name. */
export const sheetPartsOf = (file: Package, main: string): Map<string, string> => {
  const targets = new Map(file.relationships(main).map(({ id, target }) => [id, target]));
  const parts = new Map<string, string>();
  const buffer = Buffer.from(file.bytes(main) ?? []);
  for (let at = 0; at < buffer.length; ) {
    const type = variableInteger(buffer, at, 2);
    const size = variableInteger(buffer, type.end, 4);
    const data = buffer.subarray(size.end, size.end + size.value);
    if (type.value === bundleSheet) {
      const id = wideText(data, 8);
      const name = wideText(data, id.end);
      const target = targets.get(id.text);
      if (target !== undefined) parts.set(name.text, target);
    }
    at = size.end + size.value;
  }
  return parts;
};

/** Seven bits of each byte; the highest one says that another byte follows. */
const variableInteger = (buffer: Buffer, start: number, bytesMax: number): { value: number; end: number } => {
  // A record's type keeps the bits that continue it.
  let value = 0;
  for (let index = 0; index < bytesMax; index++) {
    const byte = buffer[start + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return { value, end: start + bytesMax };
};

const wideText = (data: Buffer, start: number): { text: string; end: number } => {
  if (start + 4 > data.length) return { text: "", end: data.length };
  const end = start + 4 + data.readUInt32LE(start) * 2;
  return { text: data.toString("utf16le", start + 4, end), end };
};
