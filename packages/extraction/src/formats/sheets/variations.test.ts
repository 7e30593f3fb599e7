import fc from "fast-check";
import { expect, test } from "vitest";
import { expectAnswerWhenDamaged } from "../testing/arbitrary.ts";
import { archiveOf } from "../testing/package.ts";
import { readAs } from "../testing/read.ts";
import { columnName } from "./sheet.ts";
import { type TestCell, type TestSheet, xlsx } from "./testing.ts";

const readText = async (bytes: Uint8Array) => (await readAs(bytes, "a.xlsx")).text;

/** A table on a sheet: where it is, how large it is, what is hidden. */
type Model = {
  title: boolean;
  columns: number;
  rows: number;
  kinds: ("word" | "number" | "date" | "percent")[];
  hiddenRows: number[];
  hiddenColumns: number[];
  mergedFrom: number | undefined;
  isSplit: boolean;
};

const model: fc.Arbitrary<Model> = fc.record({
  title: fc.boolean(),
  columns: fc.integer({ min: 3, max: 6 }),
  rows: fc.integer({ min: 2, max: 8 }),
  kinds: fc.array(fc.constantFrom("word" as const, "number" as const, "date" as const, "percent" as const), {
    minLength: 6,
    maxLength: 6,
  }),
  hiddenRows: fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 2 }),
  hiddenColumns: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 1 }),
  mergedFrom: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  isSplit: fc.boolean(),
});

/** A word that stands nowhere else: tables are told apart by their number. */
const word = (tableAt: number, row: number, column: number) => `w${tableAt}x${row}y${column}z`;

/** The cells of a table from a row on, and the lines that a right reading gives. */
const build = (own: Model, tableAt: number, top: number) => {
  const cells: Record<string, TestCell> = {};
  const merges: string[] = [];
  const hiddenRows = own.hiddenRows.filter((row) => row < own.rows - 1).map((row) => top + 2 + row);
  let at = top;
  const expected: string[][] = [];
  if (own.title) {
    cells[`A${at}`] = `Title ${tableAt} of this`;
    expected.push([`Title ${tableAt} of this`]);
  }
  at += 1;
  const visible = (column: number) => !own.hiddenColumns.includes(column);
  for (let column = 0; column < own.columns; column++)
    cells[`${columnName(column)}${at}`] = { value: `Name ${tableAt} ${column}`, bold: true };
  for (let row = 0; row < own.rows; row++) {
    const line: string[] = [];
    for (let column = 0; column < own.columns; column++) {
      const reference = `${columnName(column)}${at + 1 + row}`;
      const kind = column === 0 ? "word" : own.kinds[column]!;
      const isCovered = own.mergedFrom === row - 1 && column === 0 && own.mergedFrom < own.rows - 1;
      let text = word(tableAt, row, column);
      if (kind === "word" && !isCovered)
        cells[reference] = own.isSplit
          ? {
              type: "inlineStr",
              xml: `<is>${[...text].map((letter) => `<r><t>${letter}</t></r>`).join("")}<rPh sb="0" eb="1"><t>reading</t></rPh></is>`,
            }
          : text;
      if (kind === "number") {
        cells[reference] = 100000 + tableAt * 10000 + row * 100 + column;
        text = String(cells[reference]);
      }
      if (kind === "date") {
        cells[reference] = { value: 47500 + row, format: own.isSplit ? "dd/mm/yyyy" : "[$-407]TT.MM.JJJJ" };
        text = new Date(Date.UTC(1899, 11, 30) + (47500 + row) * 86_400_000).toISOString().slice(0, 10);
      }
      if (kind === "percent") {
        cells[reference] = { value: (row * 10 + column) / 1000, format: "0.0%" };
        text = `${((row * 10 + column) / 10).toFixed(1)}%`;
      }
      if (isCovered) text = word(tableAt, row - 1, 0);
      if (visible(column)) line.push(`Name ${tableAt} ${column}: ${text}`);
    }
    if (!hiddenRows.includes(at + 1 + row)) expected.push([line.join(" | ")]);
  }
  if (own.mergedFrom !== undefined && own.mergedFrom < own.rows - 1)
    merges.push(`A${at + 1 + own.mergedFrom}:A${at + 2 + own.mergedFrom}`);
  return { cells, merges, hiddenRows, expected, next: at + own.rows + 2 };
};

/** The same sheet as OpenDocument. */
const ods = ({ cells, merges = [], hiddenRows = [], hiddenColumns = [] }: TestSheet): Uint8Array => {
  const at = (row: number, column: number) => cells[`${columnName(column)}${row}`];
  const covered = new Set<string>();
  const rows: string[] = [];
  const last = Math.max(...Object.keys(cells).map((reference) => Number(/\d+/.exec(reference)![0])));
  for (let row = 1; row <= last; row++) {
    const list = Array.from({ length: 6 }, (_, column) => {
      const area = merges.find((one) => one.startsWith(`${columnName(column)}${row}:`));
      if (area) covered.add(area.split(":")[1]!);
      const isCovered = covered.has(`${columnName(column)}${row}`);
      return odsCell(
        at(row, column),
        isCovered ? "covered-table-cell" : "table-cell",
        area ? ' table:number-rows-spanned="2"' : "",
      );
    });
    rows.push(
      `<table:table-row${hiddenRows.includes(row) ? ' table:visibility="collapse"' : ""}>${list.join("")}</table:table-row>`,
    );
  }
  const columns = Array.from(
    { length: 6 },
    (_, column) => `<table:table-column${hiddenColumns.includes(column + 1) ? ' table:visibility="collapse"' : ""}/>`,
  );
  const namespaces = ["office", "style", "text", "table"].map(
    (name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
  );
  const content = `<office:document-content ${namespaces.join(" ")} xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"><office:automatic-styles><style:style style:name="b" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="S">${columns.join("")}${rows.join("")}</table:table></office:spreadsheet></office:body></office:document-content>`;
  return archiveOf({ mimetype: "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content });
};

const odsCell = (cell: TestCell | undefined, name: string, span: string): string => {
  const element = (attributes: string, text: string) =>
    `<table:${name}${span} ${attributes}><text:p>${text}</text:p></table:${name}>`;
  if (cell === undefined) return `<table:${name}${span}/>`;
  if (typeof cell === "number") return element(`office:value-type="float" office:value="${cell}"`, String(cell));
  if (typeof cell === "string") return element('office:value-type="string"', cell);
  const { value, format, bold, xml } = cell;
  if (xml)
    return element(
      'office:value-type="string"',
      xml
        .replace(/<rPh.*/, "")
        .replace(/<r><t>(.)<\/t><\/r>/g, "<text:span>$1</text:span>")
        .replace(/<\/?is>/g, ""),
    );
  if (bold) return element('office:value-type="string" table:style-name="b"', String(value));
  const number = Number(value);
  if (format?.includes("%"))
    return element(`office:value-type="percentage" office:value="${number}"`, `${(number * 100).toFixed(1)}%`);
  const day = new Date(Date.UTC(1899, 11, 30) + number * 86_400_000).toISOString().slice(0, 10);
  return element(`office:value-type="date" office:date-value="${day}"`, "14. 3. 30");
};

test.each([
  ["xlsx", (sheet: TestSheet) => xlsx(sheet)],
  ["ods", (sheet: TestSheet) => ods(sheet)],
])(
  "%s: every visible word of tables stands once, in order, with the name of its column, and nothing hidden does",
  async (_, write) => {
    await fc.assert(
      fc.asyncProperty(fc.array(model, { minLength: 1, maxLength: 3 }), async (models) => {
        const sheet: TestSheet & { merges: string[]; hiddenRows: number[] } = {
          cells: {},
          merges: [],
          hiddenRows: [],
          hiddenColumns: [],
        };
        // A hidden column is hidden for all tables of its sheet.
        const hiddenColumns = models[0]!.hiddenColumns.filter((column) => column > 0);
        sheet.hiddenColumns = hiddenColumns.map((column) => column + 1);
        const expected: string[] = [];
        let top = 1;
        for (const [at, own] of models.entries()) {
          const part = build({ ...own, hiddenColumns }, at, top);
          Object.assign(sheet.cells, part.cells);
          sheet.merges.push(...part.merges);
          sheet.hiddenRows.push(...part.hiddenRows);
          expected.push(...part.expected.map(([line]) => line!));
          top = part.next;
        }
        const lines = (await readText(write(sheet))).split("\n").filter(Boolean).slice(1);
        expect(lines).toEqual(expected);
      }),
      { numRuns: 80 },
    );
  },
);

const damagedFiles = async (): Promise<[string, Uint8Array][]> => {
  const { write, utils } = await import("@e965/xlsx");
  const book = utils.book_new();
  const rows = Array.from({ length: 30 }, (_, row) => [`row ${row}`, row, row / 7, new Date(Date.UTC(2030, 2, row))]);
  utils.book_append_sheet(book, utils.aoa_to_sheet([["Name", "Count", "Part", "Day"], ...rows]), "One");
  const types = { xlsx: "xlsx", xls: "biff8", xlsb: "xlsb", ods: "ods", xml: "xlml" } as const;
  return Object.entries(types).map(([extension, bookType]) => [
    `a.${extension}`,
    write(book, { type: "buffer", bookType, compression: false }) as Buffer,
  ]);
};

test("damaged spreadsheets of each format give a result or an error within a second", async () => {
  for (const [name, bytes] of await damagedFiles()) await expectAnswerWhenDamaged(bytes, name, 40);
});
