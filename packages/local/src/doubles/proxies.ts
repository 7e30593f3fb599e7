import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** The doors between a worker and what it uses: each passes everything on until it is told to misbehave. */

/** Between a process and PostgreSQL: dies like a killed process, at a chosen message and for as long as it is told. */
export async function databaseDoor() {
  const sockets = new Set<Socket>();
  /** By where they lead. */
  const servers = new Map<string, { server: Server; port: number }>();
  let left = Number.POSITIVE_INFINITY;
  let isDead = false;
  let onCrash = () => {};
  const crash = () => {
    if (isDead) return;
    isDead = true;
    // Nobody listens either: a connection is refused at once, where one that is dropped would be tried for seconds.
    for (const { server } of servers.values()) server.close();
    for (const socket of sockets) socket.destroy();
    onCrash();
  };
  const serve = ({ hostname, port }: URL): Server =>
    createServer((client) => {
      const upstream = connect({ host: hostname, port: Number(port) });
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      client.on("data", (chunk) => {
        left -= 1;
        if (left < 0) crash();
        else upstream.write(chunk);
      });
      upstream.pipe(client);
    });
  const listen = async (server: Server, port = 0): Promise<number> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  return {
    /** The URL that reaches the same server, be it the pool or PostgreSQL itself, through the door. */
    async through(url: string): Promise<string> {
      const to = new URL(url);
      let found = servers.get(to.host);
      if (!found) {
        const server = serve(new URL(url));
        found = { server, port: await listen(server) };
        servers.set(to.host, found);
      }
      to.hostname = "127.0.0.1";
      to.port = String(found.port);
      return to.href;
    },
    /** The process dies when it has sent that many more messages. */
    crashAfter(messages: number, then = () => {}) {
      left = messages;
      onCrash = then;
    },
    /** Every connection ends; new ones are welcome. */
    dropConnections() {
      for (const socket of sockets) socket.destroy();
    },
    async heal(): Promise<void> {
      left = Number.POSITIVE_INFINITY;
      if (!isDead) return;
      for (const { server, port } of servers.values()) await listen(server, port);
      isDead = false;
    },
    get isDead() {
      return isDead;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      for (const { server } of servers.values()) server.close();
    },
  };
}

export type HttpFaults = { error: number; slow: number; cut: number };
const none: HttpFaults = { error: 0, slow: 0, cut: 0 };
const slowMs = 150;

/** Before an HTTP service: some calls answer 500, some late, some not at all. */
export async function httpDoor(target: string, chance: (probability: number) => boolean) {
  const { hostname, port } = new URL(target);
  let faults = none;
  const server = createHttpServer(async (incoming, outgoing) => {
    incoming.on("error", () => {});
    if (chance(faults.cut)) return incoming.socket.destroy();
    if (chance(faults.slow)) await new Promise((done) => setTimeout(done, slowMs));
    if (chance(faults.error)) {
      incoming.resume();
      return outgoing.writeHead(500).end("<Error><Code>InternalError</Code></Error>");
    }
    const { method, url, headers } = incoming;
    const onward = httpRequest({ host: hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (wanted: Partial<HttpFaults>) => {
      faults = { ...none, ...wanted };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type Sent = { queue: string; body: string };
export type Published = { type: string; detail: { id: string; sequence: number } };
/** What a call of SendMessageBatch or PutEvents comes to: refused whole, in part, or taken without an answer. */
export type Taking = "all" | "some" | "none" | "unanswered";

/**
 * SQS and EventBridge as far as a sender knows them (AWS JSON 1.0 and 1.1). What is taken lands in two lists; delivering
 * it, in whatever order and however often, is the caller's business.
 */
export async function senderDoor(taking: () => Taking) {
  const messages: Sent[] = [];
  const events: Published[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse, body: Record<string, unknown>) => {
    const isQueue = String(request.headers["x-amz-target"]).startsWith("AmazonSQS");
    const how = taking();
    const entries = body["Entries"] as Record<string, string>[];
    const taken = entries.map((_, n) => how === "all" || how === "unanswered" || (how === "some" && n % 2 === 0));
    entries.forEach((entry, n) => {
      if (!taken[n]) return;
      if (isQueue) messages.push({ queue: String(body["QueueUrl"]).split("/").at(-1)!, body: entry["MessageBody"]! });
      else events.push({ type: entry["DetailType"]!, detail: JSON.parse(entry["Detail"]!) });
    });
    if (how === "unanswered") return request.socket.destroy();
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
    if (!isQueue)
      return response.end(
        JSON.stringify({
          Entries: taken.map((ok) => (ok ? { EventId: randomUUID() } : { ErrorCode: "ThrottlingException" })),
        }),
      );
    const md5 = (text: string) => createHash("md5").update(text).digest("hex");
    const of = (wanted: boolean) => entries.filter((_, n) => taken[n] === wanted);
    return response.end(
      JSON.stringify({
        Successful: of(true).map((entry) => ({
          Id: entry["Id"],
          MessageId: randomUUID(),
          MD5OfMessageBody: md5(entry["MessageBody"]!),
        })),
        Failed: of(false).map((entry) => ({ Id: entry["Id"], SenderFault: false, Code: "InternalError" })),
      }),
    );
  };
  const server = createHttpServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    answer(request, response, JSON.parse(Buffer.concat(parts).toString()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    messages,
    events,
    url: (queue: string) => `${endpoint}/000000000000/${queue}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
