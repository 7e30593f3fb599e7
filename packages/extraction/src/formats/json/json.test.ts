import fc from "fast-check";
import { expect, test } from "vitest";
import { expectAnswerWhenDamaged } from "../testing/arbitrary.ts";
import { blocksOf, readAs } from "../testing/read.ts";

const textOf = async (source: string, name = "a.json") => (await readAs(source, name)).text;

test("numbers keep all of their digits, and keys that occur twice are both read", async () => {
  expect(await textOf('{"a":9007199254740993,"b":12.50,"c":1e-7,"d":-0,"a":"007"}')).toBe(
    "a: 9007199254740993\n\nb: 12.50\n\nc: 1e-7\n\nd: -0\n\na: 007",
  );
});

test("a damaged line of NDJSON is named, and the others are read", async () => {
  const extraction = await readAs('{"id":1,"n":"a"}\n{"id":2,"n":"b\n{"id":3,"n":"c"}\n', "a.ndjson");
  expect(extraction.text).toBe("id: 1 | n: a\nid: 3 | n: c");
  expect(extraction.warnings).toEqual([{ code: "lines-malformed", count: 1, places: ["line 2"] }]);
});

test.each([
  ["concatenated values", '{"a":1}{"a":2}', "a: 1\na: 2"],
  [
    "a sequence with record separators",
    '\u001e{"a":"one value"}\n\u001e{"a":"two values"}\n',
    "a: one value\na: two values",
  ],
  ["comments and trailing commas", '// x\n{"a":1,/* y */"b":[2,],}', "a: 1\n\nb: 2"],
  ["single quotes and bare keys", "{a:'it\\'s'}", "a: it's"],
  ["a byte order mark", '\ufeff{"a":1}', "a: 1"],
  ["escapes that are no characters", '{"a":"half \\ud83d sign","b":"nul\\u0000"}', "a: half \ufffd sign\n\nb: nul"],
  ["escaped pairs", '{"a":"\\ud83d\\ude00 \\"q\\" \\u00e9\\n\\/"}', 'a: 😀 "q" é\n/'],
])("%s are read", async (_, source, expected) => {
  expect(await textOf(source)).toBe(expected);
});

test("lists of records are tables below their path, at any depth", async () => {
  const source = {
    data: {
      count: 2,
      items: [
        { sku: "A", tags: ["x", "y"] },
        { sku: "B", size: { w: 3 } },
      ],
    },
    end: true,
  };
  expect(blocksOf(await readAs(JSON.stringify(source), "a.json"))).toEqual([
    ["paragraph", "data.count: 2"],
    ["heading1", "data.items"],
    ["table", "sku: A | tags: x, y\nsku: B | size.w: 3"],
    ["paragraph", "end: true"],
  ]);
});

test("pictures as text are left out and named", async () => {
  const extraction = await readAs(
    JSON.stringify({ name: "Ida", photo: "data:image/png;base64,AAAA", key: "aB3+".repeat(200) }),
    "a.json",
  );
  expect(extraction.text).toBe("name: Ida");
  expect(extraction.warnings.map(({ code, places }) => [code, places])).toEqual([
    ["images-unread", ["photo"]],
    ["embedded-object-unread", ["key"]],
  ]);
});

test("a notebook is its prose, code and results", async () => {
  const notebook = {
    nbformat: 4,
    cells: [
      { cell_type: "markdown", source: ["# Fees\n", "\n", "Text"] },
      { cell_type: "code", source: "1 + 1", outputs: [{ data: { "text/plain": ["2"], "image/png": "AAAA" } }] },
    ],
  };
  const extraction = await readAs(JSON.stringify(notebook), "a.ipynb");
  expect(blocksOf(extraction)).toEqual([
    ["heading1", "Fees"],
    ["paragraph", "Text"],
    ["code", "1 + 1"],
    ["code", "2"],
  ]);
  expect(extraction.warnings.map(({ code }) => code)).toEqual(["images-unread"]);
});

test("nesting of a hundred thousand lists is read", async () => {
  expect(await textOf(`${"[".repeat(100_000)}1${"]".repeat(100_000)}`)).toBe("1");
  await expect(textOf('{"a":'.repeat(50_000) + "1" + "}".repeat(50_000))).resolves.toContain(": 1");
});

test("every string and number of any value is in the text", async () => {
  const word = fc.stringMatching(/^[a-zé]{1,8}$/);
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      word,
      fc.integer(),
      fc.boolean(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(word, tie("value"), { maxKeys: 4 }),
    ),
  }));
  const leavesOf = (one: unknown): string[] =>
    typeof one === "object" && one !== null ? Object.values(one).flatMap(leavesOf) : [String(one)];
  await fc.assert(
    fc.asyncProperty(value, fc.constantFrom(0, 2), async (one, indent) => {
      const leaves = leavesOf(one);
      if (leaves.length === 0) return;
      const text = ` ${(await textOf(JSON.stringify(one, null, indent))).replace(/[\s,|]+/g, " ")} `;
      for (const leaf of leaves) expect(text).toContain(` ${leaf} `);
    }),
    { numRuns: 200 },
  );
});

test("a damaged file gives a result within a second", async () => {
  const source = JSON.stringify(
    {
      a: [
        { b: 1.5, c: "x\n\u2028", d: null },
        { b: [true, false], e: {} },
      ],
    },
    null,
    1,
  ).repeat(30);
  await expectAnswerWhenDamaged(source, "a.json", 200);
});
