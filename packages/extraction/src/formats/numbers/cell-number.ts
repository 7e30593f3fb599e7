import { SSF } from "@e965/xlsx";
import { dateText, kindOfSection } from "./date.ts";

/** How a workbook shows a number: dates in ISO form whatever its format says, all else as the application shows it. */
export const numberText = (value: number, format: string, is1904: boolean): string => {
  if (!Number.isFinite(value)) return "";
  if (isGeneral(format)) return generalText(value);
  const section = sectionFor(value, format);
  const kind = kindOfSection(section);
  if (kind !== undefined) return dateText(value, kind, is1904) ?? generalText(value);
  if (/general/i.test(section)) return withGeneral(value, section);
  try {
    // Elapsed time has no negative form in the library.
    const isElapsed = /\[[hms]+\]/i.test(section);
    const text = isElapsed && value < 0 ? `-${SSF.format(format, -value)}` : SSF.format(format, value);
    return text.replace(/\s+/g, " ").trim();
  } catch {
    return generalText(value);
  }
};

/** A section such as `General" km"`. */
const withGeneral = (value: number, section: string): string =>
  section
    .replace(/\[[^\]]*(?:\]|$)|[_*]./g, "")
    .replace(/general/i, () => generalText(Math.abs(value)))
    .replace(/"([^"]*)"|\\(.)/g, "$1$2")
    .replace(/^/, value < 0 ? "-" : "")
    .trim();

/** How a workbook shows a text: only a format with a section for text changes it. */
export const formattedText = (text: string, format: string): string => {
  if (isGeneral(format) || format === "@" || !(format.includes("@") || sectionsOf(format).length > 3)) return text;
  try {
    return SSF.format(format, text);
  } catch {
    return text;
  }
};

/**
 * True for a format such as ";;;", which hides a value that is there. A format that hides only zeros leaves nothing out
 * that a reader could want.
 */
export const isHiding = (format: string): boolean =>
  format.includes(";") &&
  format.length <= formatCharsMax &&
  sectionsOf(format).every((section) => section.trim() === "");

/** The format without an own form, under the names that localised applications write. */
const isGeneral = (format: string): boolean =>
  format === "" ||
  format.length > formatCharsMax ||
  /^(\[[^\]]*\])?\s*(general|standard|standaard|allgemein|geral|estándar)$/i.test(format);

/** The longest format that Excel accepts. */
const formatCharsMax = 255;

/** Digits of a whole number are never lost: article and account numbers have them. */
const generalText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e21 ? String(value) : SSF.format("General", value);

/** The section of a format for a number (ECMA-376 part 1, 18.8.31): positive; negative; zero; text. */
const sectionFor = (value: number, format: string): string => {
  const sections = sectionsOf(format);
  if (value < 0 && sections.length > 1) return sections[1]!;
  return value === 0 && sections.length > 2 ? sections[2]! : sections[0]!;
};

const sectionsOf = (format: string): string[] => {
  const sections = [""];
  for (const [part] of format.matchAll(/"[^"]*"?|\\.|[_*].|\[[^\]]*\]?|./gsu))
    if (part === ";") sections.push("");
    else sections[sections.length - 1] += part;
  return sections;
};
