import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { dimensions } from "@resolve/embedding";
import { listeningPort } from "../listening-port.ts";

/**
 * OpenAI's embeddings API on loopback, as its reference describes it. The same text gives the same vector; similar
 * texts are not near. `before` runs before each response; it may delay it, or refuse the request with a status.
 */
export async function startEmbeddingDouble(
  before: (texts: number) => Promise<number | undefined> | number | undefined = () => undefined,
) {
  const server = createServer(async (request, response) => {
    // The request of the OpenAI client.
    const { model, input } = (await json(request)) as { model: string; input: string[] };
    const refusal = await before(input.length);
    if (refusal !== undefined) return response.writeHead(refusal).end();
    const data = input.map((text, index) => ({ object: "embedding", index, embedding: vectorOf(text) }));
    return response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ object: "list", model, data, usage: { total_tokens: input.length } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = listeningPort(server);
  return {
    link: { provider: "openai", baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: "sk-local", model: "double" },
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const vectorOf = (text: string): number[] => {
  const bytes = createHash("shake256", { outputLength: dimensions }).update(text).digest();
  return [...bytes].map((byte) => byte - 127.5);
};
