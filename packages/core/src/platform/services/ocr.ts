import { setTimeout as pause } from "node:timers/promises";
import {
  type GetDocumentTextDetectionCommandOutput as Answer,
  type Block,
  GetDocumentTextDetectionCommand,
  StartDocumentTextDetectionCommand,
  TextractClient,
} from "@aws-sdk/client-textract";
import { optionalResource, resource } from "../resources.ts";

/** A line of a page; `top` and `bottom` are shares of the page's height. */
export type OcrLine = { text: string; page: number; top: number; bottom: number };
/** Lines in the order in which they are read. */
export type OcrText = { pages: number; lines: OcrLine[] };
export type OcrRequest = {
  /** Of the documents bucket. */
  objectKey: string;
  /** Requests of the same token get the same job: a repeat waits for it instead of paying again. At most 64 of A-Z a-z 0-9 - _. */
  token: string;
  /** Ends the waiting; the job goes on. */
  signal: AbortSignal;
};

/** Reads the text in pictures of text. @throws OcrUnavailable, OcrRefused */
export type Ocr = (request: OcrRequest) => Promise<OcrText>;

/** Not done in time, or the service does not answer: the same request later gets further. */
export class OcrUnavailable extends Error {
  override readonly name = "OcrUnavailable";
}

/** No repeat will read this file. */
export class OcrRefused extends Error {
  override readonly name = "OcrRefused";
  readonly reason: "unreadable" | "damaged" | "too-large";
  constructor(reason: OcrRefused["reason"], options?: ErrorOptions) {
    super(`OCR refused the file: ${reason}`, options);
    this.reason = reason;
  }
}

/** Undefined where OCR is not switched on (stacks/stage.ts). */
export const ocr = (): Ocr | undefined => {
  const link = optionalResource("Ocr");
  if (!link) return undefined;
  const documents = resource("Documents");
  // Textract reads only buckets of its own region.
  const { region = documents.region, endpoint } = link;
  client ??= new TextractClient({ region, ...(endpoint ? { endpoint } : {}) });
  return textract(client, documents.name);
};

let client: TextractClient | undefined;

/** Looks again after half a second, then twice as long, at most five: Textract throttles those who ask often. */
const pauseMs = { first: 500, max: 5_000 };

/** Amazon Textract over its asynchronous operations, which also take PDFs of many pages. */
export const textract =
  (client: TextractClient, bucket: string): Ocr =>
  async ({ objectKey, token, signal }) => {
    try {
      const DocumentLocation = { S3Object: { Bucket: bucket, Name: objectKey } };
      const start = new StartDocumentTextDetectionCommand({ DocumentLocation, ClientRequestToken: token });
      const { JobId } = await client.send(start, { abortSignal: signal });
      const page = (NextToken?: string) =>
        client.send(new GetDocumentTextDetectionCommand({ JobId, NextToken }), { abortSignal: signal });
      let answer = await finished(page, signal);
      const lines = linesOf(answer);
      while (answer.NextToken) {
        answer = await page(answer.NextToken);
        lines.push(...linesOf(answer));
      }
      return { pages: answer.DocumentMetadata?.Pages ?? 1, lines };
    } catch (error) {
      throw explained(error);
    }
  };

const finished = async (page: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> => {
  for (let ms = pauseMs.first; ; ms = Math.min(ms * 2, pauseMs.max)) {
    const answer = await page();
    if (answer.JobStatus === "FAILED") throw new OcrRefused("unreadable", { cause: new Error(answer.StatusMessage) });
    // Of a PARTIAL_SUCCESS some pages are missing; the others are worth having.
    if (answer.JobStatus !== "IN_PROGRESS") return answer;
    await pause(ms, undefined, { signal });
  }
};

/** A page has some ten blocks of single words for each line; they are let go at once. */
const linesOf = ({ Blocks = [] }: Answer): OcrLine[] => Blocks.flatMap(lineOf);

const lineOf = ({ BlockType, Text, Page, Geometry }: Block): OcrLine[] => {
  if (BlockType !== "LINE" || Text === undefined) return [];
  const { Top = 0, Height = 0 } = Geometry?.BoundingBox ?? {};
  return [{ text: Text, page: Page ?? 1, top: Top, bottom: Top + Height }];
};

/** What Textract says of the file. All else it says, and its silence, is no fault of the file. */
const refusals: Record<string, OcrRefused["reason"]> = {
  UnsupportedDocumentException: "unreadable",
  BadDocumentException: "damaged",
  DocumentTooLargeException: "too-large",
};

const explained = (error: unknown): Error => {
  if (error instanceof OcrRefused) return error;
  const name = error instanceof Error ? error.name : "unknown";
  const reason = refusals[name];
  return reason ? new OcrRefused(reason, { cause: error }) : new OcrUnavailable(`OCR: ${name}`, { cause: error });
};
