import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bedrockEmbedder, dimensions, EmbedderRefused, EmbedderUnavailable, type Usage } from "./index.ts";

type Call = { path: string; headers: IncomingHttpHeaders; body: { inputText: string } };
type Respond = (call: Call, response: ServerResponse) => unknown;

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

/** A double of Bedrock's InvokeModel over HTTP, for Titan embeddings (Bedrock user guide). */
const service = async (respond: Respond, onUsage?: (usage: Usage) => void) => {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const call = { path: request.url!, headers: request.headers, body: (await json(request)) as Call["body"] };
    calls.push(call);
    respond(call, response);
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
/** A unit vector in the dimension that the text names. */
const embed = ({ body }: Call, response: ServerResponse) => {
  const embedding = Array.from({ length: dimensions }, (_, at) => (at === Number(body.inputText) ? 1 : 0));
  send(response, 200, { embedding, inputTextTokenCount: 3, embeddingsByType: { float: embedding } });
};
const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at));

test("each text is one signed InvokeModel call, and the vectors are in the order of the texts", async () => {
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

test("at most 16 calls run at once, and throttled calls are retried and counted", async () => {
  let running = 0;
  let runningMax = 0;
  let throttled = 0;
  const usages: Usage[] = [];
  const { embedder } = await service(
    (call, response) => {
      runningMax = Math.max(runningMax, ++running);
      setTimeout(() => {
        running -= 1;
        if (throttled < 5) {
          throttled += 1;
          exception(response, 429, "ThrottlingException");
        } else embed(call, response);
      }, 200);
    },
    (usage) => usages.push(usage),
  );
  expect(await embedder.embed(numbers(60), "document")).toHaveLength(60);
  expect(runningMax).toBe(16);
  expect(usages).toEqual([{ model, kind: "document", texts: 60, tokens: 180, calls: 65 }]);
});

test("at most 100 calls are sent per second", async () => {
  const sentAt: number[] = [];
  const { embedder } = await service((call, response) => {
    sentAt.push(performance.now());
    embed(call, response);
  });
  await embedder.embed(numbers(120), "document");
  // The 101st call waits for the next second.
  expect(sentAt[110]! - sentAt[0]!).toBeGreaterThan(800);
});

test("a query is retried once", async () => {
  const { calls, embedder } = await service((_, response) => exception(response, 503, "ServiceUnavailableException"));
  await expect(embedder.embed(["1"], "query")).rejects.toBeInstanceOf(EmbedderUnavailable);
  expect(calls).toHaveLength(2);
});

test("a query fails within seconds when the service does not respond", async () => {
  const { embedder } = await service(() => {});
  const startedAt = performance.now();
  await expect(embedder.embed(["1"], "query")).rejects.toBeInstanceOf(EmbedderUnavailable);
  expect(performance.now() - startedAt).toBeLessThan(6_000);
});

test.each([
  [403, "AccessDeniedException"],
  [400, "ValidationException"],
  [404, "ResourceNotFoundException"],
])(
  "%i %s is not retried, cancels the other calls, and the service's message is not passed on",
  async (status, name) => {
    const { calls, embedder } = await service((_, response) => exception(response, status, name));
    const failure = embedder.embed(numbers(100), "document");
    await expect(failure).rejects.toBeInstanceOf(EmbedderRefused);
    await expect(failure).rejects.toThrow(`the embedding service responded ${status}`);
    expect(calls.length).toBeLessThan(40);
  },
);
