import { TextractClient } from "@aws-sdk/client-textract";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTextract, type TextractDouble } from "../../testing/textract.ts";
import { OcrRefused, OcrUnavailable, textract } from "./ocr.ts";

let double: TextractDouble;
let client: TextractClient;

beforeAll(async () => {
  double = await startTextract();
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = new TextractClient({ endpoint: double.endpoint, region: "us-east-1", credentials });
});
beforeEach(() => {
  Object.assign(double, { calls: [], tokens: [], pages: [["One line."]], status: "SUCCEEDED", waits: 0 });
  double.exception = undefined;
});
afterAll(() => double.close());

const patient = () => AbortSignal.timeout(15_000);
const read = (signal = patient(), token = "token-1") =>
  textract(client, "documents").readFile({ objectKey: "t/one/two/1", token, signal });
const operations = () => double.calls.map(({ operation }) => operation.replace("DocumentTextDetection", ""));

test("all pages of the result are read: lines in order with page and position, without the blocks of single words", async () => {
  double.pages = [["First line.", "Second line."], ["On page two."]];
  const { pages, lines } = await read();
  expect(pages).toBe(2);
  expect(lines.map(({ text, page }) => [text, page])).toEqual([
    ["First line.", 1],
    ["Second line.", 1],
    ["On page two.", 2],
  ]);
  expect(lines[1]!.top).toBeCloseTo(0.122);
  expect(lines[1]!.bottom).toBeCloseTo(0.142);
  expect(operations()).toEqual(["Start", "Get", "Get"]);
  expect(double.calls[0]!.body).toEqual({
    DocumentLocation: { S3Object: { Bucket: "documents", Name: "t/one/two/1" } },
    ClientRequestToken: "token-1",
  });
});

test("a job that is not done is polled again", async () => {
  double.waits = 1;
  expect((await read()).lines).toHaveLength(1);
  expect(operations()).toEqual(["Start", "Get", "Get"]);
});

test("waiting for a job ends with the signal, and the same token finds the job again", async () => {
  double.status = "IN_PROGRESS";
  await expect(read(AbortSignal.timeout(300))).rejects.toThrow(OcrUnavailable);
  double.status = "SUCCEEDED";
  expect((await read()).lines).toHaveLength(1);
  await read(patient(), "token-2");
  expect(double.tokens).toEqual(["token-1", "token-2"]);
});

test("a picture is read at once: its bytes are sent, and its lines are returned", async () => {
  double.pages = [["First line.", "Second line."]];
  const lines = await textract(client, "documents").readPicture(new Uint8Array([1, 2, 3]), patient());
  expect(lines.map(({ text, page }) => [text, page])).toEqual([
    ["First line.", 1],
    ["Second line.", 1],
  ]);
  expect(double.calls).toEqual([
    { operation: "DetectDocumentText", body: { Document: { Bytes: Buffer.from([1, 2, 3]).toString("base64") } } },
  ]);
  double.exception = "BadDocumentException";
  const error = await textract(client, "documents")
    .readPicture(new Uint8Array([1]), patient())
    .catch((error) => error);
  expect(error).toBeInstanceOf(OcrRefused);
});

test("a job that lacks some pages returns the others", async () => {
  double.status = "PARTIAL_SUCCESS";
  expect((await read()).lines).toHaveLength(1);
});

test("a failed job counts as an unreadable file", async () => {
  double.status = "FAILED";
  await expect(read()).rejects.toMatchObject({ name: "OcrRefused", reason: "unreadable" });
});

test.each([
  ["UnsupportedDocumentException", "unreadable"],
  ["BadDocumentException", "damaged"],
  ["DocumentTooLargeException", "too-large"],
])("%s is the file's fault", async (exception, reason) => {
  double.exception = exception;
  const error = await read().catch((error) => error);
  expect(error).toBeInstanceOf(OcrRefused);
  expect(error.reason).toBe(reason);
});

test.each([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "LimitExceededException",
  "InternalServerError",
  "InvalidS3ObjectException",
  "AccessDeniedException",
])("%s passes", async (exception) => {
  double.exception = exception;
  await expect(read()).rejects.toThrow(OcrUnavailable);
});
