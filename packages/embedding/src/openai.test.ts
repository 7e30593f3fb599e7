import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { dimensions, EmbedderUnavailable, openAiEmbedder } from "./index.ts";

type Request = { model: string; input: string[]; dimensions: number };
type Respond = (request: Request, response: ServerResponse) => void;

let close = () => {};
afterEach(() => close());

/** A double of OpenAI's embeddings API over HTTP, as its reference describes it. */
const service = async (respond: Respond) => {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    if (request.url !== "/v1/embeddings") response.writeHead(404).end();
    else respond(JSON.parse(Buffer.concat(parts).toString()), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => server.close();
  const { port } = server.address() as AddressInfo;
  const post = (path: string, body: unknown, signal: AbortSignal) =>
    fetch(`http://127.0.0.1:${port}/v1${path}`, { method: "POST", body: JSON.stringify(body), signal });
  return openAiEmbedder({ post, model: "small" });
};

const vectorOf = (text: string) => Array.from({ length: dimensions }, (_, at) => (at === text.length ? 3 : 0));
const json = (response: ServerResponse, value: unknown) =>
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));

test("texts are sent in batches of at most 256, and the unit vectors are in the order of the texts", async () => {
  const calls: Request[] = [];
  const embedder = await service((request, response) => {
    calls.push(request);
    const data = request.input.map((text, index) => ({ object: "embedding", index, embedding: vectorOf(text) }));
    json(response, { object: "list", data: data.reverse(), model: request.model });
  });
  const texts = Array.from({ length: 300 }, (_, at) => "x".repeat(at));
  const vectors = await embedder.embed(texts, "document");
  expect(calls.map(({ input }) => input.length)).toEqual([256, 44]);
  expect(calls[0]).toMatchObject({ model: "small", dimensions: 512 });
  expect(vectors.map((vector) => vector.indexOf(1))).toEqual(texts.map((text) => text.length));
});

test.each<[string, Respond]>([
  ["responds 429", (_, response) => response.writeHead(429).end('{"error":{"message":"sk-test is over its limit"}}')],
  ["responds 500", (_, response) => response.writeHead(500).end()],
  ["closes the connection", (_, response) => response.destroy()],
  ["returns other dimensions", (_, response) => json(response, { data: [{ index: 0, embedding: [1, 0] }] })],
  ["leaves out a text", (_, response) => json(response, { data: [] })],
])("a service that %s is unavailable, and its message is not passed on", async (_, respond) => {
  const embedder = await service(respond);
  const failure = embedder.embed(["one"], "query");
  await expect(failure).rejects.toBeInstanceOf(EmbedderUnavailable);
  await expect(failure).rejects.not.toThrow("sk-test");
});
