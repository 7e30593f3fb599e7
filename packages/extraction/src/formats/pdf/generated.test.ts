import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultLimits, ExtractionFailure } from "../../extraction.ts";
import { read } from "../index.ts";
import { line, show, showLines, testPdf } from "./write-pdf.ts";

/** Random pages: paragraphs in one or two columns, tables and hidden words, each word with its own number. */
const pageModel = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("text" as const),
      lines: fc.integer({ min: 1, max: 6 }),
      size: fc.constantFrom(9, 11, 18),
    }),
    fc.record({ kind: fc.constant("columns" as const), lines: fc.integer({ min: 4, max: 8 }), byRow: fc.boolean() }),
    fc.record({
      kind: fc.constant("table" as const),
      rows: fc.integer({ min: 3, max: 5 }),
      columns: fc.integer({ min: 2, max: 4 }),
      ruled: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("hidden" as const), how: fc.constantFrom("3 Tr", "1 1 1 rg") }),
  ),
  { minLength: 1, maxLength: 4 },
);

test("each visible word of any page is read exactly once and in order, and no hidden word", {
  timeout: 20_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(pageModel, async (model) => {
      let count = 0;
      const visible: string[] = [];
      const word = () => {
        const text = `w${count++}x`;
        visible.push(text);
        return text;
      };
      const cells: string[] = [];
      const cell = () => {
        const text = `c${count++}x`;
        cells.push(text);
        return text;
      };
      const words = (number: number) => Array.from({ length: number }, word).join(" ");
      let y = 760;
      let content = "";
      for (const part of model) {
        if (part.kind === "text")
          content += showLines(
            60,
            y,
            Array.from({ length: part.lines }, () => words(8)),
            { size: Math.min(part.size, 12) },
          );
        else if (part.kind === "columns") {
          const [a, b] = [0, 1].map(() => Array.from({ length: part.lines }, () => words(5))) as [string[], string[]];
          content += part.byRow
            ? a.map((text, at) => show(60, y - 14 * at, text) + show(320, y - 14 * at, b[at]!)).join("")
            : showLines(60, y, a) + showLines(320, y, b);
        } else if (part.kind === "table") {
          for (let row = 0; row < part.rows; row++)
            for (let column = 0; column < part.columns; column++)
              content += show(64 + 120 * column, y - 16 * row, cell());
          if (part.ruled) {
            for (let row = 0; row <= part.rows; row++)
              content += line(60, y + 12 - 16 * row, 60 + 120 * part.columns, y + 12 - 16 * row);
            for (let column = 0; column <= part.columns; column++)
              content += line(60 + 120 * column, y + 12, 60 + 120 * column, y + 12 - 16 * part.rows);
          }
        } else content += show(60, y, "secret words", { state: part.how });
        y -= 180;
      }
      if (count === 0) return;
      const { text } = await read(testPdf({ pages: [content] }), { name: "a.pdf" }, defaultLimits);
      expect(text).not.toContain("secret");
      expect(text.match(/w\d+x/g) ?? []).toEqual(visible);
      // Column names are repeated in the rows of a table.
      expect(new Set(text.match(/c\d+x/g) ?? [])).toEqual(new Set(cells));
    }),
    { numRuns: 25 },
  );
});

test("a damaged file gives a result or a failure, and never takes long", { timeout: 20_000 }, async () => {
  const whole = testPdf({
    pages: [show(60, 700, "A page of text.") + line(60, 600, 300, 600), show(60, 700, "Another.")],
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(whole.length - 1), cut: fc.integer({ min: 0, max: 30 }), byte: fc.nat(255) }), {
        minLength: 1,
        maxLength: 6,
      }),
      async (changes) => {
        let bytes = whole;
        for (const { at, cut, byte } of changes)
          bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + cut)]);
        const startedAt = performance.now();
        await read(bytes, { name: "a.pdf" }, defaultLimits).catch((error: unknown) => {
          if (!(error instanceof Error) && !(error instanceof ExtractionFailure)) throw error;
        });
        expect(performance.now() - startedAt).toBeLessThan(5000);
      },
    ),
    { numRuns: 30 },
  );
});
