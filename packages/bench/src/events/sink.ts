import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { listeningPort } from "@resolve/local/listening-port";

/**
 * A process with the services that a delivery reaches, so that their work is not counted: a queue and a bus that take everything,
 * and receivers. `/dead` never responds, `/slow` responds after two seconds. Its parent asks for what has arrived.
 */
const slowMs = 2_000;
export type Arrival = { path: string; occurredAt: number; at: number };

const arrivals: Arrival[] = [];
let taken = 0;
const server = createServer(async (request, response) => {
  const body = await text(request);
  const target = request.headers["x-amz-target"];
  if (target) {
    const { Entries } = JSON.parse(body) as { Entries: { Id?: string; MessageBody?: string }[] };
    taken += Entries.length;
    const isQueue = String(target).startsWith("AmazonSQS");
    const md5 = (body = "") => createHash("md5").update(body).digest("hex");
    const Successful = Entries.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: "m",
      // The SDK compares it.
      MD5OfMessageBody: md5(MessageBody),
    }));
    const reply = isQueue ? { Successful, Failed: [] } : { Entries: Entries.map(() => ({ EventId: "e" })) };
    return response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(reply));
  }
  const path = request.url ?? "";
  if (path.startsWith("/dead")) return undefined;
  if (path.startsWith("/slow")) await new Promise((resolve) => setTimeout(resolve, slowMs));
  const { occurredAt } = JSON.parse(body) as { occurredAt?: string };
  arrivals.push({ path, occurredAt: Date.parse(occurredAt ?? ""), at: Date.now() });
  return response.writeHead(204).end();
}).listen(0, "127.0.0.1");
await once(server, "listening");
process.on("message", () => process.send!({ arrivals: arrivals.splice(0), taken }));
process.on("disconnect", () => process.exit());
process.send!({ url: `http://127.0.0.1:${listeningPort(server)}` });
