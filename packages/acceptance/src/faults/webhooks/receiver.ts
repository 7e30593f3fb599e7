import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { listeningPort } from "@resolve/local/listening-port";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

/** What a receiver does with a request after it has stored it. `reset`: it closes the connection without a response. */
export type Reply = { status: number; headers?: Record<string, string> } | "reset";
/** `webhookId`: its header. `path`: the endpoint. */
export type Received = { path: string; webhookId: string; headers: Record<string, string>; body: string; reply: Reply };

/** A receiver that stores every request of every endpoint, and responds as `behave` decides. */
export async function startReceiver() {
  const received: Received[] = [];
  const state = { behave: (_: Omit<Received, "reply">): Reply => ({ status: 204 }) };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    // Each header of a delivery is sent once.
    const headers = request.headers as Record<string, string>;
    const found = { path: request.url ?? "", webhookId: headers["webhook-id"] ?? "", headers, body };
    const reply = state.behave(found);
    received.push({ ...found, reply });
    if (reply === "reset") request.socket.resetAndDestroy();
    else response.writeHead(reply.status, reply.headers).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    received,
    state,
    url: (path: string) => `http://127.0.0.1:${listeningPort(server)}${path}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

export const isAccepted = ({ reply }: Received): boolean => reply !== "reset" && reply.status < 300;

/** The secrets with which both reference libraries accept the request. */
export const verifiedBy = ({ headers, body }: Received, secrets: readonly string[]): string[] =>
  secrets.filter((secret) =>
    [StandardWebhook, SvixWebhook].every((Library) => {
      try {
        new Library(secret).verify(body, headers);
        return true;
      } catch {
        return false;
      }
    }),
  );
