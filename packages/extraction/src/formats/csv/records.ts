/** Parses the records of comma-separated values, and repairs those with wrong quotes. */

import Papa from "papaparse";

export type CsvRecord = { fields: string[]; start: number };

/** Records that are read a second time because of their quotes; each of them may cost a search to the end of the file. */
const repairsMax = 50;
const repairCharsMax = 200_000_000;
/** A character that no text contains, for parsing without quotes. */
const noQuote = "\u0001";

/**
 * The records of a text with `\n` as line ends. A record whose quotes are wrong ends with its line, and its quotes are
 * ordinary characters: otherwise one inch sign would make the rest of the file a single value.
 */
export const recordsOf = (text: string, delimiter: string): { records: CsvRecord[]; repaired: number[] } => {
  const records: CsvRecord[] = [];
  const repaired: number[] = [];
  let start = 0;
  while (start < text.length) {
    const mayRepair = repaired.length < repairsMax && (repaired.length + 1) * text.length <= repairCharsMax;
    const end = readUntilError(text, start, delimiter, records, mayRepair);
    if (end === undefined) break;
    const lineEnd = text.indexOf("\n", end);
    const line = text.slice(end, lineEnd < 0 ? text.length : lineEnd);
    const fields = Papa.parse<string[]>(line, { delimiter, quoteChar: noQuote, newline: "\n" }).data[0] ?? [];
    records.push({ fields: fields.map((field) => field.replace(/^"|"$/g, "").replaceAll('""', '"')), start: end });
    repaired.push(end);
    start = end + line.length + 1;
  }
  return { records, repaired };
};

/** Adds records; returns where the first one with wrong quotes begins, or undefined at the end of the text. */
const readUntilError = (
  text: string,
  start: number,
  delimiter: string,
  records: CsvRecord[],
  mayRepair: boolean,
): number | undefined => {
  let at = start;
  let wrongAt: number | undefined;
  const rest = start === 0 ? text : text.slice(start);
  Papa.parse<string[]>(rest, {
    delimiter,
    newline: "\n",
    ...(mayRepair ? {} : { quoteChar: noQuote }),
    step: ({ data, errors, meta }, parser) => {
      if (wrongAt !== undefined) return;
      if (mayRepair && errors.some(({ type }) => type === "Quotes")) {
        wrongAt = at;
        parser.abort();
        return;
      }
      records.push({ fields: data, start: at });
      at = start + meta.cursor;
    },
  });
  return wrongAt;
};
