import { TextractClient } from "@aws-sdk/client-textract";
import { defaultLimits } from "@resolve/extraction/extraction";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { textract } from "../platform/services/ocr.ts";
import { startTextract, type TextractDouble } from "../testing/textract.ts";
import { recogniseFile, scanOf } from "./scan.ts";

let double: TextractDouble;
let client: TextractClient;

beforeAll(async () => {
  double = await startTextract();
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = new TextractClient({ endpoint: double.endpoint, region: "us-east-1", credentials });
});
beforeEach(() => {
  double.exception = undefined;
});
afterAll(() => double.close());

const read = async (contentType = "application/pdf", limits = defaultLimits) => {
  const pages = await recogniseFile(textract(client, "documents"), "t/a/b/1", AbortSignal.timeout(15_000));
  return scanOf(pages, { contentType, limits });
};

test("lines become paragraphs of their pages, and repeated readings of an original share one job", async () => {
  double.pages = [
    ["The notice period", "is six weeks.", "", "", "Signed in May."],
    ["", "On the", "second page."],
  ];
  const { text, blocks, ...rest } = await read();
  const scanned = { hasText: false, isScan: true, readByOcr: true };
  expect(rest).toEqual({
    format: "pdf",
    contentType: "application/pdf",
    pages: 2,
    warnings: [],
    sources: [scanned, scanned],
  });
  expect(blocks.map(({ kind, page, start, end }) => [kind, page, text.slice(start, end)])).toEqual([
    ["paragraph", 1, "The notice period\nis six weeks."],
    ["paragraph", 1, "Signed in May."],
    ["paragraph", 2, "On the\nsecond page."],
  ]);
  expect(double.tokens).toHaveLength(1);
  expect(double.tokens[0]).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
});

test("an image is a document of one page", async () => {
  double.pages = [["A receipt."]];
  expect(await read("image/jpeg")).toMatchObject({ format: "image", contentType: "image/jpeg", pages: 1 });
});

test("an image without text fails with that reason", async () => {
  double.pages = [[]];
  await expect(read()).rejects.toMatchObject({ code: "no-text" });
});

test("the limits are those of every other file", async () => {
  double.pages = [["One."], ["Two."]];
  await expect(read("application/pdf", { ...defaultLimits, pagesMax: 1 })).rejects.toMatchObject({
    code: "too-many-pages",
  });
  await expect(read("application/pdf", { ...defaultLimits, charsMax: 5 })).rejects.toMatchObject({ code: "too-large" });
});

test.each([
  ["UnsupportedDocumentException", "no-text"],
  ["BadDocumentException", "corrupt"],
  ["DocumentTooLargeException", "too-large"],
])("%s fails the document as %s", async (exception, code) => {
  double.exception = exception;
  await expect(read()).rejects.toMatchObject({ name: "ExtractionFailure", code });
});
