import { expect, test } from "vitest";
import type { Mark } from "../../documents/index.ts";
import { candidatesOf } from "./candidates.ts";
import { type Source, wordStartsOf } from "./evidence.ts";

/** A chunk of blocks, one blank line between them, as extraction and chunking make it. */
const sourceOf = (...blocks: [kind: Mark["kind"] | "paragraph", text: string][]): Source => {
  let text = "";
  const marks: Mark[] = [];
  for (const [kind, own] of blocks) {
    if (text !== "") text += "\n\n";
    if (kind !== "paragraph") marks.push({ kind, start: text.length, end: text.length + own.length });
    text += own;
  }
  // The fields that candidates are made of.
  const chunk = { text, charStart: 0, context: null, headings: [] } as unknown as Source["hit"]["chunk"];
  return {
    hit: { chunk } as Source["hit"],
    wordStarts: wordStartsOf(text),
    marks,
    language: "english",
    createdAt: new Date(0),
    positions: [],
  };
};
const textsOf = (...blocks: Parameters<typeof sourceOf>) => candidatesOf(sourceOf(...blocks)).map(({ text }) => text);

test("headings, headers, footers and captions are no candidates", () => {
  expect(
    textsOf(
      ["header", "Employee handbook"],
      ["heading", "Leave"],
      ["paragraph", "There are 27 days. They expire in March."],
      ["caption", "Table 1: prices of lenses"],
      ["footer", "Employee handbook · 2 / 8"],
    ),
  ).toEqual(["There are 27 days.", "They expire in March."]);
});

test("a question is no candidate, and the text below it is one with the question", () => {
  const candidates = candidatesOf(
    sourceOf(
      ["paragraph", "Do blue filter lenses change colours?"],
      ["paragraph", "Slightly towards yellow."],
      ["paragraph", "Returns are free."],
    ),
  );
  expect(candidates.map(({ text, question }) => [text, question])).toEqual([
    ["Slightly towards yellow.", "Do blue filter lenses change colours?"],
    ["Returns are free.", undefined],
  ]);
});

test("each row of a table and each item of a list is a candidate of its own", () => {
  expect(
    textsOf(["table", "Model: HL-001 | Price: 12.50\nModel: HL-002 | Price: 14.00"], ["list", "Wash hands\nDry them"]),
  ).toEqual(["Model: HL-001 | Price: 12.50", "Model: HL-002 | Price: 14.00", "Wash hands", "Dry them"]);
});

test("lines of a table of contents are no candidates", () => {
  expect(
    textsOf(["paragraph", "1 Delivery ........ 3\n2 Warranty ........ 5"], ["paragraph", "Goods arrive in May."]),
  ).toEqual(["Goods arrive in May."]);
  expect(
    textsOf(["paragraph", "Contents\n1 Delivery\n2 Notice period"], ["paragraph", "Goods arrive in May."]),
  ).toEqual(["Goods arrive in May."]);
});

test("the addresses of a mail and the lines above quoted mails are no candidates", () => {
  expect(
    textsOf(
      ["paragraph", "From: Ida <ida@x.example>\nTo: desk@x.example"],
      ["paragraph", "The saw arrives on Monday."],
      ["paragraph", "> On Wed, 11 Nov 2026, Bert Moe wrote:\n> When does it arrive?"],
    ),
  ).toEqual(["The saw arrives on Monday."]);
});

test("the title line of a text without headings is no candidate", () => {
  expect(textsOf(["paragraph", "Super Bowl 50"], ["paragraph", "Denver won."])).toEqual(["Denver won."]);
});

test("a line in capital letters is no candidate, unless the whole text is in them", () => {
  const title = ["paragraph", "MAINTENANCE: LINE 3 (FLOUR, 1 KG)"] as const;
  expect(textsOf([...title], ["paragraph", "The belt is oiled daily."])).toEqual(["The belt is oiled daily."]);
  expect(textsOf([...title], ["paragraph", "THE BELT IS OILED DAILY."])).toContain("THE BELT IS OILED DAILY.");
});

test("a sentence goes on in the next line of a wrapped paragraph, also with a capital letter", () => {
  const sentence = "Die Kündigung des Vertrags ist nur wirksam mit einer\nFrist von drei Monaten.";
  expect(textsOf(["paragraph", "It began."], ["paragraph", sentence])).toEqual(["It began.", sentence]);
});

test("a numbered heading of a plain text is no candidate, an item of a numbered list is one", () => {
  const after = (...texts: string[]) =>
    textsOf(...["It began.", ...texts].map((text): ["paragraph", string] => ["paragraph", text])).slice(1);
  expect(after("4. Deposit", "It is three rents.")).toEqual(["It is three rents."]);
  expect(after("§ 4 Deposit\nIt is three rents.")).toEqual(["It is three rents."]);
  const steps = ["1. Open the valve", "2. Drain the tank", "3. Close the valve"];
  expect(after(...steps, "Done.")).toEqual([...steps, "Done."]);
});

test("an abbreviation or an initial does not end a sentence", () => {
  expect(textsOf(["paragraph", "Dr. J. Marlow leads the ward. She works on Mondays."])).toEqual([
    "Dr. J. Marlow leads the ward.",
    "She works on Mondays.",
  ]);
});

test("sentences of one paragraph are neighbours, those of different paragraphs are not", () => {
  const [one, two, three] = candidatesOf(
    sourceOf(["paragraph", "Anna came. She left."], ["paragraph", "Bert stayed."]),
  );
  expect([one!.before, one!.after, two!.before, two!.after, three!.before]).toEqual([
    undefined,
    two,
    one,
    undefined,
    undefined,
  ]);
});

test("a sentence that introduces a list is a candidate with the list", () => {
  expect(textsOf(["paragraph", "Bring the following:"], ["list", "- a passport\n- two photos"])[0]).toBe(
    "Bring the following:\n\n- a passport\n- two photos",
  );
});
