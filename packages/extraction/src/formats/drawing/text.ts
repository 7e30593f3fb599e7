/** Reads the text of shapes, slides, diagrams and charts (DrawingML). */

import { symbolText } from "../encoding/symbol-fonts.ts";
import { ommlText } from "../equations/omml.ts";
import { listNumber } from "../numbers/list-number.ts";
import { childOf, elementsOf, textIn, type XmlElement } from "../xml/tree.ts";

/** A paragraph of a shape, with the number that it shows. */
export type Paragraph = { text: string; isList: boolean };

/**
 * The paragraphs of a text body. `inherited` are the list styles that apply to it, the nearest first: each has elements
 * `a:lvl1pPr` … `a:lvl9pPr` (ISO 29500-1, 21.1.2.4.12).
 */
export const paragraphsOf = (body: XmlElement | undefined, inherited: readonly XmlElement[] = []): Paragraph[] => {
  const own = childOf(body, "a:lstStyle");
  const styles = own ? [own, ...inherited] : inherited;
  const numbers = new ListNumbers();
  return elementsOf(body, "a:p").flatMap((paragraph) => {
    const text = runText(paragraph);
    // An empty paragraph shows no bullet and does not count.
    if (text.trim() === "") return [];
    const properties = childOf(paragraph, "a:pPr");
    const level = Math.min(Math.max(0, Number(properties?.attributes["lvl"]) || 0), 8);
    const levels = styles.map((style) => childOf(style, `a:lvl${level + 1}pPr`));
    const bullet = [properties, ...levels].map(bulletOf).find((one) => one !== undefined);
    const label = numbers.next(level, bullet?.name === "a:buAutoNum" ? bullet : undefined);
    const isList = bullet !== undefined && bullet.name !== "a:buNone";
    return [{ text: label === undefined ? text : `${label} ${text}`, isList }];
  });
};

const bullets: ReadonlySet<string> = new Set(["a:buNone", "a:buChar", "a:buBlip", "a:buAutoNum"]);
const bulletOf = (properties: XmlElement | undefined): XmlElement | undefined =>
  elementsOf(properties).find(({ name }) => bullets.has(name));

/** The counters of a text body, by level. */
class ListNumbers {
  readonly #counters: { scheme: string; value: number }[] = [];

  /** The label of a paragraph, or undefined when it has no number; then the numbers of its level start anew. */
  next(level: number, bullet: XmlElement | undefined): string | undefined {
    const counters = this.#counters;
    counters.length = Math.min(counters.length, level + 1);
    if (!bullet) {
      counters.length = Math.min(counters.length, level);
      return undefined;
    }
    const { type = "arabicPeriod", startAt = "1" } = bullet.attributes;
    const scheme = `${type} ${startAt}`;
    const last = counters[level];
    const value = last?.scheme === scheme ? last.value + 1 : Number(startAt) || 1;
    counters[level] = { scheme, value };
    return label(type, value);
  }
}

/** The label in a numbering scheme (ISO 29500-1, 20.1.10.61), such as `alphaLcParenR`: "a)". */
const label = (type: string, value: number): string => {
  const [, scheme = "", form = ""] = /^(\w+?)(ParenBoth|ParenR|Period|Plain|Minus)?$/.exec(type) ?? [];
  const text = listNumber(value, formats.get(scheme) ?? "decimal");
  if (form === "ParenBoth") return `(${text})`;
  return `${text}${{ ParenR: ")", Plain: "", Minus: "-" }[form] ?? "."}`;
};

/** The formats of Word for the numbers of numbering schemes. */
const formats: ReadonlyMap<string, string> = new Map([
  ["alphaLc", "lowerLetter"],
  ["alphaUc", "upperLetter"],
  ["romanLc", "lowerRoman"],
  ["romanUc", "upperRoman"],
  ["circleNumDb", "decimalEnclosedCircle"],
  ["arabicDb", "decimalFullWidth"],
  ["ea1Chs", "chineseCounting"],
  ["ea1Cht", "taiwaneseCounting"],
  ["ea1JpnKor", "japaneseCounting"],
  ["ea1JpnChsDb", "japaneseCounting"],
  ["arabic1", "arabicAlpha"],
  ["arabic2", "arabicAbjad"],
  ["hebrew2", "hebrew2"],
  ["thaiNum", "thaiNumbers"],
  ["hindiNum", "hindiNumbers"],
]);

/** The text of a paragraph's runs, line breaks, fields and equations. */
export const runText = (paragraph: XmlElement): string => {
  let text = "";
  for (const child of elementsOf(paragraph)) {
    switch (child.name) {
      case "a:r": {
        const properties = childOf(child, "a:rPr");
        const run = symbolText(unescaped(textIn(childOf(child, "a:t"))), fontOf(properties));
        const isRaised = Number(properties?.attributes["baseline"]?.replace("%", "")) > 0;
        // A raised number after a number would be read as its next digits: 10² is not 102.
        text += isRaised && /\d$/.test(text) && /^[-+−]?\d/.test(run) ? `^${run}` : run;
        break;
      }
      case "a:br":
        text += "\n";
        break;
      case "a:fld":
        // Numbers of slides change with their order and are no text of the slide.
        if (child.attributes["type"] !== "slidenum") text += unescaped(textIn(childOf(child, "a:t")));
        break;
      // The element a14:m, whose namespace has no prefix of its own here.
      case "m":
      case "m:oMath":
      case "m:oMathPara":
        text += ommlText(child);
        break;
      case "mc:AlternateContent": {
        const choices = [...elementsOf(child, "mc:Choice"), ...elementsOf(child, "mc:Fallback")];
        text += choices.map(runText).find((one) => one !== "") ?? "";
        break;
      }
    }
  }
  return text;
};

/** The font of symbols, or else that of all text. */
const fontOf = (properties: XmlElement | undefined): string | undefined =>
  (childOf(properties, "a:sym") ?? childOf(properties, "a:latin"))?.attributes["typeface"];

/** Control characters are escaped as `_x000B_`; a vertical tab is a line break (ISO 29500-1, 22.9.2.19). */
const unescaped = (text: string): string =>
  text.includes("_x00")
    ? text.replace(/_x00([01][0-9A-Fa-f])_/g, (_, code) => (/^0[BDA]$/i.test(code) ? "\n" : ""))
    : text.replaceAll("\v", "\n");
