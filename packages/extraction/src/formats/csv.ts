import { parse } from "csv-parse/sync";
import { decode } from "./decode.ts";
import type { Reader } from "./reader.ts";

const separators = [",", ";", "\t", "|"];

export const readCsv: Reader = (bytes, builder) => {
  const text = decode(bytes);
  const [head = ""] = text.split("\n", 1);
  const count = (separator: string) => head.split(separator).length;
  const [delimiter = ","] = separators.toSorted((a, b) => count(b) - count(a));
  const options = { relaxColumnCount: true, relaxQuotes: true, skipEmptyLines: true, trim: true, bom: true } as const;
  const rows: string[][] = parse(text, { ...options, delimiter });
  builder.add({ kind: "table", headerRows: 1, rows: rows.map((row) => row.map((text) => ({ text }))) });
  return null;
};
