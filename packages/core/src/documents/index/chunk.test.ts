import { type Block, defaultLimits, type Extraction } from "@resolve/extraction/extraction";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chunk, chunkText } from "./chunk.ts";

/** A text of blocks, as extraction returns it. */
const build = (parts: { kind: Block["kind"]; level?: number; page?: number; text: string }[]) => {
  let text = "";
  const blocks: Block[] = [];
  for (const { text: piece, ...part } of parts) {
    if (text !== "") text += "\n\n";
    blocks.push({ ...part, start: text.length, end: text.length + piece.length });
    text += piece;
  }
  return { text, blocks };
};

const sentence = (n: number) => `Sentence number ${n} says something about lenses and frames.`;
const long = (count: number) => Array.from({ length: count }, (_, n) => sentence(n)).join(" ");

test("chunks stay inside their section and contain its headings", () => {
  const chunks = chunkText(
    build([
      { kind: "heading", level: 1, text: "Handbook" },
      { kind: "heading", level: 2, text: "Leave" },
      { kind: "paragraph", text: "Thirty days a year." },
      { kind: "heading", level: 2, text: "Travel" },
      { kind: "paragraph", text: "Second class." },
    ]),
  );
  expect(chunks.map(({ headings, text }) => [headings, text])).toEqual([
    [["Handbook", "Leave"], "Handbook\n\nLeave\n\nThirty days a year."],
    [["Handbook", "Travel"], "Travel\n\nSecond class."],
  ]);
});

test("a long section overlaps by whole sentences and every word is in a chunk", () => {
  const source = build([{ kind: "paragraph", page: 3, text: long(200) }]);
  const chunks = chunkText(source);
  expect(chunks.length).toBeGreaterThan(3);
  for (const [at, chunk] of chunks.entries()) {
    expect(chunk.page).toBe(3);
    expect(chunk.tokens).toBeLessThanOrEqual(512);
    expect(chunk.text).toMatch(/^Sentence/);
    if (at > 0) expect(chunk.charStart).toBeLessThan(chunks[at - 1]!.charEnd);
  }
  expect(chunks.at(-1)!.charEnd).toBe(source.text.length);
});

test("a table that fits is one chunk", () => {
  const table = Array.from({ length: 30 }, (_, n) => `row ${n} | ${n * 3} EUR`).join("\n");
  expect(chunkText(build([{ kind: "table", text: table }])).map(({ text }) => text)).toEqual([table]);
});

test("a table of more tokens than a chunk should have is whole as long as it fits, and a list is divided", () => {
  const lines = Array.from({ length: 57 }, (_, n) => `row ${n} | ${n * 3} EUR`).join("\n");
  const [table, list] = (["table", "list"] as const).map((kind) => chunkText(build([{ kind, text: lines }])));
  expect(table).toMatchObject([{ tokens: expect.toSatisfy((tokens: number) => tokens > 400 && tokens <= 512) }]);
  expect(list!.length).toBe(2);
});

test("for any text: offsets are exact, chunks are within the limits, no character is split, and the result is deterministic", () => {
  const kinds = fc.constantFrom<Block["kind"]>("heading", "paragraph", "list", "table", "code");
  const piece = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 400 }),
    fc.integer({ min: 1, max: 120 }).map(long),
    fc.integer({ min: 1, max: 3000 }).map((n) => "😀".repeat(n)),
  );
  const parts = fc.array(fc.record({ kind: kinds, text: piece.filter((text) => text.trim() !== "") }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(parts, (input) => {
      const source = build(input);
      const chunks = chunkText(source);
      expect(chunkText(source)).toEqual(chunks);
      for (const chunk of chunks) {
        expect(source.text.slice(chunk.charStart, chunk.charEnd)).toBe(chunk.text);
        for (const cut of [chunk.charStart, chunk.charEnd])
          expect(/^[\ud800-\udbff][\udc00-\udfff]$/.test(source.text.slice(cut - 1, cut + 1))).toBe(false);
        expect(chunk.tokens).toBeLessThanOrEqual(512);
        expect(chunk.text.length).toBeGreaterThan(0);
      }
      expect(chunks.map(({ ordinal }) => ordinal)).toEqual(chunks.map((_, at) => at));
      // Only white space is between the chunks, so no word is lost.
      let covered = 0;
      for (const { charStart, charEnd } of chunks) {
        expect(source.text.slice(covered, Math.max(covered, charStart)).trim()).toBe("");
        expect(charEnd).toBeGreaterThan(covered);
        covered = charEnd;
      }
      expect(source.text.slice(covered).trim()).toBe("");
    }),
    { numRuns: 60, seed: 7 },
  );
});

test("a heading, a caption and an introduction stay with what they lead, also over a page break", () => {
  const row = (n: number) => `Part: ${n} | Price: ${n} EUR | Store: the shed at the quay number ${n}`;
  const table = Array.from({ length: 22 }, (_, n) => row(n)).join("\n");
  const full = long(26);
  const chunks = chunkText(
    build([
      { kind: "heading", level: 1, page: 1, text: "Prices" },
      { kind: "paragraph", page: 2, text: full },
      {
        kind: "paragraph",
        page: 2,
        text: `These parts are sold ${"by the yard at the quay and ".repeat(8)} in this order:`,
      },
      { kind: "list", page: 2, text: "- Rope\n- Anchor" },
      { kind: "heading", level: 1, page: 3, text: "Table of all the parts that are sold" },
      { kind: "caption", page: 3, text: "Parts of the yard" },
      { kind: "table", page: 3, text: table },
    ]),
  );
  const texts = chunks.map(({ text }) => text);
  expect(texts[0]).toMatch(/^Prices\n\nSentence number 0/);
  expect(chunks[0]!.page).toBe(2);
  expect(texts.filter((text) => text.includes("in this order:")).every((text) => text.includes("- Rope"))).toBe(true);
  expect(texts.find((text) => text.startsWith("Table of all"))).toContain("Part: 0");
  for (const text of texts) expect(text).not.toMatch(/(order:|yard|sold)$/);
});

test("for any table: rows are whole, and the cells and pages of a chunk are those of its rows", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "b", "7", " ", "é"), minLength: 1, maxLength: 60 });
  const tables = fc.array(
    fc.record({
      rows: fc.array(
        cell.filter((text) => text.trim() !== ""),
        { minLength: 1, maxLength: 40 },
      ),
      page: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(tables, fc.boolean(), (input, isSheet) => {
      const source = build(
        input.flatMap(({ rows, page }, at) => [
          { kind: "heading" as const, level: 1, text: `Table ${at}`, ...(isSheet ? {} : { page }) },
          {
            kind: "table" as const,
            text: rows.map((row, n) => `${at}.${n} ${row.trim()}`).join("\n"),
            ...(isSheet ? {} : { page }),
          },
        ]),
      );
      let first = 1;
      const numbers = new Map<string, number>();
      for (const block of source.blocks) {
        if (block.kind !== "table" || !isSheet) continue;
        const lines = source.text.slice(block.start, block.end).split("\n");
        block.cells = { sheet: "S", columns: ["B", "D"], rows: lines.map((_, n) => first + 2 * n) };
        for (const [n, line] of lines.entries()) numbers.set(line, first + 2 * n);
        first += 2 * lines.length + 3;
      }
      const pageOf = new Map(
        source.blocks.flatMap(({ start, end, page }) =>
          source.text
            .slice(start, end)
            .split("\n")
            .map((line) => [line, page ?? null]),
        ),
      );
      const lines = new Set(source.text.split("\n"));
      for (const { text, page, cells } of chunkText(source)) {
        const own = text.split("\n");
        for (const line of own) expect(lines.has(line), line).toBe(true);
        const rows = own.flatMap((line) => numbers.get(line) ?? []);
        if (isSheet && rows.length > 0) expect(cells).toBe(`B${Math.min(...rows)}:D${Math.max(...rows)}`);
        expect(own.flatMap((line) => pageOf.get(line) ?? []).every((one) => one === page)).toBe(true);
      }
    }),
    { numRuns: 100, seed: 11 },
  );
});

test("many tiny blocks stay below the maximum, including the gaps between them", () => {
  const chunks = chunkText(build(Array.from({ length: 2000 }, () => ({ kind: "paragraph" as const, text: "a" }))));
  expect(Math.max(...chunks.map(({ tokens }) => tokens))).toBeLessThanOrEqual(512);
});

test("the control words of language models are ordinary words", () => {
  const text = "The marker <|endoftext|> ends a text, <|im_start|> begins one.";
  expect(chunkText(build([{ kind: "paragraph", text }])).map((chunk) => chunk.text)).toEqual([text]);
});

/** Rare characters in a fixed order that looks random. */
const rare = (count: number, first: number) =>
  Array.from({ length: count }, (_, at) => String.fromCodePoint(first + ((at * 7919) % 20_000))).join("");

test.each([
  ["one letter", "a".repeat(1_000_000)],
  ["two letters in turn", "ab".repeat(500_000)],
  ["rare Chinese characters", rare(300_000, 0x4e00)],
  ["characters of two code units", rare(200_000, 0x20000)],
  ["one sign", ".".repeat(1_000_000)],
  ["blanks and a letter", `${" ".repeat(500_000)}a`.repeat(2)],
])(
  "H8: a text of %s, without separators, is split in linear time and loses nothing",
  (_, text) => {
    const chunks = chunkText(build([{ kind: "paragraph", text }]));
    const joined = chunks.map((chunk) => chunk.text).join("");
    expect(joined.replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
  },
  20_000,
);

test("a text that could delay the renewal of the lease is split in a worker thread, into the same chunks and within its limits", async () => {
  const source = build([
    { kind: "heading", level: 1, text: "Handbook" },
    { kind: "table", page: 7, text: "article | price\n".repeat(4000) },
    { kind: "paragraph", text: `${long(400)} ${"x".repeat(200)}` },
  ]);
  const extraction: Extraction = { format: "text", contentType: "text/plain", pages: null, warnings: [], ...source };
  expect(await chunk(extraction)).toEqual(chunkText(source));
  // Five million rare characters take ten seconds.
  const slowExtraction = { ...extraction, ...build([{ kind: "paragraph", text: rare(5_000_000, 0x4e00) }]) };
  await expect(chunk(slowExtraction, { ...defaultLimits, timeoutSeconds: 1 })).rejects.toMatchObject({
    code: "extraction-timeout",
  });
});
