const endOfChain = 0xfffffffa;
const entryBytes = 128;
/** Sectors of a directory; Office writes a few. */
const sectorsMax = 10_000;

/**
 * The names of the streams and storages of a compound file (MS-CFB 2.2, 2.3, 2.6), the container of Office files before 2007.
 * Empty for a damaged one.
 */
export const compoundFileNames = (bytes: Uint8Array): Set<string> => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names = new Set<string>();
  if (buffer.length < 512) return names;
  const sectorBytes = buffer.readUInt16LE(30) === 12 ? 4096 : 512;
  const start = (sector: number) => (sector + 1) * sectorBytes;
  const perSector = sectorBytes / 4;
  /** The sector that follows in its chain, from the allocation table. */
  const next = (sector: number): number => {
    const table = allocationSector(buffer, Math.floor(sector / perSector), start, perSector);
    const at = start(table) + (sector % perSector) * 4;
    return at + 4 <= buffer.length ? buffer.readUInt32LE(at) : endOfChain;
  };
  let sector = buffer.readUInt32LE(48);
  for (let left = sectorsMax; left > 0 && sector < endOfChain; left--) {
    const begin = start(sector);
    if (begin >= buffer.length) break;
    for (let at = begin; at + entryBytes <= Math.min(begin + sectorBytes, buffer.length); at += entryBytes) {
      const length = buffer.readUInt16LE(at + 64);
      if (buffer[at + 66] !== 0 && length >= 2 && length <= 64)
        names.add(buffer.toString("utf16le", at, at + length - 2));
    }
    sector = next(sector);
  }
  return names;
};

/** Where a sector of the allocation table is: the header lists the first 109, and chained sectors the others. */
const allocationSector = (
  buffer: Buffer,
  index: number,
  start: (sector: number) => number,
  perSector: number,
): number => {
  if (index < 109) return buffer.readUInt32LE(76 + index * 4);
  let list = buffer.readUInt32LE(68);
  let left = index - 109;
  for (let step = 0; left >= perSector - 1 && step < sectorsMax; step++, left -= perSector - 1) {
    const at = start(list) + (perSector - 1) * 4;
    if (list >= endOfChain || at + 4 > buffer.length) return endOfChain;
    list = buffer.readUInt32LE(at);
  }
  const at = start(list) + left * 4;
  return list < endOfChain && at + 4 <= buffer.length ? buffer.readUInt32LE(at) : endOfChain;
};

/** The content type of an Office file before 2007 that no reader reads, by its main stream. */
export const legacyContentType = (names: ReadonlySet<string>): string | undefined => {
  if (names.has("WordDocument")) return "application/msword";
  return names.has("PowerPoint Document") ? "application/vnd.ms-powerpoint" : undefined;
};
