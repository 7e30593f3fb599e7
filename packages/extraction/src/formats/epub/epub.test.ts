import fc from "fast-check";
import { expect, test } from "vitest";
import { expectAnswerWhenDamaged } from "../testing/arbitrary.ts";
import { archiveOf } from "../testing/package.ts";
import { readAs } from "../testing/read.ts";

type Chapter = { id: string; href?: string; body: string; head?: string; rest?: string; spine?: string; type?: string };
const chapterXml = ({ head = "", body }: Chapter) =>
  `<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head>${head}</head><body>${body}</body></html>`;

const epub = (chapters: Chapter[], extra: Record<string, string> = {}, manifest = "") => {
  const parts: Record<string, string> = {
    mimetype: "application/epub+zip",
    "META-INF/container.xml":
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/b.opf"/></rootfiles></container>',
    "OEBPS/b.opf": `<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>${chapters
      .map(
        ({ id, href = `${id}.xhtml`, rest = "", type = "application/xhtml+xml" }) =>
          `<item id="${id}" href="${href}" media-type="${type}" ${rest}/>`,
      )
      .toReversed()
      .join(
        "",
      )}${manifest}</manifest><spine>${chapters.map(({ id, spine = "" }) => `<itemref idref="${id}" ${spine}/>`).join("")}</spine></package>`,
  };
  for (const chapter of chapters)
    parts[`OEBPS/${decodeURIComponent((chapter.href ?? `${chapter.id}.xhtml`).split("#", 1)[0]!)}`] =
      chapterXml(chapter);
  return archiveOf({ ...parts, ...extra });
};
const reading = (bytes: Buffer) => readAs(bytes, "a.epub");
const linesOf = async (bytes: Buffer) => {
  const { text, blocks } = await reading(bytes);
  return blocks.map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);
};
const warningsOf = async (bytes: Buffer) =>
  Object.fromEntries((await reading(bytes)).warnings.map(({ code, places }) => [code, places]));

test("chapters come in the order of the spine, with those outside its line, and references are percent-decoded", async () => {
  const bytes = epub([
    { id: "z", href: "Text/Chapter%201.xhtml#top", body: "<p>one</p>" },
    { id: "a", href: "K%C3%A4se.xhtml", body: "<p>two</p>", spine: 'linear="no"' },
  ]);
  expect(await linesOf(bytes)).toEqual(["paragraph: one", "paragraph: two"]);
});

test("the title of a file is no text, and a chapter without a heading has that of the table of contents", async () => {
  const ncx =
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>First tide</text></navLabel><content src="a.xhtml"/><navPoint><navLabel><text>Second tide</text></navLabel><content src="b.xhtml#x"/></navPoint></navPoint></navMap></ncx>';
  const bytes = epub(
    [
      { id: "a", head: "<title>The book</title>", body: "<p>It rose.</p>" },
      { id: "b", head: "<title>The book</title>", body: "<p>Second <b>tide</b></p><p>It fell.</p>" },
      { id: "c", head: "<title/>", body: "<h2>Third tide</h2><p>Calm.</p>" },
    ],
    { "OEBPS/toc.ncx": ncx },
    '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>',
  );
  expect(await linesOf(bytes)).toEqual([
    "heading: First tide",
    "paragraph: It rose.",
    "paragraph: Second tide",
    "paragraph: It fell.",
    "heading: Third tide",
    "paragraph: Calm.",
  ]);
});

test("the table of contents in the spine is not repeated, and what else its file has is read", async () => {
  const nav = {
    id: "n",
    rest: 'properties="nav"',
    body: '<nav epub:type="toc"><ol><li><a href="a.xhtml">One</a></li></ol></nav><p>Printed in May.</p>',
  };
  const bytes = epub([nav, { id: "a", body: "<h1>One</h1><p>text</p>" }]);
  expect(await linesOf(bytes)).toEqual(["paragraph: Printed in May.", "heading: One", "paragraph: text"]);
  expect(await warningsOf(bytes)).toEqual({ "navigation-left-out": ["OEBPS/n.xhtml"] });
});

test("encrypted chapters fail as encrypted; obscured fonts and encrypted pictures do not matter", async () => {
  const data = (algorithm: string, uri: string) =>
    `<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="${algorithm}"/><enc:CipherData><enc:CipherReference URI="${uri}"/></enc:CipherData></enc:EncryptedData></encryption>`;
  const chapter = { id: "a", href: "a%20b.xhtml", body: "<p>text</p>" };
  const aes = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
  const withData = (xml: string) => epub([chapter], { "META-INF/encryption.xml": xml });
  await expect(reading(withData(data(aes, "OEBPS/a%20b.xhtml")))).rejects.toMatchObject({ code: "encrypted" });
  expect((await reading(withData(data("http://www.idpf.org/2008/embedding", "OEBPS/f.otf")))).text).toBe("text");
  expect((await reading(withData(data(aes, "OEBPS/cover.jpg")))).text).toBe("text");
});

test("a missing chapter is reported by its name, and an item in another format is read by its fallback", async () => {
  const bytes = epub(
    [
      { id: "a", body: "<p>here</p>" },
      { id: "s", href: "s.pdf", type: "application/pdf", rest: 'fallback="f"', body: "" },
      { id: "c", href: "cover.svg", type: "image/svg+xml", body: "" },
    ],
    { "OEBPS/f.xhtml": chapterXml({ id: "f", body: "<p>in its place</p>" }) },
    '<item id="f" href="f.xhtml" media-type="application/xhtml+xml"/>',
  );
  expect(await linesOf(bytes)).toEqual(["paragraph: here", "paragraph: in its place"]);
  expect(await warningsOf(bytes)).toEqual({ "images-unread": ["OEBPS/cover.svg"] });
  const gap = epub([{ id: "a", body: "<p>here</p>" }]);
  const missing = Buffer.from(gap.toString("latin1").replaceAll("OEBPS/a.xhtml", "OEBPS/x.xhtml"), "latin1");
  await expect(reading(missing)).rejects.toMatchObject({ code: "no-text" });
});

test("whatever the chapters, their words are there once and in order", async () => {
  const word = fc.integer({ min: 0, max: 999_999 }).map((number) => `w${number.toString(36)}x`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
      async (chapters) => {
        const bytes = epub(
          chapters.map((words, at) => ({
            id: `c${at}`,
            head: "<title>hidden</title>",
            body: words.map((one) => `<p>${one.slice(0, 2)}<b>${one.slice(2)}</b></p>`).join(""),
          })),
        );
        expect((await reading(bytes)).text.split("\n\n")).toEqual(chapters.flat());
      },
    ),
    { numRuns: 60 },
  );
});

test("damaged files give a result or an error, quickly", async () => {
  const base = epub([{ id: "a", body: "<p>here</p>" }]);
  await expectAnswerWhenDamaged(base, "a.epub");
});
