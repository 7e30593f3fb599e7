import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/**
 * A double of Amazon Textract's text detection over its protocol, AWS JSON 1.1. A token identifies a job, and each response
 * has one page of the result. The test sets the results.
 */
export async function startTextract() {
  const double = {
    endpoint: "",
    calls: [] as { operation: string; body: Record<string, unknown> }[],
    /** Tokens of the started jobs; a job's id is the index of its token. */
    tokens: [] as string[],
    /** The lines of each page of every document; an empty line is a gap. */
    pages: [[]] as string[][],
    status: "SUCCEEDED" as "SUCCEEDED" | "FAILED" | "IN_PROGRESS" | "PARTIAL_SUCCESS",
    /** The number of responses with IN_PROGRESS before `status`. */
    waits: 0,
    /** The lines in a picture that is sent at once; by default those of the first page. */
    linesOf: undefined as ((picture: Buffer) => string[]) | undefined,
    /** The exception of every response. */
    exception: undefined as string | undefined,
    close: async () => void server.close(),
  };

  const detect = ({ Bytes }: { Bytes: string }) => {
    const lines = double.linesOf?.(Buffer.from(Bytes, "base64")) ?? double.pages[0]!;
    return { DocumentMetadata: { Pages: 1 }, Blocks: blocksOf(lines, 1) };
  };
  const start = (token: string) => {
    if (!double.tokens.includes(token)) double.tokens.push(token);
    return { JobId: String(double.tokens.indexOf(token)) };
  };
  const get = (nextToken = "1") => {
    const JobStatus = double.waits-- > 0 ? "IN_PROGRESS" : double.status;
    if (JobStatus === "IN_PROGRESS" || JobStatus === "FAILED") return { JobStatus };
    const page = Number(nextToken);
    return {
      JobStatus,
      DocumentMetadata: { Pages: double.pages.length },
      Blocks: blocksOf(double.pages[page - 1]!, page),
      ...(page < double.pages.length ? { NextToken: String(page + 1) } : {}),
    };
  };

  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Record<string, unknown> & Body;
    const operation = String(request.headers["x-amz-target"]).replace("Textract.", "");
    double.calls.push({ operation, body });
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    if (double.exception) send(400, { __type: double.exception, Message: "as the test wants it" });
    else if (operation === "StartDocumentTextDetection") send(200, start(body.ClientRequestToken));
    else if (operation === "DetectDocumentText") send(200, detect(body.Document));
    else send(200, get(body.NextToken));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  double.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return double;
}
type Body = { ClientRequestToken: string; NextToken?: string; Document: { Bytes: string } };
export type TextractDouble = Awaited<ReturnType<typeof startTextract>>;

/** The blocks of a page, its lines and their words. A line's height is 2 % of the page. */
const blocksOf = (lines: string[], Page: number) => [
  { BlockType: "PAGE", Page },
  ...lines.flatMap((Text, at) => {
    if (Text === "") return [];
    const Geometry = { BoundingBox: { Left: 0.1, Width: 0.8, Top: 0.1 + at * 0.022, Height: 0.02 } };
    const words = Text.split(" ").map((word) => ({ BlockType: "WORD", Page, Text: word, Geometry }));
    return [{ BlockType: "LINE", Page, Text, Geometry }, ...words];
  }),
];

/** A PDF whose page has an image of one dot and no text. */
export const scannedPdf = Buffer.from(`%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>> endobj
4 0 obj <</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>> stream
x
endstream endobj
5 0 obj <</Length 24>> stream
200 0 0 200 0 0 cm /I Do
endstream endobj
trailer <</Root 1 0 R>>
`);
