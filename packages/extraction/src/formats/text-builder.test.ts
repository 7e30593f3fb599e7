import { expect, test } from "vitest";
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
