import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** How a receiver of webhooks behaves: it accepts, refuses, accepts after a second, fails every other time, or never responds. */
export const behaviours = ["accepts", "refuses", "slow", "flaky", "hangs"] as const;
export type Behaviour = (typeof behaviours)[number];

/** `received`: ids of events with a valid signature, that the receiver has accepted. */
export type Receiver = { url: string; behaviour: Behaviour; secret: string; received: string[]; faults: string[] };

/** Standard Webhooks: a header may have several signatures, with a space between them. */
const isSigned = ({ secret }: Receiver, headers: IncomingHttpHeaders, body: string): boolean => {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const signature = createHmac("sha256", key).update(signed).digest("base64");
  return String(headers["webhook-signature"]).split(" ").includes(`v1,${signature}`);
};

/** One server with many receivers, which also serves the texts of URL documents. */
export async function startReceivers() {
  const receivers = new Map<string, Receiver>();
  let requests = 0;
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    if (path.startsWith("/text/")) {
      response.writeHead(200, { "content-type": "text/plain" }).end(decodeURIComponent(path.slice("/text/".length)));
      return;
    }
    const receiver = receivers.get(path);
    const body = await text(request);
    if (!receiver || receiver.behaviour === "hangs") return;
    requests += 1;
    if (receiver.behaviour === "slow") await new Promise((done) => setTimeout(done, 1_000));
    const isRefused = receiver.behaviour === "refuses" || (receiver.behaviour === "flaky" && requests % 2 === 0);
    if (!isRefused && isSigned(receiver, request.headers, body)) receiver.received.push(JSON.parse(body).id);
    else if (!isRefused) receiver.faults.push(`${request.headers["webhook-signature"]} for ${body}`);
    response.writeHead(isRefused ? 503 : 200).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    textUrl: (content: string) => `${origin}/text/${encodeURIComponent(content)}`,
    add: (behaviour: Behaviour): Receiver => {
      const path = `/hook/${receivers.size}`;
      const receiver: Receiver = { url: `${origin}${path}`, behaviour, secret: "", received: [], faults: [] };
      receivers.set(path, receiver);
      return receiver;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
export type Receivers = Awaited<ReturnType<typeof startReceivers>>;
