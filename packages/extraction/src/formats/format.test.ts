import { expect, test } from "vitest";
import { formatOf } from "./format.ts";

const format = (content: string | Uint8Array, name = "file", contentType?: string) =>
  formatOf(typeof content === "string" ? Buffer.from(content) : content, { name, contentType }).catch(
    (error: { code: string }) => error.code,
  );

test.each(
  "BMP levels|GIF89a File|.snd file|ID3 is|RIFF as AVI|MZ twins|II* phase|MM\u0000* no|%!PS is|PK/PD modelling|SQLite format 3 is|BZh|7z|Rar!|fLaC|OggS|FWS|solid state|8BPS|MThd|wOFF|%PDF- begins a PDF|{\\rt is".split(
    "|",
  ),
)("a text that begins with a signature is text: %s", async (beginning) => {
  expect(await format(`${beginning} and a sentence about these measurements.`)).toBe("text");
});

test.each([
  ["an image", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "no-text"],
  ["a bitmap", Buffer.concat([Buffer.from("BM"), Buffer.alloc(60)]), "no-text"],
  ["a program", Buffer.concat([Buffer.from("MZ"), Buffer.alloc(400, 1)]), "unsupported-type"],
  ["a PDF", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "pdf"],
  ["PostScript", "%!PS-Adobe-3.0\n", "unsupported-type"],
  ["an encrypted message", "-----BEGIN PGP MESSAGE-----\n\nabc", "encrypted"],
  ["RTF", "{\\rtf1 a}", "rtf"],
  [
    "text before the data of a program",
    Buffer.concat([Buffer.from("#!/bin/sh\n".repeat(2000)), Buffer.alloc(30_000, 2)]),
    "unsupported-type",
  ],
  ["UTF-16 without a mark", Buffer.from("Hello world, this is text.", "utf16le"), "text"],
])("%s is recognised by all of its bytes", async (_, content, expected) => {
  expect(await format(content)).toBe(expected);
});

test.each([
  ["a fragment by its tags", '<div class="x"><p>Hi</p></div>', "note", undefined, "html"],
  ["a fragment by its content type", "Hi <b>there</b>", "note", "text/html", "html"],
  ["a page after comments", "<!-- a --><!-- b -->\n<html><p>x", "note", undefined, "html"],
  ["a page that begins with a script", "<script>x</script><p>Hi</p>", "note", undefined, "html"],
  [
    "XHTML with a prolog",
    '<?xml version="1.0"?>\n<!-- c -->\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml">',
    "a",
    undefined,
    "html",
  ],
  ["a spreadsheet that is a page", "<table><tr><td>1</td></tr></table>", "export.xls", undefined, "html"],
  ["a spreadsheet that is text", "Name\tFee\nIda\t3\n", "export.xls", undefined, "csv"],
  [
    "a page that begins with a long tag",
    `<img alt="x" src="data:image/png;base64,${"A".repeat(20_000)}"><p>Hi</p>`,
    "note",
    undefined,
    "html",
  ],
  [
    "a page whose name says so and that begins with a long tag",
    `x <a href="${"A".repeat(20_000)}">Hi</a>`,
    "a.html",
    undefined,
    "html",
  ],
  ["XML", '<?xml version="1.0"?><rates/>', "a", undefined, "xml"],
  ["a feed", '<rss version="2.0"><channel/></rss>', "feed.xml", undefined, "xml"],
  ["a drawing", "<svg xmlns='http://www.w3.org/2000/svg'><text>x</text></svg>", "a.svg", undefined, "xml"],
  ["text about a tag", "<a> is the tag of links", "note", undefined, "text"],
  ["Markdown with HTML", "<div>\n\n# Title", "a.md", undefined, "markdown"],
  [
    "a saved page",
    "From: <Saved by Blink>\nSnapshot-Content-Location: http://a\nMIME-Version: 1.0\n\n",
    "a",
    undefined,
    "mail",
  ],
  ["a mailbox", "From a@b Tue Mar  4 09:12:00 2031\nFrom: a@b\nMessage-ID: <1>\n\nx", "a", undefined, "mail"],
  ["a memo", "From: Jim\nDate: today\nRoom: 12\n\nHello", "a", undefined, "text"],
  ["source code", "#include <stdio.h>\nint main() {}", "main.c", undefined, "text"],
])("%s is read as what it is", async (_, content, name, contentType, expected) => {
  expect(await format(content, name, contentType)).toBe(expected);
});
