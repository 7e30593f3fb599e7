import { setTimeout as pause } from "node:timers/promises";
import {
  type Block,
  DetectDocumentTextCommand,
  GetDocumentTextDetectionCommand,
  type GetDocumentTextDetectionCommandOutput as Output,
  StartDocumentTextDetectionCommand,
  TextractClient,
} from "@aws-sdk/client-textract";
import { optionalResource, resource } from "../resources.ts";

/** A line of a page; `top` and `bottom` are shares of the page's height. */
export type OcrLine = { text: string; page: number; top: number; bottom: number };
/** Lines in the order in which they are read. */
export type OcrText = { pages: number; lines: OcrLine[] };
export type OcrRequest = {
  /** A key of the documents bucket. */
  objectKey: string;
  /** Requests with the same token share one job, so a repeated request is not billed again. At most 64 of A-Z a-z 0-9 - _. */
  token: string;
  /** Stops waiting for the job, which continues. */
  signal: AbortSignal;
};

/** Recognises the text in images. */
export type Ocr = {
  /** All pages of a stored file. @throws OcrUnavailable, OcrRefused */
  readFile(request: OcrRequest): Promise<OcrText>;
  /** One picture (PNG or JPEG) of at most 5 MB. Each call is billed. @throws OcrUnavailable, OcrRefused */
  readPicture(picture: Uint8Array, signal: AbortSignal): Promise<OcrLine[]>;
};

/** The job has not ended in time, or the service is not available. The same request may succeed later. */
export class OcrUnavailable extends Error {
  override readonly name = "OcrUnavailable";
}

/** OCR cannot read this file; a repeated request fails too. */
export class OcrRefused extends Error {
  override readonly name = "OcrRefused";
  readonly reason: "unreadable" | "damaged" | "too-large";
  constructor(reason: OcrRefused["reason"], options?: ErrorOptions) {
    super(`OCR refused the file: ${reason}`, options);
    this.reason = reason;
  }
}

/** Undefined when the stage has no OCR (stacks/stage.ts). */
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

/** Pauses between polls, doubled from the first to the longest: Textract throttles frequent calls. */
const pauseMs = { first: 500, max: 5_000 };

/** Amazon Textract: a file over its asynchronous operations, which also take PDFs of many pages; a picture at once. */
export const textract = (client: TextractClient, bucket: string): Ocr => ({
  readFile: async ({ objectKey, token, signal }) => {
    try {
      const DocumentLocation = { S3Object: { Bucket: bucket, Name: objectKey } };
      const start = new StartDocumentTextDetectionCommand({ DocumentLocation, ClientRequestToken: token });
      const { JobId } = await client.send(start, { abortSignal: signal });
      const page = (NextToken?: string) =>
        client.send(new GetDocumentTextDetectionCommand({ JobId, NextToken }), { abortSignal: signal });
      let output = await finished(page, signal);
      const lines = linesOf(output);
      while (output.NextToken) {
        output = await page(output.NextToken);
        lines.push(...linesOf(output));
      }
      return { pages: output.DocumentMetadata?.Pages ?? 1, lines };
    } catch (error) {
      throw explained(error);
    }
  },
  readPicture: async (picture, signal) => {
    try {
      const command = new DetectDocumentTextCommand({ Document: { Bytes: picture } });
      const { Blocks = [] } = await client.send(command, { abortSignal: signal });
      return Blocks.flatMap(lineOf);
    } catch (error) {
      throw explained(error);
    }
  },
});

const finished = async (page: () => Promise<Output>, signal: AbortSignal): Promise<Output> => {
  for (let ms = pauseMs.first; ; ms = Math.min(ms * 2, pauseMs.max)) {
    const output = await page();
    if (output.JobStatus === "FAILED") throw new OcrRefused("unreadable", { cause: new Error(output.StatusMessage) });
    // PARTIAL_SUCCESS lacks some pages; the text of the others is used.
    if (output.JobStatus !== "IN_PROGRESS") return output;
    await pause(ms, undefined, { signal });
  }
};

/** Textract returns about ten blocks of single words per line. Only lines are kept, to save memory. */
const linesOf = ({ Blocks = [] }: Output): OcrLine[] => Blocks.flatMap(lineOf);

const lineOf = ({ BlockType, Text, Page, Geometry }: Block): OcrLine[] => {
  if (BlockType !== "LINE" || Text === undefined) return [];
  const { Top = 0, Height = 0 } = Geometry?.BoundingBox ?? {};
  return [{ text: Text, page: Page ?? 1, top: Top, bottom: Top + Height }];
};

/** Textract's errors about the file. All other errors, and timeouts, are failures of the service. */
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
