import type { Cell, DocumentBlock } from "../model.ts";
import { childOf, elementsOf, textIn, type XmlElement } from "../xml/tree.ts";
import { paragraphsOf } from "./text.ts";

type Values = Map<number, string>;
type Series = { name: string; categories: Values; values: Values; sizes: Values };
/** Formats a number as a spreadsheet shows it. */
type Format = (code: string, value: number) => string;

/**
 * A chart (ISO 29500-1, 21.2) as its titles and one table: a row for each category, a column for each series, with the
 * values that the file contains. Series whose categories differ become tables of their own.
 */
export const chartBlocks = async (space: XmlElement): Promise<DocumentBlock[]> => {
  const chart = childOf(space, "c:chart");
  const plot = childOf(chart, "c:plotArea");
  const format = await formatOf(plot);
  const series = elementsOf(plot)
    .flatMap((group) => elementsOf(group, "c:ser"))
    .map((one) => seriesOf(one, format));
  const titles = elementsOf(plot).flatMap((axis) => titleOf(axis) || []);
  const labels = elementsOf(plot).flatMap((group) => elementsOf(group, "c:ser").flatMap(labelsOf));
  const caption = titleOf(chart);
  const tables = new Map<string, Series[]>();
  for (const one of series) {
    const key = [...one.categories.values()].join("\n");
    tables.set(key, [...(tables.get(key) ?? []), one]);
  }
  return [
    { kind: "caption", text: caption },
    ...[...tables.values()].map((group): DocumentBlock => tableOf(group)),
    ...[...titles, ...labels].map((text): DocumentBlock => ({ kind: "caption", text })),
  ];
};

/** A number format of a spreadsheet needs the spreadsheet library, which is loaded only for a chart that has one. */
const formatOf = async (plot: XmlElement | undefined): Promise<Format> => {
  const isFormatted = (element: XmlElement): boolean =>
    element.name === "c:formatCode" ? textIn(element) !== "General" : elementsOf(element).some(isFormatted);
  if (!plot || !isFormatted(plot)) return (_, value) => general(value);
  const { SSF } = await import("@e965/xlsx");
  return (code, value) => {
    if (code === "" || code === "General") return general(value);
    try {
      // The order of day and month depends on the reader's country.
      const isDay = SSF.is_date(code) && /[yd]/i.test(code.replace(/\[[^\]]*\]|"[^"]*"/g, ""));
      return SSF.format(isDay ? "yyyy-mm-dd" : code, value);
    } catch {
      return general(value);
    }
  };
};

const titleOf = (element: XmlElement | undefined): string => textOf(childOf(childOf(element, "c:title"), "c:tx"));

/** Rich text, or the cached text of a cell. */
const textOf = (source: XmlElement | undefined): string => {
  const rich = paragraphsOf(childOf(source, "c:rich")).map(({ text }) => text);
  if (rich.length > 0) return rich.join(" ");
  const cached = [...pointsOf(childOf(source, "c:strRef"), (_, value) => general(value)).values()];
  return cached.length > 0 ? cached.join(" ") : textIn(childOf(source, "c:v"));
};

const seriesOf = (series: XmlElement, format: Format): Series => {
  const points = (...names: string[]): Values =>
    names.map((name) => pointsOf(childOf(series, name), format)).find(({ size }) => size > 0) ?? new Map();
  return {
    name: textOf(childOf(series, "c:tx")),
    categories: points("c:cat", "c:xVal"),
    values: points("c:val", "c:yVal"),
    sizes: points("c:bubbleSize"),
  };
};

/** Texts that the author wrote on single points. */
const labelsOf = (series: XmlElement): string[] =>
  elementsOf(childOf(series, "c:dLbls"), "c:dLbl").flatMap((label) => textOf(childOf(label, "c:tx")) || []);

/**
 * The cached points inside a reference or a literal, by index. Categories may have several levels, the innermost first; an
 * outer one holds until the next.
 */
const pointsOf = (source: XmlElement | undefined, format: Format): Values => {
  const cache = cacheIn(source);
  const levels = elementsOf(cache, "c:lvl");
  if (levels.length === 0) return pointsIn(cache, format);
  const [inner = new Map(), ...outer] = levels.map((level) => pointsIn(level, format));
  const indexes = [...new Set([inner, ...outer].flatMap((level) => [...level.keys()]))].sort(
    (one, other) => one - other,
  );
  const held: string[] = [];
  return new Map(
    indexes.map((index) => {
      for (const [at, level] of outer.entries()) held[at] = level.get(index) ?? held[at] ?? "";
      return [index, [...held.toReversed(), inner.get(index) ?? ""].filter(Boolean).join(" ")];
    }),
  );
};

const cacheIn = (source: XmlElement | undefined): XmlElement | undefined => {
  if (!source || /(Cache|Lit)$/.test(source.name)) return source;
  return elementsOf(source)
    .map(cacheIn)
    .find((cache) => cache !== undefined && /(Cache|Lit)$/.test(cache.name));
};

const pointsIn = (cache: XmlElement | undefined, format: Format): Values => {
  const code = textIn(childOf(cache, "c:formatCode"));
  const isNumeric = /^c:num/.test(cache?.name ?? "");
  const points = elementsOf(cache, "c:pt").map(({ attributes, children, name }): [number, string] => {
    const raw = textIn(childOf({ attributes, children, name }, "c:v"));
    const value = Number(raw);
    const isNumber = isNumeric && raw.trim() !== "" && Number.isFinite(value);
    return [Number(attributes["idx"]) || 0, isNumber ? format(attributes["formatCode"] ?? code, value) : raw];
  });
  return new Map(points);
};

/** Spreadsheets calculate with 17 digits and show at most 15. */
const general = (value: number): string => String(Number(value.toPrecision(15)));

const tableOf = (series: Series[]): DocumentBlock => {
  const indexes = [...new Set(series.flatMap(({ categories, values }) => [...categories.keys(), ...values.keys()]))];
  indexes.sort((one, other) => one - other);
  const names: Cell[] = series.flatMap(({ name, sizes }) => [
    { text: name },
    ...(sizes.size > 0 ? [{ text: "" }] : []),
  ]);
  const rows = indexes.map((index): Cell[] => [
    { text: series[0]?.categories.get(index) ?? "" },
    ...series.flatMap(({ values, sizes }) => [
      { text: values.get(index) ?? "" },
      ...(sizes.size > 0 ? [{ text: sizes.get(index) ?? "" }] : []),
    ]),
  ]);
  const isNamed = names.some(({ text }) => text !== "");
  return { kind: "table", rows: isNamed ? [[{ text: "" }, ...names], ...rows] : rows, headerRows: isNamed ? 1 : 0 };
};
