import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./doubles/postgres/embedded.ts";

/**
 * Global setup of vitest: the embedded databases of all test files are threads of one process. PostgreSQL's WebAssembly is
 * compiled and optimized once for all of them, which costs a process of its own three to six CPU seconds.
 */
export default async function setup() {
  if (process.env["TEST_DATABASE_URL"]) return;
  const open = new Map<string, EmbeddedPostgres>();
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const dataDir = await text(request);
    if (request.method === "DELETE") {
      await open.get(dataDir)?.close();
      open.delete(dataDir);
      return response.end();
    }
    const embedded = await startEmbeddedPostgres({ dataDir });
    open.set(dataDir, embedded);
    return response.end(String(embedded.port));
  };
  const server = createServer((request, response) => {
    respond(request, response).catch((error: Error) => response.writeHead(500).end(String(error.stack)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // Workers inherit the environment.
  process.env["TEST_EMBEDDED_DATABASES"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return async () => {
    for (const embedded of open.values()) await embedded.close();
    server.close();
  };
}
