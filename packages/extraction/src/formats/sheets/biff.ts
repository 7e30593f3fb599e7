/** Reads what the spreadsheet library leaves out of .xls. */

/** What the stream of an .xls workbook says about a sheet beside its cells. */
export type BiffSheet = {
  headersAndFooters: { kind: "header" | "footer"; code: string }[];
  /** The texts of charts: titles and names of series. */
  chartTexts: string[];
  /** Rows that stay when the sheet is scrolled. */
  frozenRows: number;
};

/** Records of BIFF8 ([MS-XLS] 2.3). */
const records = {
  boundSheet: 0x85,
  begin: 0x809,
  end: 0x0a,
  header: 0x14,
  footer: 0x15,
  pane: 0x41,
  seriesText: 0x100d,
};
/** A substream's kind in its first record: a chart. */
const chartKind = 0x20;

/** Reads the records that the spreadsheet library leaves out, sheet by sheet in the workbook's order. */
export const biffSheetsOf = (stream: Uint8Array): BiffSheet[] => {
  const buffer = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  const starts: number[] = [];
  const sheets = new Map<number, BiffSheet>();
  /** The substreams that are open, outermost first. */
  const open: { start: number; isChart: boolean }[] = [];
  for (let at = 0; at + 4 <= buffer.length; ) {
    const type = buffer.readUInt16LE(at);
    const data = buffer.subarray(at + 4, at + 4 + buffer.readUInt16LE(at + 2));
    const sheet = sheets.get(open[0]?.start ?? -1);
    if (type === records.begin && data.length >= 4) {
      if (data.readUInt16LE(0) !== 0x600) return [];
      open.push({ start: at, isChart: data.readUInt16LE(2) === chartKind });
      if (open.length === 1) sheets.set(at, { headersAndFooters: [], chartTexts: [], frozenRows: 0 });
    } else if (type === records.end) open.pop();
    else if (type === records.boundSheet && data.length >= 4) starts.push(data.readUInt32LE(0));
    else if (sheet && (type === records.header || type === records.footer) && data.length > 3)
      sheet.headersAndFooters.push({
        kind: type === records.header ? "header" : "footer",
        code: unicodeText(data.subarray(3), data.readUInt16LE(0), data[2]!),
      });
    else if (sheet && type === records.seriesText && open.at(-1)?.isChart && data.length > 4)
      sheet.chartTexts.push(unicodeText(data.subarray(4), data[2]!, data[3]!));
    else if (sheet && type === records.pane && data.length >= 4) sheet.frozenRows = data.readUInt16LE(2);
    at += 4 + data.length;
  }
  return starts.flatMap((start) => sheets.get(start) ?? []);
};

/** Two bytes a character when the first flag is set, else one. */
const unicodeText = (bytes: Buffer, length: number, flags: number): string =>
  (flags & 1) === 1 ? bytes.toString("utf16le", 0, length * 2) : bytes.toString("latin1", 0, length);
