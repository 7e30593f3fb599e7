import fc from "fast-check";
import { expect, test } from "vitest";
import { expectAnswerWhenDamaged, words } from "../testing/arbitrary.ts";
import { blocksOf, processorMs, readAs, warningsOf } from "../testing/read.ts";

const md = (source: string) => readAs(source, "a.md");
const textOf = async (source: string) => (await md(source)).text;

test("pictures are their descriptions, and data URIs are never text", async () => {
  const data = `data:image/png;base64,${"AAAA".repeat(500)}`;
  const extraction = await md(
    `# A ![mark](m.png)\n\nFit ![the seal](${data}) dry. ![](x.png)\n\n- one ![two](${data})\n\n[![badge](${data})](http://x.example)\n\n![ref][r]\n\n[r]: ${data}\n`,
  );
  expect(extraction.text).toBe("A mark\n\nFit the seal dry.\n\n- one two\n\n[badge](http://x.example)\n\nref");
  expect(warningsOf(extraction)).toEqual({ "images-unread": 1 });
});

test("bodies keep their source, and references become what they refer to", async () => {
  expect(
    await textOf(
      "Some *mark* and `code` [a](http://x.example) [b][r] \\*star\\* &amp; 2 < 3\n\n[r]: http://y.example 'T'\n",
    ),
  ).toBe("Some *mark* and `code` [a](http://x.example) [b](http://y.example) *star* & 2 < 3");
});

test("HTML inside of Markdown is read as HTML, also when empty lines divide it", async () => {
  expect(
    blocksOf(
      await md(
        "a <b>bold</b><br>word <!-- no -->\n\n<table>\n<tr><th>A<th>B\n\n<tr><td>1<td>2\n</table>\n\n<p hidden>no</p>\n",
      ),
    ),
  ).toEqual([
    ["paragraph", "a bold\nword"],
    ["table", "A: 1 | B: 2"],
  ]);
});

test("tables in lists are tables, and cells lose their markup", async () => {
  expect(blocksOf(await md("- one\n\n  | a | **b** |\n  |---|---|\n  | `x\\|y` | [z](http://x) |\n\n- two\n"))).toEqual(
    [
      ["list", "- one"],
      ["table", "a: x|y | b: z"],
      ["list", "- two"],
    ],
  );
});

test("footnotes are notes, and front matter is kept", async () => {
  expect(blocksOf(await md("+++\ntitle = 'x'\n+++\n\nText[^1] more[^n].\n\n[^1]: word\n\n[^n]: many words\n"))).toEqual(
    [
      ["code", "title = 'x'"],
      ["paragraph", "Text[^1] more[^n]."],
      ["note", "[^1]: word"],
      ["note", "[^n]: many words"],
    ],
  );
});

test.each([
  ["quotes", "> "],
  ["lists", "- "],
  ["numbers", "1. "],
  ["emphasis", "*a"],
  ["brackets", "["],
  ["pictures", "![a]("],
])("deep nesting and long runs are read: %s", async (_, unit) => {
  const startedAt = processorMs();
  expect((await textOf(`${unit.repeat(300_000 / unit.length)}end`)).endsWith("end")).toBe(true);
  expect(processorMs() - startedAt).toBeLessThan(3_000);
});

test("in any text each word is there once", async () => {
  const block = fc.constantFrom(
    "# W",
    "W *W* **W** `W`",
    "- W\n  - W\n- W",
    "1. W\n2. W",
    "> W\n> W",
    "```\nW W\n```",
    "| W | W |\n|---|---|\n| W | W |",
    "<p>W <i>W</i></p>",
    "![W](a.png) W",
    "[W](http://x.example) W",
    "W  \nW\\\nW",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 8 }), async (blocks) => {
      const names = words(200);
      const expected: string[] = [];
      const source = blocks.join("\n\n").replace(/\bW\b/g, () => {
        expected.push(names[expected.length]!);
        return expected.at(-1)!;
      });
      const found = (await textOf(source)).match(/w\d+[a-jü]+/g) ?? [];
      // Names of columns stand beside each of their values.
      expect([...new Set(found)].toSorted()).toEqual(expected.toSorted());
      expect(found.length).toBe(expected.length);
    }),
    { numRuns: 150 },
  );
});

test("a damaged file gives a result within a second", async () => {
  const source =
    "---\na: b\n---\n\n# T\n\nText ![x](data:a) [b][r] <b>\n\n- a\n  | x | y |\n  |---|---|\n  | 1 | 2 |\n\n> q\n\n[r]: http://x\n".repeat(
      20,
    );
  await expectAnswerWhenDamaged(source, "a.md", 100);
});
