import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { closeDatabases } from "@resolve/core/platform/database/connections";
import { startWorker } from "./worker.ts";

/** The container's program: it processes vector-jobs until SIGTERM and reports its health on `GET /health`. */
const { values } = parseArgs({ options: { port: { type: "string", default: "5000" } } });
/** ECS waits 120 s between SIGTERM and SIGKILL (stopTimeout). Unfinished work is retried by another worker. */
const graceMs = 110_000;
/** A worker without a heartbeat for this long is unhealthy. */
const silenceMs = 180_000;

const stopping = new AbortController();
const worker = startWorker(stopping.signal);
const health = createServer((request, response) => {
  const isHealthy = Date.now() - worker.lastSeen() < silenceMs;
  response.writeHead(request.url !== "/health" ? 404 : isHealthy ? 200 : 503).end();
}).listen(Number(values.port));

for (const name of ["SIGTERM", "SIGINT"] as const)
  process.once(name, () => {
    stopping.abort();
    setTimeout(() => process.exit(0), graceMs).unref();
  });

await worker.done;
await closeDatabases();
health.close();
