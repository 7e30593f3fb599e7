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
const cases = folder ? (JSON.parse(readFileSync(folder, "utf8")) as Case[]) : [];

test.skipIf(!folder).each(cases.map((one) => [one.file, one] as const))(
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
