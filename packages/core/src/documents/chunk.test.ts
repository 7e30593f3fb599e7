import fc from "fast-check";
import { expect, test } from "vitest";
import { chunkText } from "./chunk.ts";
import type { Block } from "./extract.ts";

/** A text made of blocks, as the extraction makes it. */
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

test("chunks stay inside their section and know the headings above", () => {
  const chunks = chunkText(build([
    { kind: "heading", level: 1, text: "Handbook" },
    { kind: "heading", level: 2, text: "Leave" },
    { kind: "paragraph", text: "Thirty days a year." },
    { kind: "heading", level: 2, text: "Travel" },
    { kind: "paragraph", text: "Second class." },
  ]));
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

test("for any text: slices are exact, bounds hold, no character is cut, and again gives the same", () => {
  const kinds = fc.constantFrom<Block["kind"]>("heading", "paragraph", "list", "table", "code");
  const piece = fc.oneof(fc.string({ unit: "grapheme", minLength: 1, maxLength: 400 }), fc.integer({ min: 1, max: 120 }).map(long), fc.integer({ min: 1, max: 3000 }).map((n) => "😀".repeat(n)));
  const parts = fc.array(fc.record({ kind: kinds, text: piece.filter((text) => text.trim() !== "") }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(parts, (input) => {
      const source = build(input);
      const chunks = chunkText(source);
      expect(chunkText(source)).toEqual(chunks);
      for (const chunk of chunks) {
        expect(source.text.slice(chunk.charStart, chunk.charEnd)).toBe(chunk.text);
        expect(chunk.text.isWellFormed()).toBe(source.text.isWellFormed() || chunk.text.isWellFormed());
        expect(chunk.tokens).toBeLessThanOrEqual(600);
        expect(chunk.text.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 60, seed: 7 },
  );
});
