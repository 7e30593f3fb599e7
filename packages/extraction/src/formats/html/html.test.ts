import fc from "fast-check";
import { expect, test } from "vitest";
import { expectAnswerWhenDamaged, words } from "../testing/arbitrary.ts";
import { blocksOf, processorMs, readAs, warningsOf } from "../testing/read.ts";

const html = (body: string, hiddenText: "leave-out" | "index" = "leave-out") =>
  readAs(`<!doctype html><body>${body}`, "a.html", { reading: { hiddenText } });
const blocks = async (body: string) => blocksOf(await html(body));
const textOf = async (body: string) => (await html(body)).text;
const filler = "<p>Words of the main content of this page. ".repeat(12);

test("numbers of lists are text: start, value, type, reversed and nested", async () => {
  const list =
    '<ol start=3><li>a<li value=7>b<ul><li><p>c</p><p>d</p></ul><li>e</ol><ol type=i reversed><li>f<li>g</ol><ol style="list-style-type: lower-alpha"><li>h</ol>';
  expect((await blocks(list)).map(([, text]) => text)).toEqual([
    "3. a",
    "7. b",
    "- c",
    "d",
    "8. e",
    "ii. f",
    "i. g",
    "a. h",
  ]);
});

test("terms are read with their definitions", async () => {
  expect(await textOf("<dl><dt>Fee<dd>12 EUR<dt>Open<dt>Shut<dd>9–17</dl>")).toBe("Fee: 12 EUR\n\nOpen\n\nShut: 9–17");
});

test("merged cells of tables keep their columns, and the names of several header rows are joined", async () => {
  const table = `<table><caption>Tariffs</caption><thead><tr><th rowspan=2>Site<th colspan=2>Cost<tr><th>Week<th>Month</thead>
    <tfoot><tr><td>Sum<td>7<td>8</tfoot><tbody><tr><td rowspan=0>Quay<td>1<td>2<tr><td>3<td>4</tbody></table>`;
  expect(await blocks(table)).toEqual([
    ["caption", "Tariffs"],
    [
      "table",
      "Site: Quay | Cost / Week: 1 | Cost / Month: 2\nSite: Quay | Cost / Week: 3 | Cost / Month: 4\nSite: Sum | Cost / Week: 7 | Cost / Month: 8",
    ],
  ]);
});

test("a title row above the names of columns is the caption, and labels of rows are no names", async () => {
  expect(await blocks("<table><tr><th colspan=2>Fees<tr><th>Name<th>Sum<tr><td>Ida<td>3</table>")).toEqual([
    ["caption", "Fees"],
    ["table", "Name: Ida | Sum: 3"],
  ]);
  expect(await textOf("<table><tr><th>Name<td>Ida<tr><th>Town<td>Ustka</table>")).toBe("Name | Ida\nTown | Ustka");
});

test("a page that declares millions of merged places is read in a second", async () => {
  const table = `<table>${"<tr><td colspan=1000 rowspan=1000>x<td>y".repeat(3000)}</table>`;
  const startedAt = processorMs();
  expect((await textOf(table)).match(/y/g)).toHaveLength(3000);
  expect(processorMs() - startedAt).toBeLessThan(5_000);
});

test("tables that arrange a page are no tables, and a table in a cell stays in its row", async () => {
  expect(await blocks("<table><tr><td>Menu<td><h2>Title</h2><p>Text</table>")).toEqual([
    ["paragraph", "Menu"],
    ["heading2", "Title"],
    ["paragraph", "Text"],
  ]);
  expect(await blocks("<table role=presentation><tr><td>a<td>b</table>")).toEqual([
    ["paragraph", "a"],
    ["paragraph", "b"],
  ]);
  expect(await textOf("<table><tr><th>A<th>B<tr><td>1<td><table><tr><th>x<th>y<tr><td>8<td>9</table></table>")).toBe(
    "A: 1 | B: x: 8, y: 9",
  );
  expect(await textOf("<table><tr><td><tr><td>Visible text</td></tr></td></tr></table>")).toBe("Visible text");
});

test("marks of notes and exponents are no part of the word or number before them", async () => {
  expect(
    await textOf('Smith<sup>1</sup> m<sup>2</sup> 10<sup>6</sup> word<sup><a href="#n">3</a></sup> H<sub>2</sub>O'),
  ).toBe("Smith 1 m2 10^6 word 3 H2O");
});

test("inline elements do not divide words, and boxes do", async () => {
  expect(await textOf("<b>un</b>divided wo<wbr>rd so&shy;ft <q>quoted</q>")).toBe("undivided word soft “quoted”");
  expect(await textOf("<button>Save</button><button>Close</button><a href=1>One</a><a href=2>Two</a>")).toBe(
    "Save Close One Two",
  );
  expect(await textOf("<ruby>桜<rt>さくら</rt>島<rt>じま</rt></ruby>倉庫の賃料")).toBe("桜島(さくらじま)倉庫の賃料");
});

test("forms show their values, but not the options and secrets that a browser does not show", async () => {
  const form =
    '<input value="Ida"><input type=password value=pw><input type=hidden value=tok><input type=checkbox checked>yes <select><option>red<option selected>blue</select><textarea>note</textarea>';
  expect(await textOf(form)).toBe("Ida [x] yes blue note");
});

test("of the versions of a drawing only the first is read", async () => {
  const drawing =
    "<svg><switch><foreignObject><div style='font-size:0'><div style='font-size:12px'>Quay 4</div></div></foreignObject><text>Quay 4</text></switch></svg>";
  expect(await textOf(drawing)).toBe("Quay 4");
});

test("formulas are read on one line, once", async () => {
  const math =
    "<math><semantics><mrow><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mi>c</mi></mrow></mfrac><msup><mi>x</mi><mn>2</mn></msup></mrow><annotation>\\frac</annotation></semantics></math>";
  expect(await textOf(math)).toBe("a/(b+c)x^2");
});

test("descriptions of pictures are text, data URIs are not, and pictures without a description are counted", async () => {
  const extraction = await html(
    '<p>Seal: <img alt="cross-section" src="data:image/png;base64,AAAA"><img src="photo/a.png"><img alt="" src=line.png><img width=1 src=count.gif><svg><title>Logo</title><text>Quay</text><defs><text>no</text></defs></svg>',
  );
  expect(extraction.text).toBe("Seal: cross-section Logo Quay");
  expect(extraction.warnings).toEqual([{ code: "images-unread", count: 1, places: ["a.png"] }]);
});

const hiddenParts: readonly (readonly [string, string])[] = [
  ["hidden", "<p hidden>SECRET"],
  ["hidden until found", '<p hidden="until-found">SECRET'],
  ["display none", '<div style="display : NONE">SECRET</div>'],
  ["visibility", '<p style="visibility:hidden">SECRET'],
  ["transparent", '<p style="opacity:0">SECRET'],
  ["no size", '<p style="font-size:0px">SECRET'],
  ["off-screen", '<p style="position:absolute;left:-9999px">SECRET'],
  ["indented off-screen", '<p style="text-indent:-999em">SECRET'],
  ["clipped", '<p style="position:absolute;clip:rect(0,0,0,0)">SECRET'],
  ["one pixel", '<p style="overflow:hidden;width:1px;height:1px">SECRET'],
  ["white on white", '<p style="color:#fff;background:white">SECRET'],
  ["aria-hidden", "<i aria-hidden=true>SECRET</i>"],
  ["for screen readers", "<span class='sr-only'>SECRET</span>"],
  ["by a rule", "<style>.x{color:red;display:none}</style><p class='a x'>SECRET"],
  ["by a rule for an id", "<style>/* */ h2, #y { display: none !important }</style><p id=y>SECRET"],
  ["a closed dialog", "<dialog>SECRET</dialog>"],
  [
    "by a rule for elements inside others",
    "<style>.x .n{display:none}</style><div class=x><p><b class=n>SECRET</b></div>",
  ],
  ["by a rule for a tag inside of a class", "<style>body .o p{display:none}</style><div class=o><p>SECRET</p></div>"],
  ["by a rule for a child", "<style>.u > b{display:none}</style><p class=u><b>SECRET</b>"],
  ["by a rule for wide screens", "<style>@media (min-width:600px){.x{display:none}}</style><p class=x>SECRET"],
];
test.each(hiddenParts)(
  "hidden elements are left out and counted, or indexed when the tenant wants that: %s",
  async (_, part) => {
    const extraction = await html(`<p>Shown words stay here.</p>${part}`);
    expect(extraction.text).toBe("Shown words stay here.");
    expect(warningsOf(extraction)).toEqual({ "hidden-text-left-out": 1 });
    expect((await html(`<p>Shown words.</p>${part}`, "index")).text).toContain("SECRET");
  },
);

test.each([
  ["a closed details element", "<details><summary>More</summary>SHOWN</details>"],
  [
    "an element that undoes what it inherits",
    "<div style='font-size:0;visibility:hidden'>no <b style='font-size:1em;visibility:visible'>SHOWN</b></div>",
  ],
  [
    "a rule that one for elements inside replaces",
    "<style>.n{display:none}.x .n{display:block}</style><p class=x><b class=n>SHOWN",
  ],
  [
    "a rule that one for a child replaces",
    "<style>.n{display:none}div>.n{display:inline}</style><div><b class=n>SHOWN",
  ],
  [
    "a rule that one with an attribute replaces",
    "<style>.n{display:none}[open] .n{display:block}</style><div open><b class=n>SHOWN",
  ],
  [
    "a rule that one with a negation replaces",
    "<style>.n{display:none}.n:not(.z){display:block}</style><b class=n>SHOWN",
  ],
  ["a rule for another parent", "<style>.u > b{display:none}</style><p class=u><i><b>SHOWN"],
  ["a rule for printing", "<style>@media print{.x{display:none}}</style><p class=x>SHOWN"],
  ["a rule for small screens", "<style>@media (max-width:600px){.x{display:none}}</style><p class=x>SHOWN"],
  ["a rule that a later one replaces", "<style>.x{display:none}.x.on{display:block}</style><p class='x on'>SHOWN"],
  ["a rule that the attribute replaces", "<style>.x{display:none}</style><p class=x style='display:block'>SHOWN"],
  ["the page behind an open dialog", `<div aria-hidden=true>SHOWN ${filler}</div>`],
  ["a page that a script uncovers", `<body style="display:none">SHOWN ${filler}`],
  ["a class that hides on small screens only", "<p class='d-none d-md-block'>SHOWN"],
])("what a reader sees stays: %s", async (_, part) => {
  expect(await textOf(part)).toContain("SHOWN");
});

test("menus, cookie notices and lists of links around the main content are left out and counted", async () => {
  const page = `<nav><a href=1>Home</a></nav><header><h1>Quay</h1><ul><li><a href=2>Log in</a></ul></header><main>${filler}<nav>Contents</nav></main>
    <div id="cookie-banner">We use cookies. <button>OK</button></div><aside><a href=3>Related page</a></aside><footer>Quay 4, Ustka <a href=4>Terms</a></footer>`;
  const extraction = await html(page);
  for (const lost of ["Home", "We use cookies", "Related page"]) expect(extraction.text).not.toContain(lost);
  for (const kept of ["Quay", "main content", "Contents", "Quay 4, Ustka"]) expect(extraction.text).toContain(kept);
  expect(blocksOf(extraction).at(-1)?.[0]).toBe("footer");
  expect(extraction.warnings).toMatchObject([
    { code: "navigation-left-out", places: ["nav", "div#cookie-banner", "aside"] },
  ]);
});

test.each([
  ["a page whose words are in its menu", "<nav><a href=1>Prices</a> <a href=2>Hours</a></nav><p>Hi."],
  ["an article inside of a header", `<header><article>Prices ${filler}</article></header>`],
  ["a menu inside of main", `<main>${filler}<nav>Prices</nav></main>`],
  ["an article about cookies", `<article class="cookie-notice">Prices ${filler}</article>`],
])("main content is never taken for navigation: %s", async (_, page) => {
  const extraction = await html(page);
  expect(extraction.text).toContain("Prices");
  expect(extraction.warnings).toEqual([]);
});

test.each([
  ["an unclosed noscript", "<p>One<noscript><p>Two"],
  ["an unclosed object", "<p>One<object data=x><p>Two"],
  ["an iframe that ends in its own tag", "<p>One<iframe src=x /><p>Two"],
  ["an unclosed title", "<title>One<p>Two"],
  ["an unclosed comment that is none", "<p>One<! bad ><p>Two"],
])("no tag swallows the page: %s", async (_, page) => {
  const { text } = await readAs(page, "a.html");
  expect(text).toContain("One");
  expect(text).toContain("Two");
});

test("XHTML is read as XML with HTML's entities, and as HTML when it is not well-formed", async () => {
  const xhtml = (body: string) =>
    `<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a"/></head><body>${body}</body></html>`;
  expect((await readAs(xhtml("<p>12&nbsp;&euro; <br/>caf&eacute;</p>"), "a")).text).toBe("12 €\ncafé");
  expect((await readAs(xhtml("<p>One<p>Two"), "a")).text).toContain("Two");
});

test("a page inside of an attribute is read, and media are named as unread", async () => {
  const extraction = await html(
    '<iframe srcdoc="<p>Inner &lt;b&gt;page"></iframe><video src="https://a.example/v.mp4">no video</video>',
  );
  expect(extraction.text).toBe("Inner page");
  expect(warningsOf(extraction)).toEqual({ "embedded-object-unread": 1 });
});

/** A page of nested elements in which each shown and each hidden word is known. */
type Node = { tag: string; children: (Node | "shown" | "hidden")[] };
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.record({
    tag: fc.constantFrom("div", "p", "span", "b", "ul", "li", "section", "blockquote", "td", "h2", "details", "form"),
    children: fc.array(
      fc.oneof({ depthSize: "small" }, fc.constant("shown" as const), fc.constant("hidden" as const), tie("node")),
      { maxLength: 5 },
    ),
  }),
}));
const hides = [
  "hidden",
  'style="display:none"',
  'aria-hidden="true"',
  'style="position:absolute; left:-9999px"',
  'class="gone"',
];

test("in any nesting each shown word is there once and in order, and no hidden word is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(node, { minLength: 1, maxLength: 4 }), async (nodes) => {
      const names = words(400);
      let at = 0;
      const shown: string[] = [];
      const render = (one: Node | "shown" | "hidden"): string => {
        if (one === "hidden") return `<span ${hides[at % hides.length]}>HIDE${at++}</span>`;
        if (one === "shown") {
          const word = names[at++ % names.length]!;
          shown.push(word);
          return ` ${word} `;
        }
        const inner = one.children.map(render).join("");
        return one.tag === "td" ? `<table><tr><td>${inner}</td></tr></table>` : `<${one.tag}>${inner}</${one.tag}>`;
      };
      const body = nodes.map(render).join("");
      const { text } = await html(`<style>.gone{display:none}</style>always ${body}`);
      expect(text.match(/w\d+[a-jü]+/g) ?? []).toEqual(shown);
      expect(text).not.toContain("HIDE");
    }),
    { numRuns: 150 },
  );
});

test("in any table each row has the names of its columns", async () => {
  const size = fc.record({
    columns: fc.integer({ min: 2, max: 6 }),
    rows: fc.integer({ min: 1, max: 8 }),
    span: fc.integer({ min: 1, max: 3 }),
    thead: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(size, async ({ columns, rows, span, thead }) => {
      const head = `<tr>${words(columns, "Name")
        .map((name) => `<th>${name}`)
        .join("")}`;
      const body = Array.from({ length: rows }, (_, row) => {
        const first =
          row % span === 0 ? `<td rowspan=${Math.min(span, rows - row)}>group${Math.floor(row / span)}` : "";
        return `<tr>${first}${words(columns - 1, `r${row}c`)
          .map((cell) => `<td><p>${cell}</p>`)
          .join("")}`;
      }).join("");
      const { text } = await html(
        `<table>${thead ? `<thead>${head}</thead><tbody>${body}</tbody>` : head + body}</table>`,
      );
      const expected = Array.from({ length: rows }, (_, row) =>
        words(columns, "Name")
          .map(
            (name, column) =>
              `${name}: ${column === 0 ? `group${Math.floor(row / span)}` : words(columns - 1, `r${row}c`)[column - 1]}`,
          )
          .join(" | "),
      );
      expect(text).toBe(expected.join("\n").replace(/((?:[^\n]*\n){19}[^\n]*)\n/g, "$1\n\n"));
    }),
    { numRuns: 100 },
  );
});

test("a damaged page gives a result within a second", async () => {
  const page = `<!doctype html><html><head><title>T</title><style>.a{display:none}</style></head><body><nav><a href=1>x</a></nav>${filler}<table><tr><th rowspan=2>a<th>b<tr><td>c</table><ol><li>x</ol><svg><title>t</title></svg><math><mfrac><mi>a</mi></mfrac></math><select><option>o</select></body></html>`;
  await expectAnswerWhenDamaged(page, "a.html", 200);
});
