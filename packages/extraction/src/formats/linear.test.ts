import { expect, test } from "vitest";
import { outcomeWithin } from "./testing/read.ts";

/** Parts that are repeated without an end: what a reader searches for again and again takes quadratic time. */
const units: Record<string, string[]> = {
  "a.txt": [
    "x",
    "\n",
    " ",
    "\n ",
    "\t",
    "\r",
    "\f",
    "é",
    "ab ",
    "\u001b[",
    "\u001b]",
    "a\b",
    "BEGIN:VCARD\n",
    "\u200b",
  ],
  "a.html": [
    "<",
    "<div>",
    "<b><p>",
    "<a href=x>",
    "<table><tr><td>",
    "<ul><li>",
    "<nav>",
    "<sup><b>",
    "<mfrac>",
    "<ruby><rt>",
    "<noscript>",
    "<title>",
    '<p style="display:none">',
    '<p class="cookie-banner">cookie',
    "<style>a{",
    "&",
    "x",
    " ",
    "<!--",
    "<h1>",
  ],
  "a.xml": [
    "<a>",
    "<",
    "<!DOCTYPE",
    "<!DOCTYPE a [",
    '<a b="1"/>',
    "&x;",
    "<![CDATA[",
    "<!--",
    "<r><a>1</a><b>2</b></r>",
    "<row>",
    "x",
  ],
  "a.csv": ["a,b\n", '"', '",', ',"', '"\n', ' "', ",", ";\n", "x", "\r"],
  "a.json": ["[", '{"a":', '"', "\\", "1,", "//\n", "/*a", '{"a":1}', '"a"\n', "x"],
  "a.md": ["*a", "[", "> ", "- ", "|a", "`", "<", "<b>", "![", "_a_", "a\n", "\\"],
  "a.eml": ["a\n", "\n", "--b\n", "=?utf-8?q?a?= ", "x: y\n", "boundary=a\n", "="],
};
const beginnings: Record<string, string> = {
  "a.html": "<!doctype html>",
  "a.xml": '<?xml version="1.0"?>',
  "a.eml": "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n",
};

test.each(Object.keys(units))("runs of 300 kB of one part are read in seconds: %s", async (name) => {
  for (const unit of units[name]!) {
    const source = (beginnings[name] ?? "") + unit.repeat(Math.ceil(300_000 / unit.length));
    await expect(outcomeWithin(source, name, 5_000), unit).resolves.toEqual(expect.any(String));
  }
});

test.each(["a.txt", "a.html", "a.csv", "a.json", "a.md", "a.eml"])(
  "five million characters without a separator are read in seconds: %s",
  async (name) => {
    await outcomeWithin(
      `${beginnings[name] ?? ""}${name === "a.json" ? '"' : ""}${"ab".repeat(2_500_000)}${name === "a.json" ? '"' : ""}`,
      name,
      5_000,
    );
    const latin = Buffer.alloc(5_000_000, Buffer.from("aé", "latin1"));
    if (name === "a.txt") await outcomeWithin(latin, name, 5_000);
  },
);
