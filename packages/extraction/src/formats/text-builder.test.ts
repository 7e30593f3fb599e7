import { expect, test } from "vitest";
import type { Cell } from "./model.ts";
import { TextBuilder } from "./text-builder.ts";

/** The serializer: characters that no font shows are no text. */
test("tag characters, which can hide instructions, and marks of direction are left out; the tags are counted", () => {
  const tagged = (text: string) =>
    String.fromCodePoint(...Array.from(text, (letter) => 0xe0000 + letter.codePointAt(0)!));
  const builder = new TextBuilder(1_000);
  builder.add({ kind: "paragraph", text: `The loom${tagged("is free")} costs \u202e510\u202c.` });
  builder.add({ kind: "table", rows: [[{ text: `a${tagged("b")}` }, { text: "1" }]] });
  const { text, warnings } = builder.finish();
  expect(text).toBe("The loom costs 510.\n\na | 1");
  expect(warnings).toEqual([{ code: "hidden-text-left-out", count: 8, places: [] }]);
});

test("a last column that is empty in every row, and names over several columns, do not hide the header", () => {
  const textOf = (rows: Cell[][]) => {
    const builder = new TextBuilder(1_000);
    builder.add({ kind: "table", rows });
    return builder.finish().text;
  };
  const rowOf = (...texts: string[]): Cell[] => texts.map((text) => ({ text }));
  expect(textOf([rowOf("Part", "Count", "Price", ""), rowOf("Nut", "", "0.20", ""), rowOf("Bolt", "7", "", "")])).toBe(
    "Part: Nut | Price: 0.20\nPart: Bolt | Count: 7",
  );
  const wide = [{ text: "Name" }, { text: "Address", columns: 2 }, { text: "Town" }];
  expect(textOf([wide, rowOf("Ida", "Quay", "7", "Ustka")])).toBe(
    "Name: Ida | Address: Quay | Address: 7 | Town: Ustka",
  );
});
