import type { Block } from "@resolve/extraction/extraction";
import { expect, test } from "vitest";
import { marksOf, readMarks } from "./marks.ts";

const block = (kind: Block["kind"], start: number, end: number): Block => ({ kind, start, end });

test("marks name the blocks of a range that are no paragraphs, with offsets in the range", () => {
  const blocks = [block("heading", 0, 12), block("paragraph", 14, 40), block("table", 42, 90), block("footer", 92, 99)];
  expect(marksOf(blocks, 0, 99)).toBe("h0-12 t42-90 f92-99");
  // A chunk that begins and ends inside of blocks.
  expect(marksOf(blocks.slice(1, 3), 20, 60)).toBe("t22-40");
  expect(marksOf(blocks.slice(1, 2), 14, 40)).toBeNull();
});

test("marks are read as they were written, and others are ignored", () => {
  const kinds = ["heading", "list", "table", "code", "note", "caption", "header", "footer"] as const;
  const blocks = kinds.map((kind, n) => block(kind, 10 * n, 10 * n + 5));
  expect(readMarks(marksOf(blocks, 0, 80))).toEqual(blocks);
  expect(readMarks(null)).toEqual([]);
  expect(readMarks("x1-2 h3")).toEqual([]);
});
