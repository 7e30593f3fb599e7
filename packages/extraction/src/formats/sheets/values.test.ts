import { expect, test } from "vitest";
import { readBook, table, warningsOf } from "./testing.ts";

/** The text of one cell with a number format. */
const shown = async (value: number | string, format: string, is1904 = false): Promise<string> => {
  const book = { is1904, sheets: [{ cells: { A1: "x", A2: { value, format } } }] };
  return (await readBook(book)).text.split("\n").at(-1)!;
};

test("dates stand in ISO form, whatever their format, their language and their date system", async () => {
  const formats: [number, string, string][] = [
    [47556, "mm-dd-yy", "2030-03-14"],
    [47556, "[$-407]TT.MM.JJJJ", "2030-03-14"],
    [47556, "jj/mm/aaaa", "2030-03-14"],
    [47556, 'yyyy"年"m"月"d"日"', "2030-03-14"],
    [47556, 'yyyy"年"m"月"', "2030-03"],
    [47556, "mmm\\ yy", "2030-03"],
    [47556, "yyyy", "2030"],
    [47556, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2030-03-14"],
    [47556, '"until "d. mmmm yyyy', "until 2030-03-14"],
    [47556.3125, "dd/mm/yyyy\\ hh:mm", "2030-03-14 07:30"],
    [47556.3125, "yyyy-mm-dd\\Thh:mm:ss", "2030-03-14 07:30:00"],
    [44999.9999999, "yyyy-mm-dd hh:mm", "2023-03-15 00:00"],
    [45000.999996, "yyyy-mm-dd hh:mm:ss", "2023-03-16 00:00:00"],
    [0.3125, "h:mm AM/PM", "07:30"],
    [0.3125, 'h:mm "Uhr"', "07:30 Uhr"],
    [0.75, "dd/mm/yyyy hh:mm", "18:00"],
    [59, "d/m/yyyy", "1900-02-28"],
    [60, "d/m/yyyy", "1900-02-29"],
    [61, "d/m/yyyy", "1900-03-01"],
    [-5, "d/m/yyyy", "-5"],
    [2958466, "d/m/yyyy", "2958466"],
  ];
  for (const [value, format, expected] of formats)
    expect([format, await shown(value, format)]).toEqual([format, expected]);
  expect(await shown(46094, "d/m/yyyy", true)).toBe("2030-03-14");
});

test("numbers stand as the application shows them, and whole numbers keep all digits", async () => {
  const formats: [number, string, string][] = [
    [0.375, "0.0%", "37.5%"],
    [1234.5, '#,##0.00\\ "€"', "1,234.50 €"],
    [1234.5, "[$£-809]#,##0.00", "£1,234.50"],
    [-1234.5, '_-* #,##0.00\\ [$€-407]_-;\\-* #,##0.00\\ [$€-407]_-;_-* "-"??\\ [$€-407]_-', "-1,234.50 €"],
    [1.25, "[h]:mm", "30:00"],
    [-1.25, "[h]:mm", "-30:00"],
    [0.01, "[mm]:ss", "14:24"],
    [420, "00000", "00420"],
    [1.5, "# ?/?", "1 1/2"],
    [123456, "0.00E+00", "1.23E+05"],
    [1234, '#,##0 "kg"', "1,234 kg"],
    [-5, "#,##0;[Red](#,##0)", "(5)"],
    [3, 'General" m"', "3 m"],
    [123456789012, "General", "123456789012"],
    [123456789012345, "General", "123456789012345"],
    [0.1 + 0.2, "General", "0.3"],
    [1 / 3, "General", "0.333333333"],
    [5, "Standard", "5"],
  ];
  for (const [value, format, expected] of formats)
    expect([format, await shown(value, format)]).toEqual([format, expected]);
});

test("booleans, errors, ISO dates, texts of formulas and escaped characters stand as they are shown", async () => {
  const extraction = await readBook({
    cells: {
      A1: { type: "b", value: 1 },
      A2: { type: "e", value: "#DIV/0!" },
      A3: { type: "d", value: "2030-03-14T00:00:00" },
      A4: { type: "str", value: "net_x000D_ price", formula: "B1" },
      A5: { value: "00420" },
      A6: { value: "two\nlines" },
    },
  });
  expect(extraction.text).toBe("Sheet1\n\nTRUE\n#DIV/0!\n2030-03-14\nnet price\n00420\ntwo lines");
});

test("shared strings are read with their runs, and without the reading of their characters", async () => {
  const strings =
    '<si><r><t>Kes</t></r><r><rPr><b/></rPr><t xml:space="preserve">trel </t></r><r><t>Quay</t></r></si><si><t>倉庫</t><rPh sb="0" eb="2"><t>ソウコ</t></rPh><phoneticPr fontId="1"/></si>';
  const cells = { A1: { type: "s", value: 0 }, A2: { type: "s", value: 1 } };
  expect((await readBook({ strings, sheets: [{ cells }] })).text).toBe("Sheet1\n\nKestrel Quay\n\n倉庫");
});

test("a formula without a stored value stands itself in its cell, and is reported", async () => {
  const extraction = await readBook({
    cells: {
      ...table([
        ["Quarter", "Tons"],
        ["Q1", 40],
        ["Q2", 55],
      ]),
      A4: "Total",
      B4: { formula: "SUM(B2:B3)" },
      A5: "Share",
      B5: { xml: '<f t="shared" ref="B5:B6" si="0">B2/$B$4</f>' },
      A6: "Share 2",
      B6: { xml: '<f t="shared" si="0"/><v></v>' },
    },
  });
  expect(extraction.text).toContain("Quarter: Total | Tons: =SUM(B2:B3)");
  expect(extraction.text).toContain("Quarter: Share | Tons: =B2/$B$4");
  expect(extraction.text).toContain("Quarter: Share 2 | Tons: =B3/$B$4");
  expect(warningsOf(extraction)).toEqual([["formula-uncached", 3, "Sheet1!B4", "Sheet1!B5", "Sheet1!B6"]]);
});
