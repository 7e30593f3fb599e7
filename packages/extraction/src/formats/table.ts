/** Writes the rows of a table as lines that repeat the names of the columns and merged cells. */

import type { Cell, DocumentBlock, TableBlock } from "./model.ts";

/** A row of a table as one line of text. `row` is its index in the block's rows. */
type Line = { row: number; text: string };

/** A longer text is not repeated in the other rows that its merged cell covers. */
const repeatedCharsMax = 200;

/**
 * The rows of a table as lines of `column: value | column: value`, so that each row is understandable alone. The names of
 * several header rows are joined by " / ". A cell that covers several rows stands in each of them. Header rows are lines
 * of their own when the table has no other rows, or when a column that they name is empty.
 */
export const tableLines = ({
  rows,
  headerRows,
  isContinued,
}: Pick<TableBlock, "rows" | "headerRows" | "isContinued">): Line[] => {
  const count = Math.min(headerRows ?? guessedHeaderRows(rows), rows.length);
  const grid = gridOf(rows, count);
  const header = grid.slice(0, count);
  const body = grid.slice(count);
  const named = new Set<number>();
  const names: string[] = [];
  for (const [at, row] of header.entries())
    row.forEach((text, column) => {
      if (text === "") return;
      const above = names[column];
      // A cell that covers several header rows names its column once.
      if (above === undefined || above === "") names[column] = text;
      else if (header[at - 1]?.[column] !== text) names[column] = `${above} / ${text}`;
    });
  for (const [column, name] of names.entries()) if (name) names[column] = name.replace(/(?<=.)[:：]$/, "");
  const lines = body.map((row, at) => {
    const parts: string[] = [];
    const isSection = isSectionRow(row, rows[at + count]!);
    row.forEach((text, column) => {
      if (text === "") return;
      const name = isSection ? undefined : names[column];
      if (name) named.add(column);
      parts.push(name ? `${name}: ${text}` : text);
    });
    return { row: at + count, text: parts.join(" | ") };
  });
  const isEachNamed = isContinued || names.every((name, column) => !name || named.has(column));
  const headerLines = isEachNamed ? [] : rows.slice(0, count).map(lineOf);
  return [...headerLines, ...lines].filter(({ text }) => text !== "");
};

/** A block as text, in a place that has no blocks, such as the cell of another table. */
export const blockText = (block: DocumentBlock, rowSeparator = "\n"): string => {
  if (block.kind !== "table") return block.text;
  const rows = tableLines(block).map(({ text }) => text);
  return [block.caption ?? "", rows.join(rowSeparator)].filter(Boolean).join("\n");
};

/** A header row, in which a merged cell stands once. */
const lineOf = (row: readonly Cell[], at: number): Line => ({
  row: at,
  text: row
    .map(({ text }) => text.replace(/\s+/g, " ").trim())
    .filter(Boolean)
    .join(" | "),
});

/** True for a row of one cell across several columns: it names the rows below, and belongs to no column. */
const isSectionRow = (texts: readonly string[], cells: readonly Cell[]): boolean => {
  const own = cells.filter(({ text }) => text.trim() !== "");
  return own.length === 1 && (own[0]!.columns ?? 1) > 1 && texts.filter(Boolean).length === 1;
};

/**
 * The texts by row and column. A merged cell is repeated in the rows that it covers, and in a header row in the columns too.
 * A row may be sparse: a hostile extent must not cost memory.
 */
const gridOf = (rows: readonly (readonly Cell[])[], headerRows: number): string[][] => {
  const grid: string[][] = rows.map(() => []);
  /** For each column the last row that a cell from above covers, and that cell's text. */
  const covered = new Map<number, { until: number; text: string }>();
  for (const [at, row] of rows.entries()) {
    const out = grid[at]!;
    let column = 0;
    const skipCovered = () => {
      for (let above = covered.get(column); above && above.until >= at; above = covered.get(column)) column += 1;
    };
    for (const [above, { until, text }] of covered)
      if (until < at) covered.delete(above);
      else if (text !== "") out[above] = text;
    for (const cell of row) {
      skipCovered();
      const text = cell.text.replace(/\s+/g, " ").trim();
      const width = Math.min(Math.max(1, cell.columns ?? 1), extentMax);
      const until = Math.min(at + Math.max(1, cell.rows ?? 1), rows.length) - 1;
      const isHeader = at < headerRows;
      for (let offset = 0; offset < width; offset++) {
        const shown = offset === 0 || isHeader ? text : "";
        if (shown !== "") out[column + offset] = shown;
        if (until > at) covered.set(column + offset, { until, text: shown.length <= repeatedCharsMax ? shown : "" });
        // A wide cell that covers no other row and repeats nothing needs no visit of each of its columns.
        if (!isHeader && until === at) break;
      }
      column += width;
      if (column >= columnsMax) break;
    }
  }
  return grid;
};

/** The maximum number of columns of a spreadsheet (Excel specifications and limits), against files that declare more. */
const columnsMax = 16_384;
/** The largest extent of a cell in HTML (HTML standard, 4.9.11). */
const extentMax = 1000;

/** Rows that are enough to see whether there is a header. */
const guessRows = 50;

/**
 * The number of rows that name the columns. One when each cell of the first row has words or is a year, all are different,
 * and no row below is wider; the corner may be empty. More when the first rows have names over several columns and the last one has
 * the names below them. Two columns may as well be a form, with its labels on the left; there, two or more numbers
 * below a name must show that it is one.
 */
export const guessedHeaderRows = (rows: readonly (readonly Cell[])[]): number => {
  const sample = withoutEmptyEnd(rows.slice(0, guessRows));
  const grid = gridOf(sample, 0);
  const [head, ...body] = grid;
  if (!head || body.length === 0 || isForm(grid)) return 0;
  const width = Math.max(...sample.slice(0, 1).map(widthOf), head.length);
  if (width < 2 || body.some((row) => row.length > width)) return 0;
  const deep = deepHeaderRows(sample);
  if (deep > 1) return deep;
  const own = sample[0]!.map(({ text }) => text.trim());
  if (own.length > 2 && own.every(isName) && new Set(own).size === own.length) return 1;
  const names = Array.from({ length: width }, (_, column) => head[column] ?? "");
  const isCornerEmpty = names[0] === "" && width > 2 && body.every((row) => isName(row[0] ?? ""));
  const named = isCornerEmpty ? names.slice(1) : names;
  if (new Set(named).size < named.length) return 0;
  if (!named.every(isName)) return areYears(named.slice(isCornerEmpty ? 0 : 1)) && hasNumbers(body, width) ? 1 : 0;
  if (width > 2) return 1;
  return body.length > 1 && body.every(([, text]) => isNumber(text)) && !isNumber(head[1]) ? 1 : 0;
};

/** A doubled border of a table looks like a last column that is empty. */
const withoutEmptyEnd = (rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] => {
  const isEmptyAt = (from: number) => rows.every((row) => row.length > from && row.at(-1 - from)!.text.trim() === "");
  let empty = 0;
  while (rows.length > 0 && isEmptyAt(empty)) empty += 1;
  return empty === 0 ? rows : rows.map((row) => row.slice(0, -empty));
};

const nameCharsMax = 120;
const isName = (text: string): boolean => /\p{L}/u.test(text) && text.length <= nameCharsMax;
const isNumber = (text = ""): boolean => /^[^\p{L}]*\p{N}[^\p{L}]*\p{L}{0,3}$/u.test(text);

/** Years or months, which name columns although they have no words. */
const areYears = (names: readonly string[]): boolean =>
  names.length > 1 && names.every((name) => isYear(name) || isName(name));
const isYear = (name: string): boolean => /^(19|20)\d\d(-\d\d){0,2}$/.test(name);

/** True when some row below has a number that is no year in each column from the second on. */
const hasNumbers = (body: readonly (readonly string[])[], width: number): boolean =>
  Array.from({ length: width - 1 }, (_, at) => at + 1).every((column) =>
    body.some((row) => isNumber(row[column]) && !isYear(row[column]!)),
  );

/** A form has a colon after most of its labels. */
const isForm = (grid: readonly (readonly string[])[]): boolean =>
  grid.filter(([label = ""]) => /[:：]$/.test(label)).length * 2 > grid.length;

const widthOf = (row: readonly Cell[]): number =>
  row.reduce((sum, { columns = 1 }) => sum + Math.min(Math.max(1, columns), extentMax), 0);

const headerRowsMax = 4;

/**
 * The number of header rows when names cover several columns, with further names below each, and nothing but names beside
 * them; else 0.
 */
const deepHeaderRows = (rows: readonly (readonly Cell[])[]): number => {
  const head = rows[0] ?? [];
  if (head.length < 2) return 0;
  const grid = gridOf(rows, headerRowsMax);
  const isWide = ({ text, columns = 1 }: Cell) => text !== "" && columns > 1;
  let count = 1;
  while (
    count <= headerRowsMax &&
    (rows[count - 1]?.some(isWide) || head.some(({ rows: height = 1 }) => height > count))
  )
    count += 1;
  if (count > headerRowsMax || count >= rows.length || !rows.slice(0, count).some((row) => row.some(isWide))) return 0;
  const isNaming = ({ text }: Cell) => text === "" || isName(text) || isYear(text);
  if (!rows.slice(0, count).every((row) => row.every(isNaming))) return 0;
  const below = grid.slice(count);
  const last = grid[count - 1]!;
  let column = 0;
  for (const { text, columns = 1, rows: height = 1 } of head) {
    const own = Array.from({ length: Math.min(columns, extentMax) }, (_, at) => last[column + at] ?? "");
    column += columns;
    if (height > 1 || text === "") continue;
    if (columns > 1 && own.every((name) => name === "")) return 0;
    // Beside the wide names the last row has nothing, or words above numbers.
    if (columns === 1 && own[0] !== "" && !below.some((row) => isNumber(row[column - 1]))) return 0;
  }
  return count;
};
