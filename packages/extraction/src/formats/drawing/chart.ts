/** Reads the charts of documents, slides and sheets. */

import type { Cell, DocumentBlock, TableBlock } from "../model.ts";
import type { Package } from "../package/package.ts";
import { childOf, descendantsOf, elementsOf, textIn, type XmlElement } from "../xml/tree.ts";
import { runText } from "./text.ts";

/** Values by their index, which may have gaps. */
type Values = Map<number, string>;
type Column = { name: string; values: Values };
/** Shows a number as a spreadsheet does. */
export type ShowNumber = (value: number, format: string, is1904: boolean) => string;

/** The maximum number of series of a chart (Excel specifications and limits), against files that declare more. */
const seriesMax = 255;

/** How a file's charts show numbers. The library of number formats is imported only for a file that has charts. */
export const chartNumbers = async ({ names }: Package): Promise<ShowNumber> =>
  names.some((name) => /charts?\//i.test(name)) ? (await import("../numbers/cell-number.ts")).numberText : String;

/**
 * A chart (ISO 29500-1, 21.2) as its titles and a table of its values: a row for each category, a column for each series.
 * The values are the chart's own copy of them; the workbook behind the chart may have many more cells that it does not show.
 * Series whose categories differ, as those of most scatter charts, become tables of their own.
 */
export const chartBlocks = (space: XmlElement, show: ShowNumber): DocumentBlock[] => {
  if (space.name.startsWith("cx:")) return extendedBlocks(space);
  const chart = childOf(space, "c:chart");
  const plot = childOf(chart, "c:plotArea");
  const is1904 = isOn(childOf(space, "c:date1904"));
  const format = (value: string, code: string): string => {
    const number = Number(value);
    return value.trim() === "" || !Number.isFinite(number) ? value : show(number, code, is1904);
  };
  const groups = new Map<string, { categories: Values; columns: Column[] }>();
  const series = seriesOf(plot).slice(0, seriesMax);
  for (const one of series) {
    const [name, sizes] = [wordsIn(childOf(one, "c:tx")), pointsOf(childOf(one, "c:bubbleSize"), format)];
    const categories = pointsOf(childOf(one, "c:cat") ?? childOf(one, "c:xVal"), format);
    const values = pointsOf(childOf(one, "c:val") ?? childOf(one, "c:yVal"), format);
    const key = JSON.stringify([...categories]);
    const group = groups.get(key) ?? { categories, columns: [] };
    groups.set(key, group);
    group.columns.push({ name, values }, ...(sizes.size > 0 ? [{ name, values: sizes }] : []));
  }
  const tables = [...groups.values()].map(({ categories, columns }) => tableOf(categories, columns));
  // Texts that the author wrote on single points.
  const labels = series
    .flatMap((one) => elementsOf(childOf(one, "c:dLbls"), "c:dLbl"))
    .map((one) => childOf(one, "c:tx"));
  return withCaptions(titleOf(chart), tables, [...elementsOf(plot).map(titleOf), ...labels.map(wordsIn)]);
};

/** A chart of the newer kinds, such as a waterfall or a treemap. */
const extendedBlocks = (space: XmlElement): DocumentBlock[] => {
  const chart = childOf(space, "cx:chart");
  const names = descendantsOf(childOf(chart, "cx:plotArea"), /^cx:series$/).map((one) =>
    wordsIn(childOf(one, "cx:tx")),
  );
  const tables = elementsOf(childOf(space, "cx:chartData"), "cx:data").map((data, at) => {
    const levels = elementsOf(data).flatMap((dimension) => elementsOf(dimension, "cx:lvl"));
    const [categories = new Map(), ...columns] = levels.map(
      (level): Values => new Map(elementsOf(level, "cx:pt").map((one) => [indexOf(one), textIn(one)])),
    );
    return tableOf(
      categories,
      columns.map((values, column) => ({ name: column === 0 ? (names[at] ?? "") : "", values })),
    );
  });
  const axes = elementsOf(childOf(chart, "cx:plotArea"), "cx:axis");
  return withCaptions(titleOf(chart), tables, axes.map(titleOf));
};

/** The titles of a chart and of its axes, and the names of its series, for a file that has the values in its cells. */
export const chartWords = (space: XmlElement): string => {
  const titles = descendantsOf(space, /^cx?:title$/).map(wordsIn);
  const names = descendantsOf(space, /^(c:ser|cx:series)$/).map((one) =>
    wordsIn(elementsOf(one).find(({ name }) => /^cx?:tx$/.test(name))),
  );
  return [...new Set(titles), [...new Set(names)].filter(Boolean).join(", ")].filter(Boolean).join("\n");
};

/** The title of a chart stands above its first table. */
const withCaptions = (title: string, tables: readonly TableBlock[], others: readonly string[]): DocumentBlock[] => {
  const [first, ...rest] = tables;
  const captions = (texts: readonly string[]) =>
    texts.filter(Boolean).map((text): DocumentBlock => ({ kind: "caption", text }));
  if (!first || title === "") return [...captions([title]), ...tables, ...captions(others)];
  return [{ ...first, caption: title }, ...rest, ...captions(others)];
};

const tableOf = (categories: Values, columns: readonly Column[]): TableBlock => {
  const indexes = sorted([categories, ...columns.map(({ values }) => values)]);
  const rows = indexes.map((index): Cell[] =>
    [categories, ...columns.map(({ values }) => values)].map((values) => ({ text: values.get(index) ?? "" })),
  );
  const names = columns.map(({ name }): Cell => ({ text: name }));
  const isNamed = columns.some(({ name }) => name !== "");
  return { kind: "table", rows: isNamed ? [[{ text: "" }, ...names], ...rows] : rows, headerRows: isNamed ? 1 : 0 };
};

const seriesOf = (plot: XmlElement | undefined): XmlElement[] =>
  elementsOf(plot).flatMap((group) => elementsOf(group, "c:ser"));

const titleOf = (element: XmlElement | undefined): string =>
  wordsIn(elementsOf(element).find(({ name }) => /^cx?:title$/.test(name)));

/** Words that stand in a chart, or its copy of the words of the cells that it refers to. */
const wordsIn = (element: XmlElement | undefined): string => {
  const written = descendantsOf(element, /^a:p$/).map((paragraph) => runText(paragraph).trim());
  const words = written.some(Boolean) ? written : descendantsOf(element, /^cx?:v$/).map(textIn);
  return words.join(" ").replace(/\s+/g, " ").trim();
};

type Format = (value: string, code: string) => string;

/**
 * The points of a part of a series, by index. Categories may have several levels, the innermost first; a value of an outer
 * one holds until the next.
 */
const pointsOf = (part: XmlElement | undefined, format: Format): Values => {
  const [cache] = descendantsOf(part, /^c:\w+(Cache|Lit)$/);
  const levels = elementsOf(cache, "c:lvl").map((level) => pointsIn(level, format));
  if (levels.length === 0) return pointsIn(cache, format);
  const [inner = new Map(), ...outer] = levels;
  const held: string[] = [];
  return new Map(
    sorted(levels).map((index) => {
      for (const [at, level] of outer.entries()) held[at] = level.get(index) ?? held[at] ?? "";
      return [index, [...held.toReversed(), inner.get(index) ?? ""].filter(Boolean).join(" ")];
    }),
  );
};

const pointsIn = (cache: XmlElement | undefined, format: Format): Values => {
  const code = textIn(childOf(cache, "c:formatCode"));
  const isNumeric = /^c:num/.test(cache?.name ?? "");
  return new Map(
    elementsOf(cache, "c:pt").map((point) => {
      const value = textIn(childOf(point, "c:v"));
      return [indexOf(point), isNumeric ? format(value, point.attributes["formatCode"] ?? code) : value];
    }),
  );
};

const sorted = (all: readonly Values[]): number[] =>
  [...new Set(all.flatMap((values) => [...values.keys()]))].sort((one, other) => one - other);

const indexOf = (point: XmlElement): number => Number(point.attributes["idx"]) || 0;

const isOn = (element: XmlElement | undefined): boolean =>
  element !== undefined && element.attributes["val"] !== "0" && element.attributes["val"] !== "false";
