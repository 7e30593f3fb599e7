import type { Cell } from "../model.ts";
import { childOf, elementsOf, textIn, type XmlElement } from "../xml/tree.ts";
import type { FormatValue, Item } from "./document.ts";
import { drawingText } from "./drawing-text.ts";

/** Values by their index, which may have gaps. */
type Values = Map<number, string>;

/** The maximum number of series of a chart (Excel specifications and limits), against files that declare more. */
const seriesMax = 255;

/**
 * A chart as its titles and a table of its values: a row per category, a column per series. The values are the chart's own
 * copy of them; the workbook behind the chart may have many more cells that it does not show.
 */
export const readChart = (tree: XmlElement, format: FormatValue): Item[] => {
  const chart = childOf(tree, "c:chart");
  const area = childOf(chart, "c:plotArea");
  const title = titleOf(chart);
  const axes = elementsOf(area).filter(({ name }) => /^c:(?:cat|val|date|ser)Ax$/.test(name));
  const items: Item[] = [];
  const series = elementsOf(area)
    .filter(({ name }) => name.endsWith("Chart"))
    .flatMap((one) => elementsOf(one, "c:ser"))
    .map((one) => ({
      name: [...valuesOf(childOf(one, "c:tx"), format).values()].join(" "),
      categories: valuesOf(childOf(one, "c:cat") ?? childOf(one, "c:xVal"), format),
      values: valuesOf(childOf(one, "c:val") ?? childOf(one, "c:yVal"), format),
      sizes: valuesOf(childOf(one, "c:bubbleSize"), format),
    }));
  // Series with the same categories are columns of one table; those of a scatter chart mostly are not.
  const tables = new Map<string, typeof series>();
  for (const one of series.slice(0, seriesMax)) {
    const key = JSON.stringify([...one.categories]);
    const group = tables.get(key);
    if (group) group.push(one);
    else tables.set(key, [one]);
  }
  for (const group of tables.values()) {
    const columns = group.flatMap(({ name, values, sizes }) => [
      { name, values },
      ...(sizes.size > 0 ? [{ name, values: sizes }] : []),
    ]);
    items.push(tableOf(group[0]!.categories, columns));
  }
  const first = items.find(({ kind }) => kind === "table");
  if (first?.kind === "table" && title !== "") first.caption = title;
  else items.unshift({ kind: "caption", text: title });
  items.push(...axes.map(titleOf).map((text): Item => ({ kind: "caption", text })));
  return items.filter((item) => item.kind !== "caption" || item.text !== "");
};

/** A chart of the newer kinds, such as a waterfall or a treemap. */
export const readExtendedChart = (tree: XmlElement): Item[] => {
  const title = textsIn(childOf(childOf(tree, "cx:chart"), "cx:title"), "a:p").join(" ");
  const names = descendants(childOf(tree, "cx:chart"), "cx:txData").map((one) => textIn(childOf(one, "cx:v")));
  const tables = elementsOf(childOf(tree, "cx:chartData"), "cx:data").map((data, at): Item => {
    const dimensions = elementsOf(data).filter(({ name }) => name === "cx:strDim" || name === "cx:numDim");
    const levels = dimensions.flatMap((dimension) => elementsOf(dimension, "cx:lvl"));
    const [categories = new Map(), ...columns] = levels.map(
      (level): Values => new Map(elementsOf(level, "cx:pt").map((one) => [indexOf(one), textIn(one)])),
    );
    return tableOf(
      categories,
      columns.map((values, column) => ({ name: column === 0 ? (names[at] ?? "") : "", values })),
    );
  });
  return [{ kind: "caption", text: title }, ...tables];
};

const tableOf = (categories: Values, columns: readonly { name: string; values: Values }[]): Item => {
  const indexes = new Set([...categories.keys(), ...columns.flatMap(({ values }) => [...values.keys()])]);
  const rows = [...indexes]
    .sort((one, other) => one - other)
    .map((index): Cell[] => [
      { text: categories.get(index) ?? "" },
      ...columns.map(({ values }) => ({ text: values.get(index) ?? "" })),
    ]);
  const names = columns.map(({ name }): Cell => ({ text: name }));
  const hasNames = columns.some(({ name }) => name !== "");
  return { kind: "table", rows: hasNames ? [[{ text: "" }, ...names], ...rows] : rows, headerRows: hasNames ? 1 : 0 };
};

const titleOf = (parent: XmlElement | undefined): string => {
  const title = childOf(parent, "c:title");
  const written = textsIn(title, "a:p").join(" ");
  return written !== "" ? written : descendants(title, "c:v").map(textIn).join(" ");
};

/** The cached or literal values of a series' part. Categories of several levels are joined from the outermost. */
const valuesOf = (part: XmlElement | undefined, format: FormatValue): Values => {
  const levels = descendants(part, "c:lvl");
  if (levels.length > 0) return joinedLevels(levels.map((level) => pointsOf(level, format)).reverse());
  const caches = ["c:strCache", "c:numCache", "c:strLit", "c:numLit"].flatMap((name) => descendants(part, name));
  if (caches.length > 0) return pointsOf(caches[0]!, format);
  const literal = textIn(childOf(part, "c:v"));
  return new Map(literal === "" ? [] : [[0, literal]]);
};

/** An outer category has a value at the first of its inner ones, and belongs to those after it too. */
const joinedLevels = (levels: readonly Values[]): Values => {
  const joined: Values = new Map();
  const inner = levels.at(-1) ?? new Map<number, string>();
  const current = levels.map(() => "");
  for (const index of [...inner.keys()].sort((one, other) => one - other)) {
    for (const [at, level] of levels.entries()) {
      const value = level.get(index);
      if (value !== undefined) current[at] = value;
    }
    joined.set(index, current.filter(Boolean).join(" / "));
  }
  return joined;
};

const pointsOf = (cache: XmlElement, format: FormatValue): Values => {
  const code = textIn(childOf(cache, "c:formatCode"));
  return new Map(
    elementsOf(cache, "c:pt").map((point) => {
      const value = textIn(childOf(point, "c:v"));
      return [indexOf(point), format(value, point.attributes["formatCode"] ?? code)];
    }),
  );
};

const indexOf = (point: XmlElement): number => Number(point.attributes["idx"] ?? 0) || 0;

const descendants = (element: XmlElement | undefined, name: string): XmlElement[] =>
  elementsOf(element).flatMap((child) => (child.name === name ? [child] : descendants(child, name)));

const textsIn = (element: XmlElement | undefined, name: string): string[] =>
  descendants(element, name)
    .map((one) => drawingText(one).trim())
    .filter(Boolean);
