import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sharedData } from "../../../scripts/shared-data.ts";
import { failures } from "../../core/src/documents/failures.ts";
import { chunkText } from "../../core/src/documents/index/chunk.ts";
import { extract } from "./extract.ts";
import { ExtractionFailure } from "./extraction.ts";

/** One input made after a public bug report, and what a right reading of it shows. */
type Case = { bug: string; file: string; name?: string; contentType: string; status: "ready" | "either" };

const folder = sharedData("cases/expect.json");
/** Files that are not read rightly yet. This list may only shrink. */
const notYet = new Set<string>([
  "b01-fields.docx",
  "b02-ruby.docx",
  "b03-hidden.docx",
  "b04-clauses.docx",
  "b05-textbox.docx",
  "b06-header.docx",
  "b07-rowspan.html",
  "b08-equation.docx",
  "b18-long.docx",
  "b09-formats.xlsx",
  "b10-title.xlsx",
  "b11-hidden.xlsx",
  "b12-sep.csv",
  "b12-quoted-commas.csv",
  "b12-blank-lead.csv",
  "b14-meta-cp1250.html",
  "b15-fragment.html",
  "b15-xhtml.xhtml",
  "b16-hidden.html",
  "b17-datauri.md",
  "b19-stub.eml",
  "b21-unlabelled.eml",
  "b27-numbers.json",
  "b28-latin2.xml",
  "b41-stray-byte.txt",
  "b42-xhtml-script.xhtml",
  "b42-nested-noscript.html",
]);
const cases = folder ? (JSON.parse(readFileSync(folder, "utf8")) as Case[]) : [];

test.skipIf(!folder).each(cases.filter(({ file }) => !notYet.has(file)).map((one) => [one.file, one] as const))(
  "%s is read as its report asks",
  async (file, one) => {
    const { judge } = await import(sharedData("cases/judge.mjs")!);
    const bytes = readFileSync(sharedData(`cases/files/${file}`)!);
    try {
      const extraction = await extract(bytes, { name: one.name ?? file, contentType: one.contentType });
      const chunks = chunkText(extraction).map(({ text }) => text);
      expect(judge(one, extraction.text, chunks), extraction.text.slice(0, 4000)).toEqual([]);
    } catch (error) {
      if (!(error instanceof ExtractionFailure)) throw error;
      expect(one.status, error.code).toBe("either");
      expect(Object.keys(failures)).toContain(error.code);
    }
  },
);
