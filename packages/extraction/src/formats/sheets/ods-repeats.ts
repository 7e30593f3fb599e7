/** Reads repetitions, hidden rows and filters of OpenDocument spreadsheets. */

import { areaAt, type HeaderEnd, rowsMax } from "./sheet.ts";

type Attributes = Readonly<Record<string, string>>;

/** Rows and columns that are collapsed or that a filter hides. */
export const isHidden = (attributes: Attributes): boolean => {
  const visibility = attributes["table:visibility"];
  return visibility === "collapse" || visibility === "filter";
};

/** A number of repetitions, within what is left of the sheet. */
export const repeats = (value: string | undefined, max = rowsMax): number =>
  Math.max(1, Math.min(Math.floor(Number(value ?? 1)) || 1, Math.max(1, max)));

/** The sheet and the end of the header of a range with filter buttons: its first row names the columns. */
export const filterOf = (attributes: Attributes): { sheetName: string; end: HeaderEnd } | undefined => {
  const target = (attributes["table:target-range-address"] ?? "").replaceAll("$", "");
  const [from = "", to = from] = target.split(/:(?=[^:]*$)/);
  const sheetName = from.slice(0, from.lastIndexOf(".")).replace(/^'|'$/g, "").replaceAll("''", "'");
  const area = areaAt(`${from.slice(from.lastIndexOf(".") + 1)}:${to.slice(to.lastIndexOf(".") + 1)}`);
  if (!area || attributes["table:display-filter-buttons"] !== "true") return undefined;
  return { sheetName, end: { at: area.top + 1, columns: [area.left, area.right] } };
};
