import { expect, test } from "vitest";
import { extract } from "../extract.ts";
import { defaultLimits } from "../extraction.ts";
import { readPlain } from "./plain.ts";

const here = (bytes: Buffer, name = "note") => readPlain(bytes, { name }, defaultLimits);

test.each([
  "One line.",
  "\ufeffA mark,\r\n\r\nlines of Windows,\r\rand of old Macs.\n\n\n\nSoft\u00adhyphens.",
  "日本語の文章。\n\nУ другого языка.",
])("a short text gives the same result as in a thread: %j", async (text) => {
  expect(await here(Buffer.from(text))).toEqual(await extract(Buffer.from(text), { name: "note" }));
});

test.each([
  ["a page of HTML", "<!doctype html><p>A page", "note"],
  ["Markdown", "# A heading", "note.md"],
  ["a mail", "From: a@b.example\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\n\r\nHello", "note"],
  ["a long text", "word ".repeat(20_000), "note"],
  ["no UTF-8", Buffer.from([0xff, 0xfe, 0x41, 0x00]), "note"],
  ["nothing", "", "note"],
])("%s is not read as plain text", async (_, text, name) => {
  expect(await here(Buffer.from(text as string), name)).toBeUndefined();
});

test("a file without text fails for the same reason as in a thread", async () => {
  await expect(here(Buffer.from("  \n \n"))).rejects.toMatchObject({ code: "no-text" });
  await expect(here(Buffer.from("no PDF"), "a.pdf")).rejects.toMatchObject({ code: "corrupt" });
});
