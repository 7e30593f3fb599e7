import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bedrockEmbedder, dimensions, EmbedderRefused, EmbedderUnavailable, type Usage } from "./index.ts";

type Call = { path: string; headers: IncomingHttpHeaders; body: { inputText: string } };
type Answer = (call: Call, response: ServerResponse) => unknown;

const model = "amazon.titan-embed-text-v2:0";
let close = () => {};
beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDLOCAL");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
});
afterEach(() => {
  vi.unstubAllEnvs();
  close();
});

/** InvokeModel of Bedrock's runtime over HTTP, for Titan's embeddings (Bedrock user guide). */
const service = async (answer: Answer, onUsage?: (usage: Usage) => void) => {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const call = { path: request.url!, headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString()) };
    calls.push(call);
    answer(call, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => server.close();
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { calls, embedder: bedrockEmbedder({ model, region: "us-east-1", endpoint }, onUsage) };
};

const send = (response: ServerResponse, status: number, value: unknown, headers = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
const exception = (response: ServerResponse, status: number, name: string) =>
  send(response, status, { message: "of the caller's text" }, { "x-amzn-errortype": name });
/** A vector that points where the text's number says. */
const embed = ({ body }: Call, response: ServerResponse) => {
  const embedding = Array.from({ length: dimensions }, (_, at) => (at === Number(body.inputText) ? 1 : 0));
  send(response, 200, { embedding, inputTextTokenCount: 3, embeddingsByType: { float: embedding } });
};
const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at));

test("each text is a signed call of the model, and the vectors come back in the order of the texts", async () => {
  const { calls, embedder } = await service((call, response) =>
    setTimeout(() => embed(call, response), call.body.inputText === "0" ? 50 : 0),
  );
  const vectors = await embedder.embed(numbers(40), "document");
  expect(vectors.map((vector) => vector.indexOf(1))).toEqual(numbers(40).map(Number));
  expect(calls).toHaveLength(40);
  const call = calls.find(({ body }) => body.inputText === "0")!;
  expect(call).toMatchObject({
    path: `/model/${encodeURIComponent(model)}/invoke`,
    body: { inputText: "0", dimensions: 512, normalize: true },
    headers: { "content-type": "application/json" },
  });
  expect(call.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDLOCAL\/\d{8}\/us-east-1\/bedrock\/aws4_request, SignedHeaders=\S+, Signature=[0-9a-f]{64}$/,
  );
});

test("at most 16 calls are under way, and what is throttled is asked again and counted", async () => {
  let underWay = 0;
  let underWayMax = 0;
  let throttled = 0;
  const usages: Usage[] = [];
  const { embedder } = await service(
    (call, response) => {
      underWayMax = Math.max(underWayMax, ++underWay);
      setTimeout(() => {
        underWay -= 1;
        if (throttled < 5) {
          throttled += 1;
          exception(response, 429, "ThrottlingException");
        } else embed(call, response);
      }, 200);
    },
    (usage) => usages.push(usage),
  );
  expect(await embedder.embed(numbers(60), "document")).toHaveLength(60);
  expect(underWayMax).toBe(16);
  expect(usages).toEqual([{ model, kind: "document", texts: 60, tokens: 180, calls: 65 }]);
});

test("no more than 100 calls go out in a second", async () => {
  const sentAt: number[] = [];
  const { embedder } = await service((call, response) => {
    sentAt.push(performance.now());
    embed(call, response);
  });
  await embedder.embed(numbers(120), "document");
  // The 101st waits for the next second.
  expect(sentAt[110]! - sentAt[0]!).toBeGreaterThan(800);
});

test("a query is given up on after one more try", async () => {
  const { calls, embedder } = await service((_, response) => exception(response, 503, "ServiceUnavailableException"));
  await expect(embedder.embed(["1"], "query")).rejects.toBeInstanceOf(EmbedderUnavailable);
  expect(calls).toHaveLength(2);
});

test("a service that does not answer a query is not waited for", async () => {
  const { embedder } = await service(() => {});
  const startedAt = performance.now();
  await expect(embedder.embed(["1"], "query")).rejects.toBeInstanceOf(EmbedderUnavailable);
  expect(performance.now() - startedAt).toBeLessThan(6_000);
});

test.each([
  [403, "AccessDeniedException"],
  [400, "ValidationException"],
  [404, "ResourceNotFoundException"],
])("%i %s is not asked again, ends the other calls, and its words are not passed on", async (status, name) => {
  const { calls, embedder } = await service((_, response) => exception(response, status, name));
  const failure = embedder.embed(numbers(100), "document");
  await expect(failure).rejects.toBeInstanceOf(EmbedderRefused);
  await expect(failure).rejects.toThrow(`the embedding service answered ${status}`);
  expect(calls.length).toBeLessThan(40);
});
