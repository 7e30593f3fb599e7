import { isoText } from "./worksheet.ts";

type Shown = { text: string; isNumber: boolean; isHidden: boolean; isUncached: boolean };

/**
 * What a cell shows (ODF 1.3 part 3, 19.385): its text as the application wrote it, dates and times in ISO form. An empty
 * paragraph beside a value says that the format hides it. Writers that give no texts at all give no paragraph.
 */
export const shownValue = (attributes: Record<string, string>, text: string, hasParagraph: boolean): Shown => {
  const type = attributes["office:value-type"];
  const formula = attributes["table:formula"];
  if (type === undefined) {
    if (text !== "" || formula === undefined) return { text, isNumber: false, isHidden: false, isUncached: false };
    return { text: `=${plainFormula(formula)}`, isNumber: true, isHidden: false, isUncached: true };
  }
  const isNumber = type !== "string";
  if (text === "" && hasParagraph) {
    // A format that shows nothing for zero leaves nothing out that a reader could want.
    const isZero = Number(attributes["office:value"] ?? Number.NaN) === 0;
    return { text: isZero ? "" : valueText(type, attributes, ""), isNumber, isHidden: true, isUncached: false };
  }
  return { text: valueText(type, attributes, text), isNumber, isHidden: false, isUncached: false };
};

const valueText = (type: string, attributes: Record<string, string>, text: string): string => {
  const value = attributes["office:value"] ?? "";
  switch (type) {
    case "date":
      // A format that shows only the year.
      return /^\d{4}$/.test(text) ? text : isoText(attributes["office:date-value"] ?? text);
    case "time":
      return timeText(attributes["office:time-value"] ?? "", text);
    case "boolean":
      return text || (attributes["office:boolean-value"] === "true" ? "TRUE" : "FALSE");
    case "percentage":
      return text || `${Number((Number(value) * 100).toPrecision(12))}%`;
    case "currency":
      return text || `${value} ${attributes["office:currency"] ?? ""}`;
    case "string":
      return text || (attributes["office:string-value"] ?? "");
    default:
      return text || value;
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
    .replace(/\[([^[\]]*)\]/g, (_, reference: string) => reference.replace(/(^|:)\./g, "$1"));
