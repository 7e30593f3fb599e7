/** Reads comma-separated values as tables. */

import { decodeFor } from "../encoding/decode.ts";
import type { Reader } from "../reader.ts";
import type { TextBuilder } from "../text-builder.ts";
import { dialectOf, withoutSpaces } from "./dialect.ts";
import { type CsvRecord, recordsOf } from "./records.ts";

export const readCsv: Reader = (bytes, builder, options) => {
  addCsv(builder, decodeFor(builder, bytes, options));
  return null;
};

const addCsv = (builder: TextBuilder, source: string): void => {
  let text = source.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  // Excel's own way to name the delimiter.
  const declared = /^"?sep=([^\n"])"?\n/i.exec(text);
  // The line stays as an empty one, so that the numbers of lines are right.
  if (declared) text = text.slice(declared[0].length - 1);
  const dialect = dialectOf(text);
  const delimiter = declared?.[1] ?? dialect.delimiter;
  if (dialect.hasSpaceBeforeQuote) text = withoutSpaces(text, delimiter);
  const { records, repaired } = recordsOf(text, delimiter);
  const malformed = new Set(repaired);
  for (const part of partsOf(records)) addTable(builder, part, malformed);
  warnMalformed(builder, text, [...malformed]);
};

/** Adds one table; rows with more fields than its header has are `malformed`. */
const addTable = (builder: TextBuilder, filled: readonly CsvRecord[], malformed: Set<number>): void => {
  const titles = titleRows(filled);
  const table = filled.slice(titles);
  const headerRows = hasHeader(table) ? 1 : 0;
  if (headerRows > 0)
    for (const { fields, start } of table.slice(1))
      if (widthOf(fields) > (table[0]?.fields.length ?? 0)) malformed.add(start);
  const caption = filled
    .slice(0, titles)
    .map(({ fields }) =>
      fields
        .map((field) => field.trim())
        .filter(Boolean)
        .join(" "),
    )
    .join("\n");
  builder.add({
    kind: "table",
    headerRows,
    rows: table.map(({ fields }) => fields.map((field) => ({ text: withoutData(field, builder) }))),
    ...(caption === "" ? {} : { caption }),
  });
};

/** The tables of a file. Another one begins after an empty line, with names where the table above has values. */
const partsOf = (records: readonly CsvRecord[]): CsvRecord[][] => {
  const parts: CsvRecord[][] = [[]];
  let group: CsvRecord[] = [];
  const close = () => {
    if (beginsTable(group, parts.at(-1)!)) parts.push(group);
    else for (const record of group) parts.at(-1)!.push(record);
    group = [];
  };
  for (const record of records)
    if (record.fields.some((field) => field.trim() !== "")) group.push(record);
    else close();
  close();
  return parts;
};

const beginsTable = (group: readonly CsvRecord[], above: readonly CsvRecord[]): boolean => {
  const table = group.slice(titleRows(group));
  const [head] = table;
  if (!head || table.length < 2 || above.length < 2 || !hasHeader(table)) return false;
  const rows = above.slice(-20).map(({ fields }) => fields);
  return head.fields.some((name, column) => {
    const fields = rows.map((row) => row[column]?.trim() ?? "").filter((field) => field !== "");
    return (
      name.trim() !== "" &&
      !value.test(name.trim()) &&
      fields.length > 0 &&
      fields.every((field, at) => value.test(field) || (at === 0 && fields.length > 1))
    );
  });
};

/** Pictures as data URIs are no words. */
const withoutData = (field: string, builder: TextBuilder): string => {
  const type = /^\s*data:([\w/+.-]{1,100})[;,]/.exec(field)?.[1];
  if (type === undefined) return field;
  builder.warn(type.startsWith("image/") ? "images-unread" : "embedded-object-unread");
  return "";
};

/** The number of fields without the empty ones at the end. */
const widthOf = (fields: readonly string[]): number => fields.findLastIndex((field) => field.trim() !== "") + 1;

/** The rows above the names of the columns: they have few fields, and the rows below have more. */
const titleRows = (records: readonly CsvRecord[]): number => {
  const sample = records.slice(0, 100).map(({ fields }) => fields.filter((field) => field.trim() !== "").length);
  const sorted = sample.toSorted((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 0;
  if (usual < 2) return 0;
  const titles = sample.findIndex((count) => count > 1 && count * 2 > usual);
  return titles > 0 && titles <= titlesMax && titles < records.length ? titles : 0;
};

const titlesMax = 20;

/** Numbers, dates, times, addresses and sums are values. */
const value = /^[^\p{L}]*\d[^\p{L}]*(?:\p{L}{1,3}\.?)?$|^\S{1,100}@\S{1,100}\.\S{1,100}$|^https?:\/\//u;

/** The first row names the columns unless it has values like the rows below; years in a sequence are names. */
const hasHeader = (records: readonly CsvRecord[]): boolean => {
  const [first, ...rest] = records.slice(0, 50).map(({ fields }) => fields.map((field) => field.trim()));
  if (!first || rest.length === 0) return false;
  const filled = first.filter((field) => field !== "");
  const values = filled.filter((field) => value.test(field));
  const isValueBelow = (column: number) => rest.some((row) => value.test(row[column] ?? ""));
  if (first.length < 2) return values.length === 0 && rest.every(([field = ""]) => field === "" || value.test(field));
  if (values.length === 0) return true;
  if (values.length === filled.length) return false;
  if (areConsecutive(values)) return true;
  return !first.some((field, column) => value.test(field) && isValueBelow(column));
};

const areConsecutive = (values: readonly string[]): boolean =>
  values.length > 1 &&
  values.every((field, at) => /^\d{1,4}$/.test(field) && (at === 0 || Number(field) === Number(values[at - 1]) + 1));

/** Counts lines only for the records that are named. */
const warnMalformed = (builder: TextBuilder, text: string, starts: readonly number[]): void => {
  let line = 1;
  let at = 0;
  for (const [index, start] of starts.toSorted((a, b) => a - b).entries()) {
    if (index < linesNamedMax) for (; at < start; at++) if (text.charCodeAt(at) === 10) line += 1;
    builder.warn("lines-malformed", index < linesNamedMax ? `line ${line}` : undefined);
  }
};

const linesNamedMax = 10;
