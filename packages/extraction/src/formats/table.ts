import type { Cell, TableBlock } from "./model.ts";

/** A row of a table as one line of text. `row` is its index in the block's rows. */
type Line = { row: number; text: string };

/** A longer text is not repeated in the other rows that its merged cell covers. */
const repeatedCharsMax = 200;

/**
 * The rows of a table as lines of `column: value | column: value`, so that each row is understandable alone. The names of
 * several header rows are joined by " / ". A cell that covers several rows stands in each of them. Header rows are lines
 * of their own when the table has no other rows, or when a column that they name is empty.
 */
export const tableLines = ({ rows, headerRows }: Pick<TableBlock, "rows" | "headerRows">): Line[] => {
  const grid = gridOf(rows, headerRows ?? 0);
  const count = Math.min(headerRows ?? guessedHeaderRows(grid), grid.length);
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
  const lines = body.map((row, at) => {
    const parts: string[] = [];
    row.forEach((text, column) => {
      if (text === "") return;
      const name = names[column];
      if (name) named.add(column);
      parts.push(name ? `${name}: ${text}` : text);
    });
    return { row: at + count, text: parts.join(" | ") };
  });
  const isEachNamed = names.every((name, column) => !name || named.has(column));
  const headerLines = isEachNamed ? [] : header.map((row, at) => ({ row: at, text: row.filter(Boolean).join(" | ") }));
  return [...headerLines, ...lines].filter(({ text }) => text !== "");
};

/**
 * The texts by row and column. A merged cell is repeated in the rows that it covers, and in a header row in the columns too.
 * A row may be sparse: a hostile extent must not cost memory.
 */
export const gridOf = (rows: readonly (readonly Cell[])[], headerRows: number): string[][] => {
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

/**
 * One when the first row names the columns: each of its cells has words, all are different, and no row below is wider.
 * Two columns may as well be a form, with its labels on the left; there, two or more numbers below a name must show that it
 * is one.
 */
export const guessedHeaderRows = (grid: readonly (readonly string[])[]): number => {
  const [head, ...body] = grid;
  const isName = (text: string) => /\p{L}/u.test(text) && text.length <= nameCharsMax;
  if (!head || body.length === 0 || head.length < 2) return 0;
  for (let column = 0; column < head.length; column++) if (!isName(head[column] ?? "")) return 0;
  if (new Set(head).size < head.length || body.some((row) => row.length > head.length)) return 0;
  const isNumber = (text = "") => /^[^\p{L}]*\p{N}[^\p{L}]*\p{L}{0,3}$/u.test(text);
  return head.length > 2 || (body.length > 1 && body.every(([, text]) => isNumber(text)) && !isNumber(head[1])) ? 1 : 0;
};

const nameCharsMax = 120;
