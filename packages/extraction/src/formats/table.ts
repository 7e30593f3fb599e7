import type { TextBuilder } from "./text-builder.ts";

/** Few enough rows per block that a chunk contains whole rows. */
const rowsPerBlock = 20;

export const rowsText = (rows: readonly (readonly string[])[]): string =>
  rows
    .map((row) => row.join(" | "))
    .filter((line) => line.replace(/[\s|]/g, "") !== "")
    .join("\n");

/** Adds a table whose first row names the columns: each row contains the names, so that it is understandable alone. */
export const addRecords = (builder: TextBuilder, [header = [], ...rows]: readonly (readonly string[])[]): void => {
  const named = rows.map((row) =>
    row.flatMap((cell, at) => (cell === "" ? [] : [header[at] ? `${header[at]}: ${cell}` : cell])),
  );
  addRows(builder, rows.length === 0 ? [header] : named);
};

export const addRows = (builder: TextBuilder, rows: readonly (readonly string[])[]): void => {
  for (let start = 0; start < rows.length; start += rowsPerBlock)
    builder.add("table", rowsText(rows.slice(start, start + rowsPerBlock)));
};
