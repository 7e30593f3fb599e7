import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { json } from "node:stream/consumers";
import { listeningPort } from "../listening-port.ts";

/** Fault-injecting proxies between a worker and its services. Each passes everything on until a fault is set. */

/**
 * A TCP proxy to PostgreSQL that simulates a killed process: at a chosen message it closes all connections, until
 * `heal`.
 */
export async function databaseProxy() {
  const sockets = new Set<Socket>();
  /** Listeners by upstream host. */
  const servers = new Map<string, { server: Server; port: number }>();
  let left = Number.POSITIVE_INFINITY;
  let sent = 0;
  let isDead = false;
  /** What a connection sends before the commit whose reply is lost. */
  let lostAfter: string | undefined;
  let onCrash = () => {};
  const crash = () => {
    if (isDead) return;
    isDead = true;
    // The proxy stops listening too: a refused connection fails at once, but a dropped one would be retried for
    // seconds.
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
      let losesCommit = false;
      client.on("data", (chunk) => {
        left -= 1;
        sent += 1;
        if (left < 0) return crash();
        if (lostAfter !== undefined && chunk.includes(lostAfter)) losesCommit = true;
        if (losesCommit && chunk.includes("commit\0")) {
          losesCommit = false;
          lostAfter = undefined;
          upstream.prependOnceListener("data", () => client.destroy());
        }
        return upstream.write(chunk);
      });
      upstream.pipe(client);
    });
  const listen = async (server: Server, port = 0): Promise<number> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return listeningPort(server);
  };
  return {
    /** The URL of the same server (PgBouncer or PostgreSQL) through this proxy. */
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
    /** How many messages, or groups of them that were written together, the clients have sent. */
    sent: () => sent,
    /** Simulates the death of the process after this many more messages. */
    crashAfter(messages: number, then = () => {}) {
      left = messages;
      onCrash = then;
    },
    /** Simulates the death of the process now. */
    crash(then = () => {}) {
      onCrash = then;
      crash();
    },
    /** Passes on the next commit behind this text, and closes its connection instead of passing on the reply. */
    loseCommitAfter(text: string) {
      lostAfter = text;
    },
    /** Closes every connection; new ones are accepted. */
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

/** A proxy to an HTTP service that can respond 500, delay the response, or close the connection. */
export async function httpProxy(target: string, chance: (probability: number) => boolean) {
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
    const onward = httpRequest({ host: hostname, port, method, path: url, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${listeningPort(server)}`,
    set: (next: Partial<HttpFaults>) => {
      faults = { ...none, ...next };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

type AwsRequest = { QueueUrl?: string; Entries: Partial<Record<string, string>>[] };
export type Sent = { queue: string; body: string };
export type Published = { type: string; detail: { id: string; sequence: number } };
/**
 * The outcome of SendMessageBatch or PutEvents: all, some or no entries are accepted, or all are accepted without a
 * response.
 */
export type Acceptance = "all" | "some" | "none" | "unanswered";

/**
 * The sending half of SQS and EventBridge (AWS JSON 1.0 and 1.1). Accepted entries are appended to two lists; the
 * caller delivers them, in any order and any number of times.
 */
export async function senderDouble(acceptance: () => Acceptance) {
  const messages: Sent[] = [];
  const events: Published[] = [];
  const respond = (request: IncomingMessage, response: ServerResponse, body: AwsRequest) => {
    const isQueue = String(request.headers["x-amz-target"]).startsWith("AmazonSQS");
    const how = acceptance();
    const entries = body.Entries;
    const accepted = entries.map((_, n) => how === "all" || how === "unanswered" || (how === "some" && n % 2 === 0));
    entries.forEach((entry, n) => {
      if (!accepted[n]) return;
      const { MessageBody = "", DetailType = "", Detail = "" } = entry;
      if (isQueue) messages.push({ queue: String(body.QueueUrl).replace(/.*\//, ""), body: MessageBody });
      else events.push({ type: DetailType, detail: JSON.parse(Detail) });
    });
    if (how === "unanswered") return request.socket.destroy();
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
    if (!isQueue)
      return response.end(
        JSON.stringify({
          Entries: accepted.map((ok) => (ok ? { EventId: randomUUID() } : { ErrorCode: "ThrottlingException" })),
        }),
      );
    const md5 = (text: string) => createHash("md5").update(text).digest("hex");
    const withOutcome = (isAccepted: boolean) => entries.filter((_, n) => accepted[n] === isAccepted);
    return response.end(
      JSON.stringify({
        Successful: withOutcome(true).map((entry) => ({
          Id: entry["Id"],
          MessageId: randomUUID(),
          MD5OfMessageBody: md5(entry["MessageBody"] ?? ""),
        })),
        Failed: withOutcome(false).map((entry) => ({ Id: entry["Id"], SenderFault: false, Code: "InternalError" })),
      }),
    );
  };
  const server = createHttpServer(async (request, response) => {
    // The request of an AWS client.
    respond(request, response, (await json(request)) as AwsRequest);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${listeningPort(server)}`;
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
