import fc from "fast-check";
import { expect, test } from "vitest";
import { block, written } from "./random-file.ts";
import { readWord, type WordFile } from "./testing.ts";

/** Notes stand after the table that refers to them, so their place among its words is not compared. */
const hasNotes = (file: WordFile) => file.footnotes !== "";

test("every visible word is in the text once and in order, and nothing hidden is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(block, { maxLength: 5 }), async (blocks) => {
      const { file, writer } = written(blocks);
      const { text } = await readWord(file);
      const found = text.match(/\bw\d+q\b/g) ?? [];
      const first = [...new Set(found)];
      if (hasNotes(file)) expect([...first].sort()).toEqual([...writer.words].sort());
      else expect(first).toEqual(writer.words);
      expect(text).not.toContain("hidden");
      for (const unseen of writer.unseen) expect(text).not.toMatch(new RegExp(`\\b${unseen}\\b`));
      // Only labels of merged cells are repeated.
      const labels = new Set(writer.named.map(([name]) => name));
      const once = found.filter((word) => !labels.has(word));
      expect(new Set(once).size).toBe(once.length);
      const lines = text.split("\n");
      for (const [name, word] of writer.named) {
        const line = lines.find((one) => new RegExp(`\\b${word}\\b`).test(one)) ?? "";
        expect(line.indexOf(name)).toBeGreaterThanOrEqual(0);
        expect(line.indexOf(name)).toBeLessThan(line.indexOf(word));
      }
    }),
    { numRuns: 150 },
  );
});
