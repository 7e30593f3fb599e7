import { isoText } from "./worksheet.ts";

type Shown = { text: string; isNumber: boolean; isHidden: boolean; isUncached: boolean };

/**
 * What a cell shows (ODF 1.3 part 3, 19.385): its text as the application wrote it, dates and times in ISO form. A value
 * without any text is hidden by its format, except in files whose writer wrote no texts.
 */
export const shownValue = (attributes: Record<string, string>, text: string): Shown => {
  const type = attributes["office:value-type"];
  const formula = attributes["table:formula"];
  const shown = (value: string, isNumber: boolean): Shown => ({
    text: value,
    isNumber,
    isHidden: false,
    isUncached: false,
  });
  switch (type) {
    case undefined:
      if (text !== "" || formula === undefined) return shown(text, false);
      return { text: `=${plainFormula(formula)}`, isNumber: true, isHidden: false, isUncached: true };
    case "date":
      return shown(isoText(attributes["office:date-value"] ?? text), true);
    case "time":
      return shown(timeText(attributes["office:time-value"] ?? "", text), true);
    case "boolean":
      return shown(text || (attributes["office:boolean-value"] === "true" ? "TRUE" : "FALSE"), true);
    case "percentage":
      return shown(text || `${Number((Number(attributes["office:value"]) * 100).toPrecision(12))}%`, true);
    case "currency":
      return shown(text || `${attributes["office:value"]} ${attributes["office:currency"] ?? ""}`, true);
    case "float":
      return shown(text || (attributes["office:value"] ?? ""), true);
    default:
      return shown(text || (attributes["office:string-value"] ?? ""), false);
  }
};

/** A duration such as PT07H30M00S as 07:30. Elapsed times above a day and texts with fractions stay as they are shown. */
const timeText = (duration: string, text: string): string => {
  const match = /^(-?)PT?(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S$/.exec(duration);
  if (!match) return text || duration;
  if (/^-?\d{1,9}(:\d\d){1,2}([.,]\d+)?$/.test(text)) return text.replace(/^(\d):/, "0$1:");
  const [, sign = "", hours = "", minutes = "", seconds = ""] = match;
  return `${sign}${hours.padStart(2, "0")}:${minutes.padStart(2, "0")}${Number(seconds) > 0 ? `:${seconds.padStart(2, "0")}` : ""}`;
};

/** A formula without the prefix and the brackets of OpenFormula: "of:=SUM([.B2:.B3])" is SUM(B2:B3). */
const plainFormula = (formula: string): string =>
  formula
    .replace(/^\w*:?=/, "")
    .replace(/\[([^\]]*)\]/g, (_, reference: string) => reference.replace(/(^|:)\./g, "$1"));
