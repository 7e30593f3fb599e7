/** Reads ZIP archives within limits. */

import { inflateRawSync } from "node:zlib";
import { ExtractionFailure } from "../../extraction.ts";

const zipBytesMax = 200 * 1024 ** 2;
const zipRatioMax = 100;

export type ZipEntry = { name: string; sizeBytes: number; packedBytes: number; method: number; headerAt: number };

/** How much an archive may hold. */
const zipLimits = (bytes: Uint8Array) => ({
  maxZipEntries: 5_000,
  maxUncompressedBytes: Math.min(zipBytesMax, zipRatioMax * bytes.length + 1024 ** 2),
});

/**
 * Checks the declared sizes of an archive before anything is unpacked; `unpack` enforces the size that an entry
 * declares.
 */
export const boundedEntries = (bytes: Uint8Array): ZipEntry[] => {
  const entries = zipEntries(bytes);
  if (!entries) throw new ExtractionFailure("corrupt");
  const total = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  const { maxZipEntries, maxUncompressedBytes } = zipLimits(bytes);
  if (entries.length > maxZipEntries || total > maxUncompressedBytes) throw new ExtractionFailure("decompression-bomb");
  return entries;
};

/** The entries of the central directory (PKWARE APPNOTE 4.3.12, 4.3.16), or undefined when there is none. */
export const zipEntries = (bytes: Uint8Array): ZipEntry[] | undefined => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > buffer.length) return undefined;
  const entries: ZipEntry[] = [];
  const { directoryEnd, count, size, offset } = directoryAt(buffer, end);
  // Offsets are relative to the start of the archive; other bytes may precede it.
  let at = directoryEnd - size;
  const shift = at - offset;
  if (!(at >= 0 && shift >= 0)) return undefined;
  for (let left = count; left > 0; left--) {
    if (at + 46 > buffer.length || buffer.readUInt32LE(at) !== 0x02014b50) return undefined;
    const [nameLength, extraLength, commentLength] = [
      buffer.readUInt16LE(at + 28),
      buffer.readUInt16LE(at + 30),
      buffer.readUInt16LE(at + 32),
    ];
    const extra = buffer.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const [sizeBytes, packedBytes, headerAt] = longValues(extra, [
      buffer.readUInt32LE(at + 24),
      buffer.readUInt32LE(at + 20),
      buffer.readUInt32LE(at + 42),
    ]);
    entries.push({
      // Some writers separate folders by a backslash.
      name: buffer.toString("utf8", at + 46, at + 46 + nameLength).replaceAll("\\", "/"),
      sizeBytes,
      packedBytes,
      method: buffer.readUInt16LE(at + 10),
      headerAt: headerAt + shift,
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
};

/**
 * Where the central directory is. Writers that do not know the size beforehand, such as those of large reports, use ZIP64: a
 * second, longer record stands before the last one (APPNOTE 4.3.14, 4.3.15).
 */
const directoryAt = (buffer: Buffer, end: number) => {
  const record = end - 76;
  const isLong =
    record >= 0 && buffer.readUInt32LE(end - 20) === 0x07064b50 && buffer.readUInt32LE(record) === 0x06064b50;
  if (!isLong)
    return {
      directoryEnd: end,
      count: buffer.readUInt16LE(end + 10),
      size: buffer.readUInt32LE(end + 12),
      offset: buffer.readUInt32LE(end + 16),
    };
  const long = (at: number) => Number(buffer.readBigUInt64LE(record + at));
  return { directoryEnd: record, count: long(32), size: long(40), offset: long(48) };
};

const inExtra = 0xffffffff;

/** Values that do not fit into 32 bits stand in the extra field, in their order (APPNOTE 4.5.3). */
const longValues = (extra: Buffer, values: [number, number, number]): [number, number, number] => {
  if (!values.includes(inExtra)) return values;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    for (const [index, value] of values.entries())
      if (value === inExtra && next + 8 <= extra.length) {
        values[index] = Number(extra.readBigUInt64LE(next));
        next += 8;
      }
    break;
  }
  return values;
};

/** Unpacks an entry to at most its declared size (APPNOTE 4.3.7; method 0 is stored, 8 is deflated). */
export const unpack = (bytes: Uint8Array, { sizeBytes, packedBytes, method, headerAt }: ZipEntry): Uint8Array => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (headerAt + 30 > buffer.length || buffer.readUInt32LE(headerAt) !== 0x04034b50)
    throw new ExtractionFailure("corrupt");
  const start = headerAt + 30 + buffer.readUInt16LE(headerAt + 26) + buffer.readUInt16LE(headerAt + 28);
  const packed = buffer.subarray(start, start + packedBytes);
  if (method === 0) return packed;
  if (method !== 8) throw new ExtractionFailure("corrupt");
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, sizeBytes) });
  } catch (error) {
    const isTooMuch = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw new ExtractionFailure(isTooMuch ? "decompression-bomb" : "corrupt", { cause: error });
  }
};
